/*
 * bundle_build.c - the plan of a bundle: its phases in their order, and the
 * phases NS, NET and GO.
 *
 * One user namespace at most, the one that was asked for: the sandbox's two
 * (identity.c) are not built here.
 */
#include <inttypes.h>
#include <linux/sched.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strv.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/maps.h"
#include "plan/ops.h"
#include "plan/parts.h"

static void add_facts(const struct spec *s, struct plan *p)
{
	p->kind = PLAN_BUNDLE;
	p->subject = xasprintf("bundle %s", s->bundle->dir);
	p->no_nnp = !s->no_new_privs;
	p->no_seccomp = !s->seccomp;
	p->no_landlock = true;
}

/* ---- NS ---- */

void build_joins(struct build *b)
{
	const struct bundle *x = b->s->bundle;

	for (size_t i = 0; i < x->n_joins; i++) {
		struct step *t = plan_add(b->p, OP_JOIN);

		t->join.ns = x->joins[i].ns;
		t->join.path = xstrdup(x->joins[i].path);
		t->join.id = x->joins[i].id;
	}
}

void build_copy_map(const struct idmap_list *from, struct idmap_list *to)
{
	to->v = xmemdup(from->v, from->n * sizeof(*from->v));
	to->n = from->n;
}

/* May the caller write this map itself: one row, its own id? */
static bool is_own(const struct idmap_list *l, uint32_t id)
{
	return l->n == 1 && l->v[0].count == 1 && l->v[0].outer == id;
}

/* The maps that a namespace which is joined has. */
void build_map_there(struct build *b)
{
	struct step *t = plan_add(b->p, OP_IDMAP);

	t->idmap.how = IDMAP_THERE;
	build_copy_map(&b->uids, &t->idmap.uids);
	build_copy_map(&b->gids, &t->idmap.gids);
	t->idmap.setgroups = b->s->bundle->set_groups;
}

static int add_idmap(struct build *b, struct err *e)
{
	const struct host *h = b->h;
	bool own = is_own(&b->uids, h->uid) && is_own(&b->gids, h->gid);
	struct step *t;

	if (build_check_map(&b->uids, "uid", e) ||
	    build_check_map(&b->gids, "gid", e))
		return -1;
	t = plan_add(b->p, OP_IDMAP);
	build_copy_map(&b->uids, &t->idmap.uids);
	build_copy_map(&b->gids, &t->idmap.gids);
	b->has_helper = h->uid == 0 || !own;
	t->idmap.setgroups = b->has_helper;
	t->idmap.how = h->uid == 0 || own ? IDMAP_DIRECT : IDMAP_HELPER;
	if (t->idmap.how == IDMAP_DIRECT)
		return 0;
	if (!h->newuidmap || !h->newgidmap)
		return err_set(e, ERR_HOST,
			       "map ids: newuidmap and newgidmap are not "
			       "there: install them (Debian: uidmap)");
	t->idmap.newuidmap = xstrdup(h->newuidmap);
	t->idmap.newgidmap = xstrdup(h->newgidmap);
	return 0;
}

