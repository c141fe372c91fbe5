/*
 * landlock.h - Landlock rule sets (landlock(7)), raw calls.
 */
#ifndef KERNEL_LANDLOCK_H
#define KERNEL_LANDLOCK_H

#include <stdint.h>
#include "immure/err.h"

/* The ABI of this kernel; 0 when Landlock is not there or not enabled. */
int landlock_abi(void);
/* A rule set that handles these rights. An fd, or -1. */
int landlock_new(uint64_t fs, uint64_t net, uint64_t scope, struct err *e);
/* Allows `access` below what `path_fd` (O_PATH) refers to. */
int landlock_allow(int ruleset, int path_fd, uint64_t access, struct err *e);
/*
 * Restricts this process for good, then proves it: a file on a filesystem
 * that no rule names (`probe`, a detached mount) can no longer be opened.
 */
int landlock_enter(int ruleset, int probe, struct err *e);

#endif
