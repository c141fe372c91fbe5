/*
 * seccomp_clauses.c - what decides a call, as a list that can be read.
 *
 * Of a profile: its rules, in the order in which they decide. Of BPF alone:
 * the ways through the program, tests that others imply left out.
 */
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "engine/seccomp_parts.h"
#include "kernel/seccomp_table.h"
#include "kernel/seccomp_walk.h"

void clauses_done(struct clauses *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].when);
		free(c->v[i].by);
	}
	free(c->v);
	memset(c, 0, sizeof(*c));
}

static void add_clause(struct clauses *c, char *when, uint32_t answer, char *by)
{
	struct clause *x = GROW(c->v, c->n);

	c->n++;
	x->when = when;
	x->answer = answer;
	x->by = by;
}

static void add_and(struct buf *b)
{
	if (b->len)
		buf_str(b, " and ");
}

/* Small numbers as people count, flags as bits. */
static void add_number(struct buf *b, uint64_t v)
{
	buf_printf(b, v < 10000 ? "%llu" : "0x%llx", (unsigned long long)v);
}

/* ---- rules ---- */

static const char *const op_words[] = {
	[CMP_NE] = "!=",	[CMP_LT] = "<",	 [CMP_LE] = "<=",
	[CMP_EQ] = "==",	[CMP_GE] = ">=", [CMP_GT] = ">",
	[CMP_MASKED_EQ] = "==",
};

static void add_test(struct buf *b, const struct seccomp_arg *a)
{
	bool masked = a->op == CMP_MASKED_EQ;

	add_and(b);
	if (masked && a->value == UINT32_MAX) {
		buf_printf(b, "(int)a%u", a->index);
	} else if (masked) {
		buf_printf(b, "a%u & ", a->index);
		add_number(b, a->value);
	} else {
		buf_printf(b, "a%u", a->index);
	}
	buf_printf(b, " %s ", op_words[a->op]);
	add_number(b, masked ? a->value2 : a->value);
}

static char *rule_when(const struct seccomp_rule *r)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < r->n_args; i++)
		add_test(&b, &r->args[i]);
	return b.len ? buf_take(&b) : NULL;
}

static void add_rule(struct clauses *c, const struct seccomp_rule *r)
{
	add_clause(c, rule_when(r), seccomp_ret(r->act, r->err),
		   xasprintf("syscalls[%u]", r->at));
}

/* The rules of one kind, strictest first; true: one of them always holds. */
static bool add_rules(struct clauses *c, const struct seccomp_named *n,
		      bool otherwise)
{
	for (int act = 0; n && act <= SECCOMP_ACT_ALLOW; act++) {
		for (size_t i = 0; i < n->n; i++) {
			const struct seccomp_rule *r = n->rules[i];

			if ((int)r->act != act || r->otherwise != otherwise)
				continue;
			add_rule(c, r);
			if (!r->n_args)
				return true;
		}
	}
	return false;
}

static void find_rules(const struct filters *f, uint32_t nr, struct clauses *c)
{
	const struct seccomp_named *n = seccomp_named_find(&f->l, nr);

	if (add_rules(c, n, false) || add_rules(c, n, true))
		return;
	add_clause(c, NULL, seccomp_ret(f->p.dflt, f->p.dflt_errno),
		   xstrdup("default"));
}

/* ---- ways ---- */

static bool is_equal_to(const struct seccomp_step *s)
{
	return s->look.op == BPF_JEQ && s->yes;
}

static bool same_half(const struct seccomp_step *x,
		      const struct seccomp_step *y)
{
	return x->look.arg == y->look.arg && x->look.high == y->look.high;
}

/* Does another test of this half say all, and this one follows? */
static bool is_implied(const struct seccomp_way *w,
		       const struct seccomp_step *s)
{
	for (size_t i = 0; i < w->n; i++)
		if (&w->steps[i] != s && is_equal_to(&w->steps[i]) &&
		    same_half(&w->steps[i], s) && !is_equal_to(s))
			return true;
	return false;
}

