/*
 * read.c - the canonical JSON of a plan, read back by the table of operands.
 *
 * Judges nothing and checks no invariant: a plan that was tampered with is
 * read as what it says.
 */
#include "plan/read.h"

#include <json-c/json.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "plan/build.h"
#include "plan/ops.h"
#include "plan/read_value.h"

#define STEPS_MAX 65536

static const char *const step_keys[] = { "op", "phase", "actor", "need" };
static const char *const plan_keys[] = {
	"pinned",	"annotations", "subject",	   "image",
	"digest",	"privileged",  "no_new_privs_off", "seccomp_off",
	"landlock_off", "kind",	       "user_outer",	   "steps"
};

static bool is_among(const char *key, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(key, v[i]) == 0)
			return true;
	return false;
}

/* A member that nobody reads could be one that the writer counted on. */
static int check_step_keys(struct json_object *o, enum op op, struct err *e)
{
	json_object_object_foreach(o, key, v)
	{
		bool known = is_among(key, step_keys, ARRAY_SIZE(step_keys));

		(void)v;
		op_foreach_field(f, op) known |= strcmp(f->name, key) == 0;
		if (!known)
			return err_set(e, ERR_INPUT, "%s: no operand of %s",
				       key, op_word(op));
	}
	return 0;
}

static int check_plan_keys(struct json_object *o, struct err *e)
{
	json_object_object_foreach(o, key, v)
	{
		(void)v;
		if (!is_among(key, plan_keys, ARRAY_SIZE(plan_keys)))
			return err_set(e, ERR_INPUT, "%s: no member of a plan",
				       key);
	}
	return 0;
}

static int read_op(struct json_object *o, enum op *ret, struct err *e)
{
	const char *word;

	if (json_get_str(o, "op", &word, e) < 0)
		return -1;
	for (int i = 0; word && i < OP_COUNT; i++) {
		if (strcmp(word, op_word((enum op)i)) != 0)
			continue;
		*ret = (enum op)i;
		return 0;
	}
	return err_set(e, ERR_INPUT, "op: %s%s", word ? word : "is missing",
		       word ? ": no such operation" : "");
}

static int read_need(struct json_object *o, struct step *s, struct err *e)
{
	const char *word;
	uint64_t value;

	if (json_get_str(o, "need", &word, e) < 0)
		return -1;
	if (!word || !word_find(need_words, word, &value))
		return err_set(e, ERR_INPUT,
			       "need: expected required, wanted or off");
	s->need = (enum need)value;
	return 0;
}

static int read_step(struct json_object *o, struct plan *p, struct err *e)
{
	struct step *s;
	enum op op = OP_COUNT;

	if (!json_object_is_type(o, json_type_object))
		return err_set(e, ERR_INPUT, "expected an object");
	if (read_op(o, &op, e) < 0 || check_step_keys(o, op, e) < 0)
		return -1;
	s = plan_add(p, op);
	if (read_need(o, s, e) < 0)
		return -1;
	op_foreach_field(f, op)
	{
		struct json_object *v = NULL;

		json_object_object_get_ex(o, f->name, &v);
		if (read_value(v, f, s, e) < 0)
			return -1;
	}
	return 0;
}

static int copy_str(struct json_object *o, const char *key, char **ret,
		    struct err *e)
{
	const char *text;

	if (json_get_str(o, key, &text, e) < 0)
		return -1;
	*ret = xstrdup(text);
	return 0;
}

static int read_facts(struct json_object *o, struct plan *p, struct err *e)
{
	uint64_t outer;

	if (copy_str(o, "subject", &p->subject, e) < 0 ||
	    copy_str(o, "image", &p->image_name, e) < 0 ||
	    copy_str(o, "digest", &p->image_digest, e) < 0 ||
	    json_get_bool(o, "pinned", false, &p->image_pinned, e) < 0 ||
	    json_get_strv(o, "annotations", &p->annotations, e) < 0 ||
	    json_get_bool(o, "privileged", false, &p->privileged, e) < 0 ||
	    json_get_bool(o, "no_new_privs_off", false, &p->no_nnp, e) < 0 ||
	    json_get_bool(o, "seccomp_off", false, &p->no_seccomp, e) < 0 ||
	    json_get_bool(o, "landlock_off", false, &p->no_landlock, e) < 0 ||
	    json_get_u64(o, "user_outer", 0, &outer, e) < 0)
		return -1;
	p->user_outer = (uint32_t)outer;
	return outer == p->user_outer
		       ? 0
		       : err_set(e, ERR_INPUT, "user_outer: too large");
}

static int read_kind(struct json_object *o, struct plan *p, struct err *e)
{
	const char *word;
	uint64_t kind = PLAN_SANDBOX;

	if (json_get_str(o, "kind", &word, e) < 0)
		return -1;
	if (word && !word_find(plan_kind_words, word, &kind))
		return err_set(e, ERR_INPUT, "kind: %s: no kind of plan", word);
	p->kind = (enum plan_kind)kind;
	return 0;
}

static int read_plan(struct json_object *o, struct plan *p, struct err *e)
{
	struct json_object *steps;
	size_t n;

	if (!json_object_is_type(o, json_type_object))
		return err_set(e, ERR_INPUT, "expected an object");
	if (check_plan_keys(o, e) < 0 || read_facts(o, p, e) < 0 ||
	    read_kind(o, p, e) < 0 ||
	    json_get_array(o, "steps", &steps, &n, e) < 0)
		return -1;
	if (!steps || !n || n > STEPS_MAX)
		return err_set(e, ERR_INPUT, "steps: expected 1 to %d",
			       STEPS_MAX);
	for (size_t i = 0; i < n; i++)
		if (read_step(json_at(steps, i), p, e) < 0)
			return err_prefix(e, "step %zu", i);
	return 0;
}

struct plan *plan_read_json(const char *name, const char *p, size_t n,
			    struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(plan_free) struct plan *plan = NULL;

	if (n > PLAN_JSON_MAX) {
		err_set(e, ERR_LIMIT, "%s: %zu bytes: a plan has at most %u",
			name, n, PLAN_JSON_MAX);
		return NULL;
	}
	o = json_parse(name, p, n, e);
	if (!o)
		return NULL;
	plan = xcalloc(1, sizeof(*plan));
	if (read_plan(o, plan, e) < 0) {
		err_prefix(e, "%s: no saved plan", name);
		return NULL;
	}
	return TAKE(plan);
}
