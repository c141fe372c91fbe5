/*
 * seccomp_show.c - what a source of filters grants, counted and listed; and
 * what decides single calls.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/strv.h"
#include "engine/seccomp_parts.h"

#define GROUPS_MAX 64

/* Calls that end alike; `answer` has no meaning for those by arguments. */
struct group {
	bool by_arguments;
	uint32_t answer;
	uint32_t *nr;
	size_t n;
};
struct summary {
	struct group v[GROUPS_MAX];
	size_t n;
	size_t calls;
	uint32_t other, foreign, x32; /* a number that no kernel has, … */
};

static void summary_done(struct summary *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].nr);
}
DEFINE_AUTO_DONE(struct summary, summary_done);

static struct group *group_for(struct summary *s, bool by_arguments,
			       uint32_t answer)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].by_arguments == by_arguments &&
		    (by_arguments || s->v[i].answer == answer))
			return &s->v[i];
	if (s->n == GROUPS_MAX)
		return &s->v[GROUPS_MAX - 1];
	s->v[s->n].by_arguments = by_arguments;
	s->v[s->n].answer = answer;
	return &s->v[s->n++];
}

/* What passes first, what depends next, then the denials. */
static int by_weight(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int wx = x->by_arguments ? 1 : answer_passes(x->answer) ? 0 : 2;
	int wy = y->by_arguments ? 1 : answer_passes(y->answer) ? 0 : 2;

	if (wx != wy)
		return wx - wy;
	return x->n > y->n ? -1 : x->n < y->n;
}

static uint32_t answer_at(const struct filters *f, uint32_t arch, uint32_t nr)
{
	const struct seccomp_data d = { .arch = arch, .nr = (int)nr };

	return filters_answer(f, &d);
}

static void summarize(const struct filters *f, struct summary *s)
{
	for (uint32_t nr = 0; nr < FILTERS_CALLS; nr++) {
		auto_free char *name = seccomp_call_name(f->m, nr);
		struct group *g;

		if (!name)
			continue;
		g = group_for(s, !filters_is_constant(f, nr),
			      answer_at(f, f->m->audit, nr));
		*GROW(g->nr, g->n) = nr;
		g->n++;
		s->calls++;
	}
	qsort(s->v, s->n, sizeof(s->v[0]), by_weight);
	s->other = answer_at(f, f->m->audit, FILTERS_NO_CALL);
	s->foreign =
		answer_at(f, f->m->has_x32 ? AUDIT_ARCH_I386 : AUDIT_ARCH_ARM,
			  FILTERS_NO_CALL);
	s->x32 = answer_at(f, f->m->audit, 0x40000000u | FILTERS_NO_CALL);
}

static char *group_title(const struct group *g)
{
	return g->by_arguments ? xstrdup("by arguments")
			       : answer_text(g->answer);
}

/* ---- text ---- */

static void add_caps(uint64_t caps, struct buf *b)
{
	if (!caps)
		buf_str(b, ", no capabilities");
	for (unsigned i = 0; i < CAP_COUNT; i++)
		if (caps & (1ull << i))
			buf_printf(b, " %s", word_name(cap_words, i));
}

static void add_head(const struct filters *f, struct buf *b)
{
	buf_escaped(b, f->name);
	buf_printf(b, ": %s, %s",
		   f->kind == FILTERS_PROFILE ? "profile"
		   : f->kind == FILTERS_BPF   ? "BPF program"
					      : "process",
		   f->m->name);
	if (f->kind == FILTERS_PROFILE)
		add_caps(f->caps, b);
	buf_char(b, '\n');
	if (f->refused.kind != ERR_NONE) {
		buf_str(b, "refused at a start: ");
		buf_escaped(b, f->refused.msg);
		buf_char(b, '\n');
	}
	for (size_t i = 0; i < f->n; i++) {
		buf_str(b, "filter ");
		buf_escaped(b, f->v[i].name);
		buf_printf(b, ": %zu instructions, %s\n",
			   f->v[i].size / sizeof(struct sock_filter),
			   f->v[i].digest);
	}
	if (!f->n)
		buf_str(b, "no filter: every call passes\n");
}

static void add_line(const char *what, uint32_t answer, struct buf *b)
{
	buf_printf(b, "%s: ", what);
	answer_print(answer, b);
	buf_char(b, '\n');
}

static void add_counts(const struct filters *f, const struct summary *s,
		       struct buf *b)
{
	buf_printf(b, "\n%zu calls:", s->calls);
	for (size_t i = 0; i < s->n; i++) {
		auto_free char *title = group_title(&s->v[i]);

		buf_printf(b, "%s %zu %s", i ? "," : "", s->v[i].n, title);
	}
	buf_char(b, '\n');
	add_line("every other number", s->other, b);
	add_line("32-bit programs", s->foreign, b);
	if (f->m->has_x32)
		add_line("x32 programs", s->x32, b);
}

static void add_group(const struct filters *f, const struct group *g,
		      struct buf *b)
{
	auto_free char *title = group_title(g);
	size_t column = 0;

	buf_printf(b, "\n%s (%zu)\n", title, g->n);
	for (size_t i = 0; i < g->n; i++) {
		auto_free char *name = call_text(f, g->nr[i]);
		AUTO(clauses_done) struct clauses c = { 0 };

		if (!g->by_arguments) {
			fold_word(b, &column, name);
			continue;
		}
		buf_printf(b, "  %s\n", name);
		clauses_find(f, g->nr[i], &c);
		clauses_print(&c, "    ", b);
	}
	if (!g->by_arguments)
		buf_char(b, '\n');
}

