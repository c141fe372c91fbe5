/*
 * policy_cases.c - runs a table of policy cases.
 *
 * A row of rules is about what the changes add to the ordinary plan; a row of
 * a named policy is about the whole plan. Asks nothing of the real host.
 */
#include "engine/policy_cases.h"

#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "engine/locate.h"
#include "format/policy_table.h"
#include "format/policy_text.h"
#include "policy/change.h"
#include "policy/judge.h"

char *policy_path(const char *name, const char *shipped)
{
	auto_free char *file = NULL;

	if (strchr(name, '/'))
		return xstrdup(name);
	file = xasprintf(shipped ? "%s.policy" : "policy/%s.policy", name);
	return shipped ? path_join(shipped, file) : locate_data(file);
}

int policy_by_name(const char *name, const char *shipped, struct policy *ret,
		   struct err *e)
{
	auto_free char *path = policy_path(name, shipped);
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (file_read(path, POLICY_MAX, &text, e) < 0)
		return -1;
	return policy_text_parse(path, text.p ? text.p : "", text.len, ret, e);
}

/* One layer, of the row's own rules or of the policy that it names. */
static int load(const struct policy_cases *c, const struct policy_row *r,
		struct policy *ret, struct err *e)
{
	const char *name = *r->rules ? r->rules : c->policy;
	int bad;

	if (!r->is_name)
		bad = policy_text_parse("rules", r->rules, strlen(r->rules),
					ret, e);
	else if (!name)
		return err_set(e, ERR_INPUT,
			       "\"@\": which policy? name one, or give "
			       "--policy");
	else
		bad = policy_by_name(name, c->shipped, ret, e);
	if (bad < 0)
		return -1;
	model_resolve(ret);
	return 0;
}

static struct verdict *judge(const char *changes, const struct policy_set *set,
			     struct err *e)
{
	static const uint8_t hash[PLAN_HASH_LEN];
	AUTO(model_case_done) struct model_case m = { 0 };

	if (model_case_make(changes, &m, e) < 0)
		return NULL;
	return policy_judge_for(m.plan, hash, m.host, &m.peer, set);
}

static bool is_among(const struct finding *f, const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->findings[i].what, f->what) == 0)
			return true;
	return false;
}

/* What the changes add: the first denial, else the first. */
static const struct finding *added(const struct verdict *v,
				   const struct verdict *base)
{
	const struct finding *ret = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct finding *f = &v->findings[i];

		if (base && is_among(f, base))
			continue;
		if (!ret || (ret->permitted && !f->permitted))
			ret = f;
	}
	return ret;
}

static bool holds(const struct policy_row *r, const struct verdict *v,
		  const struct finding *f)
{
	if (r->want == ANSWER_NONE)
		return !f;
	if (r->is_name && v->permitted != (r->want == ANSWER_PERMIT))
		return false;
	if (!f || (!r->is_name && f->permitted != (r->want == ANSWER_PERMIT)))
		return false;
	return !r->has_by || f->line == r->by;
}

static void report(struct policy_cases *c, const char *file,
		   const struct policy_row *r, const struct finding *f)
{
	static const char *const words[] = { "permit", "deny", "none" };

	c->bad++;
	buf_escaped(&c->report, file);
	buf_printf(&c->report, ":%u: not %s", r->line, words[r->want]);
	if (r->has_by)
		buf_printf(&c->report, " by rule %u", r->by);
	if (!f) {
		buf_str(&c->report, ": the changes raise no fact\n");
		return;
	}
	buf_printf(&c->report,
		   " but %s by line %u: ", f->permitted ? "permit" : "deny",
		   f->line);
	buf_escaped(&c->report, f->what);
	buf_char(&c->report, '\n');
}

static int run_row(struct policy_cases *c, const char *file,
		   const struct policy_row *r, struct err *e)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct policy_set set = { .layers = &p, .n = 1 };
	AUTO(verdict_free) struct verdict *v = NULL, *base = NULL;
	const struct finding *f;

	if (load(c, r, &p, e) < 0)
		return -1;
	v = judge(r->changes, &set, e);
	base = v ? judge("", &set, e) : NULL;
	if (!base)
		return -1;
	f = added(v, base);
	/* of a whole plan another fact may be what counts */
	if (r->is_name && (!f || f->permitted != v->permitted))
		f = added(v, NULL);
	c->rows++;
	if (!holds(r, v, f))
		report(c, file, r, f);
	return 0;
}

int policy_cases_run(struct policy_cases *c, const char *file, struct err *e)
{
	AUTO(policy_table_done) struct policy_table t = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT;

	if (file_read(file, POLICY_TABLE_MAX, &text, e) < 0 ||
	    policy_table_parse(file, text.p ? text.p : "", text.len, &t, e) < 0)
		return -1;
	for (size_t i = 0; i < t.n; i++)
		if (run_row(c, file, &t.rows[i], e) < 0)
			return err_prefix(e, "%s:%u", file, t.rows[i].line);
	return 0;
}

void policy_cases_done(struct policy_cases *c)
{
	buf_done(&c->report);
}
