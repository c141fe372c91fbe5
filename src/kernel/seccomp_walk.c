/*
 * seccomp_walk.c - follows a filter for one call with its arguments unknown.
 *
 * Knows of the accumulator whether it holds a number or half an argument under
 * a mask; what else a program computes is opaque, and said to be. Jumps of
 * classic BPF lead forward only, so every walk ends.
 */
#include "kernel/seccomp_walk.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"

#define OFF_ARGS offsetof(struct seccomp_data, args)
#define DEEP	 1024 /* tests of one way */

struct acc { /* what the accumulator holds */
	enum { KNOWN, HALF, OPAQUE } kind;
	uint32_t v;    /* KNOWN: the value; HALF: the mask */
	uint32_t half; /* HALF: 2 * argument + 1 for the upper half */
};
struct place {
	size_t pc;
	struct acc a;
};

enum outcome { NEXT, FORK, ANSWER };
struct move { /* what one instruction leads to */
	enum outcome what;
	struct place yes, no; /* NEXT: yes alone */
	bool has_look;	      /* FORK: on something that can be said */
	struct seccomp_look look;
	uint32_t answer;
};

static bool same_acc(const struct acc *x, const struct acc *y)
{
	return x->kind == y->kind &&
	       (x->kind == OPAQUE ||
		(x->v == y->v && (x->kind == KNOWN || x->half == y->half)));
}

static struct acc load(struct seccomp_entry at, uint32_t off)
{
	struct acc a = { .kind = OPAQUE };

	if (off == offsetof(struct seccomp_data, nr))
		a = (struct acc){ .kind = KNOWN, .v = at.nr };
	else if (off == offsetof(struct seccomp_data, arch))
		a = (struct acc){ .kind = KNOWN, .v = at.arch };
	else if (off >= OFF_ARGS && off < sizeof(struct seccomp_data) &&
		 off % 4 == 0)
		a = (struct acc){ .kind = HALF,
				  .v = UINT32_MAX,
				  .half = (off - (uint32_t)OFF_ARGS) / 4 };
	return a;
}

static void compute(struct acc *a, const struct sock_filter *f)
{
	if (f->code == (BPF_ALU | BPF_AND | BPF_K) && a->kind != OPAQUE)
		a->v &= f->k;
	else if (f->code == (BPF_ALU | BPF_OR | BPF_K) && a->kind == KNOWN)
		a->v |= f->k;
	else if (f->code == (BPF_ALU | BPF_SUB | BPF_K) && a->kind == KNOWN)
		a->v -= f->k;
	else if (f->code == (BPF_ALU | BPF_ADD | BPF_K) && a->kind == KNOWN)
		a->v += f->k;
	else if (f->code == (BPF_ALU | BPF_RSH | BPF_K) && a->kind == KNOWN)
		a->v = f->k < 32 ? a->v >> f->k : 0;
	else
		a->kind = OPAQUE;
}

static bool compare(uint32_t v, uint16_t op, uint32_t k)
{
	return op == BPF_JEQ   ? v == k
	       : op == BPF_JGT ? v > k
	       : op == BPF_JGE ? v >= k
			       : (v & k) != 0;
}

static void branch(const struct sock_filter *f, const struct place *p,
		   struct move *m)
{
	uint16_t op = BPF_OP(f->code);

	m->yes = m->no = *p;
	m->yes.pc += 1 + (op == BPF_JA ? f->k : f->jt);
	m->no.pc += 1 + f->jf;
	if (op == BPF_JA || (f->jt == f->jf))
		return;
	if (BPF_SRC(f->code) == BPF_K && p->a.kind == KNOWN) {
		if (!compare(p->a.v, op, f->k))
			m->yes = m->no;
		return;
	}
	m->what = FORK;
	m->has_look = BPF_SRC(f->code) == BPF_K && p->a.kind == HALF;
	m->look = (struct seccomp_look){ .arg = p->a.half / 2,
					 .high = p->a.half % 2,
					 .mask = p->a.v,
					 .op = op,
					 .k = f->k };
}

/* A program that ends without a return, or jumps out, kills. */
static struct move step(const struct blob *b, struct seccomp_entry at,
			const struct place *p)
{
	const struct sock_filter *f =
		(const struct sock_filter *)b->data + p->pc;
	struct move m = { .what = NEXT, .yes = *p };

	m.yes.pc++;
	m.answer = SECCOMP_RET_KILL_PROCESS;
	if (p->pc >= b->size / sizeof(*f)) {
		m.what = ANSWER;
		return m;
	}
	switch (BPF_CLASS(f->code)) {
	case BPF_RET:
		m.what = ANSWER;
		if (f->code == (BPF_RET | BPF_K))
			m.answer = f->k;
		else if (p->a.kind == KNOWN)
			m.answer = p->a.v;
		break;
	case BPF_JMP:
		branch(f, p, &m);
		break;
	case BPF_ALU:
		compute(&m.yes.a, f);
		break;
	case BPF_LD:
		if (f->code == (BPF_LD | BPF_W | BPF_ABS))
			m.yes.a = load(at, f->k);
		else if (f->code == (BPF_LD | BPF_IMM))
			m.yes.a = (struct acc){ .kind = KNOWN, .v = f->k };
		else
			m.yes.a.kind = OPAQUE;
		break;
	default: /* X and memory are not followed */
		if (f->code == (BPF_MISC | BPF_TXA))
			m.yes.a.kind = OPAQUE;
	}
	return m;
}

/* ---- everything that can be reached ---- */

