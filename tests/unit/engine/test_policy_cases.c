/*
 * test_policy_cases.c - engine/policy_cases and policy_diff: tables of cases,
 * and what one policy permits that another does not.
 */
#include "unit.h"
#include <fcntl.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/policy_cases.h"
#include "engine/policy_diff.h"
#include "format/policy_text.h"

static struct {
	char dir[64];
	char *file;
} t;

static int setup(void **state)
{
	int fd = unit_make_dir(t.dir);

	(void)state;
	t.file = path_join(t.dir, "cases.t");
	close(fd);
	return fd < 0;
}

static int teardown(void **state)
{
	(void)state;
	free(t.file);
	unit_remove_dir(t.dir);
	return 0;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static int run(const char *text, struct policy_cases *c, struct err *e)
{
	put(t.file, text);
	c->shipped = "policy";
	return policy_cases_run(c, t.file, e);
}

static void rows_that_hold_are_counted(void **state)
{
	AUTO(policy_cases_done) struct policy_cases c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(run("# a comment\n\n"
		      "permit bind ro | bind:ro:/srv/data | permit 1\n"
		      "@strict | ordinary | deny\n"
		      "@default | user:1000 | permit\n",
		      &c, &e),
		  &e);
	assert_int_equal(c.rows, 3);
	assert_int_equal(c.bad, 0);
	assert_int_equal(c.report.len, 0);
}

static void a_row_that_does_not_hold_is_told_with_its_line(void **state)
{
	AUTO(policy_cases_done) struct policy_cases c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(run("permit bind ro | bind:ro:/srv/data | deny\n"
		      "permit bind ro | bind:ro:/srv/data | permit 7\n"
		      "permit bind ro | ordinary | permit\n"
		      "permit bind ro | bind:ro:/srv/data | none\n"
		      "@default | privileged | permit\n",
		      &c, &e),
		  &e);
	assert_int_equal(c.rows, 5);
	assert_int_equal(c.bad, 5);
	assert_non_null(strstr(c.report.p, "cases.t:1: not deny but permit by "
					   "line 1: bind of a directory"));
	assert_non_null(strstr(c.report.p, "cases.t:2: not permit by rule 7"));
	assert_non_null(strstr(c.report.p, "cases.t:3: not permit: the "
					   "changes raise no fact"));
	assert_non_null(strstr(c.report.p, "cases.t:4: not none"));
	assert_non_null(strstr(c.report.p, "cases.t:5: not permit but deny by "
					   "line 7: privileged mode"));
}

static void the_policy_that_is_tested_is_the_at_sign(void **state)
{
	auto_free char *mine = path_join(t.dir, "mine.policy");
	AUTO(policy_cases_done) struct policy_cases c = { .policy = mine };
	AUTO(policy_cases_done) struct policy_cases none = { 0 };
	auto_free char *named =
		xasprintf("@%s | bind:ro:/etc | permit\n", mine);
	struct err e = ERR_INIT;

	(void)state;
	put(mine, "permit any\ndeny bind rw\n");
	assert_ok(run("@ | bind:rw:/srv/data | deny 2\n", &c, &e), &e);
	assert_int_equal(c.bad, 0);
	assert_ok(run(named, &c, &e), &e);
	assert_int_equal(c.bad, 0);
	assert_int_equal(run("@ | ordinary | deny\n", &none, &e), -1);
	assert_non_null(strstr(e.msg, "which policy"));
}

/* what cannot be asked, and what the error says of it */
static const struct {
	const char *row, *msg;
} errors[] = {
	{ "permit bind", "three columns" },
	{ "permit bind | ordinary | maybe", ":1:26: " },
	{ "permit bind | ordinary | permit x", "a rule's number" },
	{ "a | b | permit | c", "fourth column" },
	{ "permit bnid | ordinary | permit", "unknown subject" },
	{ "@nosuch | ordinary | permit", "nosuch.policy" },
	{ "permit bind | bind:ro:/no/file | permit", "made-up host" },
	{ "permit bind | bind:ro | permit", "too few words" },
	{ "permit bind | fly | permit", "no such change" },
	{ "permit bind | caps:FLY | permit", "FLY" },
	{ "permit bind | share:house | permit", "no such namespace" },
	{ "permit bind | without:roof | permit", "no such step" },
	{ "permit bind | without:mask:/proc/no | permit", "no such step" },
	{ "permit bind | peer:nobody | permit", "no such user" },
	{ "permit bind | user:x | permit", "user" },
	{ "permit bind | rootfs:/no | permit", "made-up host" },
	{ "permit bind | rlimit:x:1 | permit", "no such limit" },
	{ "permit bind | rlimit:nofile:x | permit", "nofile" },
	{ "permit bind | landlock-abi:x | permit", "landlock-abi" },
	{ "permit bind | storage:x | permit", "storage" },
	{ "permit bind | \x01 | permit", "not printable" },
};

static void what_cannot_be_asked_is_an_error_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		AUTO(policy_cases_done) struct policy_cases c = { 0 };
		struct err e = ERR_INIT;

		if (run(errors[i].row, &c, &e) == 0)
			fail_msg("%s was taken", errors[i].row);
		if (!strstr(e.msg, errors[i].msg) || !strstr(e.msg, ":1"))
			fail_msg("%s: %s", errors[i].row, e.msg);
	}
}

