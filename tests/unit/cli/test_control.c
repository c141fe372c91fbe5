/*
 * test_control.c - what doctor says of a host: made-up hosts, each with one
 * thing wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/table.h"
#include "cli/control.h"

struct setup {
	struct host h;
	struct host_trials t;
	struct id_range range;
	struct host_label label[2];
};

/* A host on which all is well. */
static void good(struct setup *s)
{
	static char user[] = "u", arch[] = "amd64", newuid[] = "/n/uid",
		    newgid[] = "/n/gid", dir[] = "/run/user/1/immure",
		    controllers[] = "cpu memory pids",
		    label[] = "immure-default", type[] = "immure_t";

	memset(s, 0, sizeof(*s));
	s->range = (struct id_range){ 100000, 65536 };
	s->h.uid = 1;
	s->h.user = user;
	s->h.arch = arch;
	s->h.kernel_major = 6;
	s->h.kernel_minor = 12;
	s->h.subuid = s->h.subgid = &s->range;
	s->h.n_subuid = s->h.n_subgid = 1;
	s->h.newuidmap = newuid;
	s->h.newgidmap = newgid;
	s->h.landlock_abi = 7;
	s->h.cgroup = CGROUP_V2;
	s->h.cgroup_controllers = controllers;
	s->h.max_user_namespaces = 1000;
	s->h.runtime_dir = dir;
	s->h.apparmor = s->h.selinux = true;
	s->label[0] = (struct host_label){ label, LABEL_HOLDS };
	s->label[1] = (struct host_label){ type, LABEL_HOLDS };
	s->h.labels = s->label;
	s->h.n_labels = 2;
	s->t.userns_clone = -1;
	s->t.free_subid = 100000;
	strcpy(s->t.distro, "debian");
}

static const struct control *find(const struct control_list *l,
				  const char *name)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].name, name))
			return &l->v[i];
	fail_msg("no control %s", name);
	return NULL;
}

static void no_helper(struct setup *s)
{
	s->h.newuidmap = NULL;
	s->t.errnum[TRIAL_IDMAP] = TRIAL_NOT_TRIED;
}

static void no_helper_on_fedora(struct setup *s)
{
	no_helper(s);
	strcpy(s->t.distro, "fedora");
}

static void no_helper_on_mint(struct setup *s)
{
	no_helper(s);
	strcpy(s->t.distro, "linuxmint");
	strcpy(s->t.distro_like, "ubuntu debian");
}

static void no_helper_anywhere(struct setup *s)
{
	no_helper(s);
	strcpy(s->t.distro, "plan9");
}

static void helper_without_rights(struct setup *s)
{
	s->t.errnum[TRIAL_IDMAP] = EPERM;
	strcpy(s->t.idmap_text, "newuidmap: not permitted");
}

static void no_subids(struct setup *s)
{
	s->h.n_subuid = s->h.n_subgid = 0;
}

static void no_subgids(struct setup *s)
{
	s->h.n_subgid = 0;
}

static void shared_subids(struct setup *s)
{
	s->h.subid_overlaps = true;
	strcpy(s->t.overlap, "alice:100000:65536");
}

static void userns_sysctl(struct setup *s)
{
	s->t.userns_clone = 0;
	s->t.errnum[TRIAL_USERNS] = EPERM;
}

static void userns_none(struct setup *s)
{
	s->h.max_user_namespaces = 0;
	s->t.errnum[TRIAL_USERNS] = ENOSPC;
}

static void userns_ubuntu(struct setup *s)
{
	s->h.userns_restricted = true;
	s->t.errnum[TRIAL_USERNS] = EPERM;
}

static void old_kernel(struct setup *s)
{
	s->h.kernel_major = 5;
	s->h.kernel_minor = 4;
}

static void no_overlay(struct setup *s)
{
	s->t.errnum[TRIAL_OVERLAY] = ENODEV;
}

static void masked_proc(struct setup *s)
{
	s->t.errnum[TRIAL_PROC] = EPERM;
}

static void no_openat2(struct setup *s)
{
	s->t.errnum[TRIAL_OPENAT2] = ENOSYS;
}

static void no_seccomp(struct setup *s)
{
	s->t.errnum[TRIAL_SECCOMP] = EINVAL;
}

static void no_landlock(struct setup *s)
{
	s->h.landlock_abi = 0;
	s->t.errnum[TRIAL_LANDLOCK] = EOPNOTSUPP;
}

static void old_landlock(struct setup *s)
{
	s->h.landlock_abi = 3;
}

static void no_timens(struct setup *s)
{
	s->t.errnum[TRIAL_TIMENS] = EINVAL;
}

static void no_apparmor(struct setup *s)
{
	s->h.apparmor = false;
}

static void no_profile(struct setup *s)
{
	s->label[0].mode = LABEL_ABSENT;
}

static void profile_that_complains(struct setup *s)
{
	s->label[0].mode = LABEL_TELLS;
}

static void no_type(struct setup *s)
{
	s->label[1].mode = LABEL_ABSENT;
}

