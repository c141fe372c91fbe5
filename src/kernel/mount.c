/*
 * mount.c - the mount calls by descriptor. Where the caller's paths lead is
 * base/path's business; what a mount is for, launch's.
 */
#include "kernel/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"

int mount_private(struct err *e)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_sys(e, "make all mounts private");
	return 0;
}

int mount_slave(struct err *e)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_sys(e, "make all mounts slaves");
	return 0;
}

static int set_option(int fs, const char *type, char *option, struct err *e)
{
	char *value = strchr(option, '=');
	long r;

	if (value)
		*value++ = '\0';
	r = syscall(SYS_fsconfig, fs,
		    value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, option,
		    value, 0);
	if (r < 0)
		return err_sys(e, "%s option %s%s%s", type, option,
			       value ? "=" : "", value ? value : "");
	return 0;
}

static int set_options(int fs, const char *type, const char *options,
		       struct err *e)
{
	char copy[512], *next, *option;

	if (strlen(options) >= sizeof(copy))
		return err_set(e, ERR_INPUT, "%s options longer than %zu bytes",
			       type, sizeof(copy) - 1);
	strcpy(copy, options);
	for (next = copy; (option = strsep(&next, ","));)
		if (*option && set_option(fs, type, option, e) < 0)
			return -1;
	return 0;
}

/* The others take none in a user namespace, and label by themselves. */
static bool takes_context(const char *type)
{
	return !strcmp(type, "tmpfs") || !strcmp(type, "devpts");
}

static int set_context(int fs, const char *type, const char *context,
		       struct err *e)
{
	if (!context || !takes_context(type))
		return 0;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "context", context,
		    0) < 0)
		return err_sys(e, "%s option context=%s", type, context);
	return 0;
}

int mount_new(const char *type, const char *options, uint64_t attr,
	      struct err *e)
{
	return mount_new_in(NULL, type, options, attr, e);
}

int mount_new_in(const char *context, const char *type, const char *options,
		 uint64_t attr, struct err *e)
{
	auto_fd fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	int mnt;

	if (fs < 0)
		return err_sys(e, "open a new %s", type);
	if ((options && set_options(fs, type, options, e) < 0) ||
	    set_context(fs, type, context, e) < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return err_sys(e, "create a new %s", type);
	mnt = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attr);
	if (mnt < 0)
		return err_sys(e, "mount a new %s", type);
	return mnt;
}

int mount_attach(int mnt, int target, struct err *e)
{
	if (syscall(SYS_move_mount, mnt, "", target, "",
		    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return errno == EINVAL || errno == ENOTDIR
			       ? err_sys(e, "attach: a file can only cover a "
					    "file, a directory a directory, "
					    "and nothing a symbolic link")
			       : err_sys(e, "attach a mount");
	return 0;
}

int mount_set_attr(int fd, uint64_t attr, bool recursive, struct err *e)
{
	struct mount_attr a = { .attr_set = attr };
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

	if (syscall(SYS_mount_setattr, fd, "", flags, &a, sizeof(a)) < 0)
		return err_sys(e, "set mount attributes 0x%llx",
			       (unsigned long long)attr);
	return 0;
}

int mount_change(int fd, const struct mount_change *c, bool recursive,
		 struct err *e)
{
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
	struct mount_attr a = { .attr_set = c->set,
				.attr_clr = c->clear,
				.propagation = c->spread };

	if (!c->set && !c->clear && !c->spread)
		return 0;
	/* the three ways of access times are one field: cleared as a whole */
	if ((c->set | c->clear) & MOUNT_ATTR__ATIME)
		a.attr_clr |= MOUNT_ATTR__ATIME;
	if (syscall(SYS_mount_setattr, fd, "", flags, &a, sizeof(a)) < 0)
		return err_sys(e,
			       "change a mount (set 0x%llx, clear 0x%llx, "
			       "propagation 0x%llx)",
			       (unsigned long long)c->set,
			       (unsigned long long)c->clear,
			       (unsigned long long)c->spread);
	return 0;
}

int mount_idmap(int mnt, int userns, bool recursive, struct err *e)
{
	struct mount_attr a = { .attr_set = MOUNT_ATTR_IDMAP,
				.userns_fd = (uint64_t)userns };

	if (syscall(SYS_mount_setattr, mnt, "",
		    AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &a,
		    sizeof(a)) < 0)
		return err_sys(e, "map the owners of a mount (its filesystem "
				  "may not know how)");
	return 0;
}

int mount_clone(int fd, bool recursive, uint64_t attr, struct err *e)
{
	auto_fd mnt = (int)syscall(SYS_open_tree, fd, "",
				   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
					   AT_EMPTY_PATH |
					   (recursive ? AT_RECURSIVE : 0));

	/* mounts that came with the namespace are locked to what they cover */
	if (mnt < 0 && errno == EINVAL && !recursive)
		return err_sys(e, "clone a mount: other mounts lie below it, "
				  "and they can only come along");
	if (mnt < 0)
		return err_sys(e, "clone a mount");
	if (attr && mount_set_attr(mnt, attr, recursive, e) < 0)
		return -1;
	return TAKE_FD(mnt);
}

int mount_open_source(const char *path, const struct object_id *id,
		      struct stat *ret_st, struct err *e)
{
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST, O_PATH, 0);
	struct stat st;

	if (fd < 0)
		return err_sys(e, "open %s", path);
	if (fstat(fd, &st) < 0)
		return err_sys(e, "stat %s", path);
	if ((id->dev || id->ino) &&
	    (st.st_dev != id->dev || st.st_ino != id->ino))
		return err_set(e, ERR_VERIFY,
			       "%s is not the object that was judged: it was "
			       "replaced since; run again",
			       path);
	if (ret_st)
		*ret_st = st;
	return TAKE_FD(fd);
}
