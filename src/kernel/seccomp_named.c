/*
 * seccomp_named.c - a profile's rules by call, taken at their word.
 *
 * Says what a profile means, never how a filter does it: the proof holds the
 * compiled filters against this.
 */
#include "kernel/seccomp_named.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "kernel/seccomp_imply.h"
#include "kernel/seccomp_rows.h"

#define X32_BIT 0x40000000u

void seccomp_named_done(struct seccomp_named_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].rules);
	free(l->v);
	memset(l, 0, sizeof(*l));
}

const struct seccomp_named *
seccomp_named_find(const struct seccomp_named_list *l, uint32_t nr)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].nr == nr)
			return &l->v[i];
	return NULL;
}

static void name_call(struct seccomp_named_list *l, uint32_t nr,
		      const char *name, const struct seccomp_rule *r)
{
	struct seccomp_named *c =
		(struct seccomp_named *)seccomp_named_find(l, nr);

	if (!c) {
		c = GROW(l->v, l->n);
		l->n++;
		c->nr = nr;
		c->name = name;
	}
	if (c->n && c->rules[c->n - 1] == r)
		return; /* the rule names the call twice */
	*GROW(c->rules, c->n) = r;
	c->n++;
}

/*
 * An unknown name under a default that lets calls pass: a denial that would
 * not hold on a kernel that has the call.
 */
static void report_unknown(const struct seccomp_profile *p,
			   const struct seccomp_rule *r, const char *name,
			   struct seccomp_report *rep)
{
	bool fatal = p->dflt > SECCOMP_ACT_ERRNO && r->act < p->dflt;

	seccomp_report_add(rep, FINDING_UNKNOWN, fatal,
			   xasprintf("%s: no such system call is known "
				     "(syscalls[%u]); %s",
				     name, r->at,
				     fatal ? "the denial would not hold"
					   : "the default decides"));
}

void seccomp_named_collect(const struct seccomp_profile *p,
			   const struct seccomp_machine *m,
			   struct seccomp_named_list *ret,
			   struct seccomp_report *rep)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct seccomp_rule *r = &p->rules[i];

		strv_foreach (name, r->names) {
			int nr = seccomp_call_number(m, *name);

			if (nr >= 0)
				name_call(ret, (uint32_t)nr, *name, r);
			else if (nr == CALL_UNKNOWN && rep)
				report_unknown(p, r, *name, rep);
		}
	}
}

bool seccomp_is_foreign(const struct seccomp_machine *m,
			const struct seccomp_data *d)
{
	return d->arch != m->audit ||
	       (m->has_x32 && d->nr != -1 && (uint32_t)d->nr >= X32_BIT);
}

static bool rule_holds(const struct seccomp_rule *r,
		       const struct seccomp_data *d)
{
	for (size_t i = 0; i < r->n_args; i++)
		if (!seccomp_test_holds(&r->args[i], d->args[r->args[i].index]))
			return false;
	return true;
}

/* The strictest that holds; of equally strict ones the first. */
static const struct seccomp_rule *strictest(const struct seccomp_named *c,
					    const struct seccomp_data *d)
{
	const struct seccomp_rule *best = NULL, *otherwise = NULL;

	for (size_t i = 0; c && i < c->n; i++) {
		const struct seccomp_rule *r = c->rules[i];
		const struct seccomp_rule **slot =
			r->otherwise ? &otherwise : &best;

		if ((r->otherwise || rule_holds(r, d)) &&
		    (!*slot || r->act < (*slot)->act))
			*slot = r;
	}
	return best ? best : otherwise;
}

uint32_t seccomp_decide(const struct seccomp_profile *p,
			const struct seccomp_named_list *l,
			const struct seccomp_data *d,
			const struct seccomp_rule **ret_rule)
{
	const struct seccomp_machine *m = seccomp_machine_find(p->arch);
	const struct seccomp_rule *r = NULL;
	uint32_t ret = SECCOMP_RET_KILL_PROCESS;

	if (m && !seccomp_is_foreign(m, d)) {
		r = strictest(seccomp_named_find(l, (uint32_t)d->nr), d);
		ret = r ? seccomp_ret(r->act, r->err)
			: seccomp_ret(p->dflt, p->dflt_errno);
	}
	if (ret_rule)
		*ret_rule = r;
	return ret;
}
