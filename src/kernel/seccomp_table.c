/*
 * seccomp_table.c - a profile as a table, one row a call.
 *
 * libseccomp compiles no filter here: beside an unconditional allow it drops
 * denials with conditions without a word, it cannot take two tests of one
 * argument, and it turns two != into "either". The table takes the profile at
 * its word, seccomp_bpf.c writes it down.
 */
#include "kernel/seccomp_table.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/seccomp_named.h"
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

static int check_actions(const struct seccomp_profile *p, struct err *e)
{
	bool notify = p->dflt == SECCOMP_ACT_NOTIFY;

	for (size_t i = 0; i < p->n_rules; i++)
		notify = notify || p->rules[i].act == SECCOMP_ACT_NOTIFY;
	if (notify && p->listener)
		return err_set(e, ERR_INPUT,
			       "SCMP_ACT_NOTIFY with listenerPath %s: "
			       "notifications are not handed to listeners; use "
			       "SCMP_ACT_ERRNO",
			       p->listener);
	if (notify)
		return err_set(e, ERR_INPUT,
			       "SCMP_ACT_NOTIFY needs a listener, and there is "
			       "none; use SCMP_ACT_ERRNO");
	return 0;
}

/* Calls of 32-bit entries that carry others inside. */
static const struct {
	const char *name, *evaded;
} multiplexers[] = {
	{ "socketcall", "socket" },
	{ "ipc", "shmget" },
};

static bool is_allowed(const struct seccomp_profile *p, const char *name)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (p->rules[i].act > SECCOMP_ACT_TRACE &&
		    strv_has(p->rules[i].names, name))
			return true;
	return false;
}

/* Is there a row of the call that does not let all of it through? */
static bool is_restricted(const struct seccomp_table *t, const char *name)
{
	int nr = seccomp_call_number(t->machine, name);

	for (size_t i = 0; i < t->n; i++)
		if (nr >= 0 && t->rows[i].nr == (uint32_t)nr)
			return t->rows[i].n ||
			       t->rows[i].fallback != SECCOMP_RET_ALLOW;
	return t->dflt != SECCOMP_RET_ALLOW;
}

/* Not here, where 32-bit programs are killed: where else this profile goes. */
static void report_holes(const struct seccomp_profile *p,
			 const struct seccomp_table *t,
			 struct seccomp_report *rep)
{
	if (!strv_has(p->arches, "SCMP_ARCH_X86"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(multiplexers); i++) {
		if (!is_allowed(p, multiplexers[i].name) ||
		    !is_restricted(t, multiplexers[i].evaded))
			continue;
		seccomp_report_add(
			rep, FINDING_HOLE, false,
			xasprintf("%s: a runtime that admits SCMP_ARCH_X86 "
				  "cannot look into it: what is said of %s "
				  "does not hold for 32-bit programs (here "
				  "they are killed)",
				  multiplexers[i].name,
				  multiplexers[i].evaded));
	}
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
	if (p->listener)
		seccomp_report_add(rep, FINDING_FLAG, false,
				   xasprintf("listenerPath %s: no rule "
					     "notifies it",
					     p->listener));
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
	AUTO(seccomp_named_done) struct seccomp_named_list l = { 0 };
	struct seccomp_table t = { .machine = m };

	if (!m)
		return err_set(e, ERR_HOST,
			       "seccomp on %s: filters are made for amd64 and "
			       "arm64 only",
			       p->arch ? p->arch : "this machine");
	if (check_actions(p, e) < 0)
		return -1;
	t.dflt = seccomp_ret(p->dflt, p->dflt_errno);
	t.newer = p->newer_unknown && p->dflt == SECCOMP_ACT_ERRNO
			  ? seccomp_ret(SECCOMP_ACT_ERRNO, ENOSYS)
			  : t.dflt;
	report_profile(p, m, rep);
	seccomp_named_collect(p, m, &l, rep);
	for (size_t i = 0; i < l.n; i++) {
		struct seccomp_row row = seccomp_row_make(p, &l.v[i], rep);

		*GROW(t.rows, t.n) = row;
		t.n++;
	}
	if (t.n)
		qsort(t.rows, t.n, sizeof(t.rows[0]), by_number);
	report_holes(p, &t, rep);
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
