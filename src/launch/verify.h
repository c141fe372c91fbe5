/*
 * verify.h - what the kernel reports of the child, read from outside and
 * compared with the plan (R36). A difference is ERR_VERIFY: no start.
 */
#ifndef LAUNCH_VERIFY_H
#define LAUNCH_VERIFY_H

#include <stdint.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/plan.h"
#include "launch/report.h"

/* Right after clone: every namespace of `flags` differs from ours. `proc` is
 * the host's /proc. */
int verify_namespaces(int proc, pid_t pid, uint64_t flags, struct report *r,
		      struct err *e);
/* Every namespace that was to be joined is the child's. */
int verify_joins(const struct plan *p, int proc, pid_t pid, struct err *e);
/* The child's number in the procfs that it sends: that of its own pid
 * namespace. -1 with *e. */
pid_t verify_own_pid(const struct plan *p, int proc, pid_t pid, struct err *e);
struct verify {
	const struct plan *plan;
	int host; /* the host's /proc */
	int proc; /* the child's, and its number there */
	pid_t pid;
	const uint8_t *skipped; /* one bit a step whose path was not there */
};
/* At VERIFY: ids, maps, capabilities, filters, limits, mounts. */
int verify_child(const struct verify *v, struct report *r, struct err *e);
/* verify_mounts.c: the text of /proc/PID/mountinfo against the plan. Pure. */
int verify_mounts(const struct plan *p, char *mountinfo, const uint8_t *skipped,
		  struct report *r, struct err *e);
/* verify_status.c: the text of /proc/PID/status and limits. Pure. */
int verify_status(const struct plan *p, const char *status,
		  int inherited_filters, struct report *r, struct err *e);
int verify_limits(const struct plan *p, const char *limits, struct err *e);
/* The host id of an id of the sandbox: through both maps; -1: none. */
int64_t verify_host_id(const struct plan *p, uint32_t inside, int is_gid);

#endif
