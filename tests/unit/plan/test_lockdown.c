/* test_lockdown.c - plan/lockdown: the walls as steps, in their order. */
#include "case.h"
#include "base/defaults.h"

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
				   "host.apparmor yes\nhost.selinux yes\n"
				   "host.label a holds\n"
				   "host.label s holds");

	(void)state;
	assert_before(p, "label apparmor a", "label selinux s");
	assert_before(p, "label selinux s", "landlock");
	case_refused("image.cmd x\nselinux s", ERR_HOST, "selinux");
	plan_free(case_plan("image.cmd x\napparmor unconfined"));
}

static void a_profile_that_holds_nothing_is_not_put_on(void **state)
{
	static const char *const modes[] = { "", "tells", "empty", "unknown" };
	static const char active[] = "image.cmd x\nhost.apparmor yes\n";
	AUTO(plan_free) struct plan *p = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		auto_free char *label =
			*modes[i] ? xasprintf("host.label immure-default %s\n",
					      modes[i])
				  : xstrdup("");
		auto_free char *wanted = xasprintf("%s%s", active, label);
		auto_free char *required =
			xasprintf("%sapparmor required\n", wanted);
		AUTO(plan_free) struct plan *w = case_plan(wanted);

		assert_no_step(w, "label");
		if (strcmp(modes[i], "unknown") != 0)
			case_refused(required, ERR_HOST,
				     "sudo apparmor_parser -r "
				     "/etc/apparmor.d/immure-default");
	}
	/* nobody may ask: the kernel will say */
	p = case_plan("image.cmd x\nhost.apparmor yes\napparmor required\n"
		      "host.label immure-default unknown");
	assert_step(p, "label apparmor immure-default");
}

/* ---- Landlock ---- */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_no_new_privs_the_walls_come_first),
		cmocka_unit_test(a_profile_that_was_not_compiled_is_a_bug),
		cmocka_unit_test(the_search_path_has_absolute_directories_only),
		cmocka_unit_test(labels_are_required_or_absent),
		cmocka_unit_test(a_profile_that_holds_nothing_is_not_put_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
