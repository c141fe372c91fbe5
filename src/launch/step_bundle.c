/*
 * step_bundle.c - the operations that only bundles have: the root and binds as
 * they are asked for, device nodes, each capability set, the gate.
 *
 * Should: open everything inside the new root; read back what is set.
 * Must not: add or leave out anything.
 */
#include "launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "immure/bundle.h"
#include "kernel/caps.h"
#include "kernel/copyup.h"
#include "kernel/ids.h"
#include "kernel/mount.h"
#include "kernel/ns.h"
#include "kernel/pivot.h"
#include "kernel/procfs.h"
#include "launch/gate.h"

int step_slave(struct child *c, const struct step *s, struct err *e)
{
	(void)c, (void)s;
	return mount_slave(e);
}

int step_roottree(struct child *c, const struct step *s, struct err *e)
{
	auto_fd dir =
		source_open(c, s->roottree.path, &s->roottree.id, NULL, e);
	const struct mount_change change = { .spread = s->roottree.spread };

	if (dir < 0)
		return -1;
	c->root = mount_clone(dir, true, 0, e);
	if (c->root < 0 || mount_change(c->root, &change, true, e) < 0)
		return err_prefix(e, "the root %s", s->roottree.path);
	return pivot_stage_on(c->root, dir, e);
}

static int change_tree(int mnt, const struct step *s, struct err *e)
{
	const struct mount_change top = {
		.set = s->tree.set,
		.clear = s->tree.clear,
	};
	const struct mount_change all = {
		.set = s->tree.all_set,
		.clear = s->tree.all_clear,
		.spread = s->tree.spread_all ? s->tree.spread : 0,
	};
	const struct mount_change one = {
		.spread = s->tree.spread_all ? 0 : s->tree.spread,
	};

	if (mount_change(mnt, &all, true, e) < 0 ||
	    mount_change(mnt, &top, false, e) < 0)
		return -1;
	return mount_change(mnt, &one, false, e);
}

int step_tree(struct child *c, const struct step *s, struct err *e)
{
	auto_fd source = source_open(c, s->tree.source, &s->tree.id, NULL, e);
	int target, mnt;

	if (source < 0)
		return -1;
	/* one whose owners are mapped is a clone already */
	mnt = s->tree.uids.n ? TAKE_FD(source)
			     : mount_clone(source, s->tree.recursive, 0, e);
	if (mnt < 0 || change_tree(mnt, s, e) < 0)
		return err_prefix(e, "bind %s", s->tree.source);
	target = child_make_target(c, s->tree.target, S_ISDIR(s->tree.mode), e);
	if (target < 0)
		return -1;
	if (mount_attach(mnt, target, e) < 0)
		return err_prefix(e, "bind %s on %s", s->tree.source,
				  s->tree.target);
	return 0;
}

/* The directory that a tmpfs covers gives it content, and its own owner and
 * mode unless the options say which. */
static int fill_tmpfs(int mnt, int target, const struct step *s, struct err *e)
{
	auto_fd from =
		path_open(target, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);
	auto_fd to =
		path_open(mnt, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);
	struct stat st;

	if (from < 0 || to < 0 || fstat(from, &st) < 0)
		return err_sys(e, "open %s to copy it", s->mount.target);
	if (copyup(from, to, e) < 0)
		return err_prefix(e, "%s", s->mount.target);
	if (s->mount.data && strstr(s->mount.data, "mode="))
		return 0;
	if (fchown(to, st.st_uid, st.st_gid) < 0 ||
	    fchmod(to, st.st_mode & 07777) < 0)
		return err_sys(e, "set owner and mode of %s", s->mount.target);
	return 0;
}

int step_copyup(struct child *c, const struct step *s, struct err *e)
{
	uint64_t late = s->mount.attr & MOUNT_ATTR_RDONLY;
	int target = child_make_target(c, s->mount.target, true, e);
	int mnt;

	if (target < 0)
		return -1;
	mnt = mount_new(s->mount.type, s->mount.data, s->mount.attr & ~late, e);
	if (mnt < 0 || fill_tmpfs(mnt, target, s, e) < 0)
		return -1;
	if (late && mount_set_attr(mnt, late, false, e) < 0)
		return -1;
	if (mount_attach(mnt, target, e) < 0)
		return err_prefix(e, "%s on %s", s->mount.type,
				  s->mount.target);
	return 0;
}

/* Something is there already: the same node, or an error. */
static int check_node(int dir, const char *name, const struct step *s,
		      struct err *e)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(e, "stat %s", s->mknod.path);
	if ((st.st_mode & S_IFMT) != (s->mknod.mode & S_IFMT) ||
	    (!S_ISFIFO(st.st_mode) && st.st_rdev != s->mknod.rdev))
		return err_set(e, ERR_INPUT,
			       "%s: something else is there in the root",
			       s->mknod.path);
	return 0;
}

