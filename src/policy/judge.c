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
 * first that has a rule, else the first. NULL: there is no layer. */
static const struct policy *deciding_layer(const struct policy_set *set,
					   const struct fact *fact, bool *ret)
{
	const struct policy *first = NULL;

	*ret = false;
	for (size_t i = 0; i < set->n; i++) {
		const struct rule *r = rule_decides(&set->layers[i], fact);

		if (!rule_permits(r, fact))
			return &set->layers[i];
		if (r && !first)
			first = &set->layers[i];
	}
	*ret = set->n > 0;
	return first ? first : set->n ? &set->layers[0] : NULL;
}

static void add_matches(struct finding *f, const struct fact *fact,
			const struct policy_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct policy *layer = &set->layers[i];

		for (size_t n = 0; n < layer->n; n++) {
			const struct rule *r = &layer->rules[n];
			struct match *m;

			if (!rule_matches(r, fact))
				continue;
			m = GROW(f->matches, f->n_matches);
			f->n_matches++;
			m->permits = rule_permits(r, fact);
			m->layer = i;
			m->rule = xstrdup(r->text);
			m->file = xstrdup(r->file ? r->file : layer->file);
			m->line = r->line;
		}
	}
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
	if (!f->permitted && fact->subject != SUBJECT_REQUIRE) {
		rule_advice(fact, &advice);
		f->advice = buf_take(&advice);
	}
	add_matches(f, fact, set);
	if (!layer)
		return;
	f->layer = (size_t)(layer - set->layers);
	r = rule_decides(layer, fact);
	f->rule = r ? xstrdup(r->text) : NULL;
	f->file = xstrdup(r && r->file ? r->file : layer->file);
	f->line = r ? r->line : 0;
}

/* Limits and requirements count where a rule asks for them. */
static bool is_asked(const struct fact *fact, const struct policy_set *set)
{
	if (!rule_is_asked(fact))
		return true;
	for (size_t i = 0; i < set->n; i++)
		if (rule_decides(&set->layers[i], fact))
			return true;
	return false;
}

static bool is_log_required(const struct fact *fact)
{
	return fact->subject == SUBJECT_REQUIRE &&
	       strcmp(fact->value[KEY_REQUIRED], "audit-log") == 0;
}

struct verdict *policy_judge_for(const struct plan *p,
				 const uint8_t hash[PLAN_HASH_LEN],
				 const struct host *h, const struct peer *peer,
				 const struct policy_set *set)
{
	AUTO(facts_done) struct facts facts = { 0 };
	struct verdict *v = xcalloc(1, sizeof(*v));

	facts_init_for(&facts, p, h, peer);
	v->findings = xcalloc(facts.n + 1, sizeof(*v->findings));
	v->permitted = true;
	memcpy(v->hash, hash, PLAN_HASH_LEN);
	for (size_t i = 0; i < facts.n; i++) {
		struct finding *f = &v->findings[v->n];

		if (!is_asked(&facts.v[i], set))
			continue;
		find(f, &facts.v[i], set);
		v->n++;
		v->permitted &= f->permitted;
		v->needs_log |= is_log_required(&facts.v[i]);
	}
	v->permitted &= v->n > 0 && set->n > 0;
	if (v->permitted) {
		v->permit.granted = true;
		memcpy(v->permit.hash, hash, PLAN_HASH_LEN);
	}
	return v;
}

struct verdict *policy_judge(const struct plan *p,
			     const uint8_t hash[PLAN_HASH_LEN],
			     const struct host *h, const struct policy_set *set)
{
	const struct peer peer = { .uid = h->uid,
				   .gid = h->gid,
				   .groups = h->groups,
				   .n_groups = h->n_groups };

	return policy_judge_for(p, hash, h, &peer, set);
}
