/*
 * run_clash.c - pairs of flags that say opposite things: an error that names
 * both, never a silent winner.
 */
#include <string.h>
#include <strings.h>
#include "base/strv.h"
#include "base/table.h"
#include "cli/run_args.h"

static bool is(const char *value, const char *word)
{
	return value && !strcmp(value, word);
}

static bool is_other(const char *value, const char *word)
{
	return value && strcmp(value, word);
}

#define CLASH(name, expr)                                                      \
	static bool name(const struct run_args *a)                             \
	{                                                                      \
		return expr;                                                   \
	}

CLASH(rm_keep, a->rm == YES && a->r.keep)
CLASH(host_rootfs, a->host && a->r.rootfs)
CLASH(keep_read_only, a->r.keep && a->r.read_only)
CLASH(keep_size, a->r.keep && a->r.root_size)
CLASH(read_only_size, a->r.read_only && a->r.root_size)
CLASH(privileged_caps, a->r.privileged &&is_other(a->r.caps, "all"))
CLASH(privileged_drop, a->r.privileged && a->r.cap_drop)
CLASH(privileged_nnp, a->r.privileged && a->r.no_new_privs == YES)
CLASH(privileged_seccomp,
      a->r.privileged &&is_other(a->r.seccomp, "unconfined"))
CLASH(privileged_landlock, a->r.privileged &&is_other(a->r.landlock, "off"))
CLASH(privileged_apparmor,
      a->r.privileged &&is_other(a->r.apparmor, "unconfined"))
CLASH(privileged_label, a->r.privileged &&is_other(a->r.selinux, "unconfined"))
CLASH(uts_hostname, is(a->r.uts, "host") && a->r.hostname)
CLASH(pid_init, is(a->r.pid, "host") && a->r.init == YES)
CLASH(userns_uidmap, a->r.userns && a->r.uidmap)
CLASH(userns_gidmap, a->r.userns && a->r.gidmap)
CLASH(cpus_quota, a->cpus && a->r.limits.cpu_quota)
CLASH(cpus_period, a->cpus && a->r.limits.cpu_period)

/* The flags as in a message, when both are there, and why not. */
static const struct clash {
	const char *a, *b;
	bool (*both)(const struct run_args *a);
	const char *why;
} clashes[] = {
	{ "--rm", "--keep", rm_keep, "the container is removed, or kept" },
	{ "--host", "--rootfs", host_rootfs, "there is one root" },
	{ "--keep", "--read-only", keep_read_only,
	  "nothing is written that could be kept" },
	{ "--storage-size", "--keep", keep_size,
	  "only a root in memory has a size" },
	{ "--storage-size", "--read-only", read_only_size,
	  "nothing is written" },
	{ "--privileged", "--caps", privileged_caps,
	  "privileged is all capabilities" },
	{ "--privileged", "--cap-drop", privileged_drop,
	  "privileged is all capabilities; say --caps all --cap-drop" },
	{ "--privileged", "--security-opt no-new-privileges", privileged_nnp,
	  "privileged turns it off" },
	{ "--privileged", "--security-opt seccomp", privileged_seccomp,
	  "privileged has no filter" },
	{ "--privileged", "--security-opt landlock", privileged_landlock,
	  "privileged turns it off" },
	{ "--privileged", "--security-opt apparmor", privileged_apparmor,
	  "privileged turns it off" },
	{ "--privileged", "--security-opt label", privileged_label,
	  "privileged turns it off" },
	{ "--hostname", "--uts=host", uts_hostname,
	  "the host's name cannot be set" },
	{ "--init", "--pid=host", pid_init, "the host has its own process 1" },
	{ "--userns", "--uidmap", userns_uidmap, "both say which ids exist" },
	{ "--userns", "--gidmap", userns_gidmap, "both say which ids exist" },
	{ "--cpus", "--cpu-quota", cpus_quota, "both say how much time" },
	{ "--cpus", "--cpu-period", cpus_period, "--cpus has its own period" },
};

static const char *cap_name(const char *s)
{
	return strncasecmp(s, "CAP_", 4) ? s : s + 4;
}

/* ALL on one side and a name on the other is how exceptions are said. */
static int check_caps(const struct run_args *a, struct err *e)
{
	strv_foreach (add, a->r.cap_add)
		strv_foreach (drop, a->r.cap_drop) {
			if (strcasecmp(cap_name(*add), cap_name(*drop)))
				continue;
			return err_set(
				e, ERR_USAGE,
				"--cap-add %s and --cap-drop %s contradict "
				"each other",
				*add, *drop);
		}
	return 0;
}

static int check_targets(const struct run_args *a, struct err *e)
{
	const struct request_mount *m = a->r.mounts;
	size_t i, j;

	for (i = 0; i < a->r.n_mounts; i++)
		for (j = 0; j < i; j++)
			if (!strcmp(m[i].target, m[j].target))
				return err_set(
					e, ERR_USAGE,
					"two mounts at %s: %s and %s",
					m[i].target,
					m[j].source ? m[j].source : m[j].type,
					m[i].source ? m[i].source : m[i].type);
	return 0;
}

int run_args_check(const struct run_args *a, struct err *e)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clashes); i++)
		if (clashes[i].both(a))
			return err_set(e, ERR_USAGE,
				       "%s and %s contradict each other: %s",
				       clashes[i].a, clashes[i].b,
				       clashes[i].why);
	return check_caps(a, e) ? -1 : check_targets(a, e);
}
