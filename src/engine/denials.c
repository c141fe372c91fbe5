/*
 * denials.c - what a recording says was denied, one line a call.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/learn_parts.h"
#include "format/seccomp_words.h"

struct denial {
	const struct record_event *v;
	const struct record *r;
	uint64_t count;
};
struct denials {
	struct denial *v;
	size_t n;
};

static void denials_done(struct denials *d)
{
	free(d->v);
}
DEFINE_AUTO_DONE(struct denials, denials_done);

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* The same call, selected alike, of the same program. */
static bool is_alike(const struct record_event *a, const struct record_event *b)
{
	const struct seccomp_select *by = seccomp_select_find(a->call);

	if (strcmp(a->call, b->call) || a->errnum != b->errnum ||
	    !is_same(a->program, b->program))
		return false;
	for (size_t i = 0; by && i < by->n; i++)
		if ((a->args[by->arg[i].index] ^ b->args[by->arg[i].index]) &
		    by->arg[i].mask)
			return false;
	return true;
}

static void add(struct denials *d, const struct record *r,
		const struct record_event *v)
{
	for (size_t i = 0; i < d->n; i++)
		if (is_alike(d->v[i].v, v)) {
			d->v[i].count += v->count;
			return;
		}
	*GROW(d->v, d->n) = (struct denial){ v, r, v->count };
	d->n++;
}

static int by_count(const void *a, const void *b)
{
	const struct denial *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

static void collect(const struct records *r, struct denials *d)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->v[i].n; j++)
			if (r->v[i].v[j].call && r->v[i].v[j].denied)
				add(d, &r->v[i], &r->v[i].v[j]);
	if (d->n)
		qsort(d->v, d->n, sizeof(d->v[0]), by_count);
}

/* "socket(0x28, 1, 0)": the arguments that select; all when none does. */
static void add_call(const struct record_event *v, struct buf *b)
{
	const struct seccomp_select *by = seccomp_select_find(v->call);

	buf_printf(b, "%s(", v->call);
	for (size_t i = 0; by && i < by->n; i++)
		buf_printf(b, "%s%sargument %u = 0x%llx", i ? ", " : "", "",
			   by->arg[i].index,
			   (unsigned long long)(v->args[by->arg[i].index] &
						by->arg[i].mask));
	buf_char(b, ')');
}

static const char *errno_word(int errnum)
{
	const char *word = word_name(seccomp_words_errno, (uint64_t)errnum);

	return word ? word : "an error";
}

/* The rule that allows just this, to be pasted into a profile. */
static void add_rule(const struct record_event *v, struct buf *b)
{
	const struct seccomp_select *by = seccomp_select_find(v->call);

	buf_printf(b, "{ \"names\": [\"%s\"], \"action\": \"SCMP_ACT_ALLOW\"",
		   v->call);
	for (size_t i = 0; by && i < by->n; i++)
		buf_printf(b,
			   "%s{ \"index\": %u, \"op\": "
			   "\"SCMP_CMP_MASKED_EQ\", \"value\": %llu, "
			   "\"valueTwo\": %llu }%s",
			   i ? ", " : ", \"args\": [", by->arg[i].index,
			   (unsigned long long)by->arg[i].mask,
			   (unsigned long long)(v->args[by->arg[i].index] &
						by->arg[i].mask),
			   i + 1 == by->n ? "]" : "");
	buf_str(b, " }");
}

static void add_denial(const struct denial *d, struct buf *b)
{
	const struct record_event *v = d->v;

	buf_printf(b, "%6llu  ", (unsigned long long)d->count);
	add_call(v, b);
	if (v->kills)
		buf_str(b, " would have been killed");
	else
		buf_printf(b, " = %s", errno_word(v->errnum));
	if (d->r->mode == RECORD_ALLOW)
		buf_str(b, ", let pass");
	buf_str(b, "\n        by ");
	buf_escaped(b, v->program ? v->program : "the launcher");
	if (v->path) {
		buf_str(b, " with ");
		buf_escaped(b, v->path);
	}
	if (v->at) {
		buf_str(b, " at ");
		buf_escaped(b, v->at);
	}
	buf_str(b, "\n        to allow it: ");
	add_rule(v, b);
	buf_char(b, '\n');
}

void denials_text(const struct records *r, struct buf *b)
{
	AUTO(denials_done) struct denials d = { 0 };

	collect(r, &d);
	for (size_t i = 0; i < d.n; i++)
		add_denial(&d.v[i], b);
	buf_printf(b, "%zu different denials", d.n);
	if (d.n)
		buf_str(b, "; `immure profile from FILE --base PROFILE` makes "
			   "a profile with what passed in --record-mode "
			   "allow");
	buf_char(b, '\n');
}

void denials_json(const struct records *r, struct buf *b)
{
	AUTO(denials_done) struct denials d = { 0 };
	struct json_out j;

	collect(r, &d);
	json_out_init(&j, b, true);
	json_out_array(&j, NULL);
	for (size_t i = 0; i < d.n; i++) {
		const struct record_event *v = d.v[i].v;
		AUTO(buf_done) struct buf rule = BUF_INIT;

		add_rule(v, &rule);
		json_out_obj(&j, NULL);
		json_out_str(&j, "call", v->call);
		json_out_u64(&j, "count", d.v[i].count);
		json_out_str(&j, "errno",
			     v->kills ? NULL : errno_word(v->errnum));
		json_out_bool(&j, "passed", d.v[i].r->mode == RECORD_ALLOW);
		json_out_str(&j, "program", v->program);
		json_out_str(&j, "path", v->path);
		json_out_str(&j, "at", v->at);
		json_out_str(&j, "rule", rule.p);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	buf_char(b, '\n');
}
