/*
 * cgroup.h - limits as files of a cgroup: which of them, with which value, by
 * which controller. Pure; for the flags of run, for linux.resources of a
 * bundle, and for changes while it runs.
 */
#ifndef PLAN_CGROUP_H
#define PLAN_CGROUP_H

#include "immure/cgroup.h"
#include "immure/err.h"
#include "immure/host.h"

/* What delegates every controller to a user, in one line of shell. */
#define CGROUP_DROP_IN                                                         \
	"sudo mkdir -p /etc/systemd/system/user@.service.d && printf "         \
	"'[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee "      \
	"/etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl " \
	"daemon-reload, then log in again"

/*
 * Appends FILE=VALUE settings (as kernel/cgroup.h takes them) to *set, and to
 * *controllers those that they need and that are not in it yet (both strv).
 * mode: CGROUP_V2, or CGROUP_V1 for the controllers of version 1, also where
 * version 2 is mounted beside. ERR_USAGE: a limit out of range, or that this
 * version does not have.
 */
int cgroup_settings(const struct cgroup_limits *l, enum cgroup_mode mode,
		    char ***set, char ***controllers, struct err *e);
/*
 * What of a starting container is not said, and yet is so: no swap beyond what
 * is asked for; on version 2 all of it ends when memory is out.
 */
void cgroup_settings_default(const struct cgroup_limits *l,
			     enum cgroup_mode mode, char ***set);
/* Is anything of it asked? */
bool cgroup_limits_any(const struct cgroup_limits *l);

/* Is it the name of a slice of systemd's? */
bool cgroup_is_slice(const char *name);

#endif
