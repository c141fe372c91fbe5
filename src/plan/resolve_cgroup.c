/*
 * resolve_cgroup.c - whether the sandbox has a cgroup of its own, where it is
 * made, and which limits it holds.
 *
 * Pure. A limit that cannot hold is an error that says what would make it
 * hold; nothing is ever left out.
 */
#include "plan/resolve_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cgroup_ask.h"
#include "base/path.h"
#include "base/strv.h"
#include "plan/cgroup.h"

enum use { USE_AUTO, USE_ALWAYS, USE_NEVER };

static const struct word use_words[] = {
	{ "auto", USE_AUTO },
	{ "enabled", USE_ALWAYS },
	{ "disabled", USE_NEVER },
	{ NULL, 0 },
};

/* Which flags need a controller, for messages. */
static const struct {
	const char *controller, *flags;
} flags_of[] = {
	{ "memory", "--memory, --memory-swap or --memory-reservation" },
	{ "cpu", "--cpus, --cpu-quota, --cpu-period or --cpu-shares" },
	{ "cpuset", "--cpuset-cpus or --cpuset-mems" },
	{ "io", "--blkio-weight" },
	{ "blkio", "--blkio-weight" },
	{ "pids", "--pids-limit" },
};

static const char *flags_for(const char *controller)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags_of); i++)
		if (!strcmp(flags_of[i].controller, controller))
			return flags_of[i].flags;
	return "a limit";
}

static enum cgroup_mode mode_of(const struct host *h)
{
	return h->cgroup == CGROUP_V2 ? CGROUP_V2 : CGROUP_V1;
}

/* The first that is not in the list; NULL: it has them all. */
static const char *lacking(const char *list, char *const *controllers)
{
	strv_foreach (name, controllers)
		if (!cgroup_in_list(list, *name))
			return *name;
	return NULL;
}

/* Can one be made here without asking anybody? */
static bool has_place(const struct host *h)
{
	return h->cgroup == CGROUP_V2
		       ? h->cgroup_place && !h->cgroup_others
		       : h->cgroup_controllers && *h->cgroup_controllers;
}

/* ---- no place ---- */

static int refuse_v1(const struct host *h, const char *what, struct err *e)
{
	return err_set(e, ERR_HOST,
		       "%s: it takes the cgroup controller %s, and this host's "
		       "cgroups are of version 1, %s: boot it with "
		       "systemd.unified_cgroup_hierarchy=1, or have root give "
		       "you a directory in each hierarchy and name it by "
		       "--cgroup-parent",
		       flags_for(what), what,
		       h->uid ? "which are root's" : "without it");
}

static int refuse_others(const struct host *h, const char *what, struct err *e)
{
	return err_set(e, ERR_HOST,
		       "%s: the cgroup %s is delegated, but holds %zu other "
		       "processes, so it passes no controller on: start immure "
		       "alone in one: systemd-run --user --scope -p "
		       "Delegate=yes immure run …",
		       flags_for(what), h->cgroup_place, h->cgroup_others);
}

static int refuse(const struct host *h, char *const *controllers, struct err *e)
{
	bool scope = h->scope_controllers && h->scope_helper;
	const char *list = scope ? h->scope_controllers : h->cgroup_controllers;
	const char *what = lacking(list, controllers);

	if (!what)
		what = controllers && *controllers ? *controllers : "pids";
	if (h->cgroup == CGROUP_NONE)
		return err_set(e, ERR_HOST,
			       "%s: no cgroups are mounted on this host (at "
			       "/sys/fs/cgroup)",
			       flags_for(what));
	if (h->cgroup != CGROUP_V2)
		return refuse_v1(h, what, e);
	if (!scope && h->cgroup_place && h->cgroup_others)
		return refuse_others(h, what, e);
	if (!h->uid && scope)
		return err_set(
			e, ERR_HOST,
			"%s: this kernel has no cgroup controller %s, or "
			"systemd passes it to nobody",
			flags_for(what), what);
	if (h->uid && (scope || h->cgroup_place))
		return err_set(e, ERR_HOST,
			       "%s: the cgroup controller %s is not delegated "
			       "to you: " CGROUP_DROP_IN,
			       flags_for(what), what);
	if (h->scope_controllers && !h->scope_helper)
		return err_set(e, ERR_HOST,
			       "%s: no cgroup here is ours, and immure-scope, "
			       "which asks systemd for one, is not installed: "
			       "start immure in one: systemd-run --user "
			       "--scope -p Delegate=yes immure run …",
			       flags_for(what));
	return err_set(e, ERR_HOST,
		       "%s: no cgroup is delegated to you, and no systemd of "
		       "yours runs that could: log in properly (ssh, a "
		       "console; not su), or sudo loginctl enable-linger %s, "
		       "or name a directory of yours by --cgroup-parent",
		       flags_for(what), h->user ? h->user : "USER");
}

