/*
 * diff.c - the steps that differ between two plans: a longest common
 * subsequence over the canonical JSON of each step.
 */
#include "plan/diff.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strv.h"
#include "plan/print.h"
#include "plan/step_json.h"

/* Each step of a plan as its JSON. */
static char **step_keys(const struct plan *p)
{
	char **v = NULL;

	plan_foreach (s, p) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct json_out j;

		json_out_init(&j, &b, false);
		step_json(&j, s);
		strv_take(&v, buf_take(&b));
	}
	return v;
}

static char *facts_key(const struct plan *p)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	plan_json_facts(&j, p);
	json_out_obj_end(&j);
	return buf_take(&b);
}

static void add_line(struct buf *out, char sign, const struct step *s)
{
	buf_printf(out, "%c ", sign);
	plan_print_step(s, true, out);
	buf_char(out, '\n');
}

struct pair {
	const struct plan *a, *b;
	char **ka, **kb;
	unsigned *len; /* of the common part of a[i…] and b[j…] */
};

static unsigned *cell(const struct pair *p, size_t i, size_t j)
{
	return &p->len[i * (p->b->n + 1) + j];
}

static void fill(const struct pair *p)
{
	for (size_t i = p->a->n; i-- > 0;)
		for (size_t j = p->b->n; j-- > 0;) {
			unsigned down = *cell(p, i + 1, j);
			unsigned right = *cell(p, i, j + 1);

			*cell(p, i, j) = strcmp(p->ka[i], p->kb[j]) == 0
						 ? *cell(p, i + 1, j + 1) + 1
					 : down > right ? down
							: right;
		}
}

static size_t walk(const struct pair *p, struct buf *out)
{
	size_t i = 0, j = 0, n = 0;

	while (i < p->a->n || j < p->b->n) {
		if (i < p->a->n && j < p->b->n &&
		    strcmp(p->ka[i], p->kb[j]) == 0) {
			i++, j++;
		} else if (j == p->b->n ||
			   (i < p->a->n &&
			    *cell(p, i + 1, j) >= *cell(p, i, j + 1))) {
			add_line(out, '-', &p->a->steps[i++]);
			n++;
		} else {
			add_line(out, '+', &p->b->steps[j++]);
			n++;
		}
	}
	return n;
}

size_t plan_diff(const struct plan *a, const struct plan *b, struct buf *out)
{
	AUTO(strv_free) char **ka = step_keys(a), **kb = step_keys(b);
	auto_free char *fa = facts_key(a), *fb = facts_key(b);
	auto_free unsigned *len = NULL;
	struct pair p = { a, b, ka, kb, NULL };
	size_t n = 0;

	if (strcmp(fa, fb) != 0) {
		buf_printf(out, "- %s\n+ %s\n", fa, fb);
		n = 2;
	}
	p.len = len = xcalloc((a->n + 1) * (b->n + 1), sizeof(*len));
	fill(&p);
	return n + walk(&p, out);
}
