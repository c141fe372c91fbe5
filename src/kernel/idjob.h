/*
 * idjob.h - runs a program of ours in the caller's id space with nothing
 * else: new user (mapped), mount, pid, net, ipc, uts namespaces; chosen fds
 * only; empty environment; dies with its parent. For workers that must own
 * files of subordinate ids (immure-image).
 */
#ifndef KERNEL_IDJOB_H
#define KERNEL_IDJOB_H

#include <sys/types.h>
#include "immure/err.h"
#include "immure/host.h"

struct idjob {
	const char *path;    /* absolute */
	char *const *argv;
	int fds[8];	     /* become 0, 1, 2, …; -1: /dev/null */
	int n_fds;
};
/* The pid of the worker (its own pid 1), or -1. Wait with spawn_wait. */
pid_t idjob_start(const struct host *h, const struct idjob *j, struct err *e);

#endif
