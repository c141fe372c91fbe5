/* test_lockdown.c - plan/lockdown, resolve_walls, landlock: the walls. */
#include "case.h"
#include "base/defaults.h"

static uint64_t caps_of(const char *lines)
{
	auto_free char *text = xasprintf("image.cmd x\n%s", lines);
	AUTO(plan_free) struct plan *p = case_plan(text);
	uint64_t set = p->steps[step_at(p, "caps")].caps.set;

	assert_int_equal(p->steps[step_at(p, "bounding")].caps.set, set);
	return set;
}

static void capabilities_are_what_was_said(void **state)
{
	static const struct {
		const char *lines;
		uint64_t want;
	} rows[] = {
		{ "", 0 },
		{ "caps none", 0 },
		{ "caps compat", CAPS_COMPAT },
		{ "caps all", CAPS_ALL },
		{ "privileged", CAPS_ALL },
		{ "cap_add CHOWN", 1 },
		{ "cap_add cap_chown\ncap_add Kill", 1 | 1 << 5 },
		{ "cap_add ALL", CAPS_ALL },
		{ "cap_add all\ncap_drop chown", CAPS_ALL & ~1ull },
		{ "caps compat\ncap_drop ALL", 0 },
		{ "caps compat\ncap_drop ALL\ncap_add chown", 1 },
		{ "caps compat\ncap_drop net_raw", CAPS_COMPAT },
		{ "caps all\nuser.id 1:1", 0 },
		{ "privileged\nuser.id 1:1", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (caps_of(rows[i].lines) != rows[i].want)
			fail_msg("%s", rows[i].lines);
}

static void limits_replace_the_defaults(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nulimit nofile 5 6\n"
				   "ulimit nproc 7 8\npids_limit 9");

	(void)state;
	assert_step(p, "rlimit core soft 0 hard 0");
	assert_step(p, "rlimit nofile soft 5 hard 6");
	assert_step(p, "rlimit nproc soft 7 hard 8");
	assert_no_step(p, "rlimit nofile soft 1024");
	assert_no_step(p, "rlimit nproc soft 9");
	case_refused("image.cmd x\nulimit nofile 7 6", ERR_USAGE, "above");
	case_refused("image.cmd x\npids_limit -2", ERR_USAGE, "--pids-limit");
}

static void processes_are_limited_unless_it_is_said(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "pids_limit 0", "rlimit nproc soft 512 hard 512" },
		{ "pids_limit 100", "rlimit nproc soft 100 hard 100" },
		{ "pids_limit -1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].line);
		AUTO(plan_free) struct plan *p = case_plan(text);

		if (rows[i].want)
			assert_step(p, rows[i].want);
		else
			assert_no_step(p, "rlimit nproc");
	}
}

static void a_default_gives_way_to_the_callers_own_limit(void **state)
{
	static const struct {
		const char *lines, *want;
	} rows[] = {
		{ "host.ulimit nofile 100000",
		  "rlimit nofile soft 1024 hard 4096" },
		{ "host.ulimit nofile 2000",
		  "rlimit nofile soft 1024 hard 2000" },
		{ "host.ulimit nofile 30", "rlimit nofile soft 30 hard 30" },
		{ "host.ulimit nproc 100", "rlimit nproc soft 100 hard 100" },
		{ "host.ulimit nproc 1000", "rlimit nproc soft 512 hard 512" },
		{ "host.ulimit nofile 30\nulimit nofile 5 6",
		  "rlimit nofile soft 5 hard 6" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].lines);
		AUTO(plan_free) struct plan *p = case_plan(text);

		assert_step(p, rows[i].want);
	}
	case_refused("image.cmd x\nhost.ulimit nofile 30\nulimit nofile 20 31",
		     ERR_USAGE, "above your own hard limit 30");
	case_refused("image.cmd x\nhost.ulimit nproc 30\npids_limit 31",
		     ERR_USAGE, "above your own limit of 30");
}

static void each_wall_is_turned_off_by_its_own_word(void **state)
{
	static const struct {
		const char *line, *gone;
	} rows[] = {
		{ "no_new_privs no", "no_new_privs" },
		{ "seccomp unconfined", "seccomp" },
		{ "landlock off", "landlock" },
		{ "unmask", "mask" },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].line);
		AUTO(plan_free) struct plan *p = case_plan(text);

		for (j = 0; j < ARRAY_SIZE(rows); j++)
			if (i == j)
				assert_no_step(p, rows[j].gone);
			else
				assert_step(p, rows[j].gone);
	}
}

static void without_no_new_privs_the_walls_come_first(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\n"
				   "no_new_privs no");

	(void)state;
	assert_before(p, "landlock", "fds");
	assert_before(p, "seccomp default/deny", "bounding");
	assert_before(p, "bounding", "ids");
	assert_before(p, "ids", "caps");
}