static void add_dangers(const struct filters *f, struct buf *b)
{
	size_t n = 0;

	for (const struct danger *d = filters_dangers; d->call; d++) {
		if (!danger_passes(f, d))
			continue;
		if (!n++)
			buf_str(b, "\ndangerous, and passes\n");
		buf_printf(b, "  %-7s %s: %s\n", d->level, d->call, d->why);
	}
	if (!n)
		buf_str(b, "\nnone of the calls known as dangerous passes\n");
}

/* ---- JSON ---- */

static void json_answer(struct json_out *j, const char *key, uint32_t answer)
{
	auto_free char *text = answer_text(answer);

	json_out_str(j, key, text);
}

static void json_head(const struct filters *f, struct json_out *j)
{
	json_out_str(j, "name", f->name);
	json_out_str(j, "kind",
		     f->kind == FILTERS_PROFILE ? "profile"
		     : f->kind == FILTERS_BPF	? "bpf"
						: "process");
	json_out_str(j, "arch", f->m->name);
	if (f->refused.kind != ERR_NONE)
		json_out_str(j, "refused", f->refused.msg);
	json_out_array(j, "filters");
	for (size_t i = 0; i < f->n; i++) {
		json_out_obj(j, NULL);
		json_out_str(j, "name", f->v[i].name);
		json_out_u64(j, "instructions",
			     f->v[i].size / sizeof(struct sock_filter));
		json_out_str(j, "digest", f->v[i].digest);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void json_group(const struct filters *f, const struct group *g,
		       struct json_out *j)
{
	auto_free char *title = group_title(g);

	json_out_obj(j, NULL);
	json_out_str(j, "answer", title);
	json_out_u64(j, "count", g->n);
	json_out_array(j, "calls");
	for (size_t i = 0; i < g->n; i++) {
		auto_free char *name = call_text(f, g->nr[i]);
		AUTO(clauses_done) struct clauses c = { 0 };

		if (!g->by_arguments) {
			json_out_str(j, NULL, name);
			continue;
		}
		json_out_obj(j, NULL);
		json_out_str(j, "call", name);
		clauses_find(f, g->nr[i], &c);
		clauses_json(&c, j);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
	json_out_obj_end(j);
}

static void json_dangers(const struct filters *f, struct json_out *j)
{
	json_out_array(j, "dangers");
	for (const struct danger *d = filters_dangers; d->call; d++) {
		if (!danger_passes(f, d))
			continue;
		json_out_obj(j, NULL);
		json_out_str(j, "level", d->level);
		json_out_str(j, "call", d->call);
		json_out_str(j, "why", d->why);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void show_json(const struct filters *f, const struct summary *s,
		      struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_head(f, &j);
	json_out_u64(&j, "calls", s->calls);
	json_answer(&j, "other", s->other);
	json_answer(&j, "foreign", s->foreign);
	if (f->m->has_x32)
		json_answer(&j, "x32", s->x32);
	json_out_array(&j, "groups");
	for (size_t i = 0; i < s->n; i++)
		json_group(f, &s->v[i], &j);
	json_out_array_end(&j);
	json_dangers(f, &j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

void filters_show(const struct filters *f, bool json, struct buf *b)
{
	AUTO(summary_done) struct summary s = { 0 };

	summarize(f, &s);
	if (json) {
		show_json(f, &s, b);
		return;
	}
	add_head(f, b);
	add_counts(f, &s, b);
	for (size_t i = 0; i < s.n; i++)
		add_group(f, &s.v[i], b);
	add_dangers(f, b);
}

/* ---- single calls ---- */

static void explain_one(const struct filters *f, uint32_t nr,
			struct json_out *j, struct buf *b)
{
	AUTO(clauses_done) struct clauses c = { 0 };
	auto_free char *name = call_text(f, nr);

	clauses_find(f, nr, &c);
	if (j) {
		json_out_obj(j, NULL);
		json_out_str(j, "call", name);
		json_out_u64(j, "number", nr);
		clauses_json(&c, j);
		json_out_obj_end(j);
		return;
	}
	buf_printf(b, "%s (%u)\n", name, nr);
	clauses_print(&c, "  ", b);
}

/* Does anything but the default decide it? */
static bool is_decided(const struct filters *f, uint32_t nr)
{
	auto_free char *name = NULL;

	if (f->kind == FILTERS_PROFILE)
		return seccomp_named_find(&f->l, nr);
	name = seccomp_call_name(f->m, nr);
	return name;
}

int filters_explain(const struct filters *f, char *const *calls, bool json,
		    struct buf *b, struct err *e)
{
	AUTO(buf_done) struct buf out = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &out, true);
	if (json)
		json_out_array(&j, NULL);
	strv_foreach (call, calls) {
		struct seccomp_data d;

		if (call_parse(f, *call, &d, e) < 0)
			return -1;
		explain_one(f, (uint32_t)d.nr, json ? &j : NULL, &out);
	}
	for (uint32_t nr = 0; !strv_len(calls) && nr < FILTERS_CALLS; nr++)
		if (is_decided(f, nr))
			explain_one(f, nr, json ? &j : NULL, &out);
	if (json) {
		json_out_array_end(&j);
		buf_char(&out, '\n');
	}
	buf_add(b, out.p, out.len);
	return 0;
}
