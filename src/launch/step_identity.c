/*
 * step_identity.c - who and where the sandbox is: its network and names, its
 * user namespace, its ids and capabilities.
 *
 * Should: set each value and read it back.
 * Must not: keep a right that the plan does not name.
 */
#include "launch/child.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/strv.h"
#include "kernel/caps.h"
#include "kernel/idmap.h"
#include "kernel/ids.h"
#include "kernel/keyring.h"
#include "kernel/netns.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"
#include "kernel/seccomp.h"
#include "kernel/tty.h"

/* Would the planned filters deny every call that reaches a keyring? */
static bool denies_keys(const struct plan *p)
{
	struct blob filters[SECCOMP_STACK_MAX];
	size_t n = 0;

	plan_foreach (s, p) {
		if (s->op == OP_SECCOMP && n < SECCOMP_STACK_MAX)
			filters[n++] = s->seccomp.filter;
		/* answered by the monitor, which goes by the profile */
		if (s->op == OP_RECORD && s->record.mode == RECORD_DENY)
			filters[n++] = s->record.judge;
	}
	return seccomp_denies_keys(filters, n);
}

int step_keyring(struct child *c, const struct step *s, struct err *e)
{
	bool full;

	(void)s;
	if (keyring_new_session(&full, e) < 0)
		return -1;
	if (full && !denies_keys(c->plan))
		return err_set(e, ERR_HOST,
			       "no room for another session keyring (about "
			       "200 a user), and the filter allows the key "
			       "calls: end some sandboxes, or keep the "
			       "default seccomp profile");
	return 0; /* full, but no key call gets through (R21) */
}

/* The namespace begins at the cgroup that we are in now: all of our own paths
 * are the root. */
int step_cgroupns(struct child *c, const struct step *s, struct err *e)
{
	char path[32], text[4096], *line = text;

	(void)s;
	if (unshare(CLONE_NEWCGROUP) < 0)
		return err_sys(e, "a cgroup namespace of its own");
	snprintf(path, sizeof(path), "%d/cgroup", (int)getpid());
	if (procfs_read_all(c->proc, path, text, sizeof(text), e) < 0)
		return -1;
	while (*line) {
		char *end = strchr(line, '\n');

		if (!end || end - line < 2 || end[-1] != '/' || end[-2] != ':')
			return err_set(e, ERR_VERIFY,
				       "its cgroup is not the root of its "
				       "cgroup namespace: %.100s",
				       line);
		line = end + 1;
	}
	return 0;
}

/* Made, set, and only then entered: unshare(2) alone has it for our children,
 * and nobody may be in it before. time_namespaces(7). */
int step_timens(struct child *c, const struct step *s, struct err *e)
{
	char path[48], text[160] = "";
	size_t n = 0;
	pid_t pid = procfs_own_pid(c->proc, e);

	if (pid < 0)
		return -1;
	if (unshare(CLONE_NEWTIME) < 0)
		return err_sys(e, "a time namespace of its own");
	strv_foreach (clock, s->timens.clocks)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
				      n ? "\n" : "", *clock);
	snprintf(path, sizeof(path), "%d/timens_offsets", (int)pid);
	if (procfs_set(c->proc, path, text, e) < 0)
		return -1;
	snprintf(path, sizeof(path), "%d/ns/time_for_children", (int)pid);
	auto_fd ns = ns_open(c->proc, path, CLONE_NEWTIME, e);
	if (ns < 0)
		return -1;
	return setns(ns, CLONE_NEWTIME) < 0
		       ? err_sys(e, "enter the time namespace")
		       : 0;
}

int step_loopback(struct child *c, const struct step *s, struct err *e)
{
	(void)c, (void)s;
	return netns_loopback_up(e);
}

int step_hostname(struct child *c, const struct step *s, struct err *e)
{
	struct utsname u;

	(void)c;
	if (sethostname(s->hostname.name, strlen(s->hostname.name)) < 0)
		return err_sys(e, "set the host name to %s", s->hostname.name);
	memset(&u, 0, sizeof(u));
	if (uname(&u) < 0)
		return err_sys(e, "uname");
	if (strcmp(u.nodename, s->hostname.name) != 0)
		return err_set(e, ERR_VERIFY, "the host name is %s, not %s",
			       u.nodename, s->hostname.name);
	return 0;
}

/* net.ipv4.ip_forward -> sys/net/ipv4/ip_forward */
int step_sysctl(struct child *c, const struct step *s, struct err *e)
{
	char path[256];
	int n = snprintf(path, sizeof(path), "sys/%s", s->sysctl.name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, ERR_INPUT, "sysctl name %s is too long",
			       s->sysctl.name);
	for (char *p = path; *p; p++)
		if (*p == '.')
			*p = '/';
	return procfs_set(c->proc, path, s->sysctl.value, e);
}

int step_nslimit(struct child *c, const struct step *s, struct err *e)
{
	char value[24];

	snprintf(value, sizeof(value), "%" PRIu64, s->nslimit.value);
	return procfs_set(c->proc, "sys/user/max_user_namespaces", value, e);
}

int step_userns(struct child *c, const struct step *s, struct err *e)
{
	const struct step *outer = plan_find(c->plan, OP_IDMAP);
	const struct idmap m = {
		.uids = &s->userns.uids,
		.gids = &s->userns.gids,
		.setgroups = !outer || outer->idmap.setgroups,
	};

	return idmap_enter(c->proc, &m, e);
}

int step_session(struct child *c, const struct step *s, struct err *e)
{
	pid_t pid = getpid();

	(void)s;
	if (setsid() < 0 || getsid(0) != pid)
		return err_sys(e, "start a session of its own");
	return c->pty >= 0 ? tty_take(c->pty, e) : 0;
}

int step_bounding(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return caps_set_bounding(s->caps.set, e);
}

int step_ids(struct child *c, const struct step *s, struct err *e)
{
	const struct ids i = {
		.uid = s->ids.uid,
		.gid = s->ids.gid,
		.groups = s->ids.groups,
		.n_groups = s->ids.n_groups,
		.set_groups = s->ids.set_groups,
	};

	(void)c;
	/* The kept set for uid 0 is cut down by CAPS; other uids lose all. */
	return ids_set(&i, e);
}

int step_caps(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return caps_set(s->caps.set, e);
}
