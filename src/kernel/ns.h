/*
 * ns.h - namespaces: starting a child in new ones. clone(2), namespaces(7).
 */
#ifndef KERNEL_NS_H
#define KERNEL_NS_H

#include <stdint.h>
#include <sys/types.h>
#include "base/table.h"
#include "immure/err.h"
#include "immure/host.h"

/* One row a namespace: clone flag, name of its file in /proc/PID/ns. */
extern const struct word ns_table[];

/*
 * clone3(2) without CLONE_VM: returns 0 in the child, its pid in the parent,
 * -1 and errno. *ret_pidfd is written in the parent.
 */
pid_t ns_clone(uint64_t flags, int *ret_pidfd);
/* The same, in the cgroup of version 2 whose directory `cgroup` is (-1: in
 * ours); it is never anywhere else. */
pid_t ns_clone_into(int cgroup, uint64_t flags, int *ret_pidfd);
/* The same as a child of our own parent, who waits for it (CLONE_PARENT). */
pid_t ns_clone_sibling(uint64_t flags, int *ret_pidfd);
/*
 * A child that shares our memory and runs fn(arg) on a small stack of its
 * own; the caller is not stopped. Its pid, or -1 and errno. For helpers that
 * must stay behind in a namespace for a moment.
 */
pid_t ns_helper(int (*fn)(void *), void *arg, void *stack, size_t size);

/*
 * Opens the namespace of this kind (one CLONE_NEW* flag) that `path` names,
 * below the directory `dir` or absolute; another kind, or no namespace at
 * all, is ERR_INPUT. An fd, or -1.
 */
int ns_open(int dir, const char *path, uint64_t kind, struct err *e);
/* Which namespace that is. */
int ns_identify(const char *path, uint64_t kind, struct object_id *ret,
		struct err *e);
/* Which of this kind the caller is in. */
int ns_own(uint64_t kind, struct object_id *ret, struct err *e);

#endif
