/*
 * seccomp_diff.c - in which calls, and with which arguments, two sources of
 * filters differ: by what they answer, not by how they are written.
 */
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/table.h"
#include "engine/seccomp_parts.h"
#include "kernel/seccomp_corners.h"

#define KINDS_MAX 16 /* kinds of difference that are told of one call */

struct difference { /* one pair of answers, and the first such arguments */
	uint32_t a, b;
	uint64_t args[6];
};
struct comparison { /* of one call */
	const struct filters *a, *b;
	struct difference v[KINDS_MAX];
	size_t n;
	bool same_anywhere; /* some arguments fare alike */
	unsigned tested;    /* bit i: somebody looks at argument i */
};

static void compare(void *arg, const struct seccomp_data *d)
{
	struct comparison *c = arg;
	uint32_t a = filters_answer(c->a, d), b = filters_answer(c->b, d);

	if (a == b) {
		c->same_anywhere = true;
		return;
	}
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].a == a && c->v[i].b == b)
			return;
	if (c->n == KINDS_MAX)
		return;
	c->v[c->n].a = a;
	c->v[c->n].b = b;
	memcpy(c->v[c->n].args, d->args, sizeof(d->args));
	c->n++;
}

static void compare_call(struct comparison *c, struct seccomp_entry at)
{
	struct seccomp_corners k = { 0 };

	seccomp_corners_of_filters(&k, c->a->v, c->a->n, at);
	seccomp_corners_of_filters(&k, c->b->v, c->b->n, at);
	for (unsigned i = 0; i < 6; i++)
		c->tested |= k.n[i] ? 1u << i : 0;
	seccomp_corners_visit(&k, at, FILTERS_COMBINED,
			      (struct seccomp_visit){ compare, c });
}

/* "socket(40, *, 1)" */
static char *witness_text(const struct comparison *c, const char *name,
			  const struct difference *d)
{
	struct buf b = BUF_INIT;

	buf_str(&b, name);
	if (!c->same_anywhere && c->n == 1)
		return buf_take(&b); /* whatever its arguments */
	buf_char(&b, '(');
	for (unsigned i = 0; i < 6 && c->tested >> i; i++) {
		if (i)
			buf_char(&b, ',');
		if (!(c->tested & (1u << i)))
			buf_char(&b, '*');
		else
			buf_printf(&b, d->args[i] < 10000 ? "%llu" : "0x%llx",
				   (unsigned long long)d->args[i]);
	}
	buf_char(&b, ')');
	return buf_take(&b);
}

/* ---- lists ---- */

struct line {
	char *call;
	uint32_t a, b;
};
struct lines {
	struct line *v;
	size_t n;
	size_t calls;
};

static void lines_done(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].call);
	free(l->v);
}
DEFINE_AUTO_DONE(struct lines, lines_done);

static void add_call(struct lines *l, const struct filters *pair[2],
		     struct seccomp_entry at, const char *name)
{
	struct comparison c = { .a = pair[0], .b = pair[1] };

	compare_call(&c, at);
	l->calls += c.n > 0;
	for (size_t i = 0; i < c.n; i++) {
		struct line *x = GROW(l->v, l->n);

		l->n++;
		x->call = witness_text(&c, name, &c.v[i]);
		x->a = c.v[i].a;
		x->b = c.v[i].b;
	}
}

/* Entries that no name of this machine stands for. */
static const struct {
	const char *name;
	bool x32_only, i386;
	uint32_t nr;
} others[] = {
	{ "every other number", false, false, FILTERS_NO_CALL },
	{ "x32:getpid", true, false, 0x40000000u | 39 },
	{ "i386:getpid", true, true, 20 },
	{ "i386:socketcall", true, true, 102 },
};

static void find_lines(const struct filters *pair[2], struct lines *l)
{
	const struct seccomp_machine *m = pair[0]->m;

	for (uint32_t nr = 0; nr < FILTERS_CALLS; nr++) {
		auto_free char *name = seccomp_call_name(m, nr);

		if (name)
			add_call(l, pair,
				 (struct seccomp_entry){ m->audit, nr }, name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (!others[i].x32_only || m->has_x32)
			add_call(l, pair,
				 (struct seccomp_entry){
					 others[i].i386 ? AUDIT_ARCH_I386
							: m->audit,
					 others[i].nr },
				 others[i].name);
}

/* ---- output ---- */

static void add_group(const struct lines *l, size_t first, struct buf *b)
{
	auto_free char *from = answer_text(l->v[first].a);
	auto_free char *to = answer_text(l->v[first].b);
	size_t column = 0, n = 0;

	for (size_t i = first; i < l->n; i++)
		n += l->v[i].a == l->v[first].a && l->v[i].b == l->v[first].b;
	buf_printf(b, "%s -> %s (%zu)\n", from, to, n);
	for (size_t i = first; i < l->n; i++)
		if (l->v[i].a == l->v[first].a && l->v[i].b == l->v[first].b)
			fold_word(b, &column, l->v[i].call);
	buf_char(b, '\n');
}

static bool is_first(const struct lines *l, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (l->v[i].a == l->v[at].a && l->v[i].b == l->v[at].b)
			return false;
	return true;
}

static size_t count_opened(const struct lines *l, bool by_b)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		bool a = answer_passes(l->v[i].a), b = answer_passes(l->v[i].b);

		n += by_b ? b && !a : a && !b;
	}
	return n;
}

static void diff_text(const struct filters *pair[2], const struct lines *l,
		      struct buf *b)
{
	buf_str(b, "from ");
	buf_escaped(b, pair[0]->name);
	buf_str(b, " to ");
	buf_escaped(b, pair[1]->name);
	buf_printf(b,
		   ": %zu calls fare differently; %zu ways are opened, %zu "
		   "closed\n",
		   l->calls, count_opened(l, true), count_opened(l, false));
	for (size_t i = 0; i < l->n; i++)
		if (is_first(l, i))
			add_group(l, i, b);
}

static void diff_json(const struct filters *pair[2], const struct lines *l,
		      struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "from", pair[0]->name);
	json_out_str(&j, "to", pair[1]->name);
	json_out_u64(&j, "calls", l->calls);
	json_out_u64(&j, "opened", count_opened(l, true));
	json_out_u64(&j, "closed", count_opened(l, false));
	json_out_array(&j, "differences");
	for (size_t i = 0; i < l->n; i++) {
		auto_free char *from = answer_text(l->v[i].a);
		auto_free char *to = answer_text(l->v[i].b);

		json_out_obj(&j, NULL);
		json_out_str(&j, "call", l->v[i].call);
		json_out_str(&j, "from", from);
		json_out_str(&j, "to", to);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

size_t filters_diff(const struct filters *a, const struct filters *b, bool json,
		    struct buf *out)
{
	AUTO(lines_done) struct lines l = { 0 };
	const struct filters *pair[2] = { a, b };

	find_lines(pair, &l);
	if (json)
		diff_json(pair, &l, out);
	else
		diff_text(pair, &l, out);
	return l.calls;
}
