/*
 * policy_diff.c - asks two policies the same questions.
 *
 * Each request is asked fact by fact: what the change adds to the ordinary
 * plan counts, so that a policy that denies the ordinary plan is compared all
 * the same.
 */
#include "engine/policy_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "policy/change.h"
#include "policy/corpus.h"
#include "policy/facts.h"
#include "policy/model.h"
#include "policy/rules.h"

/* The facts of one request. */
struct question {
	struct model_case made;
	struct facts facts;
};

static int ask(const char *changes, struct question *q, struct err *e)
{
	if (model_case_make(changes, &q->made, e) < 0)
		return -1;
	facts_init_for(&q->facts, q->made.plan, q->made.host, &q->made.peer);
	return 0;
}

static void question_done(struct question *q)
{
	facts_done(&q->facts);
	model_case_done(&q->made);
}
DEFINE_AUTO_DONE(struct question, question_done);

static bool is_ordinary(const struct fact *f, const struct question *base)
{
	for (size_t i = 0; base && i < base->facts.n; i++)
		if (base->facts.v[i].subject == f->subject &&
		    strcmp(base->facts.v[i].what, f->what) == 0)
			return true;
	return false;
}

/* The first fact that the layer denies, or NULL: all that is new is
 * permitted. */
static const struct fact *first_denied(const struct policy *layer,
				       const struct question *q,
				       const struct question *base)
{
	for (size_t i = 0; i < q->facts.n; i++) {
		const struct fact *f = &q->facts.v[i];

		if (!is_ordinary(f, base) &&
		    !rule_permits(rule_decides(layer, f), f))
			return f;
	}
	return NULL;
}

/* "file:line: rule", or that there is none. */
static char *place_of(const struct policy *layer, const struct fact *f)
{
	const struct rule *r = rule_decides(layer, f);

	if (r)
		return xasprintf("%s:%u: %s", r->file, r->line, r->text);
	return xasprintf("%s: no rule %s it", layer->file ? layer->file : "?",
			 rule_is_asked(f) ? "asks for" : "permits");
}

static void add(struct policy_differences *d, const char *changes,
		const struct policy *yes, const struct policy *no,
		const struct fact *f)
{
	struct policy_difference *one = GROW(d->v, d->n);

	d->n++;
	one->changes = changes;
	one->what = xstrdup(f->what);
	one->permitted = place_of(yes, f);
	one->denied = place_of(no, f);
}

static int compare_one(const struct policy *a, const struct policy *b,
		       const char *changes, struct policy_differences *d,
		       struct err *e)
{
	AUTO(question_done) struct question q = { 0 }, ordinary = { 0 };
	bool is_first = d->asked == 0;
	const struct fact *in_a, *in_b;

	if (ask(changes, &q, e) < 0 || ask("", &ordinary, e) < 0)
		return err_prefix(e, "%s", changes);
	d->asked++;
	in_a = first_denied(a, &q, is_first ? NULL : &ordinary);
	in_b = first_denied(b, &q, is_first ? NULL : &ordinary);
	if (!in_a == !in_b)
		return 0;
	add(d, changes, in_a ? b : a, in_a ? a : b, in_a ? in_a : in_b);
	d->v[d->n - 1].is_permitted_by_b = in_a != NULL;
	return 0;
}

/* A rule with single blanks between its words. */
static char *normal_text(const struct rule *r)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	const char *p = r->text;
	bool quoted = false;

	for (; *p; p++) {
		bool blank = *p == ' ' || *p == '\t';

		if (*p == '"' && (p == r->text || p[-1] != '\\'))
			quoted = !quoted;
		if (!blank || quoted)
			buf_char(&b, *p);
		else if (b.len && b.p[b.len - 1] != ' ')
			buf_char(&b, ' ');
	}
	return buf_take(&b);
}

static char **normal_rules(const struct policy *p)
{
	char **v = NULL;

	for (size_t i = 0; i < p->n; i++)
		strv_take(&v, normal_text(&p->rules[i]));
	return v;
}

/* Those of `v` that are not in `other`. */
static char **only(char **v, char **other)
{
	char **ret = NULL;

	strv_foreach (s, v)
		if (!strv_has(other, *s))
			strv_add(&ret, *s);
	return ret;
}

int policy_diff(struct policy *a, struct policy *b,
		struct policy_differences *ret, struct err *e)
{
	AUTO(policy_differences_done) struct policy_differences d = { 0 };
	AUTO(strv_free) char **in_a = normal_rules(a), **in_b = normal_rules(b);

	model_resolve(a);
	model_resolve(b);
	for (const char *const *c = policy_corpus; *c; c++)
		if (compare_one(a, b, *c, &d, e) < 0)
			return -1;
	d.only_a = only(in_a, in_b);
	d.only_b = only(in_b, in_a);
	*ret = d;
	d = (struct policy_differences){ 0 };
	return 0;
}

void policy_differences_done(struct policy_differences *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].what);
		free(d->v[i].permitted);
		free(d->v[i].denied);
	}
	free(d->v);
	strv_free(d->only_a);
	strv_free(d->only_b);
	*d = (struct policy_differences){ 0 };
}
