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
#include "base/strv.h"
#include "plan/maps.h"
#include "plan/ops.h"

static bool overlap(uint32_t a, uint32_t na, uint32_t b, uint32_t nb)
{
	return a < (uint64_t)b + nb && b < (uint64_t)a + na;
}

/* No row is empty or beyond the ids that exist, none says an id twice. */
int build_check_map(const struct idmap_list *l, const char *what, struct err *e)
{
	const struct spec_idmap *v = l->v;
	size_t i, j;

	if (l->n == 0)
		return err_set(e, ERR_BUG, "no %s map", what);
	for (i = 0; i < l->n; i++) {
		if (v[i].count == 0 ||
		    (uint64_t)v[i].inside + v[i].count > UINT32_MAX ||
		    (uint64_t)v[i].outer + v[i].count > UINT32_MAX)
			return err_set(e, ERR_USAGE,
				       "%s map: row %zu is empty or goes "
				       "beyond the last id",
				       what, i + 1);
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

static int need_mapped(const struct idmap_list *l, const char *what,
		       uint32_t id, struct err *e)
{
	if (maps_outer(l, id) >= 0)
		return 0;
	return err_set(e, ERR_USAGE,
		       "%s %" PRIu32 " is not in the sandbox's map, which ends "
		       "at %" PRIu32 ": name another with --user, map it, or "
		       "get more subordinate ids",
		       what, id,
		       l->v[l->n - 1].inside + l->v[l->n - 1].count - 1);
}

static int check_mapped(const struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	size_t i;

	if (need_mapped(&b->uids, "user", s->uid, e) ||
	    need_mapped(&b->gids, "group", s->gid, e))
		return -1;
	for (i = 0; i < s->n_groups && b->has_helper; i++)
		if (need_mapped(&b->gids, "group", s->groups[i], e))
			return -1;
	return 0;
}

/* Without an id 0 inside, what we make belongs to the program's user. */
static void find_owners(struct build *b)
{
	int64_t uid = maps_outer(&b->uids, 0), gid = maps_outer(&b->gids, 0);

	b->user_uid = (uint32_t)maps_outer(&b->uids, b->s->uid);
	b->user_gid = (uint32_t)maps_outer(&b->gids, b->s->gid);
	b->root_uid = uid < 0 ? b->user_uid : (uint32_t)uid;
	b->root_gid = gid < 0 ? b->user_gid : (uint32_t)gid;
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

void build_cgroup(struct build *b)
{
	const struct cgroup_ask *from = b->s->cgroup;
	struct cgroup_ask *to;

	if (!from)
		return;
	to = &plan_add(b->p, OP_CGROUP)->cgroup;
	*to = *from;
	to->parent = xstrdup(from->parent);
	to->slice = xstrdup(from->slice);
	to->name = xstrdup(from->name);
	to->helper = xstrdup(from->helper);
	to->controllers = strv_copy(from->controllers);
	to->set = strv_copy(from->set);
}

void build_cgroupns(struct build *b)
{
	const struct cgroup_ask *c = b->s->cgroup;

	if (c && (c->mode != CGROUP_V2 || c->how == CGROUP_UNIT) &&
	    b->s->unshare & CLONE_NEWCGROUP)
		plan_add(b->p, OP_CGROUPNS);
}

int build_start(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	struct step *t = plan_add(b->p, OP_CLONE);

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
	if (build_check_map(&b->uids, "uid", e) ||
	    build_check_map(&b->gids, "gid", e) || check_mapped(b, e))
		return -1;
	find_owners(b);
	build_cgroup(b);
	if (s->keyring)
		plan_add(b->p, OP_KEYRING);
	return 0;
}

int build_identity(struct build *b, struct err *e)
{
	const struct idmap_list uids = b->p->steps[1].idmap.uids;
	const struct idmap_list gids = b->p->steps[1].idmap.gids;
	struct step *t;

	if (!b->s->nested_userns) {
		t = plan_add(b->p, OP_NSLIMIT);
		t->nslimit.value = 1; /* the sandbox's own */
	}
	t = plan_add(b->p, OP_USERNS);
	if (maps_split(&b->uids, &uids, &t->userns.uids, e) ||
	    maps_split(&b->gids, &gids, &t->userns.gids, e))
		return -1;
	plan_add(b->p, OP_SESSION);
	return 0;
}
