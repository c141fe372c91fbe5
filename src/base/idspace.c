/*
 * idspace.c - the id space of a user: arithmetic on subordinate id ranges.
 *
 * Pure. Reads no file: kernel/probe filled struct host. Writes no map:
 * kernel/idmap does.
 */
#include "base/idspace.h"

#include <stdlib.h>

#include "base/alloc.h"

/* The kernel takes 340 rows a map; one is the user's own. */
#define ROWS_MAX 339

void idmap_list_done(struct idmap_list *l)
{
	if (!l)
		return;
	free(l->v);
	*l = (struct idmap_list){ 0 };
}

static void add_row(struct idmap_list *l, uint32_t inside, uint32_t outer,
		    uint32_t count)
{
	struct spec_idmap *row = GROW(l->v, l->n);

	l->n++;
	*row = (struct spec_idmap){ inside, outer, count };
}

uint32_t idspace_size(const struct id_range *v, size_t n)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += v[i].count;
	/* id 0 and the reserved last id do not count */
	return sum > UINT32_MAX - 2 ? UINT32_MAX - 2 : (uint32_t)sum;
}

/* One of the two kinds of id. */
struct kind {
	const char *word; /* "uid" */
	const char *file; /* of its ranges */
	uint32_t own;	  /* the caller's id */
	const struct id_range *v;
	size_t n;
};

static int check_range(const struct kind *k, size_t i, struct err *e)
{
	const struct id_range *r = &k->v[i];
	uint64_t end = (uint64_t)r->first + r->count;
	size_t j;

	if (r->first == 0 || r->count == 0 || end > UINT32_MAX)
		return err_set(e, ERR_HOST,
			       "%s: %u:%u is no range of subordinate ids: "
			       "correct the line",
			       k->file, r->first, r->count);
	if (k->own >= r->first && k->own < end)
		return err_set(e, ERR_HOST,
			       "%s: %u:%u holds the %s %u itself: give another "
			       "range",
			       k->file, r->first, r->count, k->word, k->own);
	for (j = 0; j < i; j++) {
		if (r->first < (uint64_t)k->v[j].first + k->v[j].count &&
		    k->v[j].first < end)
			return err_set(e, ERR_HOST,
				       "%s: %u:%u and %u:%u overlap: give "
				       "ranges of their own",
				       k->file, k->v[j].first, k->v[j].count,
				       r->first, r->count);
	}
	return 0;
}

static int check_ranges(const struct kind *k, const char *user, struct err *e)
{
	size_t i;

	if (k->n == 0)
		return err_set(e, ERR_HOST,
			       "%s: no subordinate ids for %s: run `usermod "
			       "--add-sub%ss 100000-165535 %s` as root%s",
			       k->file, user, k->word, user,
			       k->own ? ", or use --userns=single" : "");
	if (k->n > ROWS_MAX)
		return err_set(e, ERR_HOST, "%s: %zu ranges; at most %d fit",
			       k->file, k->n, ROWS_MAX);
	for (i = 0; i < k->n; i++)
		if (check_range(k, i, e))
			return -1;
	return 0;
}

static int check_host(const struct host *h, const struct kind kinds[2],
		      struct err *e)
{
	const char *user = h->user ? h->user : "this user";

	if (check_ranges(&kinds[0], user, e) ||
	    check_ranges(&kinds[1], user, e))
		return -1;
	if (h->subid_overlaps)
		return err_set(e, ERR_HOST,
			       "/etc/subuid: the ranges of %s overlap another "
			       "user's or real ids: give ranges of their own",
			       user);
	if (h->uid != 0 && (!h->newuidmap || !h->newgidmap))
		return err_set(e, ERR_HOST,
			       "map ids: %s is not there: install it (Debian: "
			       "apt-get install uidmap), or use "
			       "--userns=single",
			       h->newuidmap ? "newgidmap" : "newuidmap");
	return 0;
}

/* Row 0 and then the ranges. Root gives away no id of its own. */
static void fill(const struct kind *k, bool is_root, bool single,
		 struct idmap_list *ret)
{
	uint32_t next = 0;
	size_t i;

	if (!is_root)
		add_row(ret, next++, k->own, 1);
	for (i = 0; i < k->n && !(single && ret->n); i++) {
		uint32_t count = single ? 1 : k->v[i].count;

		add_row(ret, next, k->v[i].first, count);
		next += count;
	}
}

int idspace_outer(const struct host *h, bool single, struct idmap_list *uids,
		  struct idmap_list *gids, struct err *e)
{
	const struct kind kinds[2] = {
		{ "uid", "/etc/subuid", h->uid, h->subuid, h->n_subuid },
		{ "gid", "/etc/subgid", h->gid, h->subgid, h->n_subgid },
	};
	bool is_root = h->uid == 0;
	struct idmap_list u = { 0 }, g = { 0 };

	if ((!single || is_root) && check_host(h, kinds, e))
		return -1;
	fill(&kinds[0], is_root, single, &u);
	fill(&kinds[1], is_root, single, &g);
	*uids = u;
	*gids = g;
	return 0;
}
