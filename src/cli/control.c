/*
 * control.c - judges the probed host, one function a control.
 *
 * A control that the sandbox cannot do without is MISSING; one that only
 * makes it weaker, or only a later feature needs, is not.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/idspace.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/control.h"
#include "plan/context.h"

struct facts {
	const struct host *h;
	const struct host_trials *t;
};

static void say(struct control *c, enum control_level level, char *state,
		const char *effect)
{
	c->level = level;
	c->state = state;
	c->effect = xstrdup(effect);
}

static const char *why(const struct facts *f, enum host_trial trial)
{
	int n = f->t->errnum[trial];

	return n == TRIAL_NOT_TRIED ? "not tried" : strerror(n);
}

static bool works(const struct facts *f, enum host_trial trial)
{
	return f->t->errnum[trial] == 0;
}

/* The command that installs a package, by distribution; NULL: unknown. */
static char *install(const struct facts *f, const char *const packages[4])
{
	static const struct {
		const char *ids, *command;
		size_t package;
	} rows[] = {
		{ "debian ubuntu", "sudo apt install", 0 },
		{ "fedora rhel centos", "sudo dnf install", 1 },
		{ "alpine", "sudo apk add", 2 },
		{ "arch", "sudo pacman -S", 3 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(strv_free) char **ids = strv_split(rows[i].ids, ' ');

		strv_foreach (id, ids) {
			if (strcmp(f->t->distro, *id) &&
			    !strstr(f->t->distro_like, *id))
				continue;
			return xasprintf("%s %s", rows[i].command,
					 packages[rows[i].package]);
		}
	}
	return NULL;
}

static void kernel(const struct facts *f, struct control *c)
{
	char *state = xasprintf("Linux %u.%u, %s", f->h->kernel_major,
				f->h->kernel_minor, f->h->arch);

	if (f->h->kernel_major > 5 ||
	    (f->h->kernel_major == 5 && f->h->kernel_minor >= 12)) {
		say(c, CONTROL_OK, state, NULL);
		return;
	}
	say(c, CONTROL_MISSING, state,
	    "mounts cannot be locked down: 5.12 is needed");
	c->advice = xstrdup("install a newer kernel");
}

/* The setting that keeps user namespaces from unprivileged users. */
static void mend_userns(const struct facts *f, struct control *c)
{
	if (f->t->userns_clone == 0)
		c->mend = xstrdup(
			"sudo sysctl -w kernel.unprivileged_userns_clone=1");
	else if (f->h->max_user_namespaces == 0)
		c->mend = xstrdup(
			"sudo sysctl -w user.max_user_namespaces=15000");
	else if (f->h->userns_restricted)
		c->mend = xstrdup(
			"printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\n"
			"profile immure " PREFIX "/bin/immure "
			"flags=(unconfined) { userns, }\\n' | sudo tee "
			"/etc/apparmor.d/immure && sudo apparmor_parser -r "
			"/etc/apparmor.d/immure");
	else
		c->advice =
			xstrdup("allow user namespaces in the kernel, or in "
				"the container that this runs in");
}

static void userns(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_USERNS)) {
		say(c, CONTROL_OK, xstrdup("an unprivileged user can make one"),
		    NULL);
		return;
	}
	say(c, CONTROL_MISSING,
	    xasprintf("refused: %s%s", why(f, TRIAL_USERNS),
		      f->h->userns_restricted ? " (AppArmor restricts them)"
					      : ""),
	    "no sandbox can be made");
	mend_userns(f, c);
}

static void namespaces(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_NAMESPACES)) {
		say(c, CONTROL_OK, xstrdup("mount pid net ipc uts cgroup"),
		    NULL);
		return;
	}
	say(c, works(f, TRIAL_USERNS) ? CONTROL_MISSING : CONTROL_NOTE,
	    xasprintf("refused: %s", why(f, TRIAL_NAMESPACES)),
	    "no sandbox can be made");
}

static void timens(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_TIMENS))
		say(c, CONTROL_OK, xstrdup("there"), NULL);
	else
		say(c, CONTROL_WEAKER,
		    xasprintf("not there: %s", why(f, TRIAL_TIMENS)),
		    "a sandbox sees the host's time since boot");
}

