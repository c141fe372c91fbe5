/*
 * overlay.c - one overlayfs mount from descriptors.
 */
#include "kernel/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/mount.h"

#ifndef FSCONFIG_SET_FD
#define FSCONFIG_SET_FD 5
#endif

static int set_fd(int fs, const char *key, int fd, struct err *e)
{
	if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_FD, key, NULL, fd) < 0)
		return err_sys(e, "overlay %s", key);
	return 0;
}

static int set_flag(int fs, const char *key, struct err *e)
{
	if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, key, NULL, 0) < 0)
		return err_sys(e, "overlay option %s", key);
	return 0;
}

static int configure(int fs, const struct overlay *o, struct err *e)
{
	if (set_flag(fs, "userxattr", e) < 0)
		return -1;
	if (o->context && syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING,
				  "context", o->context, 0) < 0)
		return err_sys(e, "overlay context=%s", o->context);
	for (size_t i = o->n_lower; i-- > 0;) /* topmost first */
		if (set_fd(fs, "lowerdir+", o->lower[i], e) < 0)
			return -1;
	if (o->upper < 0)
		return 0;
	if (set_fd(fs, "upperdir", o->upper, e) < 0 ||
	    set_fd(fs, "workdir", o->work, e) < 0)
		return -1;
	return o->is_volatile ? set_flag(fs, "volatile", e) : 0;
}

int overlay_mount(const struct overlay *o, struct err *e)
{
	auto_fd fs = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
	int mnt;

	if (fs < 0)
		return err_sys(e, "open a new overlay");
	if (configure(fs, o, e) < 0)
		return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return err_sys(e, "create the overlay");
	mnt = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, o->attr);
	if (mnt < 0)
		return err_sys(e, "mount the overlay");
	return mnt;
}

/* ---- before Linux 6.15 ---- */

/* Attaches a detached mount on stage/name. */
static int put_below(int stage, const char *name, int mnt, struct err *e)
{
	auto_fd dir = -1;

	if (mkdirat(stage, name, 0755) < 0)
		return err_sys(e, "make %s for a layer", name);
	dir = path_open(stage, name, PATH_STRICT, O_PATH | O_DIRECTORY, 0);
	if (dir < 0)
		return err_sys(e, "open %s for a layer", name);
	return mount_attach(mnt, dir, e);
}

/* "userxattr,lowerdir=1:0,upperdir=w/upper,workdir=w/work" */
static int staged_options(const struct overlay *o, char *ret, size_t size,
			  struct err *e)
{
	size_t n = (size_t)snprintf(ret, size, "userxattr,lowerdir=");

	for (size_t i = o->n_lower; i-- > 0 && n < size;)
		n += (size_t)snprintf(ret + n, size - n, "%zu%s", i,
				      i ? ":" : "");
	if (n < size && o->writes >= 0)
		n += (size_t)snprintf(ret + n, size - n,
				      ",upperdir=w/upper,workdir=w/work%s",
				      o->is_volatile ? ",volatile" : "");
	if (n < size && o->context) /* quoted: it holds commas */
		n += (size_t)snprintf(ret + n, size - n, ",context=\"%s\"",
				      o->context);
	if (n >= size)
		return err_set(e, ERR_LIMIT, "%zu layers are too many",
			       o->n_lower);
	return 0;
}

int overlay_mount_staged(const struct overlay *o, int stage, struct err *e)
{
	char name[24], options[1024];
	int root;

	if (staged_options(o, options, sizeof(options), e) < 0)
		return -1;
	for (size_t i = 0; i < o->n_lower; i++) {
		snprintf(name, sizeof(name), "%zu", i);
		if (put_below(stage, name, o->lower[i], e) < 0)
			return -1;
	}
	if (o->writes >= 0 && put_below(stage, "w", o->writes, e) < 0)
		return -1;
	if (mkdirat(stage, "m", 0755) < 0 || fchdir(stage) < 0)
		return err_sys(e, "enter the stage of the overlay");
	if (mount("overlay", "m", "overlay", MS_NOSUID | MS_NODEV, options) < 0)
		return err_sys(e, "mount the overlay");
	root = path_open(stage, "m", PATH_BENEATH, O_PATH | O_DIRECTORY, 0);
	if (root < 0)
		return err_sys(e, "open the overlay");
	return root;
}
