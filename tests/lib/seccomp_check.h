/*
 * seccomp_check.h - compiles a profile in a test and compares what its filters
 * answer with the oracle: every number, the corners of every argument.
 */
#ifndef TESTS_SECCOMP_CHECK_H
#define TESTS_SECCOMP_CHECK_H

#include "unit.h"
#include "seccomp_oracle.h"

#include "base/table.h"
#include "format/seccomp_json.h"
#include "kernel/seccomp.h"

#define N_CALLS	   1024
#define AUDIT_I386 0x40000003u

struct compiled {
	struct seccomp_profile p;
	struct blob filters[SECCOMP_STACK_MAX];
	size_t n;
};

static inline void compiled_done(struct compiled *c)
{
	seccomp_profile_done(&c->p);
	for (size_t i = 0; i < c->n; i++)
		blob_done(&c->filters[i]);
}
DEFINE_AUTO_DONE(struct compiled, compiled_done);

static inline int parse(const char *json, const char *arch, uint64_t caps,
			struct seccomp_profile *ret, struct err *e)
{
	const struct seccomp_facts facts = {
		.caps = caps, .arch = arch, .kernel_major = 6, .kernel_minor = 1
	};

	const struct buf text = { .p = (char *)(uintptr_t)json,
				  .len = strlen(json) };

	return seccomp_json_parse("test", &text, &facts, ret, e);
}

struct corners {
	uint64_t v[6][256];
	size_t n[6];
};

static inline void corner(struct corners *c, unsigned i, uint64_t v)
{
	for (size_t k = 0; k < c->n[i]; k++)
		if (c->v[i][k] == v)
			return;
	if (c->n[i] < ARRAY_SIZE(c->v[i]))
		c->v[i][c->n[i]++] = v;
}

static inline void corners_around(struct corners *c, unsigned i, uint64_t v)
{
	corner(c, i, v);
	corner(c, i, v - 1);
	corner(c, i, v + 1);
	corner(c, i, v | 1ull << 32);
	corner(c, i, v | 1ull << 63);
	corner(c, i, v ^ 0x80000000u);
}

/* Arguments no rule tests get three values, tested ones all their corners. */
static inline void corners_of(const struct seccomp_rule *const *rules, size_t n,
			      struct corners *c)
{
	static const uint64_t always[] = { 0,	       1,	   UINT64_MAX,
					   1ull << 31, 1ull << 32, UINT32_MAX };

	memset(c, 0, sizeof(*c));
	for (size_t r = 0; r < n; r++) {
		for (size_t k = 0; k < rules[r]->n_args; k++) {
			const struct seccomp_arg *a = &rules[r]->args[k];
			uint64_t v =
				a->op == CMP_MASKED_EQ ? a->value2 : a->value;

			for (size_t j = 0; j < ARRAY_SIZE(always); j++)
				corner(c, a->index, always[j]);
			corners_around(c, a->index, v);
			if (a->op == CMP_MASKED_EQ) {
				corner(c, a->index, v | ~a->value);
				corner(c, a->index, a->value);
			}
		}
	}
}

struct check {
	const struct oracle_machine *m;
	const struct compiled *c;
	const struct seccomp_rule *rules[64];
	size_t n_rules;
	const char *what;
	size_t compared;
};

static inline void compare(struct check *k, const struct seccomp_data *d)
{
	uint32_t want =
		oracle_is_foreign(k->m, d)
			? SECCOMP_RET_KILL_PROCESS
			: oracle_decide(&k->c->p, k->rules, k->n_rules, d);
	uint32_t got = seccomp_emulate(k->c->filters, k->c->n, d);

	k->compared++;
	if (got != want)
		fail_msg("%s, %s: arch %#x nr %d (%#llx, %#llx, %#llx, %#llx, "
			 "%#llx, %#llx): got %#x, the profile says %#x",
			 k->what, k->m->name, d->arch, d->nr, d->args[0],
			 d->args[1], d->args[2], d->args[3], d->args[4],
			 d->args[5], got, want);
}

static inline void compare_one_by_one(struct check *k, const struct corners *c,
				      int nr)
{
	static const uint64_t plain[] = { 0, 1, UINT64_MAX, 1ull << 32 };
	struct seccomp_data d = { .nr = nr, .arch = k->m->audit };

	for (unsigned i = 0; i < 6; i++) {
		for (size_t j = 0; j < ARRAY_SIZE(plain); j++) {
			d.args[i] = plain[j];
			compare(k, &d);
		}
		for (size_t j = 0; j < c->n[i]; j++) {
			d.args[i] = c->v[i][j];
			compare(k, &d);
		}
		d.args[i] = 0;
	}
}

/* Every combination of the corners of the tested arguments, at most `max`,
 * then every so many-th. */
static inline void compare_product(struct check *k, const struct corners *c,
				   int nr, uint64_t max)
{
	struct seccomp_data d = { .nr = nr, .arch = k->m->audit };
	uint64_t total = 1, step;

	for (unsigned i = 0; i < 6; i++)
		if (c->n[i])
			total *= c->n[i];
	step = total / max + 1;
	for (uint64_t x = 0; x < total; x += step) {
		uint64_t rest = x;

		for (unsigned i = 0; i < 6; i++) {
			if (!c->n[i])
				continue;
			d.args[i] = c->v[i][rest % c->n[i]];
			rest /= c->n[i];
		}
		compare(k, &d);
	}
}

static inline void compare_foreign(struct check *k, int nr)
{
	struct seccomp_data d = { .nr = nr, .arch = AUDIT_I386 };

	/* a number that no rule names, where it is not x32's */

	compare(k, &d);
	d.arch = k->m->audit ^ 0x80000000u;
	compare(k, &d);
	d.arch = k->m->audit;
	k->n_rules = 0;
	d.nr = (int)(0x40000000u | (uint32_t)nr);
	compare(k, &d);
	d.nr = (int)(0xc0000000u | (uint32_t)nr);
	compare(k, &d);
}

static inline size_t compare_all(const struct oracle_machine *m,
				 const struct compiled *c, const char *what,
				 uint64_t max)
{
	struct check k = { .m = m, .c = c, .what = what };
	struct seccomp_data none = { .nr = -1, .arch = m->audit };
	static struct corners corners;

	compare(&k, &none);
	for (int nr = 0; nr < N_CALLS; nr++) {
		k.n_rules = 0;
		for (size_t i = 0; i < c->p.n_rules; i++)
			if (oracle_names(m, &c->p.rules[i], (uint32_t)nr)) {
				assert_true(k.n_rules < ARRAY_SIZE(k.rules));
				k.rules[k.n_rules++] = &c->p.rules[i];
			}
		corners_of(k.rules, k.n_rules, &corners);
		compare_one_by_one(&k, &corners, nr);
		compare_product(&k, &corners, nr, max);
		compare_foreign(&k, nr);
	}
	return k.compared;
}

#endif
