/*
 * idjob.h - runs a program of ours in the caller's id space with nothing
 * else: new user (mapped), mount, pid, net, ipc, uts namespaces; chosen fds
 * and trees only; empty environment; dies with its parent. For workers that
 * must own files of subordinate ids (immure-image).
 */
#ifndef KERNEL_IDJOB_H
#define KERNEL_IDJOB_H

#include <stdbool.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/host.h"

#define IDJOB_FDS   8
#define IDJOB_TREES 2

/* A directory that the worker gets as a detached mount of its own: nodev,
 * nosuid, noexec, and ".." ends there. */
struct idjob_tree {
	const char *path;
	bool writable;
};
struct idjob {
	const char *path; /* absolute */
	char *const *argv;
	int fds[IDJOB_FDS]; /* become 0, 1, 2, …; -1: /dev/null */
	int n_fds;
	struct idjob_tree trees[IDJOB_TREES]; /* become n_fds, n_fds + 1 */
	int n_trees;
};
/* True when this user has no subordinate ids, or no newuidmap: the id space
 * has only id 0 then, and every file belongs to the user. */
bool idjob_is_single(const struct host *h);
/* The host uid and gid that id 0 of the space stands for: the user, except
 * for root (see base/idspace.h). */
int idjob_owner(const struct host *h, uid_t *ret_uid, gid_t *ret_gid,
		struct err *e);
/* The pid of the worker (1 in its own pid namespace), or -1. Wait for it with
 * spawn_wait. */
pid_t idjob_start(const struct host *h, const struct idjob *j, struct err *e);

#endif
