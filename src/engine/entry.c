/*
 * entry.c - the plan of a program that enters a container: which namespaces
 * the container has that are not ours, and the maps of its user namespace.
 * Starts nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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
#include "engine/user.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"

#define MAP_MAX	      (64u << 10)
#define CAP_SYS_ADMIN 21

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

/* Who has no rights of its own gets them in the user namespace, first of all;
 * who has them would lose those over the others there. */
static void order_joins(struct bundle *b, bool has_rights)
{
	struct bundle_join user;

	if (!has_rights || !b->n_joins || b->joins[0].ns != CLONE_NEWUSER)
		return;
	user = b->joins[0];
	memmove(b->joins, b->joins + 1, (b->n_joins - 1) * sizeof(*b->joins));
	b->joins[b->n_joins - 1] = user;
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

/* ---- the maps ---- */

static int parse_map(char *text, struct spec_idmap **rows, size_t *n,
		     struct err *e)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		struct spec_idmap row;

		if (!*line)
			continue;
		if (sscanf(line, " %" SCNu32 " %" SCNu32 " %" SCNu32,
			   &row.inside, &row.outer, &row.count) != 3)
			return err_set(e, ERR_SYS, "a map is unreadable");
		*GROW(*rows, *n) = row;
		++*n;
	}
	return 0;
}

static int read_map(int proc, pid_t pid, bool is_gid, struct spec *s,
		    struct err *e)
{
	auto_free char *text = xmalloc(MAP_MAX);
	char path[64];

	snprintf(path, sizeof(path), "%d/%cid_map", (int)pid,
		 is_gid ? 'g' : 'u');
	if (procfs_read_all(proc, path, text, MAP_MAX, e) < 0)
		return -1;
	return is_gid ? parse_map(text, &s->gid_map, &s->n_gid_map, e)
		      : parse_map(text, &s->uid_map, &s->n_uid_map, e);
}

static bool enters_user(const struct bundle *b)
{
	for (size_t i = 0; i < b->n_joins; i++)
		if (b->joins[i].ns == CLONE_NEWUSER)
			return true;
	return false;
}

static int fill_maps(struct spec *s, int proc, pid_t pid, struct err *e)
{
	char path[64], text[64];

	s->n_uid_map = s->n_gid_map = 0;
	if (!enters_user(s->bundle))
		return 0;
	snprintf(path, sizeof(path), "%d/setgroups", (int)pid);
	if (procfs_read(proc, path, text, sizeof(text), e) < 0 ||
	    read_map(proc, pid, false, s, e) < 0 ||
	    read_map(proc, pid, true, s, e) < 0)
		return -1;
	s->bundle->set_groups = strncmp(text, "allow", 5) == 0;
	return 0;
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
	order_joins(s->bundle, h->cap_permitted >> CAP_SYS_ADMIN & 1);
	bundle_narrow_caps(s, h);
	if (filters_of_bundle(s, e) < 0 || user_home(s, a->rootfs, e) < 0)
		return -1;
	p = plan_build(s, h, e);
	if (!p || plan_check(p, e) < 0)
		return -1;
	*ret = TAKE(p);
	return 0;
}
