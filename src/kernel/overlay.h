/*
 * overlay.h - overlayfs in a user namespace (userxattr; Linux 5.11). Layers
 * are given as descriptors from Linux 6.13 on; on older kernels they are
 * first bound below the tmpfs under one-letter names, never by their path.
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
	int upper, work;  /* directories; -1: read-only overlay */
	bool is_volatile; /* no fsync of the upper layer */
	uint64_t attr;
};
/* A detached mount, or -1. */
int overlay_mount(const struct overlay *o, struct err *e);

#endif
