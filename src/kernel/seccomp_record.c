/*
 * seccomp_record.c - a profile compiled so that its denials are asked for.
 *
 * One filter, not a stack: only one filter of a process may have a listener,
 * and of two that answer alike the kernel takes the younger one's. The tests
 * and their order stay those of the profile's table; only answers change.
 */
#include "kernel/seccomp_record.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "kernel/seccomp_bpf.h"
#include "kernel/seccomp_notify.h"
#include "kernel/seccomp_table.h"

const char *const seccomp_record_quiet[] = {
	"read",	  "write",	"close",   "futex",	   "mmap",
	"munmap", "mprotect",	"brk",	   "rt_sigreturn", "restart_syscall",
	"exit",	  "exit_group", "sendmsg", NULL,
};
/* The launcher's own, before anybody listens. */
#define HAND_OVER "sendmsg"

static bool passes(enum seccomp_act a)
{
	return a == SECCOMP_ACT_ALLOW || a == SECCOMP_ACT_LOG;
}

static bool kills(enum seccomp_act a)
{
	return a < SECCOMP_ACT_ERRNO;
}

/* Is this action of the profile asked for? */
static bool is_asked(enum seccomp_act a, const struct seccomp_record_how *how,
		     bool quiet)
{
	if (passes(a))
		return how->all && !quiet;
	return how->allow || !kills(a);
}

/* The same of what a filter returns: actions stand in their rank's order. */
static uint32_t answer(uint32_t ret, const struct seccomp_record_how *how,
		       bool quiet)
{
	uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

	for (int a = SECCOMP_ACT_KILL_PROCESS; a <= SECCOMP_ACT_ALLOW; a++)
		if (seccomp_ret((enum seccomp_act)a, 0) == action)
			return is_asked((enum seccomp_act)a, how, quiet)
				       ? SECCOMP_RET_USER_NOTIF
				       : ret;
	return ret;
}

static bool is_quiet(const struct seccomp_machine *m, uint32_t nr)
{
	for (const char *const *q = seccomp_record_quiet; *q; q++)
		if (seccomp_call_number(m, *q) == (int)nr)
			return true;
	return false;
}

/* The profile's rules twice: as they answer for a quiet call, for another. */
struct mapped {
	struct seccomp_rule *quiet, *told;
};

static void mapped_done(struct mapped *m)
{
	free(m->quiet); /* names and tests are the profile's */
	free(m->told);
}
DEFINE_AUTO_DONE(struct mapped, mapped_done);

static struct seccomp_rule *map_rules(const struct seccomp_profile *p,
				      const struct seccomp_record_how *how,
				      bool quiet)
{
	struct seccomp_rule *v = xcalloc(p->n_rules + 1, sizeof(*v));

	for (size_t i = 0; i < p->n_rules; i++) {
		v[i] = p->rules[i];
		if (!is_asked(v[i].act, how, quiet))
			continue;
		v[i].act = SECCOMP_ACT_NOTIFY;
		v[i].err = 0;
	}
	return v;
}

static void map_table(struct seccomp_table *t, const struct seccomp_profile *p,
		      const struct seccomp_record_how *how,
		      const struct mapped *m)
{
	t->dflt = answer(t->dflt, how, false);
	t->newer = answer(t->newer, how, false);
	for (size_t i = 0; i < t->n; i++) {
		struct seccomp_row *row = &t->rows[i];
		bool quiet = is_quiet(t->machine, row->nr);

		row->fallback = answer(row->fallback, how, quiet);
		for (size_t j = 0; j < row->n; j++)
			row->rules[j] =
				&(quiet ? m->quiet
					: m->told)[row->rules[j] - p->rules];
	}
}

static int by_number(const void *a, const void *b)
{
	const struct seccomp_row *x = a, *y = b;

	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

/* Nobody listens yet when the listener is sent: that call must pass. */
static int open_hand_over(struct seccomp_table *t, const char *name,
			  const struct seccomp_record_how *how, struct err *e)
{
	int nr = seccomp_call_number(t->machine, HAND_OVER);
	struct seccomp_row *row = NULL;
	bool open = t->dflt == SECCOMP_RET_ALLOW;

	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].nr == (uint32_t)nr)
			row = &t->rows[i];
	if (row)
		open = !row->n && row->fallback == SECCOMP_RET_ALLOW;
	if (!open && !how->allow)
		return err_set(
			e, ERR_INPUT,
			"seccomp profile %s: it does not let every " HAND_OVER
			" pass, which the launcher needs; "
			"allow it, or take --record-mode allow",
			name);
	if (!row) {
		row = GROW(t->rows, t->n);
		t->n++;
	}
	row->nr = (uint32_t)nr;
	row->n = 0;
	row->fallback = SECCOMP_RET_ALLOW;
	qsort(t->rows, t->n, sizeof(t->rows[0]), by_number);
	return 0;
}

static int refuse_fatal(const struct seccomp_report *rep, struct err *e)
{
	for (size_t i = 0; i < rep->n; i++)
		if (rep->v[i].fatal)
			return err_set(e, ERR_INPUT, "%s", rep->v[i].text);
	return 0;
}

void seccomp_recorded_done(struct seccomp_recorded *r)
{
	blob_done(&r->filter);
	blob_done(&r->judge);
}

int seccomp_record_compile(const char *name, const struct seccomp_profile *p,
			   const struct seccomp_record_how *how,
			   struct seccomp_recorded *ret, struct err *e)
{
	AUTO(seccomp_table_done) struct seccomp_table t = { 0 };
	AUTO(seccomp_report_done) struct seccomp_report rep = { 0 };
	AUTO(mapped_done) struct mapped m = { 0 };
	AUTO(seccomp_recorded_done) struct seccomp_recorded r = { 0 };
	const struct seccomp_recorded none = { 0 };
	uint64_t flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;

	if (seccomp_table_build(p, &t, &rep, e) < 0 ||
	    refuse_fatal(&rep, e) < 0 ||
	    seccomp_blob_emit(xstrdup(name), &t, 0, &r.judge, e) < 0 ||
	    open_hand_over(&t, name, how, e) < 0)
		return -1;
	m.quiet = map_rules(p, how, true);
	m.told = map_rules(p, how, false);
	map_table(&t, p, how, &m);
	if (seccomp_blob_emit(xasprintf("%s/record", name), &t, flags,
			      &r.filter, e) < 0)
		return -1;
	if (how->patient)
		r.filter.flags |= SECCOMP_NOTIFY_PATIENT;
	*ret = r;
	r = none;
	return 0;
}
