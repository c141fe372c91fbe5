/*
 * join.h - the namespaces that are there already: the parent enters them for
 * the moment of the clone, so that the child is born in them, and goes back.
 */
#ifndef LAUNCH_JOIN_H
#define LAUNCH_JOIN_H

#include <stdbool.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/plan.h"

/* The way back. */
struct joined {
	int n;
	int fds[8]; /* the caller's own namespaces */
};

/* Does it join what nobody comes back from? Then a process of its own does
 * that: join_clone. */
bool join_is_final(const struct plan *p);
/* Can we come back from all that it joins? Not where our own is of a user
 * namespace above ours, as an engine without privileges has it. */
bool join_has_way_back(const struct plan *p, int proc);
/*
 * A child of ours in every joined namespace and in new ones (`flags`), which
 * runs fn(arg); nobody of the container can look into it. As ns_clone, -1 with
 * *e.
 */
struct join_child {
	uint64_t flags;
	void (*fn)(void *arg);
	void *arg;
	int *ret_pidfd;
};
pid_t join_clone(const struct plan *p, const struct join_child *c,
		 struct err *e);

/* Who is closed to the root of the user namespace that it joins may not write
 * to its own /proc either: of what the plan asks for there, what we may. */
void join_set_oom(const struct plan *p, int proc, pid_t pid);

/* Enters every JOIN of the plan. `proc`: the host's /proc. On failure the
 * caller is where it was. */
int join_enter(const struct plan *p, int proc, struct joined *ret,
	       struct err *e);
/* Goes back. A failure leaves the caller fit for nothing. */
int join_leave(struct joined *j, struct err *e);

#endif