int step_mknod(struct child *c, const struct step *s, struct err *e)
{
	char name[256];
	auto_fd dir =
		child_open_parent(c, s->mknod.path, PARENT_STRICT, name, e);
	mode_t old;
	int r;

	if (dir < 0)
		return -1;
	old = umask(0);
	r = mknodat(dir, name, s->mknod.mode, s->mknod.rdev);
	umask(old);
	if (r < 0 && errno == EEXIST)
		return check_node(dir, name, s, e);
	if (r < 0)
		return err_sys(e, "make the node %s", s->mknod.path);
	if (fchownat(dir, name, s->mknod.uid, s->mknod.gid,
		     AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(e, "give %s to id %u", s->mknod.path,
			       s->mknod.uid);
	return 0;
}

/* The mount at a path of the new root, or the root itself. */
static int open_mount(struct child *c, const char *path, struct err *e)
{
	return strcmp(path, "/") == 0 ? c->root : child_open_target(c, path, e);
}

int step_attr(struct child *c, const struct step *s, struct err *e)
{
	int fd = open_mount(c, s->attr.path, e);

	return fd < 0 ? -1 : mount_set_attr(fd, s->attr.set, false, e);
}

int step_propagate(struct child *c, const struct step *s, struct err *e)
{
	const struct mount_change change = { .spread = s->propagate.how };
	int fd = open_mount(c, s->propagate.path, e);

	return fd < 0 ? -1
		      : mount_change(fd, &change, s->propagate.recursive, e);
}

int step_domainname(struct child *c, const struct step *s, struct err *e)
{
	struct utsname u;

	(void)c;
	if (setdomainname(s->hostname.name, strlen(s->hostname.name)) < 0)
		return err_sys(e, "set the domain name to %s",
			       s->hostname.name);
	memset(&u, 0, sizeof(u));
	if (uname(&u) < 0)
		return err_sys(e, "uname");
	if (strcmp(u.domainname, s->hostname.name) != 0)
		return err_set(e, ERR_VERIFY, "the domain name is %s, not %s",
			       u.domainname, s->hostname.name);
	return 0;
}

int step_oom(struct child *c, const struct step *s, struct err *e)
{
	char path[40], value[16], now[16];
	pid_t pid = procfs_own_pid(c->proc, e);

	if (pid < 0)
		return -1;
	snprintf(path, sizeof(path), "%d/oom_score_adj", (int)pid);
	snprintf(value, sizeof(value), "%d", s->oom.adj);
	/* what is so already needs no right to set it */
	if (procfs_read(c->proc, path, now, sizeof(now), e) < 0)
		return -1;
	now[strcspn(now, "\n")] = '\0';
	return strcmp(now, value) == 0 ? 0
				       : procfs_set(c->proc, path, value, e);
}

int step_persona(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	if (personality(s->persona.domain) < 0)
		return err_sys(e, "set the personality 0x%x",
			       s->persona.domain);
	if (personality(0xffffffff) != (int)s->persona.domain)
		return err_set(e, ERR_VERIFY, "the personality is not 0x%x",
			       s->persona.domain);
	return 0;
}

int step_keepcaps(struct child *c, const struct step *s, struct err *e)
{
	(void)c, (void)s;
	return caps_keep(e);
}

int step_capsets(struct child *c, const struct step *s, struct err *e)
{
	const struct cap_sets sets = {
		.permitted = s->capsets.permitted,
		.effective = s->capsets.effective,
		.inheritable = s->capsets.inheritable,
		.ambient = s->capsets.ambient,
	};

	(void)c;
	return caps_set_all(&sets, e);
}

/* Are we in every namespace that was to be joined? Nobody else may look at a
 * process that is not dumpable. */
static int check_joined(struct child *c, pid_t pid, struct err *e)
{
	plan_foreach (s, c->plan) {
		char path[40], got[64], want[64];
		const char *name;
		ssize_t n;

		if (s->op != OP_JOIN)
			continue;
		name = word_name(ns_table, s->join.ns);
		snprintf(path, sizeof(path), "%d/ns/%s", (int)pid, name);
		n = readlinkat(c->proc, path, got, sizeof(got) - 1);
		if (n < 0)
			return err_sys(e, "read /proc/%s", path);
		got[n] = '\0';
		snprintf(want, sizeof(want), "%s:[%" PRIu64 "]", name,
			 s->join.id.ino);
		if (strcmp(got, want) != 0)
			return err_set(e, ERR_VERIFY,
				       "the %s namespace is %s, not %s", name,
				       got, want);
	}
	return 0;
}

int step_enter(struct child *c, const struct step *s, struct err *e)
{
	const struct ids first = { .set_groups = s->enter.set_groups };
	pid_t pid = procfs_own_pid(c->proc, e);
	char list[24];

	if (pid < 0 || check_joined(c, pid, e) < 0)
		return -1;
	snprintf(list, sizeof(list), "%d/fd", (int)pid);
	c->fdlist = path_open(c->proc, list, PATH_STRICT,
			      O_RDONLY | O_DIRECTORY, 0);
	if (c->fdlist < 0)
		return err_sys(e, "open /proc/%s", list);
	/* setns(2) has put us there */
	c->root = path_open(AT_FDCWD, "/", PATH_HOST, O_PATH | O_DIRECTORY, 0);
	if (c->root < 0)
		return err_sys(e, "open the root of the container");
	return s->enter.root ? ids_set(&first, e) : 0;
}

int step_pass(struct child *c, const struct step *s, struct err *e)
{
	(void)e;
	c->pass = s;
	c->passed = (int)s->pass.fds[s->pass.n_fds - 1] - 2;
	return 0; /* fds keeps them */
}

/* Until somebody starts the container. */
int step_gate(struct child *c, const struct step *s, struct err *e)
{
	struct gate_message m;

	(void)s;
	if (fd_read_exact(c->gate, &m, sizeof(m)) < 0)
		return err_sys(e, "wait for the start");
	if (m.magic != GATE_MAGIC || memcmp(m.hash, c->hash, sizeof(m.hash)))
		return err_set(e, ERR_VERIFY, "started for another plan");
	return 0;
}