static void a_profile_that_was_not_compiled_is_a_bug(void **state)
{
	AUTO(case_free) struct test_case *c = case_parse("image.cmd x");
	struct err e = ERR_INIT;

	(void)state;
	c->uncompiled = true;
	assert_null(case_build(c, &e));
	assert_int_equal(e.kind, ERR_BUG);
}

static void the_search_path_has_absolute_directories_only(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nenv PATH=:/a:.:b:/c:");
	AUTO(plan_free) struct plan *path = case_plan("image.cmd ./x");

	(void)state;
	assert_step(p, "command x path /a /c");
	assert_step(path, "command ./x");
	assert_null(path->steps[step_at(path, "command")].command.path);
}

static void labels_are_required_or_absent(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\napparmor a\nselinux s\n"
				   "host.apparmor yes\nhost.selinux yes");

	(void)state;
	assert_before(p, "label apparmor a", "label selinux s");
	assert_before(p, "label selinux s", "landlock");
	case_refused("image.cmd x\nselinux s", ERR_HOST, "selinux");
	plan_free(case_plan("image.cmd x\napparmor unconfined"));
}

/* ---- Landlock ---- */

static void rights_grow_with_the_abi(void **state)
{
	static const struct {
		int abi;
		uint64_t fs, scope;
	} rows[] = {
		{ 2, 0x3fff, 0 },  { 3, 0x7fff, 0 }, { 4, 0x7fff, 0 },
		{ 5, 0xffff, 0 },  { 6, 0xffff, 3 }, { 7, 0xffff, 3 },
		{ 99, 0xffff, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text = xasprintf(
			"image.cmd x\nhost.landlock_abi %d", rows[i].abi);
		AUTO(plan_free) struct plan *p = case_plan(text);
		struct step *s = &p->steps[step_at(p, "landlock")];

		assert_int_equal(s->landlock.abi, rows[i].abi);
		assert_int_equal(s->landlock.fs, rows[i].fs);
		assert_int_equal(s->landlock.scope, rows[i].scope);
		assert_int_equal(s->landlock.net, 0);
		for (size_t j = 0; j < s->landlock.n_paths; j++) {
			uint64_t access = s->landlock.paths[j].access;

			assert_true(access);
			assert_int_equal(access & ~s->landlock.fs, 0);
		}
	}
}

static void landlock_is_required_unless_less_is_asked_for(void **state)
{
	AUTO(plan_free)
	struct plan *wanted = case_plan("image.cmd x\nlandlock wanted\n"
					"host.landlock_abi 1");
	AUTO(plan_free)
	struct plan *required = case_plan("image.cmd x\n"
					  "host.landlock_abi 1");
	AUTO(plan_free)
	struct plan *none = case_plan("image.cmd x\nlandlock wanted\n"
				      "host.landlock_abi 0");

	(void)state;
	assert_step(wanted, "landlock abi 0 allow nothing (wanted)");
	assert_step(required, "landlock abi 1 allow /:rwxm");
	assert_step(none, "landlock abi 0 allow nothing (wanted)");
	case_refused("image.cmd x\nhost.landlock_abi 0", ERR_HOST,
		     "landlock=wanted");
}

static void device_nodes_are_made_nowhere(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd x");
	struct step *s = &p->steps[step_at(p, "landlock")];
	const uint64_t nodes = 1 << 6 | 1 << 11;

	(void)state;
	for (size_t i = 0; i < s->landlock.n_paths; i++)
		assert_int_equal(s->landlock.paths[i].access & nodes, 0);
}

static void
below_a_read_only_root_writes_go_only_where_something_is_mounted(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nread_only\n"
				   "mount bind /a /ro\nmount bind /b /rw rw\n"
				   "mount bind /f /file rw\n"
				   "fact /f file 0644\nmount tmpfs - /tmp");

	(void)state;
	assert_step(p, "landlock abi 7 scope abstract_unix,signal allow /:rx "
		       "/dev:wi /dev/shm:rwxm /dev/mqueue:rwxm /proc:w "
		       "/rw:rwxm /file:rwx /tmp:rwxm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities_are_what_was_said),
		cmocka_unit_test(limits_replace_the_defaults),
		cmocka_unit_test(processes_are_limited_unless_it_is_said),
		cmocka_unit_test(a_default_gives_way_to_the_callers_own_limit),
		cmocka_unit_test(each_wall_is_turned_off_by_its_own_word),
		cmocka_unit_test(without_no_new_privs_the_walls_come_first),
		cmocka_unit_test(a_profile_that_was_not_compiled_is_a_bug),
		cmocka_unit_test(the_search_path_has_absolute_directories_only),
		cmocka_unit_test(labels_are_required_or_absent),
		cmocka_unit_test(rights_grow_with_the_abi),
		cmocka_unit_test(landlock_is_required_unless_less_is_asked_for),
		cmocka_unit_test(device_nodes_are_made_nowhere),
		cmocka_unit_test(
			below_a_read_only_root_writes_go_only_where_something_is_mounted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
