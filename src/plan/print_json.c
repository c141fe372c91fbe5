/*
 * print_json.c - the canonical JSON of a plan: every operand of every step in
 * the order of the table. Blobs are given by size and digest of their bytes.
 */
#include "plan/print.h"

#include "base/json.h"
#include "base/sha256.h"
#include "plan/values.h"

static void put_text(struct json_out *j, const char *name,
		     void (*fn)(const void *, struct buf *), const void *v)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	fn(v, &b);
	json_out_str(j, name, b.p ? b.p : "");
}

static void text_idmap(const void *v, struct buf *b)
{
	value_idmap(v, b);
}

static void text_object(const void *v, struct buf *b)
{
	value_object(v, b);
}

static void put_objects(struct json_out *j, const struct field *f,
			const struct step *s)
{
	const struct object_id *v = *(struct object_id *const *)field_get(f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++)
		put_text(j, NULL, text_object, &v[i]);
	json_out_array_end(j);
}

static void put_ids(struct json_out *j, const struct field *f,
		    const struct step *s)
{
	const uint32_t *v = *(uint32_t *const *)field_get(f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++)
		json_out_u64(j, NULL, v[i]);
	json_out_array_end(j);
}

static void put_layers(struct json_out *j, const struct field *f,
		       const struct step *s)
{
	const struct spec_layer *v =
		*(struct spec_layer *const *)field_get(f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++) {
		json_out_obj(j, NULL);
		json_out_str(j, "path", v[i].path);
		put_text(j, "id", text_object, &v[i].id);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_rules(struct json_out *j, const struct field *f,
		      const struct step *s)
{
	const struct landlock_path *v =
		*(struct landlock_path *const *)field_get(f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++) {
		json_out_obj(j, NULL);
		json_out_str(j, "path", v[i].path);
		json_out_u64(j, "access", v[i].access);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void put_blob(struct json_out *j, const struct field *f,
		     const struct step *s)
{
	const struct blob *b = field_get(f, s);
	char hex[SHA256_HEX + 1];

	sha256_of(b->data, b->size, hex);
	json_out_obj(j, f->name);
	json_out_str(j, "name", b->name);
	json_out_u64(j, "size", b->size);
	json_out_u64(j, "flags", b->flags);
	json_out_str(j, "sha256", hex);
	json_out_obj_end(j);
}

static void put_field(struct json_out *j, const struct field *f,
		      const struct step *s)
{
	const void *p = field_get(f, s);

	switch (f->kind) {
	case FIELD_BOOL:
		json_out_bool(j, f->name, *(const bool *)p);
		break;
	case FIELD_INT:
		json_out_i64(j, f->name, *(const int *)p);
		break;
	case FIELD_U32:
	case FIELD_OCTAL:
	case FIELD_MODE:
	case FIELD_WORD:
		json_out_u64(j, f->name, *(const uint32_t *)p);
		break;
	case FIELD_U64:
	case FIELD_SIZE:
	case FIELD_LIMIT:
	case FIELD_RDEV:
	case FIELD_FLAGS:
	case FIELD_CAPS:
		json_out_u64(j, f->name, *(const uint64_t *)p);
		break;
	case FIELD_STR:
	case FIELD_PATH:
		json_out_str(j, f->name, *(char *const *)p);
		break;
	case FIELD_STRV:
		json_out_strv(j, f->name, *(char **const *)p);
		break;
	case FIELD_OBJECT:
		put_text(j, f->name, text_object, p);
		break;
	case FIELD_IDMAP:
		put_text(j, f->name, text_idmap, p);
		break;
	case FIELD_OBJECTS:
		put_objects(j, f, s);
		break;
	case FIELD_IDS:
		put_ids(j, f, s);
		break;
	case FIELD_LAYERS:
		put_layers(j, f, s);
		break;
	case FIELD_RULES:
		put_rules(j, f, s);
		break;
	case FIELD_BLOB:
		put_blob(j, f, s);
		break;
	case FIELD_KIND_COUNT:
		break;
	}
}

void plan_print_json(const struct plan *p, bool pretty, struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, pretty);
	json_out_obj(&j, NULL);
	json_out_str(&j, "subject", p->subject);
	json_out_str(&j, "image", p->image_name);
	json_out_str(&j, "digest", p->image_digest);
	json_out_bool(&j, "privileged", p->privileged);
	json_out_bool(&j, "no_nnp", p->no_nnp);
	json_out_bool(&j, "no_seccomp", p->no_seccomp);
	json_out_bool(&j, "no_landlock", p->no_landlock);
	json_out_array(&j, "steps");
	plan_foreach (s, p) {
		json_out_obj(&j, NULL);
		json_out_str(&j, "op", op_word(s->op));
		json_out_u64(&j, "need", s->need);
		op_foreach_field(f, s->op) put_field(&j, f, s);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
}
