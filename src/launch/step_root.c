/*
 * step_root.c - the phase ROOT: the sandbox's tree, built below a mount that
 * only we can reach, then made the root.
 *
 * Should: open everything relative to the new root, without symlinks.
 * Must not: mount by path string, follow what the image put there.
 *
 * Descriptors of mounts and targets are not closed one by one: FDS closes all
 * of them at once and then looks whether one is left.
 */
#include "launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "kernel/mount.h"
#include "kernel/overlay.h"
#include "kernel/pivot.h"
#include "kernel/procfs.h"

#define PLAIN_ATTR (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

int step_private(struct child *c, const struct step *s, struct err *e)
{
	(void)c, (void)s;
	return mount_private(e);
}

int step_procfs(struct child *c, const struct step *s, struct err *e)
{
	bool own = launch_has_own_pids(c->plan);
	char list[24];

	(void)s;
	c->proc = own ? procfs_open(e) : procfs_open_host(e);
	if (c->proc < 0)
		return -1;
	snprintf(list, sizeof(list), "%d/fd", (int)getpid());
	c->fdlist = path_open(c->proc, list, PATH_STRICT,
			      O_RDONLY | O_DIRECTORY, 0);
	if (c->fdlist < 0)
		return err_sys(e, "open /proc/%s", list);
	return 0;
}

int step_context(struct child *c, const struct step *s, struct err *e)
{
	(void)e;
	c->context = s->context.files;
	return 0; /* the parent reads it in /proc/PID/mountinfo */
}

static int make_upper_dirs(struct child *c, int dir, uint32_t owner,
			   struct err *e)
{
	static const char *const names[] = { "upper", "work" };
	int *const fds[] = { &c->upper, &c->work };

	for (int i = 0; i < 2; i++) {
		if (mkdirat(dir, names[i], 0755) < 0 && errno != EEXIST)
			return err_sys(e, "make %s", names[i]);
		if (fchownat(dir, names[i], owner, owner, AT_SYMLINK_NOFOLLOW) <
		    0)
			return err_sys(e, "give %s to id %u", names[i], owner);
		*fds[i] = path_open(dir, names[i], PATH_STRICT,
				    O_PATH | O_DIRECTORY, 0);
		if (*fds[i] < 0)
			return err_sys(e, "open %s", names[i]);
	}
	return 0;
}

/* A tmpfs of its own for writes: mode 0755, so many bytes. */
static int new_tmpfs(struct child *c, uint64_t size, struct err *e)
{
	char options[64];

	snprintf(options, sizeof(options), "mode=755,size=%llu",
		 (unsigned long long)size);
	return mount_new_in(c->context, "tmpfs", options, PLAIN_ATTR, e);
}

int step_upper(struct child *c, const struct step *s, struct err *e)
{
	c->writes =
		s->upper.kind == UPPER_TMPFS
			? new_tmpfs(c, s->upper.size, e)
			: source_open(c, s->upper.path, &s->upper.id, NULL, e);
	c->kept = s->upper.kind == UPPER_DIR;
	if (c->writes < 0)
		return -1;
	return make_upper_dirs(c, c->writes, s->upper.owner, e);
}

/* As detached mounts of their own: so the sandbox does not read in its
 * mountinfo where they lie on the host. */
static int open_layers(struct child *c, const struct step *s, int *fds,
		       struct err *e)
{
	for (size_t i = 0; i < s->overlay.n_lower; i++) {
		const struct spec_layer *l = &s->overlay.lower[i];
		auto_fd dir = source_open(c, l->path, &l->id, NULL, e);

		if (dir < 0)
			return err_prefix(e, "layer %zu", i);
		fds[i] = mount_clone(dir, false, 0, e);
		if (fds[i] < 0)
			return err_prefix(e, "layer %s", l->path);
	}
	return 0;
}

/* The attached tmpfs on which an older kernel finds the parts by name. */
static int mount_staged(struct overlay *o, struct child *c, struct err *e)
{
	auto_fd stage = new_tmpfs(c, 1 << 20, e);
	auto_fd kept = -1;

	o->writes = c->writes;
	if (stage < 0 || pivot_stage(stage, e) < 0)
		return -1;
	c->stages = 1;
	if (!c->kept)
		return overlay_mount_staged(o, stage, e);
	kept = mount_clone(c->writes, false, 0, e);
	if (kept < 0)
		return -1;
	o->writes = kept;
	return overlay_mount_staged(o, stage, e);
}

