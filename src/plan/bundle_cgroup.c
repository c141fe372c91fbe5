/*
 * bundle_cgroup.c - the cgroup of a bundle: where linux.cgroupsPath says, with
 * the limits of linux.resources.
 *
 * Of version 1 a container has a directory in every hierarchy, as engines
 * count and stop it there.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cgroup_ask.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "plan/bundle.h"
#include "plan/cgroup.h"

/* What every container may open (the other runtimes agree on these), besides
 * what is asked for: nodes can be made, and the default devices used. */
static const struct {
	int64_t major, minor; /* -1: any */
	const char *access;
} always[] = {
	{ -1, -1, "m" }, { 1, 3, "rwm" },    { 1, 5, "rwm" }, { 1, 7, "rwm" },
	{ 1, 8, "rwm" }, { 1, 9, "rwm" },    { 5, 0, "rwm" }, { 5, 1, "rwm" },
	{ 5, 2, "rwm" }, { 136, -1, "rwm" },
};

static struct cgroup_access *add(struct cgroup_limits *l, char type)
{
	struct cgroup_access *a = GROW(l->access, l->n_access);

	l->n_access++;
	a->type = type;
	a->major = a->minor = -1;
	return a;
}

static void allow(struct cgroup_limits *l, char type, int64_t major,
		  int64_t minor, const char *access)
{
	struct cgroup_access *a = add(l, type);

	a->allow = true;
	a->major = major;
	a->minor = minor;
	a->access = xstrdup(access);
}

static bool is_always(const struct bundle_device *d)
{
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		if (S_ISCHR(d->mode) && always[i].major == d->major &&
		    always[i].minor == d->minor)
			return true;
	return false;
}

/* Whoever can make any node is not to open what nobody asked for. */
static void deny_unasked(struct bundle *b)
{
	add(&b->limits, 'a')->access = xstrdup("rwm");
	for (size_t i = 0; i < b->n_devices; i++) {
		const struct bundle_device *d = &b->devices[i];

		if (!S_ISFIFO(d->mode) && !is_always(d))
			allow(&b->limits, S_ISBLK(d->mode) ? 'b' : 'c',
			      d->major, d->minor, "rwm");
	}
}

static void allow_always(struct cgroup_limits *l)
{
	allow(l, 'b', -1, -1, "m");
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		allow(l, 'c', always[i].major, always[i].minor,
		      always[i].access);
}

/* Nobody makes a node in a user namespace: there is nothing to open. */
static void drop_access(struct spec *s, const char *why)
{
	struct cgroup_limits *l = &s->bundle->limits;

	if (!l->n_access)
		return;
	strv_take(
		&s->bundle->warnings,
		xasprintf("linux.resources.devices: without effect: %s", why));
	while (l->n_access)
		free(l->access[--l->n_access].access);
}

/* Linux 5.16 counts it with the rest, and has no limit of its own any more;
 * before, it was known to end what it was to bound. */
static void drop_kernel_memory(struct spec *s)
{
	if (s->bundle->limits.kernel)
		strv_add(&s->bundle->warnings,
			 "linux.resources.memory.kernel: without effect: the "
			 "kernel's own is counted with the rest");
	s->bundle->limits.kernel = 0;
}

/* ---- a directory, or a scope ---- */

static void place(struct cgroup_ask *c, const char *path, const char *id)
{
	auto_free char *clean = NULL;

	c->how = CGROUP_DIRECTORY;
	c->make_parents = true;
	if (!path || !*path) { /* in the launcher's own */
		c->name = xstrdup(id);
		return;
	}
	clean = path_clean(path);
	c->name = xstrdup(path_base(clean));
	c->parent = xstrndup(clean, (size_t)(path_base(clean) - clean));
	if (strlen(c->parent) > 1)
		c->parent[strlen(c->parent) - 1] = '\0';
}

/* "SLICE:PREFIX:NAME": PREFIX-NAME.scope in that slice; each may be empty. */
static int place_unit(struct cgroup_ask *c, const char *path, const char *id,
		      struct err *e)
{
	bool is_named = path && *path;
	AUTO(strv_free) char **parts = strv_split(is_named ? path : "::", ':');
	const char *name;

	if (strv_len(parts) != 3 || (*parts[0] && !cgroup_is_slice(parts[0])) ||
	    (is_named && strchr(path, '/')))
		return err_set(e, ERR_INPUT,
			       "linux.cgroupsPath: %s: with --systemd-cgroup "
			       "it is SLICE:PREFIX:NAME, as in "
			       "user.slice:immure:%s",
			       path, id);
	name = *parts[2] ? parts[2] : id;
	c->slice = *parts[0] ? xstrdup(parts[0]) : NULL;
	c->name = *parts[1] ? xasprintf("%s-%s.scope", parts[1], name)
			    : xasprintf("%s.scope", name);
	return 0;
}

