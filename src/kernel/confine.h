/*
 * confine.h - a process confines itself for good: what every worker that
 * reads hostile bytes does before the first of them. no_new_privs, rlimits,
 * capabilities, Landlock (only the named directories, or nothing), a seccomp
 * allow-list that kills, no core, not dumpable. Any program may use it.
 */
#ifndef KERNEL_CONFINE_H
#define KERNEL_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"

struct confine {
	int writable_dir; /* fd of the one tree it may change, or -1 */
	int readable_dir; /* fd of a tree it may also read, or -1 */
	/* A directory that must be out of reach afterwards, which proves that
	 * Landlock holds; -1: the root directory. */
	int probe;
	bool landlock_optional; /* a kernel without it will do: the process
				 * has other walls around its files */
	uint64_t caps;		/* capabilities to keep, 1 << CAP_X each */
	/* Names; NULL-terminated allow-list, beside what every program needs
	 * (memory, time, reading and writing of open fds, exit). */
	const char *const *syscalls;
	uint64_t max_memory; /* RLIMIT_AS bytes, 0: leave */
	uint64_t max_file;   /* RLIMIT_FSIZE bytes, 0: leave */
	uint64_t max_cpu;    /* RLIMIT_CPU seconds, 0: leave */
	uint64_t max_fds;    /* RLIMIT_NOFILE, 0: leave */
};
#define CONFINE_INIT .writable_dir = -1, .readable_dir = -1, .probe = -1

/* 0, or -1 with *e: the caller must not go on then. */
int confine_self(const struct confine *c, struct err *e);

#endif
