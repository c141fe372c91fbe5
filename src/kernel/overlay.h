/*
 * overlay.h - overlayfs in a user namespace (userxattr; Linux 5.11), from
 * descriptors. From Linux 6.15 on everything may be detached; older kernels
 * take layers by path only: there they lie below a tmpfs of our own, under
 * one-letter names relative to the working directory (overlay_mount_staged).
 */
#ifndef KERNEL_OVERLAY_H
#define KERNEL_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"

struct overlay {
	const int *lower; /* O_PATH directories, lowest first */
	size_t n_lower;
	int upper, work;     /* directories; -1: read-only overlay */
	int writes;	     /* staged: the mount that holds upper/ and work/ */
	bool is_volatile;    /* no fsync of the upper layer */
	const char *context; /* SELinux's, of all that is in it; or NULL */
	uint64_t attr;
};
/* A detached mount, or -1. */
int overlay_mount(const struct overlay *o, struct err *e);

/*
 * The same on an older kernel. `stage` is an attached tmpfs that is ours
 * alone; layers, upper and work must be detached mounts or directories below
 * it. Changes the working directory. The root of the attached overlay
 * (O_PATH), or -1.
 */
int overlay_mount_staged(const struct overlay *o, int stage, struct err *e);

#endif
