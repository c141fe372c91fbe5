/*
 * seccomp_bpf.c - writes a table of calls down as classic BPF.
 *
 * The program is written from its end to its beginning. Jumps of classic BPF
 * lead forward only, so every target is already there when a jump to it is
 * written, its distance is known, and a far one gets a plain jump in between.
 * A label is the count of instructions from the target to the end.
 *
 *	load arch; another one: kill
 *	load nr; x32: kill
 *	binary search over the numbers, as runs of calls that fare alike
 *	for each call with conditions: rule after rule, test after test
 *
 * The accumulator holds nr everywhere in the search, and nothing of use
 * elsewhere: a block of rules never leads back into the search.
 */
#include "kernel/seccomp_bpf.h"

#include <endian.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include "base/alloc.h"
#include "base/table.h"

#if __BYTE_ORDER != __LITTLE_ENDIAN
#error "the halves of an argument stand the other way round on this machine"
#endif

#define X32_BIT	 0x40000000u
#define NR_NONE	 0xffffffffu /* syscall(-1): no call, not x32 */
#define NEAR	 255
#define RETS_MAX 64

#define OFF_NR	  offsetof(struct seccomp_data, nr)
#define OFF_ARCH  offsetof(struct seccomp_data, arch)
#define OFF_LO(i) (offsetof(struct seccomp_data, args) + 8u * (i))
#define OFF_HI(i) (OFF_LO(i) + 4u)
#define LO(v)	  ((uint32_t)(v))
#define HI(v)	  ((uint32_t)((v) >> 32))

struct program {
	struct sock_filter insn[BPF_MAXINSNS]; /* filled from the end */
	unsigned n;
	bool full;
	struct { /* the latest return of each value */
		uint32_t value;
		unsigned at;
	} rets[RETS_MAX];
	unsigned n_rets;
};

static unsigned put(struct program *p, struct sock_filter f)
{
	if (p->n == BPF_MAXINSNS) {
		p->full = true;
		return p->n;
	}
	p->insn[BPF_MAXINSNS - 1 - p->n] = f;
	return ++p->n;
}

/* What an instruction written now must skip to go on at `to`. */
static unsigned distance(const struct program *p, unsigned to)
{
	return p->n - to;
}

static unsigned put_jump(struct program *p, unsigned to)
{
	unsigned skip = distance(p, to);

	return put(p, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, skip));
}

/* An instruction that does not jump; goes on at `next`. */
static unsigned put_then(struct program *p, struct sock_filter f, unsigned next)
{
	if (next != p->n)
		put_jump(p, next);
	return put(p, f);
}

static unsigned put_load(struct program *p, size_t offset, unsigned next)
{
	return put_then(p,
			(struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						     (uint32_t)offset),
			next);
}

struct fork { /* where a comparison leads */
	unsigned yes, no;
};

static unsigned put_if(struct program *p, uint16_t op, uint32_t k,
		       struct fork to)
{
	/* one less than NEAR: a plain jump may still come in between */
	if (distance(p, to.yes) > NEAR - 1)
		to.yes = put_jump(p, to.yes);
	if (distance(p, to.no) > NEAR)
		to.no = put_jump(p, to.no);
	return put(p,
		   (struct sock_filter)BPF_JUMP(BPF_JMP | op | BPF_K, k,
						(uint8_t)distance(p, to.yes),
						(uint8_t)distance(p, to.no)));
}

/* Returns `value`; shared with one that is near. */
static unsigned put_ret(struct program *p, uint32_t value)
{
	unsigned i = 0;

	while (i < p->n_rets && p->rets[i].value != value)
		i++;
	if (i < p->n_rets && distance(p, p->rets[i].at) < NEAR)
		return p->rets[i].at;
	if (i == RETS_MAX)
		return put(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							   value));
	p->rets[i].value = value;
	p->rets[i].at =
		put(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value));
	if (i == p->n_rets)
		p->n_rets++;
	return p->rets[i].at;
}

/* ---- one test of a 64-bit argument: two 32-bit halves ---- */

static unsigned put_equal(struct program *p, const struct seccomp_arg *a,
			  struct fork to)
{
	unsigned l = put_if(p, BPF_JEQ, LO(a->value), to);

	l = put_load(p, OFF_LO(a->index), l);
	l = put_if(p, BPF_JEQ, HI(a->value), (struct fork){ l, to.no });
	return put_load(p, OFF_HI(a->index), l);
}

/* `op`: BPF_JGE or BPF_JGT, decides on the lower halves of equal uppers. */
static unsigned put_order(struct program *p, const struct seccomp_arg *a,
			  uint16_t op, struct fork to)
{
	unsigned l = put_if(p, op, LO(a->value), to);

	l = put_load(p, OFF_LO(a->index), l);
	l = put_if(p, BPF_JEQ, HI(a->value), (struct fork){ l, to.no });
	l = put_if(p, BPF_JGT, HI(a->value), (struct fork){ to.yes, l });
	return put_load(p, OFF_HI(a->index), l);
}

