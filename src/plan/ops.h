/*
 * ops.h - the operands of every op, field by field. Print, JSON, hash, diff
 * and plan_free are all driven by this one table: an operand that is not in
 * it cannot be compiled into a step without a test noticing.
 */
#ifndef PLAN_OPS_H
#define PLAN_OPS_H

#include <stdint.h>
#include "base/table.h"
#include "immure/plan.h"

/* kind, C type, what it is. Kinds with a count carry its offset, too. */
#define FIELD_KINDS(X)                                                         \
	X(BOOL, bool)			 /* yes or no */                       \
	X(INT, int)			 /* small and signed */                \
	X(U32, uint32_t)		 /* a number or an id */               \
	X(U64, uint64_t)		 /* a number */                        \
	X(SIZE, uint64_t)		 /* bytes */                           \
	X(LIMIT, uint64_t)		 /* UINT64_MAX: unlimited */           \
	X(OCTAL, uint32_t)		 /* a mode or umask */                 \
	X(MODE, uint32_t)		 /* st_mode, type included */          \
	X(RDEV, uint64_t)		 /* major:minor */                     \
	X(WORD, uint32_t)		 /* one word of `words` */             \
	X(FLAGS, uint64_t)		 /* any words of `words` */            \
	X(CAPS, uint64_t)		 /* bit n: capability n */             \
	X(STR, char *)			 /* text */                            \
	X(PATH, char *)			 /* clean absolute path */             \
	X(STRV, char **)		 /* NULL-terminated texts */           \
	X(OBJECT, struct object_id)	 /* dev:ino */                         \
	X(OBJECTS, struct object_id *)	 /* count */                           \
	X(IDS, uint32_t *)		 /* count */                           \
	X(IDMAP, struct idmap_list)	 /* rows */                            \
	X(LAYERS, struct spec_layer *)	 /* count */                           \
	X(RULES, struct landlock_path *) /* count */                           \
	X(BLOB, struct blob)		 /* bytes with a name */

enum field_kind {
#define X(kind, type) FIELD_##kind,
	FIELD_KINDS(X)
#undef X
		FIELD_KIND_COUNT
};

/* How a field stands in the text form. */
enum field_show {
	SHOW_NAMED,    /* "name value" */
	SHOW_BARE,     /* "value" */
	SHOW_ARROW,    /* "-> value" */
	SHOW_SET,      /* as NAMED, left out when zero or empty */
	SHOW_SET_BARE, /* as BARE, left out when zero or empty */
	SHOW_COUNT,    /* as NAMED, in the short form only how many */
	SHOW_FULL,     /* as SET, only in the full form */
};

struct field {
	const char *name; /* NULL ends the list */
	enum field_kind kind;
	enum field_show show;
	uint16_t offset;       /* in struct step */
	uint16_t count_offset; /* of a size_t in struct step, or 0 */
	const struct word *words;
	bool may_be_null; /* a STR or PATH that need not be there */
};

/* The fields of `op` in the order of their printing; never NULL. */
const struct field *op_fields(enum op op);
/* Size of a value of this kind. */
size_t field_size(enum field_kind kind);
/* The field's value, and its count (0 for kinds without). */
const void *field_get(const struct field *f, const struct step *s);
size_t field_count(const struct field *f, const struct step *s);
/* Zero, NULL or empty. */
bool field_is_empty(const struct field *f, const struct step *s);
/* Frees what the operands own; the step is zero afterwards. */
void step_done(struct step *s);
/* A zeroed step of this op at the end of the plan. */
struct step *plan_add(struct plan *p, enum op op);

extern const struct word ns_words[];	       /* CLONE_NEW* */
extern const struct word attr_words[];	       /* MOUNT_ATTR_* */
extern const struct word landlock_net_words[]; /* LANDLOCK_ACCESS_NET_* */
extern const struct word landlock_scope_words[];
extern const struct word need_words[];
extern const struct word plan_kind_words[]; /* enum plan_kind */
extern const struct word spread_words[];    /* MS_PRIVATE … */
extern const struct word hook_words[];	    /* enum hook_when */

#define op_foreach_field(f, op)                                                \
	for (const struct field *f = op_fields(op); f->name; f++)

#endif