/* The == of the lower half that belongs to this one of the upper, or NULL. */
static const struct seccomp_step *lower_of(const struct seccomp_way *w,
					   const struct seccomp_step *s)
{
	if (!s->look.high || !is_equal_to(s) || s->look.mask != UINT32_MAX)
		return NULL;
	for (size_t i = 0; i < w->n; i++) {
		const struct seccomp_step *x = &w->steps[i];

		if (x->look.arg == s->look.arg && !x->look.high &&
		    is_equal_to(x) && x->look.mask == UINT32_MAX)
			return x;
	}
	return NULL;
}

static bool has_upper(const struct seccomp_way *w, const struct seccomp_step *s)
{
	for (size_t i = 0; i < w->n; i++)
		if (lower_of(w, &w->steps[i]) == s)
			return true;
	return false;
}

static const char *step_op(const struct seccomp_step *s)
{
	switch (s->look.op) {
	case BPF_JEQ:
		return s->yes ? "==" : "!=";
	case BPF_JGT:
		return s->yes ? ">" : "<=";
	case BPF_JGE:
		return s->yes ? ">=" : "<";
	default:
		return s->yes ? "has of" : "has none of";
	}
}

static void add_step(struct buf *b, const struct seccomp_way *w,
		     const struct seccomp_step *s)
{
	const struct seccomp_step *lower = lower_of(w, s);

	if (is_implied(w, s) || has_upper(w, s))
		return;
	add_and(b);
	if (lower) {
		buf_printf(b, "a%u == ", s->look.arg);
		add_number(b, (uint64_t)s->look.k << 32 | lower->look.k);
		return;
	}
	buf_printf(b, "%sa%u", s->look.high ? "high " : "(int)", s->look.arg);
	if (s->look.mask != UINT32_MAX)
		buf_printf(b, " & 0x%x", s->look.mask);
	buf_printf(b, " %s ", step_op(s));
	add_number(b, s->look.k);
}

/* NULL for the way on which every test for a value failed. */
static char *way_when(const struct seccomp_way *w)
{
	struct buf b = BUF_INIT;
	bool all_failed = true;

	for (size_t i = 0; i < w->n; i++)
		all_failed = all_failed && !w->steps[i].yes &&
			     w->steps[i].look.op == BPF_JEQ;
	if (all_failed)
		return NULL;
	for (size_t i = 0; i < w->n; i++)
		add_step(&b, w, &w->steps[i]);
	return buf_take(&b);
}

static void find_ways(const struct filters *f, uint32_t nr, struct clauses *c)
{
	for (size_t i = 0; i < f->n; i++) {
		AUTO(seccomp_ways_done) struct seccomp_ways w = { 0 };

		seccomp_ways(&f->v[i],
			     (struct seccomp_entry){ f->m->audit, nr }, &w);
		for (size_t k = 0; k < w.n; k++)
			add_clause(
				c, way_when(&w.v[k]), w.v[k].answer,
				xasprintf("%s:%zu", f->v[i].name, w.v[k].at));
		c->partial = c->partial || w.more || w.opaque;
	}
	if (!f->n)
		add_clause(c, NULL, SECCOMP_RET_ALLOW, xstrdup("no filter"));
}

void clauses_find(const struct filters *f, uint32_t nr, struct clauses *ret)
{
	if (f->kind == FILTERS_PROFILE)
		find_rules(f, nr, ret);
	else
		find_ways(f, nr, ret);
}

void clauses_print(const struct clauses *c, const char *indent, struct buf *b)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct clause *x = &c->v[i];

		buf_str(b, indent);
		if (!x->when && c->n > 1)
			buf_str(b, "otherwise ");
		answer_print(x->answer, b);
		if (x->when)
			buf_printf(b, " when %s", x->when);
		buf_str(b, "  [");
		buf_escaped(b, x->by);
		buf_str(b, "]\n");
	}
	if (c->partial)
		buf_printf(b, "%s… and more than can be told\n", indent);
}

void clauses_json(const struct clauses *c, struct json_out *j)
{
	json_out_array(j, "clauses");
	for (size_t i = 0; i < c->n; i++) {
		auto_free char *answer = answer_text(c->v[i].answer);

		json_out_obj(j, NULL);
		if (c->v[i].when)
			json_out_str(j, "when", c->v[i].when);
		json_out_str(j, "answer", answer);
		json_out_str(j, "by", c->v[i].by);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
	if (c->partial)
		json_out_bool(j, "partial", true);
}