/* (half & mask) == want; nothing at all for an empty mask. */
static unsigned put_masked(struct program *p, size_t offset, uint32_t mask,
			   uint32_t want, struct fork to)
{
	unsigned l;

	if (!mask)
		return to.yes;
	l = put_if(p, BPF_JEQ, want, to);
	if (mask != UINT32_MAX)
		l = put_then(p,
			     (struct sock_filter)BPF_STMT(
				     BPF_ALU | BPF_AND | BPF_K, mask),
			     l);
	return put_load(p, offset, l);
}

static unsigned put_test(struct program *p, const struct seccomp_arg *a,
			 struct fork to)
{
	const struct fork turned = { to.no, to.yes };
	unsigned l;

	switch (a->op) {
	case CMP_EQ:
		return put_equal(p, a, to);
	case CMP_NE:
		return put_equal(p, a, turned);
	case CMP_GE:
		return put_order(p, a, BPF_JGE, to);
	case CMP_GT:
		return put_order(p, a, BPF_JGT, to);
	case CMP_LT:
		return put_order(p, a, BPF_JGE, turned);
	case CMP_LE:
		return put_order(p, a, BPF_JGT, turned);
	case CMP_MASKED_EQ:
		l = put_masked(p, OFF_LO(a->index), LO(a->value), LO(a->value2),
			       to);
		return put_masked(p, OFF_HI(a->index), HI(a->value),
				  HI(a->value2), (struct fork){ l, to.no });
	}
	return to.no;
}

/* Rule after rule; the first that holds decides. */
static unsigned put_rules(struct program *p, const struct seccomp_row *row)
{
	unsigned next = put_ret(p, row->fallback);

	for (size_t i = row->n; i-- > 0;) {
		const struct seccomp_rule *r = row->rules[i];
		unsigned l = put_ret(p, seccomp_ret(r->act, r->err));

		for (size_t j = r->n_args; j-- > 0;)
			l = put_test(p, &r->args[j], (struct fork){ l, next });
		next = l;
	}
	return next;
}

/* ---- the search ---- */

struct run { /* calls from `first` up to the next run's */
	uint32_t first;
	const struct seccomp_row *row; /* with conditions, or NULL */
	uint32_t value;		       /* without */
};
struct runs {
	struct run *v;
	size_t n;
};

static void runs_done(struct runs *r)
{
	free(r->v);
}
DEFINE_AUTO_DONE(struct runs, runs_done);

static void add_run(struct runs *r, struct run next)
{
	struct run *last = r->n ? &r->v[r->n - 1] : NULL;

	if (last && !last->row && !next.row && last->value == next.value)
		return;
	*GROW(r->v, r->n) = next;
	r->n++;
}

static void find_runs(const struct seccomp_table *t, struct runs *r)
{
	uint32_t free_from = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct seccomp_row *row = &t->rows[i];

		if (row->nr > free_from)
			add_run(r, (struct run){ free_from, NULL, t->dflt });
		add_run(r, (struct run){ row->nr, row->n ? row : NULL,
					 row->fallback });
		free_from = row->nr + 1;
	}
	add_run(r, (struct run){ free_from, NULL, t->newer });
}

/* Runs a…b-1; as deep as the logarithm of their number. */
static unsigned put_search(struct program *p, const struct runs *r, size_t a,
			   size_t b)
{
	size_t mid = a + (b - a) / 2;
	struct fork to;

	if (b - a == 1)
		return r->v[a].row ? put_rules(p, r->v[a].row)
				   : put_ret(p, r->v[a].value);
	to.yes = put_search(p, r, mid, b);
	to.no = put_search(p, r, a, mid);
	return put_if(p, BPF_JGE, r->v[mid].first, to);
}

static void put_program(struct program *p, const struct seccomp_table *t)
{
	AUTO(runs_done) struct runs r = { 0 };
	unsigned kill, dflt, l;

	find_runs(t, &r);
	l = put_search(p, &r, 0, r.n);
	kill = put_ret(p, SECCOMP_RET_KILL_PROCESS);
	if (t->machine->has_x32) {
		dflt = put_ret(p, t->dflt);
		dflt = put_if(p, BPF_JEQ, NR_NONE, (struct fork){ dflt, kill });
		l = put_if(p, BPF_JGE, X32_BIT, (struct fork){ dflt, l });
	}
	l = put_load(p, OFF_NR, l);
	kill = put_ret(p, SECCOMP_RET_KILL_PROCESS);
	l = put_if(p, BPF_JEQ, t->machine->audit, (struct fork){ l, kill });
	put_load(p, OFF_ARCH, l);
}

int seccomp_bpf_emit(const char *name, const struct seccomp_table *t,
		     struct buf *ret, struct err *e)
{
	auto_free struct program *p = xcalloc(1, sizeof(*p));

	put_program(p, t);
	if (p->full)
		return err_set(e, ERR_LIMIT,
			       "seccomp filter %s: more than %d instructions, "
			       "the kernel's limit; use fewer conditions",
			       name, BPF_MAXINSNS);
	buf_add(ret, &p->insn[BPF_MAXINSNS - p->n], p->n * sizeof(p->insn[0]));
	return 0;
}
