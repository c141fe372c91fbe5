/*
 * probe_cgroup.c - where a cgroup of ours could be made, and who would make
 * one for us. Looks only; changes nothing and asks nobody.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/userns.h"
#include "kernel/cgroup.h"
#include "kernel/probe.h"
#include "kernel/probe_parts.h"
#include "kernel/procfs.h"

#define HELPER "immure-scope"

/* The controllers of a cgroup, or NULL. */
static char *controllers_of(const struct cgroup_fs *fs, const char *path)
{
	auto_fd dir = cgroup_open_dir(fs, "", path);
	char text[1024];

	if (dir < 0 ||
	    cgroup_read_at(dir, "cgroup.controllers", text, sizeof(text)) < 0)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return xstrdup(text);
}

/* Beside us, or where it is installed; heap, or NULL. */
static char *find_helper(void)
{
	char *beside = path_beside_program(HELPER);

	if (beside)
		return beside;
	return path_is_there(LIBEXECDIR "/" HELPER)
		       ? xstrdup(LIBEXECDIR "/" HELPER)
		       : NULL;
}

/* A systemd that we may ask: the user's own, or root's. The root of a user
 * namespace is the user who made it. */
static void probe_manager(const struct cgroup_fs *fs, struct host *h)
{
	auto_free char *socket = NULL, *unit = NULL;
	struct stat st;
	uid_t uid;

	if (userns_uid_above(h->uid, &uid, NULL) < 0)
		return;
	socket = uid ? xasprintf("/run/user/%u/systemd/private", uid)
		     : xstrdup("/run/systemd/private");
	unit = uid ? xasprintf("/user.slice/user-%u.slice/user@%u.service", uid,
			       uid)
		   : xstrdup("/");
	if (probe_stat(socket, 0, &st) || !S_ISSOCK(st.st_mode) ||
	    st.st_uid != h->uid)
		return;
	h->scope_controllers = controllers_of(fs, unit);
	h->scope_helper = find_helper();
}

static int probe_place(const struct cgroup_fs *fs, char *const *own,
		       struct host *h, struct err *e)
{
	AUTO(cgroup_place_done) struct cgroup_place p = { 0 };

	if (cgroup_find_place(fs, own, &p, e) < 0)
		return -1;
	if (!p.path)
		return 0;
	h->cgroup_place = TAKE(p.path);
	free(h->cgroup_controllers);
	h->cgroup_controllers = TAKE(p.controllers);
	h->cgroup_is_own = p.is_own;
	h->cgroup_others = p.others;
	return 0;
}

int probe_cgroups(struct host *h, struct err *e)
{
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	AUTO(strv_free) char **own = NULL;
	auto_fd proc = -1;

	if (h->cgroup_probed || h->cgroup == CGROUP_NONE)
		return 0;
	proc = procfs_open_host(e);
	if (proc < 0 || cgroup_fs_open(&fs, e) < 0 ||
	    cgroup_lines_of(proc, getpid(), &own, e) < 0)
		return -1;
	if (fs.mode != CGROUP_V2) {
		free(h->cgroup_controllers);
		h->cgroup_controllers = cgroup_v1_writable(&fs, own);
	} else if (probe_place(&fs, own, h, e) < 0) {
		return -1;
	} else {
		probe_manager(&fs, h);
	}
	h->cgroup_probed = true;
	return 0;
}
