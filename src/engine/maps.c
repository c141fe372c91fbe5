/*
 * maps.c - reads the maps of user namespaces in /proc. One that is known by a
 * path alone is entered by a process that does nothing else.
 */
#include "engine/maps.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "kernel/idmap.h"
#include "kernel/ns.h"
#include "kernel/pidfd.h"
#include "kernel/procfs.h"

#define MAP_MAX	       (64u << 10)
#define CAP_SYS_PTRACE 19
#define CAP_SYS_ADMIN  21

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

int maps_of_process(struct spec *s, int proc, pid_t pid, struct err *e)
{
	char path[64], text[64];

	s->n_uid_map = s->n_gid_map = 0;
	snprintf(path, sizeof(path), "%d/setgroups", (int)pid);
	if (procfs_read(proc, path, text, sizeof(text), e) < 0 ||
	    read_map(proc, pid, false, s, e) < 0 ||
	    read_map(proc, pid, true, s, e) < 0)
		return -1;
	s->bundle->set_groups = strncmp(text, "allow", 5) == 0;
	return 0;
}

/* Who is born in the user namespace of others is closed to all who are in it,
 * and so to everybody without this capability over us. */
static int check_seen(const struct host *h, struct err *e)
{
	if (h->cap_permitted >> CAP_SYS_PTRACE & 1)
		return 0;
	return err_set(e, ERR_HOST,
		       "linux.namespaces: user: known, and refused: to verify "
		       "a container in a user namespace that is there already "
		       "takes CAP_SYS_PTRACE: as root, or within `podman "
		       "unshare`");
}

int maps_of_namespace(struct spec *s, const struct host *h,
		      const struct bundle_join *j, struct err *e)
{
	auto_fd proc = procfs_open_host(e);
	auto_fd ns = ns_open(AT_FDCWD, j->path, CLONE_NEWUSER, e);
	int pidfd = -1, r;
	struct stat st;
	pid_t pid;

	if (proc < 0 || ns < 0 || check_seen(h, e) < 0)
		return -1;
	if (fstat(ns, &st) < 0)
		return err_sys(e, "stat %s", j->path);
	if (st.st_dev != j->id.dev || st.st_ino != j->id.ino)
		return err_set(e, ERR_VERIFY, "%s: it has changed", j->path);
	pid = idmap_visit(ns, &pidfd, e);
	if (pid < 0)
		return -1;
	r = maps_of_process(s, proc, pid, e);
	pidfd_end(pid, pidfd);
	close(pidfd);
	return r;
}

static void move_join(struct bundle *b, size_t from, size_t to)
{
	struct bundle_join j = b->joins[from];

	if (from < to)
		memmove(b->joins + from, b->joins + from + 1,
			(to - from) * sizeof(j));
	else
		memmove(b->joins + to + 1, b->joins + to,
			(from - to) * sizeof(j));
	b->joins[to] = j;
}

void maps_order_joins(struct bundle *b, const struct host *h)
{
	bool has_rights = h->cap_permitted >> CAP_SYS_ADMIN & 1;

	for (size_t i = 0; i < b->n_joins; i++) {
		if (b->joins[i].ns != CLONE_NEWUSER)
			continue;
		move_join(b, i, has_rights ? b->n_joins - 1 : 0);
		return;
	}
}
