/*
 * seccomp_table.c - a profile as a table, one row a call.
 *
 * libseccomp compiles no filter here: beside an unconditional allow it drops
 * denials with conditions without a word, it cannot take two tests of one
 * argument, and it turns two != into "either". The table takes the profile at
 * its word, seccomp_bpf.c writes it down.
 */
#include "kernel/seccomp_table.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/seccomp_rows.h"

/* seccomp(2): the action is in the upper half, its data in the lower. */
static const uint32_t rets[] = {
	[SECCOMP_ACT_KILL_PROCESS] = SECCOMP_RET_KILL_PROCESS,
	[SECCOMP_ACT_KILL_THREAD] = SECCOMP_RET_KILL_THREAD,
	[SECCOMP_ACT_TRAP] = SECCOMP_RET_TRAP,
	[SECCOMP_ACT_ERRNO] = SECCOMP_RET_ERRNO,
	[SECCOMP_ACT_NOTIFY] = SECCOMP_RET_USER_NOTIF,
	[SECCOMP_ACT_TRACE] = SECCOMP_RET_TRACE,
	[SECCOMP_ACT_LOG] = SECCOMP_RET_LOG,
	[SECCOMP_ACT_ALLOW] = SECCOMP_RET_ALLOW,
};

uint32_t seccomp_ret(enum seccomp_act act, uint32_t err)
{
	return rets[act] | (err & SECCOMP_RET_DATA);
}

struct named_list {
	struct seccomp_named *v;
	size_t n;
};

static void named_list_done(struct named_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].rules);
	free(l->v);
}
DEFINE_AUTO_DONE(struct named_list, named_list_done);

static void name_call(struct named_list *l, uint32_t nr, const char *name,
		      const struct seccomp_rule *r)
{
	struct seccomp_named *c = NULL;

	for (size_t i = 0; i < l->n && !c; i++)
		if (l->v[i].nr == nr)
			c = &l->v[i];
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

static void collect(const struct seccomp_profile *p,
		    const struct seccomp_machine *m, struct named_list *l,
		    struct seccomp_report *rep)
{
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct seccomp_rule *r = &p->rules[i];

		strv_foreach (name, r->names) {
			int nr = seccomp_call_number(m, *name);

			if (nr >= 0)
				name_call(l, (uint32_t)nr, *name, r);
			else if (nr == CALL_UNKNOWN)
				report_unknown(p, r, *name, rep);
		}
	}
}

static int check_actions(const struct seccomp_profile *p, struct err *e)
{
	bool notify = p->dflt == SECCOMP_ACT_NOTIFY;

	for (size_t i = 0; i < p->n_rules; i++)
		notify = notify || p->rules[i].act == SECCOMP_ACT_NOTIFY;
	if (notify)
		return err_set(e, ERR_INPUT,
			       "SCMP_ACT_NOTIFY needs a listener, and there is "
			       "none; use SCMP_ACT_ERRNO");
	return 0;
}

static void report_profile(const struct seccomp_profile *p,
			   const struct seccomp_machine *m,
			   struct seccomp_report *rep)
{
	strv_foreach (a, p->arches)
		if (strcmp(*a, m->scmp) && strcmp(*a, "SCMP_ARCH_NATIVE"))
			seccomp_report_add(
				rep, FINDING_ARCH, false,
				xasprintf("%s: only calls of %s are admitted; "
					  "its calls kill the process",
					  *a, m->scmp));
	if (p->flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		seccomp_report_add(
			rep, FINDING_FLAG, false,
			xstrdup("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: has "
				"no meaning without a listener"));
}

static int by_number(const void *a, const void *b)
{
	const struct seccomp_row *x = a, *y = b;

	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

int seccomp_table_build(const struct seccomp_profile *p,
			struct seccomp_table *ret, struct seccomp_report *rep,
			struct err *e)
{
	const struct seccomp_machine *m = seccomp_machine_find(p->arch);
	AUTO(named_list_done) struct named_list l = { 0 };
	struct seccomp_table t = { .machine = m };

	if (!m)
		return err_set(e, ERR_HOST,
			       "seccomp on %s: filters are made for amd64 and "
			       "arm64 only",
			       p->arch ? p->arch : "this machine");
	if (check_actions(p, e) < 0)
		return -1;
	t.dflt = seccomp_ret(p->dflt, p->dflt_errno);
	report_profile(p, m, rep);
	collect(p, m, &l, rep);
	for (size_t i = 0; i < l.n; i++) {
		struct seccomp_row row = seccomp_row_make(p, &l.v[i], rep);

		*GROW(t.rows, t.n) = row;
		t.n++;
	}
	if (t.n)
		qsort(t.rows, t.n, sizeof(t.rows[0]), by_number);
	*ret = t;
	return 0;
}

void seccomp_table_done(struct seccomp_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->rows[i].rules);
	free(t->rows);
	memset(t, 0, sizeof(*t));
}