static void subids(const struct facts *f, struct control *c)
{
	const struct host *h = f->h;
	uint32_t n = idspace_size(h->subuid, h->n_subuid);
	uint32_t m = idspace_size(h->subgid, h->n_subgid), first;

	if (h->subid_overlaps) {
		say(c, CONTROL_MISSING,
		    xasprintf("our range overlaps %s", f->t->overlap),
		    "two users' sandboxes would own each other's files: "
		    "refused");
		c->advice = xstrdup("give each user a range of its own in "
				    "/etc/subuid and /etc/subgid");
		return;
	}
	if (n && m) {
		say(c, CONTROL_OK, xasprintf("%u user ids, %u group ids", n, m),
		    NULL);
		return;
	}
	say(c, CONTROL_MISSING,
	    xasprintf("none in %s", n ? "/etc/subgid" : "/etc/subuid"),
	    "only --userns=single runs: one id in the sandbox, and it is "
	    "yours");
	first = f->t->free_subid;
	c->mend = xasprintf("sudo usermod --add-subuids %u-%u --add-subgids "
			    "%u-%u %s",
			    first, first + 65535, first, first + 65535,
			    h->user ? h->user : "$USER");
}

static void helpers(const struct facts *f, struct control *c)
{
	static const char *const packages[] = { "uidmap", "shadow-utils",
						"shadow-uidmap", "shadow" };
	const struct host *h = f->h;

	if (!h->n_subuid && !h->n_subgid && !h->newuidmap) {
		say(c, CONTROL_NOTE,
		    xstrdup("not used without subordinate "
			    "ids"),
		    NULL);
		return;
	}
	if (!h->newuidmap || !h->newgidmap) {
		say(c, CONTROL_MISSING,
		    xstrdup(f->t->helper_problem[0] ? f->t->helper_problem
						    : "not installed"),
		    "subordinate ids cannot be mapped");
		c->mend = install(f, packages);
		if (!c->mend)
			c->advice = xstrdup("install newuidmap (package uidmap "
					    "or shadow-utils)");
		return;
	}
	if (works(f, TRIAL_IDMAP)) {
		say(c, CONTROL_OK, xasprintf("%s maps them", h->newuidmap),
		    NULL);
		return;
	}
	say(c, works(f, TRIAL_USERNS) ? CONTROL_MISSING : CONTROL_NOTE,
	    xasprintf("fails: %s", f->t->idmap_text),
	    "subordinate ids cannot be mapped");
	if (works(f, TRIAL_USERNS))
		c->mend = xasprintf("sudo chmod u+s %s %s", h->newuidmap,
				    h->newgidmap);
}

static void overlay(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_OVERLAY)) {
		say(c, CONTROL_OK, xstrdup("mounts in a user namespace"), NULL);
		return;
	}
	say(c, works(f, TRIAL_USERNS) ? CONTROL_MISSING : CONTROL_NOTE,
	    xasprintf("refused: %s", why(f, TRIAL_OVERLAY)),
	    "images cannot be run");
	if (f->t->errnum[TRIAL_OVERLAY] == ENODEV)
		c->mend = xstrdup("sudo modprobe overlay");
}

static void proc(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_PROC)) {
		say(c, CONTROL_OK, xstrdup("a new one can be mounted"), NULL);
		return;
	}
	say(c, works(f, TRIAL_USERNS) ? CONTROL_MISSING : CONTROL_NOTE,
	    xasprintf("refused: %s", why(f, TRIAL_PROC)),
	    "parts of /proc are masked here, so the kernel gives no new one");
	if (f->t->errnum[TRIAL_PROC] == EPERM)
		c->advice = xstrdup("in docker: --security-opt "
				    "systempaths=unconfined; in Kubernetes: "
				    "procMount: Unmasked");
}

static void openat2(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_OPENAT2))
		say(c, CONTROL_OK, xstrdup("there"), NULL);
	else
		say(c, CONTROL_MISSING,
		    xasprintf("refused: %s", why(f, TRIAL_OPENAT2)),
		    "paths of images cannot be opened safely; there is no "
		    "fallback");
}

static void seccomp(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_SECCOMP))
		say(c, CONTROL_OK, xstrdup("filters can be installed"), NULL);
	else
		say(c, CONTROL_MISSING,
		    xasprintf("refused: %s", why(f, TRIAL_SECCOMP)),
		    "system calls cannot be filtered");
}

static void landlock(const struct facts *f, struct control *c)
{
	int abi = f->h->landlock_abi;

	if (abi >= 6) {
		say(c, CONTROL_OK, xasprintf("ABI %d", abi), NULL);
	} else if (abi > 0) {
		say(c, CONTROL_WEAKER, xasprintf("ABI %d", abi),
		    "abstract sockets and signals are not scoped (ABI 6, "
		    "Linux 6.12)");
	} else {
		say(c, CONTROL_WEAKER, xstrdup("not active"),
		    "one wall less: files are kept away by mounts alone");
		c->advice = xstrdup("add landlock to the kernel's lsm= "
				    "parameter");
	}
}

