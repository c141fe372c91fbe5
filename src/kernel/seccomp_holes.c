/*
 * seccomp_holes.c - looks for ways round a filter.
 *
 * Knows nothing of rules: every finding is an answer of the interpreter.
 */
#include "kernel/seccomp_holes.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/table.h"
#include "kernel/seccomp_corners.h"
#include "kernel/seccomp_rows.h"
#include "kernel/seccomp_walk.h"

#define CALLS	   512
#define X32_CALL   0x40000000u
#define NO_CALL	   0x3ffffff0u /* a number that no kernel has */
#define NAMED_MOST 8
#define COMBINED   4000

struct ask {
	const struct seccomp_machine *m;
	const struct blob *filters;
	size_t n;
	struct seccomp_report *rep;
};

static uint32_t answer(const struct ask *a, uint32_t arch, uint32_t nr)
{
	const struct seccomp_data d = { .arch = arch, .nr = (int)nr };

	return seccomp_emulate(a->filters, a->n, &d);
}

static bool passes(uint32_t ret)
{
	uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

struct tally {
	const struct ask *a;
	bool some_pass, some_fail;
};

static void tally(void *arg, const struct seccomp_data *d)
{
	struct tally *t = arg;

	if (passes(seccomp_emulate(t->a->filters, t->a->n, d)))
		t->some_pass = true;
	else
		t->some_fail = true;
}

/* With any, and with all, of the arguments that could matter. */
static struct tally tally_of(const struct ask *a, uint32_t arch, uint32_t nr)
{
	const struct seccomp_entry at = { arch, nr };
	struct seccomp_corners c = { 0 };
	struct tally t = { .a = a };

	seccomp_corners_of_filters(&c, a->filters, a->n, at);
	seccomp_corners_visit(&c, at, COMBINED,
			      (struct seccomp_visit){ tally, &t });
	return t;
}

static void say(const struct ask *a, enum seccomp_finding_kind kind, char *text)
{
	seccomp_report_add(a->rep, kind, false, text);
}

/* Is the native call of this name restricted: by arguments, or denied? */
static bool is_restricted(const struct ask *a, const char *name)
{
	int nr = seccomp_call_number(a->m, name);

	return nr >= 0 && tally_of(a, a->m->audit, (uint32_t)nr).some_fail;
}

/* ---- 32-bit entries ---- */

static const struct entry {
	const char *name;
	const char *machine; /* whose processes can use it */
	uint32_t audit;
	uint32_t socketcall, ipc; /* 0: it has none */
} entries[] = {
	{ "i386 (int 0x80)", "amd64", AUDIT_ARCH_I386, 102, 117 },
	{ "32-bit arm", "arm64", AUDIT_ARCH_ARM, 0, 0 },
};

static const struct multiplexer {
	const char *name;
	bool is_ipc;
	const char *evaded[8];
} multiplexers[] = {
	{ "socketcall",
	  false,
	  { "socket", "connect", "sendto", "setsockopt" } },
	{ "ipc", true, { "shmget", "shmat", "semop", "msgget", "msgsnd" } },
};

static void find_multiplexer(const struct ask *a, const struct entry *e,
			     const struct multiplexer *m)
{
	uint32_t nr = m->is_ipc ? e->ipc : e->socketcall;
	const char *const *evaded = m->evaded;

	if (!nr || !tally_of(a, e->audit, nr).some_pass)
		return;
	while (*evaded && !is_restricted(a, *evaded))
		evaded++;
	if (*evaded)
		say(a, FINDING_HOLE,
		    xasprintf("%s of %s passes, and the filter cannot look "
			      "into it: what is said of %s does not hold there",
			      m->name, e->name, *evaded));
}

/* Does this entry fare as the native one, number for number? */
static bool is_unchecked(const struct ask *a, uint32_t audit)
{
	for (uint32_t nr = 0; nr < CALLS; nr++)
		if (answer(a, audit, nr) != answer(a, a->m->audit, nr))
			return false;
	return true;
}

static void find_entry(const struct ask *a, const struct entry *e)
{
	size_t n = 0;

	for (uint32_t nr = 0; nr < CALLS; nr++)
		n += tally_of(a, e->audit, nr).some_pass;
	if (!n)
		return;
	if (is_unchecked(a, e->audit))
		say(a, FINDING_UNCHECKED,
		    xasprintf("calls of %s are taken for those of %s: their "
			      "numbers mean other calls; check the "
			      "architecture first",
			      e->name, a->m->name));
	else
		say(a, FINDING_ARCH,
		    xasprintf("%s is open: %zu of its numbers pass", e->name,
			      n));
	for (size_t i = 0; i < ARRAY_SIZE(multiplexers); i++)
		find_multiplexer(a, e, &multiplexers[i]);
}

static void find_x32(const struct ask *a)
{
	AUTO(buf_done) struct buf denied = BUF_INIT;
	size_t n = 0, n_denied = 0;

	for (uint32_t nr = 0; nr < CALLS; nr++) {
		auto_free char *name = NULL;

		if (!tally_of(a, a->m->audit, X32_CALL | nr).some_pass)
			continue;
		n++;
		name = seccomp_call_name(a->m, nr);
		if (!name || tally_of(a, a->m->audit, nr).some_pass)
			continue;
		if (n_denied++ < NAMED_MOST)
			buf_printf(&denied, " %s", name);
	}
	if (n_denied)
		say(a, FINDING_HOLE,
		    xasprintf("x32 numbers pass whose own call is denied "
			      "(%zu):%s%s",
			      n_denied, denied.p,
			      n_denied > NAMED_MOST ? " …" : ""));
	else if (n)
		say(a, FINDING_ARCH,
		    xasprintf("x32 is open: %zu of its numbers pass", n));
}

/* ---- arguments ---- */

/* A denied value that passes when bits are set that the kernel cuts off. */
static bool evades(const struct ask *a, uint32_t nr, unsigned arg, uint32_t v)
{
	struct seccomp_data d = { .arch = a->m->audit, .nr = (int)nr };

	d.args[arg] = v;
	if (passes(seccomp_emulate(a->filters, a->n, &d)))
		return false;
	d.args[arg] = v | 1ull << 32;
	return passes(seccomp_emulate(a->filters, a->n, &d));
}

static void find_wide(const struct ask *a, const char *name, uint32_t nr)
{
	const struct seccomp_entry at = { a->m->audit, nr };
	unsigned said = 0;

	for (size_t f = 0; f < a->n; f++) {
		AUTO(seccomp_reach_done) struct seccomp_reach r = { 0 };

		seccomp_reach(&a->filters[f], at, &r);
		for (size_t i = 0; i < r.n_looks; i++) {
			const struct seccomp_look *l = &r.looks[i];

			if (l->high || said & (1u << l->arg) ||
			    !seccomp_is_narrow(name, l->arg) ||
			    !evades(a, nr, l->arg, l->k))
				continue;
			said |= 1u << l->arg;
			say(a, FINDING_WIDE,
			    xasprintf("%s: argument %u: %u is denied and %llu "
				      "passes, and the kernel takes both for "
				      "the same; compare 32 bits",
				      name, l->arg, l->k,
				      (unsigned long long)l->k | 1ull << 32));
		}
	}
}

void seccomp_holes(const struct seccomp_machine *m, const struct blob *filters,
		   size_t n, struct seccomp_report *rep)
{
	const struct ask a = { m, filters, n, rep };

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		if (!strcmp(entries[i].machine, m->name))
			find_entry(&a, &entries[i]);
	if (m->has_x32)
		find_x32(&a);
	for (uint32_t nr = 0; nr < CALLS; nr++) {
		auto_free char *name = seccomp_call_name(m, nr);

		if (name)
			find_wide(&a, name, nr);
	}
	if (passes(answer(&a, m->audit, NO_CALL)))
		say(&a, FINDING_OPEN,
		    xstrdup("a number that the filter does not know passes: "
			    "so will every call that Linux still gets"));
}