struct seen { /* accumulators with which an instruction was met */
	struct acc *v;
	size_t n;
};
struct search {
	const struct blob *b;
	struct seccomp_entry at;
	struct seen *seen; /* one an instruction, and one for "beyond" */
	size_t n;
	struct place *todo;
	size_t n_todo;
	struct seccomp_reach *ret;
};

static void enqueue(struct search *s, const struct place *p)
{
	struct seen *seen = &s->seen[p->pc < s->n ? p->pc : s->n];

	for (size_t i = 0; i < seen->n; i++)
		if (same_acc(&seen->v[i], &p->a))
			return;
	*GROW(seen->v, seen->n) = p->a;
	seen->n++;
	*GROW(s->todo, s->n_todo) = *p;
	s->n_todo++;
}

static void add_look(struct seccomp_reach *r, const struct seccomp_look *l)
{
	for (size_t i = 0; i < r->n_looks; i++) {
		const struct seccomp_look *x = &r->looks[i];

		if (x->arg == l->arg && x->high == l->high &&
		    x->mask == l->mask && x->op == l->op && x->k == l->k)
			return;
	}
	*GROW(r->looks, r->n_looks) = *l;
	r->n_looks++;
}

static void add_answer(struct seccomp_reach *r, uint32_t answer)
{
	for (size_t i = 0; i < r->n_answers; i++)
		if (r->answers[i] == answer)
			return;
	*GROW(r->answers, r->n_answers) = answer;
	r->n_answers++;
}

static void visit(struct search *s, const struct place *p)
{
	struct move m = step(s->b, s->at, p);

	if (m.what == ANSWER) {
		add_answer(s->ret, m.answer);
		return;
	}
	enqueue(s, &m.yes);
	if (m.what == NEXT)
		return;
	enqueue(s, &m.no);
	if (m.has_look)
		add_look(s->ret, &m.look);
	else
		s->ret->opaque = true;
}

void seccomp_reach(const struct blob *filter, struct seccomp_entry at,
		   struct seccomp_reach *ret)
{
	size_t n = filter->size / sizeof(struct sock_filter);
	struct search s = { .b = filter, .at = at, .n = n, .ret = ret };
	const struct place start = { .a = { .kind = KNOWN } };

	memset(ret, 0, sizeof(*ret));
	s.seen = xcalloc(n + 1, sizeof(*s.seen));
	enqueue(&s, &start);
	while (s.n_todo) {
		struct place p = s.todo[--s.n_todo];

		visit(&s, &p);
	}
	for (size_t i = 0; i <= n; i++)
		free(s.seen[i].v);
	free(s.seen);
	free(s.todo);
}

void seccomp_reach_done(struct seccomp_reach *r)
{
	free(r->looks);
	free(r->answers);
	memset(r, 0, sizeof(*r));
}

/* ---- way after way ---- */

struct climb {
	const struct blob *b;
	struct seccomp_entry at;
	struct seccomp_step steps[DEEP];
	size_t n;
	struct seccomp_ways *ret;
};

static bool same_half(const struct seccomp_look *x,
		      const struct seccomp_look *y)
{
	return x->arg == y->arg && x->high == y->high && x->mask == y->mask;
}

/* What the tests so far say of this one: 1 yes, 0 no, -1 nothing. */
static int foretold(const struct climb *c, const struct seccomp_look *l)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct seccomp_step *s = &c->steps[i];

		if (!same_half(&s->look, l))
			continue;
		if (s->look.op == BPF_JEQ && s->yes)
			return compare(s->look.k, l->op, l->k);
		if (s->look.op == l->op && s->look.k == l->k)
			return s->yes;
	}
	return -1;
}

static void add_way(struct climb *c, uint32_t answer, size_t at)
{
	struct seccomp_way *w;

	if (c->ret->n == SECCOMP_WAYS_MAX) {
		c->ret->more = true;
		return;
	}
	w = GROW(c->ret->v, c->ret->n);
	c->ret->n++;
	w->steps = xcalloc(c->n + 1, sizeof(*w->steps));
	memcpy(w->steps, c->steps, c->n * sizeof(*w->steps));
	w->n = c->n;
	w->answer = answer;
	w->at = at;
}

static void climb(struct climb *c, struct place p);

static void climb_fork(struct climb *c, const struct move *m)
{
	int known = m->has_look ? foretold(c, &m->look) : -1;
	size_t n = c->n;

	if (!m->has_look)
		c->ret->opaque = true;
	if (n == DEEP) {
		c->ret->more = true;
		return;
	}
	for (int yes = 1; yes >= 0; yes--) {
		if (known >= 0 && known != yes)
			continue;
		c->n = n;
		if (known < 0 && m->has_look)
			c->steps[c->n++] =
				(struct seccomp_step){ m->look, yes };
		climb(c, yes ? m->yes : m->no);
	}
	c->n = n;
}

static void climb(struct climb *c, struct place p)
{
	while (!c->ret->more) {
		struct move m = step(c->b, c->at, &p);

		if (m.what == ANSWER) {
			add_way(c, m.answer, p.pc);
			return;
		}
		if (m.what == FORK) {
			climb_fork(c, &m);
			return;
		}
		p = m.yes;
	}
}

void seccomp_ways(const struct blob *filter, struct seccomp_entry at,
		  struct seccomp_ways *ret)
{
	auto_free struct climb *c = xcalloc(1, sizeof(*c));
	const struct place start = { .a = { .kind = KNOWN } };

	memset(ret, 0, sizeof(*ret));
	c->b = filter;
	c->at = at;
	c->ret = ret;
	climb(c, start);
}

void seccomp_ways_done(struct seccomp_ways *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i].steps);
	free(w->v);
	memset(w, 0, sizeof(*w));
}
