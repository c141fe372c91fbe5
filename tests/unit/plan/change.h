/* change.h - changes one operand of a step to another legal value. */
#ifndef TESTS_PLAN_CHANGE_H
#define TESTS_PLAN_CHANGE_H

#include "case.h"

/* Another value of the same kind. The old one is freed where it is owned. */
static inline void change_field(const struct field *f, struct step *s)
{
	void *p = (char *)s + f->offset;
	size_t *n = (size_t *)(void *)((char *)s + f->count_offset);
	struct idmap_list *map = p;
	struct blob *b = p;

	switch (f->kind) {
	case FIELD_BOOL:
		*(bool *)p ^= true;
		break;
	case FIELD_INT:
	case FIELD_U32:
	case FIELD_OCTAL:
	case FIELD_MODE:
	case FIELD_WORD:
		*(uint32_t *)p ^= 1;
		break;
	case FIELD_STR:
	case FIELD_PATH:
		free(*(char **)p);
		*(char **)p = xstrdup("/changed");
		break;
	case FIELD_STRV:
		strv_add(p, "changed");
		break;
	case FIELD_OBJECT:
		((struct object_id *)p)->ino ^= 1;
		break;
	case FIELD_OBJECTS:
		*GROW(*(struct object_id **)p, *n) = (struct object_id){ 1, 1 };
		++*n;
		break;
	case FIELD_IDS:
		*GROW(*(uint32_t **)p, *n) = 1;
		++*n;
		break;
	case FIELD_IDMAP:
		*GROW(map->v, map->n) = (struct spec_idmap){ 7, 7, 7 };
		map->n++;
		break;
	case FIELD_LAYERS:
		GROW(*(struct spec_layer **)p, *n)->path = xstrdup("/changed");
		++*n;
		break;
	case FIELD_RULES:
		GROW(*(struct landlock_path **)p, *n)->path = xstrdup("/c");
		++*n;
		break;
	case FIELD_BLOB:
		b->data = xrealloc(b->data, b->size + 8, 1);
		memset((char *)b->data + b->size, 0, 8);
		b->size += 8;
		break;
	default: /* the numbers of 64 bits */
		*(uint64_t *)p ^= 1;
	}
}

/* A plan with a step of each op, operands zero. */
static inline struct plan *plan_of_all_ops(void)
{
	struct plan *p = xcalloc(1, sizeof(*p));

	p->subject = xstrdup("all ops");
	for (int op = 0; op < OP_COUNT; op++)
		plan_add(p, (enum op)op);
	plan_foreach (s, p)
		op_foreach_field(f, s->op) if ((f->kind == FIELD_STR ||
						f->kind == FIELD_PATH) &&
					       !f->may_be_null) *
			(char **)((char *)s + f->offset) = xstrdup("/x");
	return p;
}

#endif
