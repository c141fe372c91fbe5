/*
 * judge.c - plan + policy -> verdict.
 *
 * Every fact must be permitted by every layer. It changes nothing in the
 * plan: a plan is carried out as it was judged, or not at all. The permit is
 * written here and nowhere else.
 */
#include <string.h>
#include "base/alloc.h"
#include "policy/facts.h"
#include "policy/judge.h"
#include "policy/rules.h"

/* The layer whose word counts: the first that does not permit, else the
 * first. NULL: there is no layer. */
static const struct policy *deciding_layer(const struct policy_set *set,
					   const struct fact *fact, bool *ret)
{
	*ret = false;
	for (size_t i = 0; i < set->n; i++) {
		const struct rule *r = rule_decides(&set->layers[i], fact);

		if (!r || r->action != RULE_PERMIT)
			return &set->layers[i];
	}
	*ret = set->n > 0;
	return set->n ? &set->layers[0] : NULL;
}

static void find(struct finding *f, const struct fact *fact,
		 const struct policy_set *set)
{
	AUTO(buf_done) struct buf advice = BUF_INIT;
	const struct policy *layer;
	const struct rule *r;

	f->step = fact->step;
	f->subject = fact->subject;
	f->what = xstrdup(fact->what);
	layer = deciding_layer(set, fact, &f->permitted);
	if (!f->permitted) {
		rule_advice(fact, &advice);
		f->advice = buf_take(&advice);
	}
	if (!layer)
		return;
	f->layer = (size_t)(layer - set->layers);
	r = rule_decides(layer, fact);
	f->rule = r ? xstrdup(r->text) : NULL;
	f->file = xstrdup(r && r->file ? r->file : layer->file);
	f->line = r ? r->line : 0;
}

struct verdict *policy_judge(const struct plan *p,
			     const uint8_t hash[PLAN_HASH_LEN],
			     const struct host *h, const struct policy_set *set)
{
	AUTO(facts_done) struct facts facts = { 0 };
	struct verdict *v = xcalloc(1, sizeof(*v));

	facts_init(&facts, p, h);
	v->findings = xcalloc(facts.n + 1, sizeof(*v->findings));
	v->n = facts.n;
	v->permitted = true;
	memcpy(v->hash, hash, PLAN_HASH_LEN);
	for (size_t i = 0; i < facts.n; i++) {
		find(&v->findings[i], &facts.v[i], set);
		v->permitted &= v->findings[i].permitted;
	}
	v->permitted &= facts.n > 0 && set->n > 0;
	if (v->permitted) {
		v->permit.granted = true;
		memcpy(v->permit.hash, hash, PLAN_HASH_LEN);
	}
	return v;
}
