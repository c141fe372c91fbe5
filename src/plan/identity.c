/*
 * identity.c - the two user namespaces of a plan: the outer id space and the
 * sandbox's own map in it.
 *
 * Pure. Which ids are mapped was decided by resolve (or a bundle); here they
 * are checked against the ids that this user has.
 */
#include "plan/parts.h"

#include <inttypes.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/idspace.h"
#include "plan/ops.h"

bool ids_outer_of(const struct spec_idmap *v, size_t n, uint32_t inside,
		  uint32_t *ret)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (inside < v[i].inside || inside - v[i].inside >= v[i].count)
			continue;
		*ret = v[i].outer + (inside - v[i].inside);
		return true;
	}
	return false;
}

/* How many ids the outer map holds. */
static uint64_t total(const struct idmap_list *l)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		n += l->v[i].count;
	return n;
}

static bool overlap(uint32_t a, uint32_t na, uint32_t b, uint32_t nb)
{
	return a < (uint64_t)b + nb && b < (uint64_t)a + na;
}

/* Rows must lie in the id space and say nothing twice. */
static int check_map(const struct spec_idmap *v, size_t n, const char *what,
		     uint64_t size, struct err *e)
{
	size_t i, j;

	if (n == 0)
		return err_set(e, ERR_BUG, "no %s map", what);
	for (i = 0; i < n; i++) {
		if (v[i].count == 0 ||
		    (uint64_t)v[i].inside + v[i].count > UINT32_MAX ||
		    (uint64_t)v[i].outer + v[i].count > size)
			return err_set(e, ERR_USAGE,
				       "%s map %" PRIu32 ":%" PRIu32 ":%" PRIu32
				       ": the id space has the ids 0 to "
				       "%" PRIu64,
				       what, v[i].inside, v[i].outer,
				       v[i].count, size - 1);
		for (j = 0; j < i; j++)
			if (overlap(v[i].inside, v[i].count, v[j].inside,
				    v[j].count) ||
			    overlap(v[i].outer, v[i].count, v[j].outer,
				    v[j].count))
				return err_set(e, ERR_USAGE,
					       "%s map: the rows %zu and %zu "
					       "overlap",
					       what, j + 1, i + 1);
	}
	return 0;
}

static int check_mapped(const struct spec *s, struct err *e)
{
	uint32_t outer;
	size_t i;

	if (!ids_outer_of(s->uid_map, s->n_uid_map, s->uid, &outer))
		return err_set(e, ERR_USAGE,
			       "user %" PRIu32 " is not in the sandbox's map: "
			       "name another with --user, or map it",
			       s->uid);
	if (!ids_outer_of(s->gid_map, s->n_gid_map, s->gid, &outer))
		return err_set(e, ERR_USAGE,
			       "group %" PRIu32 " is not in the sandbox's map: "
			       "name another with --user, or map it",
			       s->gid);
	for (i = 0; i < s->n_groups && !s->single_id; i++)
		if (!ids_outer_of(s->gid_map, s->n_gid_map, s->groups[i],
				  &outer))
			return err_set(e, ERR_USAGE,
				       "group %" PRIu32 " of the user is not "
				       "in the sandbox's map",
				       s->groups[i]);
	return 0;
}

static int add_idmap(struct build *b, struct err *e)
{
	const struct host *h = b->h;
	bool is_root = h->uid == 0;
	struct step *t = plan_add(b->p, OP_IDMAP);

	b->has_helper = is_root || !b->s->single_id;
	if (idspace_outer(h, b->s->single_id, &t->idmap.uids, &t->idmap.gids,
			  e))
		return -1;
	t->idmap.setgroups = b->has_helper;
	t->idmap.how = b->has_helper && !is_root ? IDMAP_HELPER : IDMAP_DIRECT;
	if (t->idmap.how == IDMAP_DIRECT)
		return 0;
	t->idmap.newuidmap = xstrdup(h->newuidmap);
	t->idmap.newgidmap = xstrdup(h->newgidmap);
	return 0;
}

int build_start(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	struct step *t = plan_add(b->p, OP_CLONE);
	const struct step *map;

	t->clone.flags = s->unshare | CLONE_NEWUSER;
	if (!b->h->has_timens) /* isolates clocks only; the plan shows it */
		t->clone.flags &= ~(uint64_t)CLONE_NEWTIME;
	if (!b->h->has_userns)
		return err_set(e, ERR_HOST,
			       "user namespaces cannot be made on this host; "
			       "`immure doctor` says how to mend it");
	if (b->h->max_user_namespaces < 2)
		return err_set(e, ERR_HOST,
			       "user.max_user_namespaces is %" PRIu64
			       " and a sandbox needs 2: run `sysctl -w "
			       "user.max_user_namespaces=10000` as root",
			       b->h->max_user_namespaces);
	if (add_idmap(b, e))
		return -1;
	map = &b->p->steps[b->p->n - 1];
	if (check_map(s->uid_map, s->n_uid_map, "uid", total(&map->idmap.uids),
		      e) ||
	    check_map(s->gid_map, s->n_gid_map, "gid", total(&map->idmap.gids),
		      e) ||
	    check_mapped(s, e))
		return -1;
	/* without an id 0 inside, what we make belongs to the program's user */
	if (!ids_outer_of(s->uid_map, s->n_uid_map, 0, &b->root_uid))
		ids_outer_of(s->uid_map, s->n_uid_map, s->uid, &b->root_uid);
	if (!ids_outer_of(s->gid_map, s->n_gid_map, 0, &b->root_gid))
		ids_outer_of(s->gid_map, s->n_gid_map, s->gid, &b->root_gid);
	if (s->keyring)
		plan_add(b->p, OP_KEYRING);
	return 0;
}

static void copy_map(const struct spec_idmap *v, size_t n,
		     struct idmap_list *ret)
{
	size_t i;

	for (i = 0; i < n; i++) {
		*GROW(ret->v, ret->n) = v[i];
		ret->n++;
	}
}

int build_identity(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	struct step *t;

	(void)e;
	if (!s->nested_userns) {
		t = plan_add(b->p, OP_NSLIMIT);
		t->nslimit.value = 1; /* the sandbox's own */
	}
	t = plan_add(b->p, OP_USERNS);
	copy_map(s->uid_map, s->n_uid_map, &t->userns.uids);
	copy_map(s->gid_map, s->n_gid_map, &t->userns.gids);
	plan_add(b->p, OP_SESSION);
	return 0;
}