static int ask_systemd(struct cgroup_ask *c, const struct spec *s,
		       const struct host *h, const struct bundle_host *x,
		       struct err *e)
{
	if (h->cgroup != CGROUP_V2)
		return err_set(e, ERR_HOST,
			       "--systemd-cgroup: this host's cgroups are of "
			       "version 1: use the cgroup manager cgroupfs");
	if (!h->scope_controllers)
		return err_set(e, ERR_HOST,
			       "--systemd-cgroup: no systemd of yours runs: "
			       "log in properly (ssh, a console; not su), or "
			       "sudo loginctl enable-linger %s, or use the "
			       "cgroup manager cgroupfs",
			       h->user ? h->user : "USER");
	if (!h->scope_helper)
		return err_set(e, ERR_HOST,
			       "--systemd-cgroup: immure-scope, which asks "
			       "systemd, is not installed");
	strv_foreach (name, c->controllers)
		if (!cgroup_in_list(h->scope_controllers, *name))
			return err_set(
				e, ERR_HOST,
				"linux.resources: the cgroup controller "
				"%s is not delegated to you: " CGROUP_DROP_IN,
				*name);
	c->how = CGROUP_UNIT;
	c->helper = xstrdup(h->scope_helper);
	return place_unit(c, s->bundle->cgroups_path, x->id, e);
}

/* "cpu,cpuacct:/a" -> cpu, cpuacct */
static void add_hierarchies(struct cgroup_ask *c, char *const *lines)
{
	strv_foreach (line, lines) {
		auto_free char *list = xstrndup(*line, strcspn(*line, ":"));
		AUTO(strv_free) char **names = strv_split(list, ',');

		/* "": the tree of version 2 beside them */
		strv_foreach (name, names)
			if (!strv_has(c->controllers, *name))
				strv_add(&c->controllers, *name);
	}
}

static int check_path(const struct spec *s, const struct bundle_host *x,
		      struct err *e)
{
	const char *path = s->bundle->cgroups_path;

	if (path && !x->systemd &&
	    (strchr(path, ':') || strcmp(path, "/") == 0))
		return err_set(e, ERR_INPUT,
			       "linux.cgroupsPath: %s: no path of a cgroup",
			       path);
	return 0;
}

static bool is_wanted(struct spec *s, const struct host *h,
		      const struct bundle_host *x)
{
	const struct bundle *b = s->bundle;
	bool has_path = b->cgroups_path && *b->cgroups_path;

	if (!x->no_cgroups && h->cgroup != CGROUP_NONE)
		return x->is_root || x->systemd || has_path ||
		       cgroup_limits_any(&b->limits);
	if (has_path || cgroup_limits_any(&b->limits))
		strv_add(&s->bundle->warnings,
			 "cgroupsPath, resources: without effect: cgroups are "
			 "disabled");
	return false;
}

int bundle_cgroup(struct spec *s, const struct host *h,
		  const struct bundle_host *x, struct err *e)
{
	enum cgroup_mode mode = h->cgroup == CGROUP_V2 ? CGROUP_V2 : CGROUP_V1;
	struct cgroup_ask *c;

	if (!x->is_root)
		drop_access(s, "not root: no device node can be made");
	if (!x->no_cgroups && h->cgroup == CGROUP_NONE &&
	    cgroup_limits_any(&s->bundle->limits))
		return err_set(
			e, ERR_HOST,
			"linux.resources: no cgroups are mounted on this "
			"host (at /sys/fs/cgroup)");
	drop_kernel_memory(s);
	if (!is_wanted(s, h, x))
		return 0;
	if (check_path(s, x, e) < 0)
		return -1;
	if (x->is_root && !s->bundle->limits.n_access)
		deny_unasked(s->bundle);
	if (s->bundle->limits.n_access)
		allow_always(&s->bundle->limits);
	c = s->cgroup = xcalloc(1, sizeof(*c));
	c->mode = h->cgroup;
	if (cgroup_settings(&s->bundle->limits, mode, &c->set, &c->controllers,
			    e) < 0)
		return err_prefix(e, "linux.resources");
	if (x->systemd)
		return ask_systemd(c, s, h, x, e);
	place(c, s->bundle->cgroups_path, x->id);
	if (mode != CGROUP_V2)
		add_hierarchies(c, x->cgroup_lines);
	return 0;
}
