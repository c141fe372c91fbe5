/*
 * cgroup_control.h - what a front end does with the cgroup of a container that
 * is there. `lines` (strv) are those that launch_cgroup_leave gave when it was
 * made, as they stand in the container's state. All are 0 or -1; ERR_MISSING:
 * it is gone; no lines: ERR_HOST, the container has no cgroup of its own.
 */
#ifndef ENGINE_CGROUP_CONTROL_H
#define ENGINE_CGROUP_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "immure/cgroup.h"
#include "immure/err.h"

/* All of it stands still (runs) afterwards, or after ten seconds ERR_TIMEOUT.
 */
int engine_cgroup_freeze(char *const *lines, bool frozen, struct err *e);
int engine_cgroup_is_frozen(char *const *lines, bool *ret, struct err *e);
/* What is not said in `l` stays. Compared with what the kernel then reports. */
int engine_cgroup_update(char *const *lines, const struct cgroup_limits *l,
			 struct err *e);
int engine_cgroup_stat(char *const *lines, struct cgroup_stat *ret,
		       struct err *e);
/* All processes in it and below; heap. */
int engine_cgroup_pids(char *const *lines, pid_t **ret, size_t *ret_n,
		       struct err *e);
int engine_cgroup_signal(char *const *lines, int sig, struct err *e);
/* Ends everything in it, frozen or not, and removes it. Gone already, or no
 * lines: 0. */
int engine_cgroup_end(char *const *lines, struct err *e);

#endif