static void permissive(struct setup *s)
{
	s->label[1].mode = LABEL_TELLS;
}

static void no_selinux(struct setup *s)
{
	s->h.selinux = false;
}

static void no_delegation(struct setup *s)
{
	static char none[] = "";

	s->h.cgroup_controllers = s->h.scope_controllers = none;
}

static void closed_tun(struct setup *s)
{
	s->t.errnum[TRIAL_TUN] = EACCES;
}

static void no_session(struct setup *s)
{
	s->t.runtime_fallback = true;
}

static void no_home(struct setup *s)
{
	s->h.runtime_dir = NULL;
}

static const struct lack {
	void (*spoil)(struct setup *s);
	const char *control;
	enum control_level level;
	const char *mend; /* part of command or advice; NULL: none */
} rows[] = {
	{ no_helper, "newuidmap", CONTROL_MISSING, "sudo apt install uidmap" },
	{ no_helper_on_fedora, "newuidmap", CONTROL_MISSING,
	  "sudo dnf install shadow-utils" },
	{ no_helper_on_mint, "newuidmap", CONTROL_MISSING,
	  "sudo apt install uidmap" },
	{ no_helper_anywhere, "newuidmap", CONTROL_MISSING,
	  "install newuidmap" },
	{ helper_without_rights, "newuidmap", CONTROL_MISSING,
	  "sudo chmod u+s /n/uid /n/gid" },
	{ no_subids, "subordinate ids", CONTROL_MISSING,
	  "sudo usermod --add-subuids 100000-165535 --add-subgids "
	  "100000-165535 u" },
	{ no_subgids, "subordinate ids", CONTROL_MISSING, "--add-subgids" },
	{ shared_subids, "subordinate ids", CONTROL_MISSING,
	  "a range of its own" },
	{ userns_sysctl, "user namespaces", CONTROL_MISSING,
	  "sudo sysctl -w kernel.unprivileged_userns_clone=1" },
	{ userns_none, "user namespaces", CONTROL_MISSING,
	  "sudo sysctl -w user.max_user_namespaces=" },
	{ userns_ubuntu, "user namespaces", CONTROL_MISSING,
	  "/etc/apparmor.d/immure" },
	{ old_kernel, "kernel", CONTROL_MISSING, "newer kernel" },
	{ no_overlay, "overlay", CONTROL_MISSING, "sudo modprobe overlay" },
	{ masked_proc, "/proc", CONTROL_MISSING, "procMount" },
	{ no_openat2, "openat2", CONTROL_MISSING, NULL },
	{ no_seccomp, "seccomp", CONTROL_MISSING, NULL },
	{ no_landlock, "Landlock", CONTROL_WEAKER, "lsm=" },
	{ old_landlock, "Landlock", CONTROL_WEAKER, NULL },
	{ no_timens, "time namespaces", CONTROL_WEAKER, NULL },
	{ no_apparmor, "AppArmor", CONTROL_NOTE, NULL },
	{ no_profile, "AppArmor", CONTROL_WEAKER,
	  "sudo apparmor_parser -r /etc/apparmor.d/immure-default" },
	{ profile_that_complains, "AppArmor", CONTROL_WEAKER,
	  "sudo apparmor_parser -r /etc/apparmor.d/immure-default" },
	{ no_selinux, "SELinux", CONTROL_NOTE, NULL },
	{ no_type, "SELinux", CONTROL_WEAKER, "sudo semodule -i " },
	{ permissive, "SELinux", CONTROL_WEAKER, "sudo setenforce 1" },
	{ no_delegation, "cgroups", CONTROL_NOTE, "Delegate=" },
	{ closed_tun, "/dev/net/tun", CONTROL_NOTE, "chmod" },
	{ no_session, "runtime directory", CONTROL_NOTE, "session" },
	{ no_home, "runtime directory", CONTROL_MISSING, "HOME=" },
};

static void each_lack_is_told_with_what_mends_it(void **state)
{
	const struct control *c;
	struct setup s;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(controls_done) struct control_list l = { 0 };
		const char *said;

		good(&s);
		rows[i].spoil(&s);
		controls_find(&s.h, &s.t, &l);
		c = find(&l, rows[i].control);
		assert_int_equal(c->level, rows[i].level);
		assert_int_equal(controls_worst(&l), rows[i].level);
		said = c->mend ? c->mend : c->advice;
		assert_int_equal(said != NULL, rows[i].mend != NULL);
		if (said && !strstr(said, rows[i].mend))
			fail_msg("row %zu: %s", i, said);
	}
}

static void a_good_host_has_no_finding(void **state)
{
	AUTO(controls_done) struct control_list l = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct setup s;

	(void)state;
	good(&s);
	controls_find(&s.h, &s.t, &l);
	assert_int_equal(controls_worst(&l), CONTROL_OK);
	controls_print(&l, false, &b);
	assert_int_equal(b.len, 0);
	controls_print(&l, true, &b);
	assert_non_null(strstr(b.p, "65536 user ids, 65536 group ids"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_lack_is_told_with_what_mends_it),
		cmocka_unit_test(a_good_host_has_no_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
