/*
 * entry.c - the plan of a program that enters a container: which namespaces
 * the container has that are not ours.
 * Starts nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/bundle.h"
#include "engine/filters.h"
#include "engine/maps.h"
#include "engine/user.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"

static int read_ns(int proc, const char *path, char ret[64], struct err *e)
{
	ssize_t n = readlinkat(proc, path, ret, 63);

	if (n <= 0)
		return err_sys(e, "read /proc/%s", path);
	ret[n] = '\0';
	return 0;
}

static int add_join(struct bundle *b, const struct word *ns, pid_t pid,
		    struct err *e)
{
	struct bundle_join *j = GROW(b->joins, b->n_joins);

	b->n_joins++;
	j->ns = ns->value;
	j->path = xasprintf("/proc/%d/ns/%s", (int)pid, ns->name);
	return ns_identify(j->path, j->ns, &j->id, e);
}

static void drop_joins(struct bundle *b)
{
	while (b->n_joins)
		free(b->joins[--b->n_joins].path);
}

/* ns_table has the user namespace first. */
static int fill_joins(struct bundle *b, int proc, pid_t pid, struct err *e)
{
	char path[64], ours[64], theirs[64];

	drop_joins(b);
	for (const struct word *ns = ns_table; ns->name; ns++) {
		snprintf(path, sizeof(path), "self/ns/%s", ns->name);
		if (readlinkat(proc, path, ours, 1) < 0 && errno == ENOENT)
			continue; /* this kernel has none of that kind */
		if (read_ns(proc, path, ours, e) < 0)
			return -1;
		snprintf(path, sizeof(path), "%d/ns/%s", (int)pid, ns->name);
		if (read_ns(proc, path, theirs, e) < 0)
			return -1;
		if (strcmp(ours, theirs) != 0 && add_join(b, ns, pid, e) < 0)
			return -1;
	}
	return 0;
}

static int fill_maps(struct spec *s, int proc, pid_t pid, struct err *e)
{
	s->n_uid_map = s->n_gid_map = 0;
	return bundle_joined(s->bundle) & CLONE_NEWUSER
		       ? maps_of_process(s, proc, pid, e)
		       : 0;
}

int engine_entry_plan(struct engine *g, struct spec *s,
		      const struct entry_ask *a, struct plan **ret,
		      struct err *e)
{
	const struct host *h = engine_host(g);
	AUTO(plan_free) struct plan *p = NULL;
	auto_fd proc = procfs_open_host(e);

	if (proc < 0)
		return -1;
	s->unshare = 0;
	s->keyring = !a->no_keyring;
	s->bundle->is_entry = true;
	s->bundle->entered = xstrdup(a->id);
	if (a->n_passed)
		s->bundle->passed =
			xmemdup(a->passed, a->n_passed * sizeof(*a->passed));
	s->bundle->n_passed = a->n_passed;
	if (a->cgroup)
		s->bundle->entered_cgroup = strv_copy(a->cgroup);
	if (fill_joins(s->bundle, proc, a->pid, e) < 0 ||
	    fill_maps(s, proc, a->pid, e) < 0)
		return err_prefix(e, "enter container %s", a->id);
	maps_order_joins(s->bundle, h);
	bundle_narrow_caps(s, h);
	if (filters_of_bundle(s, e) < 0 || user_home(s, a->rootfs, e) < 0)
		return -1;
	p = plan_build(s, h, e);
	if (!p || plan_check(p, e) < 0)
		return -1;
	*ret = TAKE(p);
	return 0;
}
