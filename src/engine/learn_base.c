/*
 * learn_base.c - a profile that stays as it is but for what it lacks. A
 * denial that would win over an addition loses the call's name, and no more.
 */
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/strv.h"
#include "engine/learn_parts.h"
#include "kernel/seccomp.h"

int learn_base_text(const char *base, struct buf *ret, struct err *e)
{
	size_t len;
	const char *json = seccomp_builtin_json(base, &len);

	if (json) {
		buf_add(ret, json, len);
		return 0;
	}
	return file_read(base, SECCOMP_JSON_MAX, ret, e);
}

static bool test_holds(const struct seccomp_arg *a, uint64_t got)
{
	switch (a->op) {
	case CMP_NE:
		return got != a->value;
	case CMP_LT:
		return got < a->value;
	case CMP_LE:
		return got <= a->value;
	case CMP_EQ:
		return got == a->value;
	case CMP_GE:
		return got >= a->value;
	case CMP_GT:
		return got > a->value;
	case CMP_MASKED_EQ:
		return (got & a->value) == a->value2;
	}
	return false;
}

/* Would this rule deny the event? */
static bool denies(const struct seccomp_rule *r, const struct record_event *v)
{
	if (r->act >= SECCOMP_ACT_LOG || r->otherwise ||
	    !strv_has(r->names, v->call))
		return false;
	for (size_t i = 0; i < r->n_args; i++)
		if (!test_holds(&r->args[i], v->args[r->args[i].index]))
			return false;
	return true;
}

/* Takes a name out of rule `at`: 1; 0: it was taken before; -1: the rule is
 * written in another form. */
static int take_name(struct json_object *rules, unsigned at, const char *call,
		     struct err *e)
{
	struct json_object *rule = json_object_array_get_idx(rules, at);
	struct json_object *names = json_object_object_get(rule, "names");

	for (size_t i = 0; names && i < json_object_array_length(names); i++)
		if (!strcmp(json_object_get_string(
				    json_object_array_get_idx(names, i)),
			    call)) {
			json_object_array_del_idx(names, i, 1);
			return 1;
		}
	if (names)
		return 0;
	return err_set(e, ERR_INPUT,
		       "syscalls[%u] of the base denies %s in a form that is "
		       "not changed here: take the name out by hand",
		       at, call);
}

/* The other uses of the call stay denied, by the same errno. */
static void keep_denial(struct json_object *rules, const char *call,
			const struct seccomp_rule *r)
{
	struct json_object *rule = json_object_new_object();
	struct json_object *names = json_object_new_array();

	json_object_array_add(names, json_object_new_string(call));
	json_object_object_add(rule, "names", names);
	json_object_object_add(rule, "action",
			       json_object_new_string("SCMP_ACT_ERRNO"));
	json_object_object_add(rule, "errnoRet",
			       json_object_new_int((int)r->err));
	json_object_object_add(rule, "otherwise", json_object_new_boolean(1));
	json_object_array_add(rules, rule);
}

static int open_up(struct json_object *rules, const struct seccomp_profile *p,
		   const struct learned *x, const struct variant *v,
		   struct err *e)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct seccomp_rule *r = &p->rules[i];
		int taken = denies(r, v->first)
				    ? take_name(rules, r->at, x->call, e)
				    : 0;

		if (taken < 0)
			return -1;
		if (taken && !r->n_args && x->by && r->act == SECCOMP_ACT_ERRNO)
			keep_denial(rules, x->call, r);
	}
	return 0;
}

/* A rule that names nothing any more is an error of its own. */
static void drop_empty(struct json_object *rules)
{
	for (size_t i = json_object_array_length(rules); i-- > 0;) {
		struct json_object *names = json_object_object_get(
			json_object_array_get_idx(rules, i), "names");

		if (names && !json_object_array_length(names))
			json_object_array_del_idx(rules, i, 1);
	}
}

static int add_rules(struct json_object *rules, const struct learned_list *l,
		     struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *added = NULL;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_array(&j, NULL);
	learned_rules(l, &j);
	json_out_array_end(&j);
	added = json_parse("the added rules", b.p, b.len, e);
	if (!added)
		return -1;
	for (size_t i = 0; i < json_object_array_length(added); i++)
		json_object_array_add(rules,
				      json_object_get(json_at(added, i)));
	return 0;
}

struct base {
	const char *name;
	struct json_object *doc, *rules;
	struct seccomp_profile p;
	struct asked asked;
};

static void base_done(struct base *b)
{
	json_free(b->doc);
	seccomp_profile_done(&b->p);
	asked_done(&b->asked);
}
DEFINE_AUTO_DONE(struct base, base_done);

static int base_read(struct base *b, const struct seccomp_facts *facts,
		     struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	size_t n;

	if (learn_base_text(b->name, &text, e) < 0 ||
	    seccomp_json_parse(b->name, &text, facts, &b->p, e) < 0 ||
	    asked_compile(b->name, &text, facts, &b->asked, e) < 0)
		return err_prefix(e, "--base");
	b->doc = json_parse(b->name, text.p, text.len, e);
	if (!b->doc || json_get_array(b->doc, "syscalls", &b->rules, &n, e))
		return -1;
	if (b->rules)
		return 0;
	b->rules = json_object_new_array();
	json_object_object_add(b->doc, "syscalls", b->rules);
	return 0;
}

int learn_upon_base(const char *name, const struct seccomp_facts *facts,
		    struct learned_list *l, struct buf *ret, struct err *e)
{
	AUTO(base_done) struct base b = { .name = name };

	if (base_read(&b, facts, e) < 0)
		return -1;
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->v[i].n; k++) {
			struct variant *v = &l->v[i].v[k];

			v->added =
				v->passes && !asked_passes(&b.asked, v->first);
			if (v->added &&
			    open_up(b.rules, &b.p, &l->v[i], v, e) < 0)
				return -1;
		}
	if (add_rules(b.rules, l, e) < 0)
		return -1;
	drop_empty(b.rules);
	buf_str(ret, json_object_to_json_string_ext(
			     b.doc, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_char(ret, '\n');
	return 0;
}