/* ---- the place ---- */

static void use_scope(const struct host *h, const char *slice,
		      struct cgroup_ask *c)
{
	c->how = CGROUP_SCOPE;
	c->slice = slice ? xstrdup(slice) : NULL;
	c->helper = xstrdup(h->scope_helper);
}

static int use_parent(const struct resolve *v, struct cgroup_ask *c,
		      struct err *e)
{
	const char *parent = v->r->cgroup_parent;

	if (cgroup_is_slice(parent)) {
		if (!v->host->scope_helper || !v->host->scope_controllers)
			return err_set(
				e, ERR_HOST,
				"--cgroup-parent %s: no systemd of yours "
				"can be asked for a scope in that slice",
				parent);
		use_scope(v->host, parent, c);
		return 0;
	}
	if (*parent != '/')
		return err_set(e, ERR_USAGE,
			       "--cgroup-parent %s: expected a path from the "
			       "root of the cgroups, or the name of a slice",
			       parent);
	c->how = CGROUP_DIRECTORY;
	c->parent = path_clean(parent);
	return 0;
}

/* *ret: the controllers that are at hand there. */
static int choose(const struct resolve *v, struct cgroup_ask *c,
		  const char **ret, struct err *e)
{
	const struct host *h = v->host;

	if (v->r->cgroup_parent)
		return use_parent(v, c, e);
	if (has_place(h) && !lacking(h->cgroup_controllers, c->controllers)) {
		c->how = CGROUP_DIRECTORY;
		c->parent = h->cgroup_place ? xstrdup(h->cgroup_place) : NULL;
		c->aside = h->cgroup_is_own;
		*ret = h->cgroup_controllers;
		return 0;
	}
	if (h->scope_controllers && h->scope_helper &&
	    !lacking(h->scope_controllers, c->controllers)) {
		use_scope(h, NULL, c);
		*ret = h->scope_controllers;
		return 0;
	}
	return refuse(h, c->controllers, e);
}

/* The limit of processes holds by setrlimit(2), too: it is the cgroup's where
 * that counts processes, and must be only if it was asked for. */
static int add_pids(const struct resolve *v, const char *at_hand,
		    struct cgroup_ask *c, struct err *e)
{
	const struct cgroup_limits l = { .pids = v->s->pids_limit };

	if (v->s->pids_limit <= 0 ||
	    !(at_hand ? cgroup_in_list(at_hand, "pids") : v->r->pids_limit > 0))
		return 0;
	return cgroup_settings(&l, mode_of(v->host), &c->set, &c->controllers,
			       e);
}

static bool is_wanted(const struct resolve *v, enum use use)
{
	const struct request *r = v->r;

	return use == USE_ALWAYS || r->cgroup_parent ||
	       cgroup_limits_any(&r->limits) ||
	       (r->pids_limit > 0 && v->host->cgroup == CGROUP_V2 &&
		has_place(v->host) &&
		cgroup_in_list(v->host->cgroup_controllers, "pids"));
}

int resolve_cgroup(struct resolve *v, struct err *e)
{
	const struct choice choice = { "--cgroups", v->r->cgroups, "auto",
				       use_words };
	const char *at_hand = NULL;
	struct cgroup_ask *c;
	uint64_t use;

	if (resolve_word(&choice, &use, e))
		return -1;
	if (use == USE_NEVER || !is_wanted(v, (enum use)use))
		return 0;
	c = v->s->cgroup = xcalloc(1, sizeof(*c));
	c->mode = v->host->cgroup;
	if (cgroup_settings(&v->r->limits, mode_of(v->host), &c->set,
			    &c->controllers, e) ||
	    choose(v, c, &at_hand, e) || add_pids(v, at_hand, c, e))
		return -1;
	cgroup_settings_default(&v->r->limits, mode_of(v->host), &c->set);
	/* all of it can be stopped and ended at once */
	if (c->mode != CGROUP_V2 && at_hand &&
	    cgroup_in_list(at_hand, "freezer"))
		strv_add(&c->controllers, "freezer");
	if (!c->controllers)
		return refuse(v->host, NULL, e);
	return 0;
}
