/* test_err.c - base/err: kinds, messages, and how they are cut. */
#include "unit.h"
#include <errno.h>

static void every_kind_has_a_word_a_status_and_an_http_status(void **s)
{
	(void)s;
	for (int k = ERR_NONE; k <= ERR_BUG; k++) {
		assert_true(*err_word(k) != '\0');
		assert_in_range(err_exit_status(k), k == ERR_NONE ? 0 : 124,
				127);
		assert_in_range(err_http_status(k), 200, 504);
	}
	assert_int_equal(err_exit_status(ERR_NOCMD), 127);
	assert_int_equal(err_exit_status(ERR_NOEXEC), 126);
	assert_int_equal(err_exit_status(ERR_DENIED), 126);
	assert_int_equal(err_http_status(ERR_DENIED), 403);
}

static void an_unknown_kind_is_a_bug(void **s)
{
	(void)s;
	assert_string_equal(err_word(ERR_BUG + 1), "bug");
	assert_int_equal(err_exit_status(4711), 125);
}

static void set_fills_all_and_returns_minus_one(void **s)
{
	struct err e = { .kind = ERR_SYS, .errnum = 7, .step = 3 };

	(void)s;
	assert_int_equal(err_set(&e, ERR_LIMIT, "%s: %d", "size", 9), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(e.errnum, 0);
	assert_int_equal(e.step, -1);
	assert_string_equal(e.msg, "size: 9");
}

static void sys_takes_errno_and_appends_its_text(void **s)
{
	struct err e = ERR_INIT;

	(void)s;
	errno = ENOENT;
	assert_int_equal(err_sys(&e, "open %s", "/x"), -1);
	assert_int_equal(e.kind, ERR_SYS);
	assert_int_equal(e.errnum, ENOENT);
	assert_string_equal(e.msg, "open /x: No such file or directory");
	assert_int_equal(errno, ENOENT);
	err_sysno(&e, EPERM, "mount");
	assert_string_equal(e.msg, "mount: Operation not permitted");
	assert_int_equal(e.errnum, EPERM);
}

static void prefix_keeps_kind_and_errno(void **s)
{
	struct err e = ERR_INIT;

	(void)s;
	err_sysno(&e, EACCES, "open");
	assert_int_equal(err_prefix(&e, "layer %d", 3), -1);
	assert_int_equal(e.errnum, EACCES);
	assert_string_equal(e.msg, "layer 3: open: Permission denied");
}

static void a_message_may_be_made_of_itself(void **s)
{
	struct err e = ERR_INIT;

	(void)s;
	err_set(&e, ERR_USAGE, "inner");
	err_set(&e, ERR_INPUT, "outer: %s", e.msg);
	assert_string_equal(e.msg, "outer: inner");
}

static void null_is_allowed(void **s)
{
	(void)s;
	assert_int_equal(err_set(NULL, ERR_BUG, "x"), -1);
	assert_int_equal(err_sys(NULL, "x"), -1);
	assert_int_equal(err_sysno(NULL, 1, "x"), -1);
	assert_int_equal(err_prefix(NULL, "x"), -1);
}

static void a_long_message_ends_in_dots(void **s)
{
	struct err e = ERR_INIT;
	char text[2000];

	(void)s;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&e, ERR_INPUT, "%s", text);
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_string_equal(e.msg + sizeof(e.msg) - 5, "a...");
	err_prefix(&e, "x");
	assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);
	assert_string_equal(e.msg + sizeof(e.msg) - 4, "...");
	err_sysno(&e, ENOENT, "%s", text);
	assert_string_equal(e.msg + sizeof(e.msg) - 4, "...");
}

static void a_cut_never_halves_a_character(void **s)
{
	struct err e = ERR_INIT;
	char text[1000] = "";

	(void)s;
	for (int shift = 0; shift < 3; shift++) {
		memset(text, 'a', (size_t)shift);
		for (size_t i = (size_t)shift; i < 900; i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		text[900] = '\0';
		err_set(&e, ERR_INPUT, "%s", text);
		assert_string_equal(e.msg + strlen(e.msg) - 6,
				    "\xe2\x82\xac...");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_kind_has_a_word_a_status_and_an_http_status),
		cmocka_unit_test(an_unknown_kind_is_a_bug),
		cmocka_unit_test(set_fills_all_and_returns_minus_one),
		cmocka_unit_test(sys_takes_errno_and_appends_its_text),
		cmocka_unit_test(prefix_keeps_kind_and_errno),
		cmocka_unit_test(a_message_may_be_made_of_itself),
		cmocka_unit_test(null_is_allowed),
		cmocka_unit_test(a_long_message_ends_in_dots),
		cmocka_unit_test(a_cut_never_halves_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