/* Every id that is used exists. */
static int check_ids(const struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	const uint32_t zero = 0;
	const struct {
		const char *what;
		const struct idmap_list *map;
		uint32_t id;
	} ids[] = {
		{ "user", &b->uids, s->uid },
		{ "group", &b->gids, s->gid },
		{ "root user", &b->uids, zero },
		{ "root group", &b->gids, zero },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (maps_outer(ids[i].map, ids[i].id) < 0)
			return err_set(e, ERR_INPUT,
				       "the %s %" PRIu32 " is not in "
				       "linux.uidMappings or gidMappings",
				       ids[i].what, ids[i].id);
	return 0;
}

/* A child of root's in a user namespace has root's rights over no file, and may
 * map the owners of none: somebody opens them for it who still has. */
static int needs_fetch(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	bool mapped = false;

	for (size_t i = 0; i < s->n_mounts; i++)
		mapped |= s->mounts[i].id_mapped;
	if (mapped && b->h->uid != 0)
		return err_set(e, ERR_HOST,
			       "mounts: idmap: only root can map the owners of "
			       "files");
	if (b->h->uid == 0 && (mapped || bundle_leaves_userns(s)))
		plan_add(b->p, OP_FETCH);
	return 0;
}

static int add_userns(struct build *b, struct err *e)
{
	if (!bundle_leaves_userns(b->s))
		return 0;
	if (!(b->s->unshare & CLONE_NEWUSER)) {
		build_map_there(b);
		b->has_helper = b->s->bundle->set_groups;
	} else if (add_idmap(b, e) < 0) {
		return -1;
	}
	return check_ids(b, e);
}

static int add_start(struct build *b, struct err *e)
{
	struct step *t;

	build_joins(b);
	t = plan_add(b->p, OP_CLONE);
	t->clone.flags = b->s->unshare;
	if (b->s->bundle->has_clocks)
		t->clone.flags &= ~(uint64_t)CLONE_NEWTIME; /* TIMENS */
	if (b->s->unshare & CLONE_NEWTIME && !b->h->has_timens)
		return err_set(e, ERR_HOST,
			       "this kernel has no time namespaces");
	b->has_helper = true;
	if (add_userns(b, e) < 0)
		return -1;
	build_cgroup(b);
	if (needs_fetch(b, e) < 0)
		return -1;
	if (b->s->keyring)
		plan_add(b->p, OP_KEYRING);
	return 0;
}

/* ---- NET, IDENTITY ---- */

static int add_net(struct build *b, struct err *e)
{
	const struct spec *s = b->s;

	if (s->unshare & CLONE_NEWNET)
		plan_add(b->p, OP_LOOPBACK);
	if (s->hostname)
		plan_add(b->p, OP_HOSTNAME)->hostname.name =
			xstrdup(s->hostname);
	if (s->bundle->domainname)
		plan_add(b->p, OP_DOMAINNAME)->hostname.name =
			xstrdup(s->bundle->domainname);
	if (build_sysctls(b, e) < 0)
		return -1;
	plan_add(b->p, OP_SESSION);
	return 0;
}

/* ---- GO ---- */

static void add_go(struct build *b)
{
	plan_add(b->p, OP_VERIFY);
	plan_add(b->p, OP_GATE);
	build_hooks(b, OP_HOOK_START, HOOK_START_CONTAINER);
	build_hooks(b, OP_HOOK_LATER, HOOK_POSTSTART);
	build_hooks(b, OP_HOOK_LATER, HOOK_POSTSTOP);
	build_exec(b);
}

static void add_hook(struct build *b, enum op op, const struct bundle_hook *h)
{
	struct step *t = plan_add(b->p, op);

	t->hook.when = h->when;
	t->hook.path = xstrdup(h->path);
	t->hook.args = strv_copy(h->args);
	t->hook.env = strv_copy(h->env);
	t->hook.timeout = h->timeout;
}

void build_hooks(struct build *b, enum op op, enum hook_when when)
{
	const struct bundle *x = b->s->bundle;

	for (size_t i = 0; i < x->n_hooks; i++)
		if (x->hooks[i].when == when)
			add_hook(b, op, &x->hooks[i]);
}

struct plan *plan_build_bundle(const struct spec *s, const struct host *h,
			       struct err *e)
{
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct build b = BUILD_OF(s, h, p);

	if (!s->n_layers || !s->bundle->dir) {
		err_set(e, ERR_BUG, "a bundle whose root was not looked at");
		return NULL;
	}
	add_facts(s, p);
	if (add_start(&b, e) || bundle_root(&b, e) || add_net(&b, e) ||
	    bundle_lockdown(&b, e))
		return NULL;
	add_go(&b);
	return TAKE(p);
}