int step_overlay(struct child *c, const struct step *s, struct err *e)
{
	int lower[128];
	struct overlay o = { .lower = lower,
			     .n_lower = s->overlay.n_lower,
			     .upper = c->upper,
			     .work = c->work,
			     .is_volatile = s->overlay.volatile_,
			     .context = c->context,
			     .attr = PLAIN_ATTR };

	if (s->overlay.n_lower > sizeof(lower) / sizeof(*lower))
		return err_set(e, ERR_LIMIT, "%zu layers; at most 128",
			       s->overlay.n_lower);
	if (open_layers(c, s, lower, e) < 0)
		return -1; /* the child ends: nothing to close */
	c->root = s->overlay.staged ? mount_staged(&o, c, e)
				    : overlay_mount(&o, e);
	if (c->root < 0)
		return -1;
	return s->overlay.staged ? 0 : pivot_stage(c->root, e);
}

int step_rootdir(struct child *c, const struct step *s, struct err *e)
{
	auto_fd dir = source_open(c, s->rootdir.path, &s->rootdir.id, NULL, e);

	if (dir < 0)
		return -1;
	c->root = mount_clone(dir, false, s->rootdir.attr, e);
	return c->root < 0 ? -1 : pivot_stage(c->root, e);
}

int step_tmproot(struct child *c, const struct step *s, struct err *e)
{
	c->root = new_tmpfs(c, s->tmproot.size, e);
	if (c->root < 0)
		return -1;
	if (fchownat(c->root, "", s->tmproot.owner, s->tmproot.owner,
		     AT_EMPTY_PATH) < 0)
		return err_sys(e, "give / to id %u", s->tmproot.owner);
	return pivot_stage(c->root, e);
}

int step_mount(struct child *c, const struct step *s, struct err *e)
{
	int target = child_make_target(c, s->mount.target, true, e);
	int mnt;

	if (target < 0)
		return -1;
	mnt = mount_new_in(c->context, s->mount.type, s->mount.data,
			   s->mount.attr, e);
	if (mnt < 0 || mount_attach(mnt, target, e) < 0)
		return err_prefix(e, "%s on %s", s->mount.type,
				  s->mount.target);
	return 0;
}

/* Is the step before this one a link in the same directory? */
static bool is_next_link(const struct step *s)
{
	const char *path = s->symlink.path;
	size_t n = (size_t)(path_base(path) - path);

	return s[-1].op == OP_SYMLINK &&
	       !strncmp(s[-1].symlink.path, path, n) &&
	       !strchr(s[-1].symlink.path + n, '/');
}

int step_symlink(struct child *c, const struct step *s, struct err *e)
{
	const char *name = path_base(s->symlink.path);
	/* in a bundle's plan the path leads through no link any more */
	int how = c->plan->kind == PLAN_BUNDLE ? PARENT_STRICT : 0;
	char same[256];

	if (!is_next_link(s))
		c->links = child_open_parent(c, s->symlink.path, how, same, e);
	if (c->links < 0)
		return -1;
	if (symlinkat(s->symlink.target, c->links, name) < 0 && errno != EEXIST)
		return err_sys(e, "make the symbolic link %s", s->symlink.path);
	return 0;
}

