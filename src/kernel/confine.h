/*
 * confine.h - a process confines itself for good: what every worker that
 * reads hostile bytes does before the first of them. no_new_privs, rlimits,
 * Landlock (only the named directory, or nothing), a seccomp allow-list,
 * no core, not dumpable. Any program may use it.
 */
#ifndef KERNEL_CONFINE_H
#define KERNEL_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"

struct confine {
	int writable_dir;     /* fd of the one tree it may change, or -1 */
	int readable_dir;     /* fd of a tree it may also read, or -1 */
	const char *const *syscalls; /* names; NULL-terminated allow-list */
	uint64_t max_memory;  /* RLIMIT_AS bytes, 0: leave */
	uint64_t max_file;    /* RLIMIT_FSIZE bytes, 0: leave */
	uint64_t max_cpu;     /* RLIMIT_CPU seconds, 0: leave */
	uint64_t max_fds;     /* RLIMIT_NOFILE, 0: leave */
};
/* 0, or -1 with *e: the caller must not go on then. */
int confine_self(const struct confine *c, struct err *e);

#endif
