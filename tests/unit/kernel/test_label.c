/* test_label.c - what the kernel says of labels, and what of it is believed. */
#include "unit.h"
#include <sys/stat.h>
#include "base/cleanup.h"
#include "base/file.h"
#include "base/table.h"
#include "kernel/apparmor.h"
#include "kernel/label.h"

static void a_stack_must_have_each_profile_and_hold_something_back(void **state)
{
	static const struct {
		const char *label, *text;
		bool good;
	} rows[] = {
		{ "p", "p (enforce)", true },
		{ "p", "p (kill)\n", true },
		{ "p", "p//&unconfined (enforce)\n", true },
		{ "p", "a//&p//&z (enforce)", true },
		{ "p", "a//&p (mixed)", true },
		{ "a//&p", "a//&b//&p (enforce)", true },
		{ "p//&a", "a//&p (enforce)", true },
		{ "a b", "a b//&unconfined (enforce)", true },
		{ "p", "p (complain)", false },
		{ "p", "p//&unconfined (unconfined)", false },
		{ "p", "unconfined", false },
		{ "p", "", false },
		{ "p", "p", false },
		{ "p", "pp (enforce)", false },
		{ "p", "p2//&unconfined (enforce)", false },
		{ "p", "a//p (enforce)", false },
		{ "p", "a//&p//b (enforce)", false },
		{ "a//&p", "a (enforce)", false },
		{ "enforce", "x (enforce)", false },
	};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (label_check("apparmor", rows[i].label, rows[i].text, &e) !=
		    (rows[i].good ? 0 : -1))
			fail_msg("%s in \"%s\"", rows[i].label, rows[i].text);
	assert_int_equal(e.kind, ERR_VERIFY);
}

static void a_context_must_be_the_very_same(void **state)
{
	const char *c = "u:r:t:s0:c1,c2";
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(label_check("selinux", c, c, &e), 0);
	assert_int_equal(label_check("selinux", c, "u:r:t:s0:c1,c2\n", &e), 0);
	assert_int_equal(label_check("selinux", c, "u:r:t:s0:c1", &e), -1);
	assert_int_equal(label_check("selinux", c, "u:r:t:s0:c1,c23", &e), -1);
	assert_int_equal(label_check("selinux", c, "", &e), -1);
	assert_int_equal(e.kind, ERR_VERIFY);
	assert_int_equal(label_check("smack", c, c, &e), -1);
	assert_int_equal(e.kind, ERR_BUG);
}

/* ---- the listing of profiles ---- */

static void put(int dir, const char *path, const char *text)
{
	auto_fd fd = openat(dir, path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void add_profile(int dir, const char *entry, const char *name,
			const char *mode)
{
	char path[300];

	assert_int_equal(mkdirat(dir, entry, 0700), 0);
	snprintf(path, sizeof(path), "%s/name", entry);
	put(dir, path, name);
	snprintf(path, sizeof(path), "%s/mode", entry);
	put(dir, path, mode);
}

static void profiles_are_found_by_their_whole_name(void **state)
{
	static const struct {
		const char *name;
		enum label_mode mode;
	} rows[] = {
		{ "p", LABEL_HOLDS },	   { "p.1", LABEL_TELLS },
		{ "q", LABEL_EMPTY },	   { "killer", LABEL_HOLDS },
		{ "r", LABEL_ABSENT },	   { "", LABEL_ABSENT },
		{ "p.1.2", LABEL_ABSENT },
	};
	static const char *const loaded[][3] = {
		{ "p.12", "p\n", "enforce\n" },
		{ "p.1.3", "p.1\n", "complain\n" },
		{ "q.4", "q\n", "unconfined\n" },
		{ "killer.5", "killer\n", "kill\n" },
		{ "r.6", "r of another name\n", "enforce\n" },
		{ "odd.7", "odd\n", "prompting\n" },
	};
	char dir[] = "/tmp/immure-label-XXXXXX";
	auto_fd fd = -1;
	struct err e = ERR_INIT;
	enum label_mode mode;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_SIZE(loaded); i++)
		add_profile(fd, loaded[i][0], loaded[i][1], loaded[i][2]);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		mode = LABEL_UNKNOWN;
		assert_int_equal(apparmor_mode_in(fd, rows[i].name, &mode, &e),
				 0);
		if (mode != rows[i].mode)
			fail_msg("%s: %d", rows[i].name, (int)mode);
	}
	/* a mode that is not known is not taken for one that holds */
	assert_int_equal(apparmor_mode_in(fd, "odd", &mode, &e), -1);
	assert_int_equal(e.kind, ERR_HOST);
	for (size_t i = 0; i < ARRAY_SIZE(loaded); i++)
		assert_ok(file_remove_tree(fd, loaded[i][0], &e), &e);
	assert_int_equal(rmdir(dir), 0);
}

static void what_is_not_one_profile_cannot_be_looked_up(void **state)
{
	static const char *const names[] = { ":ns:p", "p//child", "a//&b" };
	enum label_mode mode;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		assert_int_equal(apparmor_mode(names[i], &mode, NULL), 0);
		assert_int_equal(mode, LABEL_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_stack_must_have_each_profile_and_hold_something_back),
		cmocka_unit_test(a_context_must_be_the_very_same),
		cmocka_unit_test(profiles_are_found_by_their_whole_name),
		cmocka_unit_test(what_is_not_one_profile_cannot_be_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
