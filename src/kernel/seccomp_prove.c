/*
 * seccomp_prove.c - every call, every corner: filter and profile agree.
 *
 * Not the compiler's view of itself: what is wanted comes from
 * seccomp_named.c, which knows rules and no table, what is got from the
 * interpreter, which knows instructions and no rule.
 */
#include "kernel/seccomp_prove.h"

#include <linux/audit.h>
#include <string.h>
#include "base/table.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_corners.h"
#include "kernel/seccomp_named.h"

#define CALLS	  1024
#define COMBINED  20000 /* combinations of corners a call */
#define X32_CALL  0x40000000u
#define HIGH_CALL 0xc0000000u
#define AUDIT_X32 0x4000003eu /* no such: amd64 without its 64-bit mark */

static const uint32_t foreign[] = { AUDIT_ARCH_I386,   AUDIT_ARCH_ARM,
				    AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64,
				    AUDIT_X32,	       0 };

struct proof {
	const struct seccomp_profile *p;
	const struct seccomp_machine *m;
	const struct blob *filters;
	size_t n;
	struct seccomp_named_list l;
	struct seccomp_proof *ret;
};

static void compare(void *arg, const struct seccomp_data *d)
{
	struct proof *k = arg;
	uint32_t want = seccomp_decide(k->p, &k->l, d, NULL);
	uint32_t got = seccomp_emulate(k->filters, k->n, d);

	k->ret->compared++;
	if (want == got || k->ret->differs)
		return;
	k->ret->differs = true;
	k->ret->at = *d;
	k->ret->want = want;
	k->ret->got = got;
}

static void prove_call(struct proof *k, struct seccomp_entry at)
{
	struct seccomp_corners c = { 0 };

	seccomp_corners_of_rules(&c, seccomp_named_find(&k->l, at.nr));
	seccomp_corners_of_filters(&c, k->filters, k->n, at);
	seccomp_corners_visit(&c, at, COMBINED,
			      (struct seccomp_visit){ compare, k });
	k->ret->calls++;
}

/* Entries that are not the machine's own, and numbers that are none. */
static void prove_foreign(struct proof *k, uint32_t nr)
{
	const struct seccomp_data high = { .nr = (int)(HIGH_CALL | nr),
					   .arch = k->m->audit };
	struct seccomp_data d = { .nr = (int)(X32_CALL | nr),
				  .arch = k->m->audit };

	compare(k, &high);
	compare(k, &d);
	d.nr = (int)nr;
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		d.arch = foreign[i];
		if (d.arch != k->m->audit)
			compare(k, &d);
	}
	k->ret->calls += 1 + ARRAY_SIZE(foreign);
}

void seccomp_prove(const struct seccomp_profile *p, const struct blob *filters,
		   size_t n, struct seccomp_proof *ret)
{
	struct proof k = { .p = p,
			   .m = seccomp_machine_find(p->arch),
			   .filters = filters,
			   .n = n,
			   .ret = ret };

	memset(ret, 0, sizeof(*ret));
	seccomp_named_collect(p, k.m, &k.l, NULL);
	prove_call(&k, (struct seccomp_entry){ k.m->audit, UINT32_MAX });
	for (uint32_t nr = 0; nr < CALLS; nr++) {
		prove_call(&k, (struct seccomp_entry){ k.m->audit, nr });
		prove_foreign(&k, nr);
	}
	seccomp_named_done(&k.l);
}