/* ---- diff ---- */

static void compare(const char *a, const char *b, struct policy_differences *d)
{
	AUTO(policy_done) struct policy first = { 0 }, second = { 0 };
	struct err e = ERR_INIT;

	assert_ok(policy_text_parse("a", a, strlen(a), &first, &e), &e);
	assert_ok(policy_text_parse("b", b, strlen(b), &second, &e), &e);
	assert_ok(policy_diff(&first, &second, d, &e), &e);
}

static void a_policy_does_not_differ_from_itself(void **state)
{
	AUTO(policy_differences_done) struct policy_differences d = { 0 };

	(void)state;
	compare("permit any\ndeny bind", "permit any\ndeny   bind # the same",
		&d);
	assert_int_equal(d.n, 0);
	assert_null(d.only_a);
	assert_null(d.only_b);
	assert_true(d.asked >= 100);
}

static void what_only_one_permits_is_told_with_both_rules(void **state)
{
	AUTO(policy_differences_done) struct policy_differences d = { 0 };
	size_t by_b = 0;

	(void)state;
	compare("permit any\ndeny bind\ndeny device",
		"permit any\ndeny bind rw\ndeny device\nlimit pids 512", &d);
	for (size_t i = 0; i < d.n; i++) {
		by_b += d.v[i].is_permitted_by_b;
		if (strcmp(d.v[i].changes, "bind:ro:/srv/data"))
			continue;
		assert_true(d.v[i].is_permitted_by_b);
		assert_string_equal(d.v[i].denied, "a:2: deny bind");
		assert_string_equal(d.v[i].permitted, "b:1: permit any");
	}
	assert_true(by_b > 10);
	assert_true(d.n > by_b); /* pids:none is denied by b alone */
	assert_string_equal(d.only_a[0], "deny bind");
	assert_int_equal(strv_len(d.only_b), 2);
}

static void the_shipped_policies_differ_as_they_are_meant_to(void **state)
{
	AUTO(policy_done) struct policy a = { 0 }, b = { 0 };
	AUTO(policy_differences_done) struct policy_differences d = { 0 };
	struct err e = ERR_INIT;
	bool network = false;

	(void)state;
	assert_ok(policy_by_name("default", "policy", &a, &e), &e);
	assert_ok(policy_by_name("developer", "policy", &b, &e), &e);
	assert_ok(policy_diff(&a, &b, &d, &e), &e);
	for (size_t i = 0; i < d.n; i++)
		network |= d.v[i].is_permitted_by_b &&
			   !strcmp(d.v[i].changes, "share:network");
	assert_true(network);
}

static void strict_permits_nothing_that_default_does_not(void **state)
{
	AUTO(policy_done) struct policy a = { 0 }, b = { 0 };
	AUTO(policy_differences_done) struct policy_differences d = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(policy_by_name("default", "policy", &a, &e), &e);
	assert_ok(policy_by_name("strict", "policy", &b, &e), &e);
	assert_ok(policy_diff(&a, &b, &d, &e), &e);
	assert_true(d.n > 10);
	for (size_t i = 0; i < d.n; i++)
		if (d.v[i].is_permitted_by_b)
			fail_msg("strict permits %s: %s", d.v[i].changes,
				 d.v[i].what);
}

static void a_user_that_the_made_up_host_has_not_is_nobody(void **state)
{
	AUTO(policy_differences_done) struct policy_differences d = { 0 };

	(void)state;
	compare("permit any", "permit any\ndeny any peer somebody", &d);
	assert_int_equal(d.n, 0);
	assert_int_equal(strv_len(d.only_b), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_hold_are_counted),
		cmocka_unit_test(
			a_row_that_does_not_hold_is_told_with_its_line),
		cmocka_unit_test(the_policy_that_is_tested_is_the_at_sign),
		cmocka_unit_test(
			what_cannot_be_asked_is_an_error_with_its_place),
		cmocka_unit_test(a_policy_does_not_differ_from_itself),
		cmocka_unit_test(what_only_one_permits_is_told_with_both_rules),
		cmocka_unit_test(
			the_shipped_policies_differ_as_they_are_meant_to),
		cmocka_unit_test(strict_permits_nothing_that_default_does_not),
		cmocka_unit_test(
			a_user_that_the_made_up_host_has_not_is_nobody),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
