/*
 * overlay.c - one overlayfs mount from descriptors.
 */
#include "kernel/overlay.h"

#include <errno.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#ifndef FSCONFIG_SET_FD
#define FSCONFIG_SET_FD 5
#endif

static int set_fd(int fs, const char *key, int fd, struct err *e)
{
	if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_FD, key, NULL, fd) == 0)
		return 0;
	if (errno == EINVAL)
		return err_set(e, ERR_HOST,
			       "overlayfs does not take %s as a descriptor: "
			       "Linux 6.13 or newer is needed for images",
			       key);
	return err_sys(e, "overlay %s", key);
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
