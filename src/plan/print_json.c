/*
 * print_json.c - the canonical JSON of a plan: every operand of every step in
 * the order of the table. It is what the hash is over, so two plans that
 * differ in anything never print alike.
 *
 * Blobs are given by size and digest of their bytes; absent strings are left
 * out. Kinds without a printer of their own are strings as in the text form.
 */
#include "plan/print.h"

#include <inttypes.h>

#include "base/defaults.h"
#include "base/json.h"
#include "plan/step_json.h"
#include "plan/values.h"

#define PRINTER(kind)                                                          \
	static void put_##kind(struct json_out *j, const struct field *f,      \
			       const struct step *s)

/* Adds what the text form says as one string. */
PRINTER(text)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	value_text(f, s, true, &b);
	json_out_str(j, f->name, b.p);
}

PRINTER(bool)
{
	json_out_bool(j, f->name, VALUE(bool, f, s));
}

PRINTER(int)
{
	json_out_i64(j, f->name, VALUE(int, f, s));
}

PRINTER(u32)
{
	json_out_u64(j, f->name, VALUE(uint32_t, f, s));
}

PRINTER(u64)
{
	json_out_u64(j, f->name, VALUE(uint64_t, f, s));
}

PRINTER(str)
{
	const char *v = VALUE(char *, f, s);

	if (v)
		json_out_str(j, f->name, v);
}

PRINTER(strv)
{
	json_out_strv(j, f->name, VALUE(char **, f, s));
}

/* One member of the array for each set bit. */
static void add_flags(struct json_out *j, const struct word *words, uint64_t v)
{
	char rest[24];

	for (; words && words->name && v; words++) {
		if (!words->value || (v & words->value) != words->value)
			continue;
		json_out_str(j, NULL, words->name);
		v &= ~words->value;
	}
	if (!v)
		return;
	snprintf(rest, sizeof(rest), "0x%" PRIx64, v);
	json_out_str(j, NULL, rest);
}

PRINTER(flags)
{
	json_out_array(j, f->name);
	add_flags(j, f->words, VALUE(uint64_t, f, s));
	json_out_array_end(j);
}

static void add_object(struct json_out *j, const char *key,
		       const struct object_id *id)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	value_object(id, &b);
	json_out_str(j, key, b.p);
}

PRINTER(objects)
{
	const struct object_id *v = VALUE(struct object_id *, f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++)
		add_object(j, NULL, &v[i]);
	json_out_array_end(j);
}

PRINTER(ids)
{
	const uint32_t *v = VALUE(uint32_t *, f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++)
		json_out_u64(j, NULL, v[i]);
	json_out_array_end(j);
}

PRINTER(idmap)
{
	const struct idmap_list *l = field_get(f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < l->n; i++) {
		json_out_obj(j, NULL);
		json_out_u64(j, "inside", l->v[i].inside);
		json_out_u64(j, "outer", l->v[i].outer);
		json_out_u64(j, "count", l->v[i].count);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

PRINTER(layers)
{
	const struct spec_layer *v = VALUE(struct spec_layer *, f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++) {
		json_out_obj(j, NULL);
		json_out_str(j, "path", v[i].path);
		add_object(j, "id", &v[i].id);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

PRINTER(rules)
{
	const struct landlock_path *v = VALUE(struct landlock_path *, f, s);

	json_out_array(j, f->name);
	for (size_t i = 0; i < field_count(f, s); i++) {
		json_out_obj(j, NULL);
		json_out_str(j, "path", v[i].path);
		json_out_array(j, "access");
		add_flags(j, landlock_fs_words, v[i].access);
		json_out_array_end(j);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

PRINTER(blob)
{
	AUTO(buf_done) struct buf digest = BUF_INIT;
	const struct blob *v = field_get(f, s);

	value_blob_digest(v, &digest);
	json_out_obj(j, f->name);
	json_out_str(j, "name", v->name);
	json_out_u64(j, "size", v->size);
	json_out_u64(j, "flags", v->flags);
	json_out_str(j, "digest", digest.p);
	json_out_obj_end(j);
}

static void put_field(struct json_out *j, const struct field *f,
		      const struct step *s)
{
	static void (*const printers[FIELD_KIND_COUNT])(struct json_out *,
							const struct field *,
							const struct step *) = {
		[FIELD_BOOL] = put_bool,     [FIELD_INT] = put_int,
		[FIELD_U32] = put_u32,	     [FIELD_U64] = put_u64,
		[FIELD_SIZE] = put_u64,	     [FIELD_STR] = put_str,
		[FIELD_PATH] = put_str,	     [FIELD_STRV] = put_strv,
		[FIELD_FLAGS] = put_flags,   [FIELD_OBJECTS] = put_objects,
		[FIELD_IDS] = put_ids,	     [FIELD_IDMAP] = put_idmap,
		[FIELD_LAYERS] = put_layers, [FIELD_RULES] = put_rules,
		[FIELD_BLOB] = put_blob,
	};

	(printers[f->kind] ? printers[f->kind] : put_text)(j, f, s);
}

void step_json(struct json_out *j, const struct step *s)
{
	json_out_obj(j, NULL);
	json_out_str(j, "op", op_word(s->op));
	json_out_str(j, "phase", phase_word(op_phase(s->op)));
	json_out_str(j, "actor",
		     op_actor(s->op) == PARENT ? "parent" : "child");
	json_out_str(j, "need", word_name(need_words, s->need));
	op_foreach_field(f, s->op)
	{
		put_field(j, f, s);
	}
	json_out_obj_end(j);
}

void plan_json_facts(struct json_out *j, const struct plan *p)
{
	json_out_str(j, "subject", p->subject);
	json_out_str(j, "image", p->image_name);
	json_out_str(j, "digest", p->image_digest);
	/* what is seldom said is left out when it is not */
	if (p->image_pinned)
		json_out_bool(j, "pinned", true);
	if (p->annotations && p->annotations[0])
		json_out_strv(j, "annotations", p->annotations);
	json_out_bool(j, "privileged", p->privileged);
	json_out_bool(j, "no_new_privs_off", p->no_nnp);
	json_out_bool(j, "seccomp_off", p->no_seccomp);
	json_out_bool(j, "landlock_off", p->no_landlock);
	json_out_u64(j, "user_outer", p->user_outer);
	if (p->kind != PLAN_SANDBOX)
		json_out_str(j, "kind", word_name(plan_kind_words, p->kind));
}

void plan_print_json(const struct plan *p, bool pretty, struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, pretty);
	json_out_obj(&j, NULL);
	plan_json_facts(&j, p);
	json_out_array(&j, "steps");
	plan_foreach (s, p) {
		step_json(&j, s);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
}
