/*
 * seccomp_corners.c - chooses arguments. Asks no filter.
 */
#include "kernel/seccomp_corners.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include "base/table.h"

static const uint64_t plain[] = { 0,	      1,	  UINT64_MAX,
				  1ull << 31, 1ull << 32, UINT32_MAX,
				  INT32_MAX,  1ull << 63 };

static void add(struct seccomp_corners *c, unsigned i, uint64_t v)
{
	for (size_t k = 0; k < c->n[i]; k++)
		if (c->v[i][k] == v)
			return;
	if (c->n[i] < SECCOMP_CORNERS_MAX)
		c->v[i][c->n[i]++] = v;
}

static void add_around(struct seccomp_corners *c, unsigned i, uint64_t v)
{
	add(c, i, v);
	add(c, i, v - 1);
	add(c, i, v + 1);
	add(c, i, v | 1ull << 32);	      /* equal when cut to 32 bits */
	add(c, i, v & UINT32_MAX);	      /* the cut itself */
	add(c, i, v | 0xffffffff00000000ull); /* as a negative int */
	add(c, i, v ^ 0x80000000u);
}

static void add_plain(struct seccomp_corners *c, unsigned i)
{
	for (size_t k = 0; k < ARRAY_SIZE(plain); k++)
		add(c, i, plain[k]);
}

void seccomp_corners_of_rules(struct seccomp_corners *ret,
			      const struct seccomp_named *c)
{
	for (size_t r = 0; c && r < c->n; r++) {
		for (size_t k = 0; k < c->rules[r]->n_args; k++) {
			const struct seccomp_arg *a = &c->rules[r]->args[k];
			bool masked = a->op == CMP_MASKED_EQ;

			add_plain(ret, a->index);
			add_around(ret, a->index,
				   masked ? a->value2 : a->value);
			if (!masked)
				continue;
			add(ret, a->index, a->value2 | ~a->value);
			add(ret, a->index, a->value);
		}
	}
}

/* Halves are compared one by one: every upper with every lower. */
static void add_halves(struct seccomp_corners *ret, unsigned arg,
		       const struct seccomp_reach *r)
{
	for (size_t i = 0; i < r->n_looks; i++) {
		const struct seccomp_look *lo = &r->looks[i];

		if (lo->arg != arg || lo->high)
			continue;
		add_around(ret, arg, lo->k);
		add(ret, arg, lo->k | ~(uint64_t)lo->mask);
		for (size_t j = 0; j < r->n_looks; j++)
			if (r->looks[j].arg == arg && r->looks[j].high)
				add(ret, arg,
				    (uint64_t)r->looks[j].k << 32 | lo->k);
	}
	for (size_t i = 0; i < r->n_looks; i++)
		if (r->looks[i].arg == arg && r->looks[i].high)
			add(ret, arg, (uint64_t)r->looks[i].k << 32);
}

void seccomp_corners_of_filters(struct seccomp_corners *ret,
				const struct blob *filters, size_t n,
				struct seccomp_entry at)
{
	for (size_t f = 0; f < n; f++) {
		AUTO(seccomp_reach_done) struct seccomp_reach r = { 0 };

		seccomp_reach(&filters[f], at, &r);
		for (size_t i = 0; i < r.n_looks; i++)
			add_plain(ret, r.looks[i].arg);
		for (unsigned arg = 0; arg < 6; arg++)
			add_halves(ret, arg, &r);
	}
}

static void visit_product(const struct seccomp_corners *c,
			  struct seccomp_data *d, uint64_t max,
			  struct seccomp_visit visit)
{
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
			d->args[i] = c->v[i][rest % c->n[i]];
			rest /= c->n[i];
		}
		visit.call(visit.arg, d);
	}
}

void seccomp_corners_visit(const struct seccomp_corners *c,
			   struct seccomp_entry at, uint64_t max,
			   struct seccomp_visit visit)
{
	struct seccomp_data d = { .nr = (int)at.nr, .arch = at.arch };

	visit_product(c, &d, max, visit);
	memset(d.args, 0, sizeof(d.args));
	for (unsigned i = 0; i < 6; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(plain); k++) {
			d.args[i] = plain[k];
			visit.call(visit.arg, &d);
		}
		for (size_t k = 0; k < c->n[i]; k++) {
			d.args[i] = c->v[i][k];
			visit.call(visit.arg, &d);
		}
		d.args[i] = 0;
	}
}