static void apparmor(const struct facts *f, struct control *c)
{
	static const char *const words[] = {
		[LABEL_ABSENT] = "is not loaded",
		[LABEL_HOLDS] = "is loaded and enforced",
		[LABEL_TELLS] = "only complains",
		[LABEL_EMPTY] = "has no rules",
		[LABEL_UNKNOWN] = "cannot be asked for here",
	};
	enum label_mode mode = host_label_mode(f->h, DEFAULT_APPARMOR);
	char *state;

	if (!f->h->apparmor) {
		say(c, CONTROL_NOTE, xstrdup("not active on this host"), NULL);
		return;
	}
	state = xasprintf("active; the profile " DEFAULT_APPARMOR " %s",
			  words[mode]);
	if (mode == LABEL_HOLDS) {
		say(c, CONTROL_OK, state, NULL);
		return;
	}
	say(c, mode == LABEL_UNKNOWN ? CONTROL_NOTE : CONTROL_WEAKER, state,
	    "one wall less: sandboxes are not put under it");
	if (mode != LABEL_UNKNOWN)
		c->mend = xstrdup("sudo apparmor_parser -r "
				  "/etc/apparmor.d/" DEFAULT_APPARMOR);
}

static void selinux(const struct facts *f, struct control *c)
{
	static const char *const words[] = {
		[LABEL_ABSENT] = "is not in the policy",
		[LABEL_HOLDS] = "is in the policy, and enforced",
		[LABEL_TELLS] = "is in a permissive policy",
		[LABEL_EMPTY] = "has no rules",
		[LABEL_UNKNOWN] = "cannot be asked for here",
	};
	enum label_mode mode = host_label_mode(f->h, CONTEXT_TYPE);
	char *state;

	if (!f->h->selinux) {
		say(c, CONTROL_NOTE, xstrdup("not active on this host"), NULL);
		return;
	}
	state = xasprintf("active; the type " CONTEXT_TYPE " %s", words[mode]);
	if (mode == LABEL_HOLDS) {
		say(c, CONTROL_OK, state, NULL);
		return;
	}
	say(c, mode == LABEL_UNKNOWN ? CONTROL_NOTE : CONTROL_WEAKER, state,
	    "one wall less: sandboxes do not get it");
	if (mode == LABEL_ABSENT)
		c->mend = xstrdup("sudo semodule -i " DATADIR
				  "/profiles/selinux/immure.cil");
	if (mode == LABEL_TELLS)
		c->mend = xstrdup("sudo setenforce 1");
}

/* The controllers of version 2 that a list lacks: ", not io cpuset". Heap. */
static char *lacking(const char *list)
{
	static const char *const all[] = { "memory", "cpu", "pids", "io",
					   "cpuset" };
	AUTO(strv_free) char **has = strv_split(list, ' ');
	AUTO(buf_done) struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!strv_has(has, all[i]))
			buf_printf(&b, "%s%s", b.len ? " " : ", not ", all[i]);
	return buf_take(&b);
}

/* Who could give us one, and what has to be done for it. */
static void no_cgroup(const struct facts *f, struct control *c)
{
	const struct host *h = f->h;

	if (h->cgroup != CGROUP_V2)
		c->advice = xstrdup("boot with systemd.unified_cgroup_"
				    "hierarchy=1");
	else if (h->cgroup_place)
		c->advice = xstrdup("start immure alone in a delegated cgroup: "
				    "systemd-run --user --scope -p "
				    "Delegate=yes immure run …");
	else if (h->scope_controllers && *h->scope_controllers)
		c->advice = xstrdup("install immure-scope beside immure");
	else if (!h->scope_controllers)
		c->mend = xasprintf("sudo loginctl enable-linger %s",
				    h->user ? h->user : "USER");
	else
		c->mend = xstrdup(
			"sudo mkdir -p /etc/systemd/system/user@.service.d && "
			"printf '[Service]\\nDelegate=cpu cpuset io memory "
			"pids\\n' | sudo tee /etc/systemd/system/"
			"user@.service.d/delegate.conf && sudo systemctl "
			"daemon-reload");
}

