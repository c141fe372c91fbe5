/*
 * mount.h - mounts by descriptor: fsopen(2), open_tree(2), move_mount(2),
 * mount_setattr(2) (Linux 5.12). No path string is ever mounted on (R3).
 * Nothing here allocates.
 */
#ifndef KERNEL_MOUNT_H
#define KERNEL_MOUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/mount.h>
#include "immure/err.h"
#include "immure/host.h"

/* Makes every mount of this namespace private, recursively. */
int mount_private(struct err *e);
/*
 * A new filesystem as a detached mount. `options` is "key=value,flag,…" (at
 * most 511 bytes) or NULL. An fd (O_CLOEXEC), or -1.
 */
int mount_new(const char *type, const char *options, uint64_t attr,
	      struct err *e);
/* The same, with SELinux's context of all that is in it; NULL: none. */
int mount_new_in(const char *context, const char *type, const char *options,
		 uint64_t attr, struct err *e);
/* Attaches detached mount `mnt` on what `target` (O_PATH) refers to. */
int mount_attach(int mnt, int target, struct err *e);
/* A detached clone of the tree at `fd`, with `attr` set on every mount. */
int mount_clone(int fd, bool recursive, uint64_t attr, struct err *e);
/* What mount_change does; `spread` is MS_PRIVATE … or 0. */
struct mount_change {
	uint64_t set, clear; /* MOUNT_ATTR_* */
	uint64_t spread;
};
/* On the mount at `fd`, and with `recursive` on those below. */
int mount_change(int fd, const struct mount_change *change, bool recursive,
		 struct err *e);
/* Makes every mount of this namespace a slave: mounts come, none go. */
int mount_slave(struct err *e);
int mount_set_attr(int fd, uint64_t attr, bool recursive, struct err *e);
/* Owners of files in a detached mount as the maps of a user namespace have
 * them; with those of the mounts below. Who may mount the filesystem may do it.
 */
int mount_idmap(int mnt, int userns, bool recursive, struct err *e);
/*
 * Opens a host path O_PATH (symlinks followed, magic links not) and checks
 * that it still is the object that was judged. -1: ERR_VERIFY when changed.
 */
struct stat;
/* (An id of zeros: made by the plan itself, which plan_check has seen to.) */
int mount_open_source(const char *path, const struct object_id *id,
		      struct stat *ret_st, struct err *e); /* NULL: no stat */

#endif
