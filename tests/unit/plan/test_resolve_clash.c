/* test_resolve_clash.c - plan/resolve_clash: flags that say opposite things. */
#include "case.h"
#include "plan/resolve_parts.h"

static const struct {
	const char *one, *other, *a, *b;
} clashes[] = {
	{ "privileged", "cap_drop CHOWN", "--privileged", "--cap-drop" },
	{ "privileged", "caps compat", "--privileged", "--caps" },
	{ "privileged", "no_new_privs yes", "--privileged",
	  "--security-opt no-new-privileges" },
	{ "privileged", "seccomp strict", "--privileged",
	  "--security-opt seccomp" },
	{ "privileged", "landlock required", "--privileged",
	  "--security-opt landlock" },
	{ "privileged", "apparmor x", "--privileged",
	  "--security-opt apparmor" },
	{ "privileged", "selinux x", "--privileged", "--security-opt label" },
	{ "keep", "read_only", "--keep", "--read-only" },
	{ "keep", "root_size 4096", "--keep", "--storage-size" },
	{ "uts host", "hostname x", "--uts=host", "--hostname" },
	{ "pid host", "init yes", "--pid=host", "--init" },
	{ "userns root", "uidmap 0:0:1", "--userns", "--uidmap" },
	{ "userns root", "gidmap 0:0:1", "--userns", "--gidmap" },
};

/* The request alone: no image, no host, nothing else is decided. */
static int clash(const char *text, struct err *e)
{
	AUTO(case_free) struct test_case *c = case_parse(text);

	return resolve_clashes(c->r, e);
}

static void contradictions_name_both_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(clashes); i++) {
		auto_free char *text =
			xasprintf("%s\n%s", clashes[i].one, clashes[i].other);
		auto_free char *part = xasprintf(
			"%s and %s contradict each other: ", clashes[i].a,
			clashes[i].b);
		struct err e = ERR_INIT;

		assert_err(clash(text, &e), &e, ERR_USAGE, part);
	}
}

static void either_of_them_alone_is_fine(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(clashes); i++) {
		struct err e = ERR_INIT;

		assert_ok(clash(clashes[i].one, &e), &e);
		assert_ok(clash(clashes[i].other, &e), &e);
	}
	assert_ok(clash("", NULL), &(struct err)ERR_INIT);
}

static void what_agrees_with_privileged_passes(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(clash("privileged\ncaps all\nseccomp unconfined\n"
			"landlock off\napparmor unconfined\n"
			"selinux unconfined\nno_new_privs no\ncap_add CHOWN",
			&e),
		  &e);
}

static void the_same_namespace_of_ones_own_clashes_with_nothing(void **state)
{
	static const char *const rows[] = {
		"uts private\nhostname x", "pid private\ninit yes",
		"pid host\ninit no",	   "uidmap 0:0:1\ngidmap 0:0:1",
		"keep\npids_limit 5",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;

		assert_ok(clash(rows[i], &e), &e);
	}
}

/* Whatever else the request would be refused for comes after it. */
static void a_contradiction_is_told_first(void **state)
{
	(void)state;
	case_refused("keep\nread_only\ncap_add NO_SUCH_CAP\nuserns nonsense",
		     ERR_USAGE, "--keep and --read-only");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contradictions_name_both_flags),
		cmocka_unit_test(either_of_them_alone_is_fine),
		cmocka_unit_test(what_agrees_with_privileged_passes),
		cmocka_unit_test(
			the_same_namespace_of_ones_own_clashes_with_nothing),
		cmocka_unit_test(a_contradiction_is_told_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