static void cgroup(const struct facts *f, struct control *c)
{
	static const char *const words[] = {
		[CGROUP_NONE] = "not mounted",
		[CGROUP_V1] = "version 1",
		[CGROUP_HYBRID] = "version 1 and 2 (hybrid)",
		[CGROUP_V2] = "version 2",
	};
	const struct host *h = f->h;
	const char *list = h->cgroup_controllers;
	bool scope = h->scope_helper && h->scope_controllers &&
		     *h->scope_controllers;
	bool place = list && *list && !h->cgroup_others;
	const char *ours = place ? list : h->scope_controllers;
	auto_free char *no = place || scope ? lacking(ours) : NULL;

	if (!place && !scope) {
		say(c, CONTROL_NOTE,
		    xasprintf("%s, none delegated to us", words[h->cgroup]),
		    "no limits of memory and processor time; processes and "
		    "files are limited all the same");
		no_cgroup(f, c);
		return;
	}
	say(c, CONTROL_OK,
	    xasprintf("%s, %s%s: %s%s", words[h->cgroup],
		      !place		? "by scopes of systemd"
		      : h->cgroup_place ? "ours below "
					: "ours",
		      place && h->cgroup_place ? h->cgroup_place : "", ours,
		      h->cgroup == CGROUP_V2 ? no : ""),
	    NULL);
}

static void tun(const struct facts *f, struct control *c)
{
	if (works(f, TRIAL_TUN)) {
		say(c, CONTROL_OK, xstrdup("usable"), NULL);
		return;
	}
	say(c, CONTROL_NOTE, xasprintf("not usable: %s", why(f, TRIAL_TUN)),
	    "no network of a sandbox's own later on");
	c->mend = xstrdup(f->t->errnum[TRIAL_TUN] == EACCES
				  ? "sudo chmod 666 /dev/net/tun"
				  : "sudo modprobe tun");
}

static void runtime_dir(const struct facts *f, struct control *c)
{
	const char *dir = f->h->runtime_dir;

	if (dir && !f->t->runtime_fallback) {
		say(c, CONTROL_OK, xstrdup(dir), NULL);
		return;
	}
	if (!dir) {
		say(c, CONTROL_MISSING, xstrdup("no home directory"),
		    "there is no place for images and containers");
		c->mend = xstrdup("export HOME=/path/of/yours");
		return;
	}
	say(c, CONTROL_NOTE, xasprintf("%s instead", dir),
	    "XDG_RUNTIME_DIR is not a directory of yours with mode 0700");
	c->advice =
		xstrdup("log in with a session (ssh, machinectl shell), not "
			"with su");
}

static const struct {
	const char *name;
	void (*judge)(const struct facts *f, struct control *c);
} controls[] = {
	{ "kernel", kernel },	       { "user namespaces", userns },
	{ "namespaces", namespaces },  { "time namespaces", timens },
	{ "subordinate ids", subids }, { "newuidmap", helpers },
	{ "overlay", overlay },	       { "/proc", proc },
	{ "openat2", openat2 },	       { "seccomp", seccomp },
	{ "Landlock", landlock },      { "AppArmor", apparmor },
	{ "SELinux", selinux },	       { "cgroups", cgroup },
	{ "/dev/net/tun", tun },       { "runtime directory", runtime_dir },
};

void controls_find(const struct host *h, const struct host_trials *t,
		   struct control_list *ret)
{
	const struct facts f = { .h = h, .t = t };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(controls); i++) {
		struct control *c = GROW(ret->v, ret->n);

		ret->n++;
		c->name = controls[i].name;
		controls[i].judge(&f, c);
	}
}

void controls_done(struct control_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		free(l->v[i].state);
		free(l->v[i].effect);
		free(l->v[i].mend);
		free(l->v[i].advice);
	}
	free(l->v);
}

enum control_level controls_worst(const struct control_list *l)
{
	enum control_level worst = CONTROL_OK;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].level > worst)
			worst = l->v[i].level;
	return worst;
}

const char *control_word(enum control_level level)
{
	static const char *const words[] = {
		[CONTROL_OK] = "ok",
		[CONTROL_NOTE] = "note",
		[CONTROL_WEAKER] = "weaker",
		[CONTROL_MISSING] = "MISSING",
	};

	return words[level];
}

void controls_print(const struct control_list *l, bool all, struct buf *b)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct control *c = &l->v[i];

		if (c->level == CONTROL_OK && !all)
			continue;
		buf_printf(b, "%-9s%-19s", control_word(c->level), c->name);
		buf_escaped(b, c->state);
		buf_char(b, '\n');
		if (c->effect)
			buf_printf(b, "%28s%s\n", "", c->effect);
		if (c->mend)
			buf_printf(b, "%28s$ %s\n", "", c->mend);
		if (c->advice)
			buf_printf(b, "%28s%s\n", "", c->advice);
	}
}
