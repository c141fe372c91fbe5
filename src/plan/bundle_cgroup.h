/*
 * bundle_cgroup.h - the cgroup of a container from a bundle: where, by
 * cgroupsPath and the engine's choice of a driver, and with what. Pure.
 */
#ifndef PLAN_BUNDLE_CGROUP_H
#define PLAN_BUNDLE_CGROUP_H

#include <stdbool.h>
#include "immure/cgroup.h"
#include "immure/err.h"
#include "immure/host.h"

struct bundle_cgroup {
	const struct cgroup_limits *limits; /* linux.resources */
	const char *path;		    /* linux.cgroupsPath, or NULL */
	const char *id;			    /* of the container */
	bool systemd;			    /* --systemd-cgroup */
	/* it is, or we are, in a user namespace: devices of the host cannot be
	 * made there, and which may be opened is not the cgroup's matter */
	bool userns;
};

/*
 * `h` with probe_cgroups done. *ret NULL: none of its own, as nothing was
 * asked, and none could be had. Otherwise heap (cgroup_ask_done, free).
 * ERR_HOST names the controller that a limit lacks.
 */
int bundle_cgroup_resolve(const struct bundle_cgroup *b, const struct host *h,
			  struct cgroup_ask **ret, struct err *e);

#endif
