/*
 * cgroup.h - the step `cgroup`: made before the child, which starts in it (or
 * is moved there while it waits), compared at VERIFY, gone afterwards.
 */
#ifndef LAUNCH_CGROUP_H
#define LAUNCH_CGROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/plan.h"
#include "launch/launch.h"

struct launch_cgroup;

/* Of the plan's step; without one *ret is NULL. Limits are set. */
int launch_cgroup_make(const struct plan *p, const struct launch_order *o,
		       struct launch_cgroup **ret, struct err *e);
/* For ns_clone_into; -1: it is entered by launch_cgroup_enter, or there is
 * none. */
int launch_cgroup_fd(const struct launch_cgroup *c);
/* The child is in it afterwards, and its limits are set. NULL: nothing to do.
 */
int launch_cgroup_enter(struct launch_cgroup *c, pid_t pid, struct err *e);
/* The step `incgroup`: a child moves into a cgroup that is there. */
int launch_cgroup_join(char *const *lines, pid_t pid, struct err *e);
/* Is the child still in it, and are the limits what the plan says? */
int launch_cgroup_verify(const struct launch_cgroup *c, pid_t pid,
			 struct err *e);
/* Ends everything in it and removes it; as far as that goes. Takes NULL. */
void launch_cgroup_abort(struct launch_cgroup *c);
/*
 * The same after a run, and says how often the kernel ended a process for lack
 * of memory. *c is gone in any case.
 */
int launch_cgroup_end(struct launch_cgroup *c, uint64_t *ret_oom_kills,
		      struct err *e);
/* The lines by which it is found again; the lock on it is kept by nobody any
 * more. For containers that outlive their launcher. strv; NULL: none. */
char **launch_cgroup_leave(struct launch_cgroup *c);

#endif
