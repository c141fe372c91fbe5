/*
 * resolve_clash.c - flags that say opposite things: an error that names both,
 * never a silent winner. Every front end gets the same answer here.
 */
#include "plan/resolve_parts.h"

#include <string.h>

#include "plan/cgroup.h"

static bool is(const char *value, const char *word)
{
	return value && strcmp(value, word) == 0;
}

static bool is_other(const char *value, const char *word)
{
	return value && strcmp(value, word) != 0;
}

int resolve_clashes(const struct request *r, struct err *e)
{
	bool priv = r->privileged;
	const struct {
		bool both;
		const char *a, *b, *why;
	} rows[] = {
		{ priv && is_other(r->caps, "all"), "--privileged", "--caps",
		  "privileged is all capabilities" },
		{ priv && r->cap_drop, "--privileged", "--cap-drop",
		  "privileged is all capabilities" },
		{ priv && r->no_new_privs == YES, "--privileged",
		  "--security-opt no-new-privileges",
		  "privileged turns it off" },
		{ priv && is_other(r->seccomp, "unconfined"), "--privileged",
		  "--security-opt seccomp", "privileged has no filter" },
		{ priv && is_other(r->landlock, "off"), "--privileged",
		  "--security-opt landlock", "privileged turns it off" },
		{ priv && is_other(r->apparmor, "unconfined"), "--privileged",
		  "--security-opt apparmor", "privileged turns it off" },
		{ priv && is_other(r->selinux, "unconfined"), "--privileged",
		  "--security-opt label", "privileged turns it off" },
		{ r->keep && r->read_only, "--keep", "--read-only",
		  "nothing is written that could be kept" },
		{ r->keep && r->root_size, "--keep", "--storage-size",
		  "only a root in memory has a size" },
		{ is(r->uts, "host") && r->hostname, "--uts=host", "--hostname",
		  "the host's name cannot be set" },
		{ is(r->pid, "host") && r->init == YES, "--pid=host", "--init",
		  "the host has its own process 1" },
		{ is(r->cgroups, "disabled") && cgroup_limits_any(&r->limits),
		  "--cgroups=disabled", "a limit by cgroup",
		  "without one it does not hold" },
		{ is(r->cgroups, "disabled") && r->cgroup_parent,
		  "--cgroups=disabled", "--cgroup-parent", "none is made" },
		{ r->userns && r->uidmap, "--userns", "--uidmap",
		  "both say which ids exist" },
		{ r->userns && r->gidmap, "--userns", "--gidmap",
		  "both say which ids exist" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].both)
			return err_set(e, ERR_USAGE,
				       "%s and %s contradict each other: %s",
				       rows[i].a, rows[i].b, rows[i].why);
	return 0;
}