int step_dir(struct child *c, const struct step *s, struct err *e)
{
	char name[256];
	auto_fd dir = child_open_parent(c, s->dir.path, 0, name, e);

	if (dir < 0)
		return -1;
	if (mkdirat(dir, name, s->dir.mode) < 0)
		return errno == EEXIST
			       ? 0 /* what the image has stays as it is */
			       : err_sys(e, "make %s", s->dir.path);
	if (fchownat(dir, name, s->dir.owner, s->dir.owner,
		     AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(e, "give %s to id %u", s->dir.path,
			       s->dir.owner);
	if (fchmodat(dir, name, s->dir.mode, 0) < 0) /* past the umask */
		return err_sys(e, "set the mode of %s", s->dir.path);
	return 0;
}

/* Replaces whatever the image has there, without following it. */
int step_file(struct child *c, const struct step *s, struct err *e)
{
	size_t n = strlen(s->file.content);
	char name[256];
	auto_fd dir = child_open_parent(c, s->file.path, 0, name, e);
	auto_fd fd = -1;

	if (dir < 0)
		return -1;
	if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return err_sys(e, "replace %s", s->file.path);
	fd = path_open(dir, name, PATH_BENEATH,
		       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, s->file.mode);
	if (fd < 0)
		return err_sys(e, "write %s", s->file.path);
	if (fd_write_all(fd, s->file.content, n) < 0)
		return err_sys(e, "write %s", s->file.path);
	if (fchown(fd, s->file.owner, s->file.owner) < 0)
		return err_sys(e, "give %s to id %u", s->file.path,
			       s->file.owner);
	if (fchmod(fd, s->file.mode) < 0)
		return err_sys(e, "set the mode of %s", s->file.path);
	return 0;
}

/*
 * A path to hide or to protect: its fd, -1 with an error, or -2 when it is
 * not there. That it is not there must be said by two different calls.
 */
static int open_covered(struct child *c, const char *path, struct err *e)
{
	int fd = path_open(c->root, path, PATH_IN_ROOT_STRICT, O_PATH, 0);
	int there;

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return err_sys(e, "open %s to cover it", path);
	there = path_exists(c->root, path);
	if (there == 0)
		return -2;
	if (there < 0)
		return err_sys(e, "look for %s", path);
	return err_set(e, ERR_VERIFY, "%s is there and is not", path);
}

int step_readonly(struct child *c, const struct step *s, struct err *e)
{
	int target = open_covered(c, s->path.path, e);
	int mnt;

	if (target == -2)
		child_skip(c, s);
	if (target < 0)
		return target == -2 ? 0 : -1;
	if (strcmp(s->path.path, "/") == 0)
		return mount_set_attr(c->root, MOUNT_ATTR_RDONLY, false, e);
	mnt = mount_clone(target, false, MOUNT_ATTR_RDONLY, e);
	if (mnt < 0 || mount_attach(mnt, target, e) < 0)
		return err_prefix(e, "make %s read-only", s->path.path);
	return 0;
}

/* The host's null device: a real one, whatever the image holds (R6). */
static int new_null(struct err *e)
{
	auto_fd null = path_open(AT_FDCWD, "/dev/null", PATH_HOST,
				 O_PATH | O_NOFOLLOW, 0);
	struct stat st;

	if (null < 0)
		return err_sys(e, "open /dev/null");
	if (fstat(null, &st) < 0)
		return err_sys(e, "stat /dev/null");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		return err_set(e, ERR_VERIFY, "/dev/null is no null device");
	return mount_clone(
		null, false,
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, e);
}

static int new_empty(const struct child *c, struct err *e)
{
	char options[80];

	/* as container root's: the caller's own id is nobody's business */
	snprintf(options, sizeof(options), MASK_OPTIONS ",uid=%u,gid=%u",
		 c->owner, c->owner);
	return mount_new_in(c->context, "tmpfs", options,
			    MOUNT_ATTR_RDONLY | PLAIN_ATTR | MOUNT_ATTR_NOEXEC,
			    e);
}

/* One cover serves all: the first is it, the others are clones (a clone needs
 * an attached mount before Linux 6.15). */
static int cover(struct child *c, bool directory, struct err *e)
{
	int *first = directory ? &c->empty : &c->null;

	if (*first >= 0)
		return mount_clone(*first, false, 0, e);
	*first = directory ? new_empty(c, e) : new_null(e);
	return *first;
}

int step_mask(struct child *c, const struct step *s, struct err *e)
{
	int target = open_covered(c, s->path.path, e);
	struct stat st;
	int mnt;

	if (target == -2)
		child_skip(c, s);
	if (target < 0)
		return target == -2 ? 0 : -1;
	if (fstat(target, &st) < 0)
		return err_sys(e, "stat %s", s->path.path);
	mnt = cover(c, S_ISDIR(st.st_mode), e);
	if (mnt < 0 || mount_attach(mnt, target, e) < 0)
		return err_prefix(e, "hide %s", s->path.path);
	return 0;
}

int step_pivot(struct child *c, const struct step *s, struct err *e)
{
	(void)s;
	return pivot_commit(c->root, c->stages, e);
}
