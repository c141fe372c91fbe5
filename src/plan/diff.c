/*
 * diff.c - two plans side by side: the longest common run of steps stays, the
 * rest is shown as taken away or added. Pure.
 */
#include "plan/diff.h"

#include <string.h>

#include "base/alloc.h"
#include "plan/print.h"

struct lines {
	char **v;
	size_t n;
};

static struct lines lines_of(const struct plan *p)
{
	struct lines l = { xcalloc(p->n + 1, sizeof(char *)), p->n };

	for (size_t i = 0; i < p->n; i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		plan_print_step(&p->steps[i], true, &b);
		l.v[i] = buf_take(&b);
	}
	return l;
}

static void lines_done(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

/* common[i][j]: length of the longest common subsequence of a[i…], b[j…]. */
static unsigned *common_table(const struct lines *a, const struct lines *b)
{
	size_t w = b->n + 1;
	unsigned *t = xcalloc((a->n + 1) * w, sizeof(*t));

	for (size_t i = a->n; i-- > 0;)
		for (size_t j = b->n; j-- > 0;) {
			unsigned down = t[(i + 1) * w + j];
			unsigned right = t[i * w + j + 1];

			t[i * w + j] = strcmp(a->v[i], b->v[j]) == 0
					       ? t[(i + 1) * w + j + 1] + 1
				       : down > right ? down
						      : right;
		}
	return t;
}

size_t plan_diff(const struct plan *pa, const struct plan *pb, struct buf *out)
{
	struct lines a = lines_of(pa), b = lines_of(pb);
	auto_free unsigned *t = common_table(&a, &b);
	size_t i = 0, j = 0, w = b.n + 1, n = 0;

	while (i < a.n || j < b.n) {
		if (i < a.n && j < b.n && strcmp(a.v[i], b.v[j]) == 0) {
			i++, j++;
			continue;
		}
		n++;
		if (j >= b.n ||
		    (i < a.n && t[(i + 1) * w + j] >= t[i * w + j + 1]))
			buf_printf(out, "- %s\n", a.v[i++]);
		else
			buf_printf(out, "+ %s\n", b.v[j++]);
	}
	lines_done(&a);
	lines_done(&b);
	return n;
}
