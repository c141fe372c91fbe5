/*
 * bundle_cgroup.c - cgroupsPath, linux.resources and the driver become the
 * operands of the step `cgroup`.
 *
 * Pure. A limit that cannot hold is an error; without limits a place is taken
 * where there is one, so that the container can be stopped and counted.
 */
#include "plan/bundle_cgroup.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "plan/cgroup.h"

struct asking {
	const struct bundle_cgroup *b;
	const struct host *h;
	struct cgroup_ask *c;
};

static bool has_path(const struct bundle_cgroup *b)
{
	return b->path && *b->path;
}

/* All that are at hand, so that all of it is counted. */
static void add_at_hand(struct asking *a, const char *list)
{
	AUTO(strv_free) char **names = strv_split(list ? list : "", ' ');

	strv_foreach (name, names)
		if (**name && !strv_has(a->c->controllers, *name))
			strv_add(&a->c->controllers, *name);
}

static const char *lacking(const struct asking *a, const char *list)
{
	AUTO(strv_free) char **names = strv_split(list ? list : "", ' ');

	strv_foreach (name, a->c->controllers)
		if (!strv_has(names, *name))
			return *name;
	return NULL;
}

static int settings(struct asking *a, struct err *e)
{
	struct cgroup_limits l = *a->b->limits; /* borrows */

	if (a->b->userns || (a->h->uid && a->h->cgroup == CGROUP_V2))
		l.n_access = 0;
	return cgroup_settings(
		&l, a->h->cgroup == CGROUP_V2 ? CGROUP_V2 : CGROUP_V1,
		&a->c->set, &a->c->controllers, e);
}

/* ---- cgroupfs ---- */

static void split_path(struct asking *a, const char *path)
{
	auto_free char *clean = path_clean(path);
	const char *name = path_base(clean);
	auto_free char *above = xstrndup(clean, (size_t)(name - clean));

	a->c->parent = path_clean(above);
	a->c->name = xstrdup(*name ? name : a->b->id);
	a->c->make_parents = true;
}

/* Without a path: where a cgroup of ours can be made. False: nowhere. */
static bool find_place(struct asking *a)
{
	const struct host *h = a->h;

	if (h->cgroup != CGROUP_V2) {
		a->c->name = xstrdup(a->b->id);
		return h->cgroup_controllers && *h->cgroup_controllers;
	}
	if (h->cgroup_place && !h->cgroup_others) {
		a->c->parent = xstrdup(h->cgroup_place);
		a->c->name = xstrdup(a->b->id);
		a->c->aside = h->cgroup_is_own;
		return true;
	}
	if (h->uid || !h->scope_controllers)
		return false;
	split_path(a, a->b->id); /* root's, below the root of all */
	return true;
}

static int refuse(const char *controller, struct err *e)
{
	return err_set(e, ERR_HOST,
		       "linux.resources: the cgroup controller %s is not "
		       "delegated to you: it takes root, or a systemd of yours "
		       "(--systemd-cgroup) and a drop-in of user@.service with "
		       "Delegate=cpu cpuset io memory pids",
		       controller);
}

/* 1 there is a place, 0 none is needed, -1. */
static int by_directory(struct asking *a, struct err *e)
{
	bool v2 = a->h->cgroup == CGROUP_V2;
	const char *list = v2 && !a->h->cgroup_place ? a->h->scope_controllers
						     : a->h->cgroup_controllers;

	a->c->how = CGROUP_DIRECTORY;
	if (has_path(a->b))
		split_path(a, a->b->path);
	else if (!find_place(a))
		return a->c->controllers ? refuse(a->c->controllers[0], e) : 0;
	/* of what is above a path that was given, only root has all */
	if (!has_path(a->b) || !a->h->uid)
		add_at_hand(a, list);
	if (!a->c->controllers && !v2)
		return has_path(a->b) ? refuse("freezer", e) : 0;
	return 1;
}

/* ---- systemd ---- */

/* "slice:prefix:name": the unit prefix-name.scope in the slice. */
static int split_unit(struct asking *a, struct err *e)
{
	AUTO(strv_free) char **parts = NULL;

	if (!has_path(a->b)) {
		a->c->name = xasprintf("immure-%s", a->b->id);
		return 0;
	}
	parts = strv_split(a->b->path, ':');
	if (strv_len(parts) != 3 || !*parts[2])
		return err_set(e, ERR_INPUT,
			       "config.json: linux.cgroupsPath: \"%s\": with "
			       "--systemd-cgroup expected as SLICE:PREFIX:NAME",
			       a->b->path);
	a->c->slice = *parts[0] ? xstrdup(parts[0]) : NULL;
	a->c->name = *parts[1] ? xasprintf("%s-%s", parts[1], parts[2])
			       : xstrdup(parts[2]);
	return 0;
}

static int by_systemd(struct asking *a, struct err *e)
{
	const struct host *h = a->h;
	const char *missing;

	if (h->cgroup != CGROUP_V2 || !h->scope_controllers)
		return err_set(e, ERR_HOST, "--systemd-cgroup: %s",
			       h->cgroup != CGROUP_V2
				       ? "it takes cgroups of version 2"
				       : "no systemd of yours runs here");
	if (!h->scope_helper)
		return err_set(e, ERR_HOST,
			       "--systemd-cgroup: immure-scope is not "
			       "installed");
	a->c->how = CGROUP_SCOPE;
	a->c->helper = xstrdup(h->scope_helper);
	if (split_unit(a, e) < 0)
		return -1;
	missing = lacking(a, h->scope_controllers);
	if (missing)
		return refuse(missing, e);
	add_at_hand(a, h->scope_controllers);
	return 1;
}

int bundle_cgroup_resolve(const struct bundle_cgroup *b, const struct host *h,
			  struct cgroup_ask **ret, struct err *e)
{
	struct asking a = { .b = b, .h = h };
	int r;

	*ret = NULL;
	if (h->cgroup == CGROUP_NONE && !cgroup_limits_any(b->limits))
		return 0;
	if (h->cgroup == CGROUP_NONE)
		return err_set(e, ERR_HOST,
			       "linux.resources: no cgroups are mounted on "
			       "this host (at /sys/fs/cgroup)");
	a.c = xcalloc(1, sizeof(*a.c));
	a.c->mode = h->cgroup;
	r = settings(&a, e);
	if (r == 0)
		r = b->systemd ? by_systemd(&a, e) : by_directory(&a, e);
	if (r > 0) {
		*ret = a.c;
		return 0;
	}
	cgroup_ask_done(a.c);
	free(a.c);
	return r;
}
