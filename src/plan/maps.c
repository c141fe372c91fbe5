/*
 * maps.c - arithmetic on inner id maps. Pure.
 */
#include "plan/maps.h"

#include "base/alloc.h"

static void add_row(struct idmap_list *l, uint32_t inside, uint32_t outer,
		    uint32_t count)
{
	struct spec_idmap *m;

	if (!count)
		return;
	m = GROW(l->v, l->n);
	l->n++;
	*m = (struct spec_idmap){ inside, outer, count };
}

void maps_fill(struct idmap_list *ret, uint32_t size, int64_t own)
{
	uint32_t at = own < 0 || own > size ? size : (uint32_t)own;

	add_row(ret, 0, 1, at);
	if (own < 0)
		return;
	add_row(ret, (uint32_t)own, 0, 1);
	add_row(ret, at + 1, at + 1, size - at);
}

int64_t maps_outer(const struct idmap_list *l, uint32_t inside)
{
	for (size_t i = 0; i < l->n; i++)
		if (inside >= l->v[i].inside &&
		    inside - l->v[i].inside < l->v[i].count)
			return (int64_t)l->v[i].outer +
			       (inside - l->v[i].inside);
	return -1;
}

static int split_row(struct spec_idmap r, const struct idmap_list *outer,
		     struct idmap_list *ret, struct err *e)
{
	while (r.count) {
		uint32_t n = 0;

		for (size_t i = 0; i < outer->n && !n; i++) {
			const struct spec_idmap *o = &outer->v[i];

			if (r.outer >= o->inside &&
			    r.outer - o->inside < o->count)
				n = o->count - (r.outer - o->inside);
		}
		if (!n)
			return err_set(e, ERR_USAGE,
				       "id %u of the id space does not exist: "
				       "the subordinate ranges end before",
				       r.outer);
		if (n > r.count)
			n = r.count;
		add_row(ret, r.inside, r.outer, n);
		r.inside += n;
		r.outer += n;
		r.count -= n;
	}
	return 0;
}

int maps_split(const struct idmap_list *inner, const struct idmap_list *outer,
	       struct idmap_list *ret, struct err *e)
{
	for (size_t i = 0; i < inner->n; i++)
		if (split_row(inner->v[i], outer, ret, e) < 0)
			return -1;
	return 0;
}
