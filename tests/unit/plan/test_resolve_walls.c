/* test_resolve_walls.c - plan/resolve_walls: capabilities, filters, labels,
 * limits. */
#include <sys/resource.h>

#include "case.h"

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

static void
capabilities_that_are_unknown_or_said_twice_are_refused(void **state)
{
	static const struct case_refusal rows[] = {
		{ "cap_add CHOWN\ncap_drop cap_chown", "both name CAP_CHOWN" },
		{ "cap_add KILL\ncap_add CHOWN\ncap_drop kill",
		  "both name CAP_KILL" },
		{ "cap_add ALL\ncap_drop all", "both name ALL" },
		{ "cap_add NO_SUCH", "--cap-add" },
		{ "cap_drop CAP_", "--cap-drop" },
		{ "cap_drop ALL\ncap_drop NO_SUCH", "--cap-drop" },
		{ "cap_add 41", "--cap-add" },
		{ "caps some", "--caps" },
	};

	(void)state;
	cases_refused(rows, ARRAY_SIZE(rows), ERR_USAGE);
}

static struct spec *walls(const char *lines)
{
	auto_free char *text = xasprintf("image.cmd x\n%s", lines);
	struct err e = ERR_INIT;
	struct spec *s = case_spec(text, &e);

	if (!s)
		fail_msg("%s: %s", lines, e.msg);
	return s;
}

static void privileged_turns_every_wall_off(void **state)
{
	AUTO(spec_free) struct spec *all = walls("privileged");
	AUTO(spec_free) struct spec *none = walls("");

	(void)state;
	assert_null(all->seccomp);
	assert_false(all->no_new_privs);
	assert_true(all->nested_userns);
	assert_int_equal(all->landlock, NEED_OFF);
	assert_string_equal(none->seccomp, "default");
	assert_true(none->no_new_privs);
	assert_false(none->nested_userns);
	assert_int_equal(none->landlock, NEED_REQUIRED);
	/* limits are no wall of privileges: they stay */
	assert_int_equal(all->n_rlimits, none->n_rlimits);
	assert_int_equal(all->pids_limit, none->pids_limit);
}

static void a_profile_has_a_name(void **state)
{
	AUTO(spec_free) struct spec *s = walls("seccomp /etc/my profile.json");

	(void)state;
	assert_string_equal(s->seccomp, "/etc/my profile.json");
	case_refused("image.cmd x\nseccomp ", ERR_USAGE, "has no name");
	case_refused("image.cmd x\nlandlock sometimes", ERR_USAGE,
		     "--security-opt landlock");
}

static void a_label_that_is_named_is_required(void **state)
{
	static const struct {
		const char *lines, *apparmor, *selinux;
		enum need apparmor_need, selinux_need;
	} rows[] = {
		{ "", "immure-default", "", NEED_WANTED, NEED_WANTED },
		{ "privileged yes", NULL, NULL, NEED_OFF, NEED_OFF },
		{ "apparmor unconfined\nselinux unconfined", NULL, NULL,
		  NEED_OFF, NEED_OFF },
		{ "apparmor off\nselinux off", NULL, NULL, NEED_OFF, NEED_OFF },
		{ "apparmor wanted", "immure-default", "", NEED_WANTED,
		  NEED_WANTED },
		{ "apparmor required\nselinux required", "immure-default", "",
		  NEED_REQUIRED, NEED_REQUIRED },
		{ "apparmor mine", "mine", "", NEED_REQUIRED, NEED_WANTED },
		{ "selinux type:t", "immure-default", "type:t", NEED_WANTED,
		  NEED_REQUIRED },
		{ "apparmor a\nselinux b", "a", "b", NEED_REQUIRED,
		  NEED_REQUIRED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(spec_free) struct spec *s = walls(rows[i].lines);

		assert_int_equal(s->apparmor_need, rows[i].apparmor_need);
		assert_int_equal(s->selinux_need, rows[i].selinux_need);
		assert_int_equal(!s->apparmor, !rows[i].apparmor);
		assert_int_equal(!s->selinux, !rows[i].selinux);
		if (s->apparmor)
			assert_string_equal(s->apparmor, rows[i].apparmor);
		if (s->selinux)
			assert_string_equal(s->selinux, rows[i].selinux);
	}
}

static const struct spec_rlimit *limit(const struct spec *s, int resource)
{
	const struct spec_rlimit *found = NULL;

	for (size_t i = 0; i < s->n_rlimits; i++) {
		if (s->rlimits[i].resource != resource)
			continue;
		assert_null(found); /* each is there once */
		found = &s->rlimits[i];
	}
	return found;
}

static void the_last_word_on_a_limit_counts(void **state)
{
	AUTO(spec_free)
	struct spec *s = walls("ulimit nofile 5 6\nulimit nofile 7 8\n"
			       "ulimit stack 1 unlimited\nulimit core 0 0");

	(void)state;
	assert_int_equal(limit(s, RLIMIT_NOFILE)->soft, 7);
	assert_int_equal(limit(s, RLIMIT_NOFILE)->hard, 8);
	assert_int_equal(limit(s, RLIMIT_STACK)->hard, UINT64_MAX);
	assert_int_equal(limit(s, RLIMIT_CORE)->hard, 0);
}

static void limits_that_cannot_be_are_refused(void **state)
{
	static const struct case_refusal rows[] = {
		{ "ulimit nofile 2 1", "the soft limit is above" },
		{ "ulimit nofile 18446744073709551615 1", "above the hard" },
		{ "ulimit nofiles 1 2", "did you mean nofile" },
		{ "ulimit xyzzyxyzzy 1 2", "see setrlimit(2)" },
		{ "ulimit NOFILE 1 2", "unknown limit" },
		{ "pids_limit -2", "expected -1 or a number" },
		{ "pids_limit -9223372036854775808", "expected -1" },
		{ "host.ulimit nofile 9\nulimit nofile 1 unlimited",
		  "above your own hard limit 9" },
	};

	(void)state;
	cases_refused(rows, ARRAY_SIZE(rows), ERR_USAGE);
}

static void exactly_the_callers_own_limit_is_allowed(void **state)
{
	AUTO(spec_free)
	struct spec *s = walls("host.ulimit nofile 30\nulimit nofile 30 30\n"
			       "host.ulimit nproc 40\npids_limit 40");

	(void)state;
	assert_int_equal(limit(s, RLIMIT_NOFILE)->hard, 30);
	assert_int_equal(s->pids_limit, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities_are_what_was_said),
		cmocka_unit_test(limits_replace_the_defaults),
		cmocka_unit_test(processes_are_limited_unless_it_is_said),
		cmocka_unit_test(a_default_gives_way_to_the_callers_own_limit),
		cmocka_unit_test(each_wall_is_turned_off_by_its_own_word),
		cmocka_unit_test(
			capabilities_that_are_unknown_or_said_twice_are_refused),
		cmocka_unit_test(privileged_turns_every_wall_off),
		cmocka_unit_test(a_profile_has_a_name),
		cmocka_unit_test(a_label_that_is_named_is_required),
		cmocka_unit_test(the_last_word_on_a_limit_counts),
		cmocka_unit_test(limits_that_cannot_be_are_refused),
		cmocka_unit_test(exactly_the_callers_own_limit_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
