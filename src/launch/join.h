/*
 * join.h - the namespaces that are there already: the parent enters them for
 * the moment of the clone, so that the child is born in them, and goes back.
 */
#ifndef LAUNCH_JOIN_H
#define LAUNCH_JOIN_H

#include "immure/err.h"
#include "immure/plan.h"

/* The way back. */
struct joined {
	int n;
	int fds[8]; /* the caller's own namespaces */
};

/* Enters every JOIN of the plan. `proc`: the host's /proc. On failure the
 * caller is where it was. */
int join_enter(const struct plan *p, int proc, struct joined *ret,
	       struct err *e);
/* Goes back. A failure leaves the caller fit for nothing. */
int join_leave(struct joined *j, struct err *e);

#endif
