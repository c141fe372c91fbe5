/*
 * seccomp_oracle.h - what a profile says of a call, worked out rule by rule
 * from immure/seccomp.h's definition, without tables, numbers or BPF of ours:
 * the tests hold the compiler against it.
 */
#ifndef TESTS_SECCOMP_ORACLE_H
#define TESTS_SECCOMP_ORACLE_H

#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "immure/seccomp.h"

struct oracle_machine {
	const char *name;
	uint32_t audit, token;
	bool x32;
};
static const struct oracle_machine oracle_machines[] = {
	{ "amd64", 0xc000003e, SCMP_ARCH_X86_64, true },
	{ "arm64", 0xc00000b7, SCMP_ARCH_AARCH64, false },
};

/* Younger than libseccomp 2.5.4; from the kernel's syscall tables. */
static const struct {
	const char *name;
	int amd64, arm64;
} oracle_young[] = {
	{ "uretprobe", 335, -1 },	   { "uprobe", 336, -1 },
	{ "cachestat", 451, 451 },	   { "fchmodat2", 452, 452 },
	{ "map_shadow_stack", 453, 453 },  { "futex_wake", 454, 454 },
	{ "futex_wait", 455, 455 },	   { "futex_requeue", 456, 456 },
	{ "statmount", 457, 457 },	   { "listmount", 458, 458 },
	{ "lsm_get_self_attr", 459, 459 }, { "lsm_set_self_attr", 460, 460 },
	{ "lsm_list_modules", 461, 461 },  { "mseal", 462, 462 },
	{ "setxattrat", 463, 463 },	   { "getxattrat", 464, 464 },
	{ "listxattrat", 465, 465 },	   { "removexattrat", 466, 466 },
	{ "open_tree_attr", 467, 467 },
};

/* The number, or -1. */
static inline int oracle_number(const struct oracle_machine *m,
				const char *name)
{
	int n;

	for (size_t i = 0; i < sizeof(oracle_young) / sizeof(oracle_young[0]);
	     i++)
		if (!strcmp(oracle_young[i].name, name))
			return m->x32 ? oracle_young[i].amd64
				      : oracle_young[i].arm64;
	n = seccomp_syscall_resolve_name_arch(m->token, name);
	return n < 0 ? -1 : n;
}

static inline bool oracle_names(const struct oracle_machine *m,
				const struct seccomp_rule *r, uint32_t nr)
{
	for (char **n = r->names; n && *n; n++) {
		int v = oracle_number(m, *n);

		if (v >= 0 && (uint32_t)v == nr)
			return true;
	}
	return false;
}

static inline bool oracle_test(const struct seccomp_arg *a, uint64_t v)
{
	return a->op == CMP_NE	 ? v != a->value
	       : a->op == CMP_EQ ? v == a->value
	       : a->op == CMP_LT ? v < a->value
	       : a->op == CMP_LE ? v <= a->value
	       : a->op == CMP_GT ? v > a->value
	       : a->op == CMP_GE ? v >= a->value
				 : (v & a->value) == a->value2;
}

static inline bool oracle_holds(const struct seccomp_rule *r,
				const struct seccomp_data *d)
{
	for (size_t i = 0; i < r->n_args; i++)
		if (!oracle_test(&r->args[i], d->args[r->args[i].index]))
			return false;
	return true;
}

static inline uint32_t oracle_ret(enum seccomp_act act, uint32_t err)
{
	static const uint32_t actions[] = { 0x80000000, 0x00000000, 0x00030000,
					    0x00050000, 0x7fc00000, 0x7ff00000,
					    0x7ffc0000, 0x7fff0000 };

	return actions[act] | (err & 0xffff);
}

/* `rules`: those of the profile that name the call, in the file's order. */
static inline uint32_t oracle_decide(const struct seccomp_profile *p,
				     const struct seccomp_rule *const *rules,
				     size_t n, const struct seccomp_data *d)
{
	const struct seccomp_rule *best = NULL, *otherwise = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct seccomp_rule *r = rules[i];

		if (r->otherwise) {
			if (!otherwise || r->act < otherwise->act)
				otherwise = r;
		} else if (oracle_holds(r, d) &&
			   (!best || r->act < best->act)) {
			best = r;
		}
	}
	if (!best)
		best = otherwise;
	return best ? oracle_ret(best->act, best->err)
		    : oracle_ret(p->dflt, p->dflt_errno);
}

/* What stands before every rule: the machine's own calls only. */
static inline bool oracle_is_foreign(const struct oracle_machine *m,
				     const struct seccomp_data *d)
{
	return d->arch != m->audit ||
	       (m->x32 && d->nr != -1 && (uint32_t)d->nr >= 0x40000000u);
}

#endif
