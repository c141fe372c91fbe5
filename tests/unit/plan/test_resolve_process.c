/* test_resolve_process.c - plan/resolve_process: image-spec conversion.md. */
#include "case.h"

#define IMAGE                                                                  \
	"image.entrypoint /e\nimage.cmd c d\nimage.env A=image\n"              \
	"image.workdir /w\n"

static void words_replace_cmd_and_entrypoint_clears_it(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ IMAGE, "/e c d" },
		{ IMAGE "command x y", "/e x y" },
		{ IMAGE "has_entrypoint\nentrypoint /f", "/f" },
		{ IMAGE "has_entrypoint\nentrypoint /f\ncommand x", "/f x" },
		{ IMAGE "has_entrypoint\ncommand x", "x" },
		{ "image.cmd c d", "c d" },
		{ "image.entrypoint /e", "/e" },
		{ "root dir /r\ncommand x", "x" },
		{ "root host", "/bin/sh" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		AUTO(spec_free) struct spec *s = case_spec(rows[i].text, &e);

		if (!s)
			fail_msg("%s: %s", rows[i].text, e.msg);
		auto_free char *got = strv_join(s->argv, " ");
		assert_string_equal(got, rows[i].want);
	}
}

static void no_command_is_an_error(void **state)
{
	(void)state;
	case_refused("", ERR_USAGE, "no command to run: the image");
	case_refused(IMAGE "has_entrypoint", ERR_USAGE, "no command");
	case_refused("root dir /r", ERR_USAGE, "no command to run: a root");
	case_refused("has_entrypoint\nentrypoint ", ERR_USAGE, "empty word");
}

static void the_request_wins_over_the_image_and_both_over_us(void **state)
{
	static const struct {
		const char *text, *key, *want;
	} rows[] = {
		{ IMAGE, "A", "image" },
		{ IMAGE "env A=request", "A", "request" },
		{ IMAGE, "HOME", "/root" },
		{ IMAGE "user.id 5:5", "HOME", "/" },
		{ IMAGE "image.env HOME=/h", "HOME", "/h" },
		{ IMAGE "image.env PATH=/p", "PATH", "/p" },
		{ IMAGE, "HOSTNAME", "immure" },
		{ IMAGE "hostname a_b", "HOSTNAME", "a_b" },
		{ IMAGE "tty", "TERM", "xterm" },
		{ IMAGE "tty\nenv TERM=vt100", "TERM", "vt100" },
		{ IMAGE, "TERM", NULL },
		{ IMAGE "uts host", "HOSTNAME", NULL },
	};

	(void)state;
	setenv("http_proxy", "http://caller", 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		AUTO(spec_free) struct spec *s = case_spec(rows[i].text, &e);
		const char *got;

		assert_non_null(s);
		got = strv_getenv(s->env, rows[i].key);
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
		assert_null(strv_getenv(s->env, "http_proxy"));
	}
}

static void a_malformed_variable_is_an_error(void **state)
{
	(void)state;
	case_refused(IMAGE "env A", ERR_USAGE, "--env A");
	case_refused(IMAGE "env =x", ERR_USAGE, "--env =x");
	case_refused(IMAGE "image.env B", ERR_INPUT, "of the image: B");
}

static void the_directory_is_clean_and_absolute(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ IMAGE, "/w" },
		{ IMAGE "workdir /a/../b//c/", "/b/c" },
		{ "image.cmd x", "/" },
		{ "image.cmd x\nimage.workdir rel/x", "/rel/x" },
		{ "image.cmd x\nimage.workdir ../../etc", "/etc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		AUTO(spec_free) struct spec *s = case_spec(rows[i].text, &e);

		assert_non_null(s);
		assert_string_equal(s->cwd, rows[i].want);
	}
	case_refused(IMAGE "workdir rel", ERR_USAGE, "--workdir rel");
}

static void host_names_are_checked(void **state)
{
	(void)state;
	case_refused(IMAGE "hostname a b", ERR_USAGE, "--hostname a b");
	case_refused(IMAGE "hostname a\x1b", ERR_USAGE, "--hostname");
	case_refused(IMAGE "hostname "
			   "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
			   "ffffffffffggggg",
		     ERR_USAGE, "1 to 64");
}

static void stop_signals_have_names_and_numbers(void **state)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {
		{ "image.cmd x", 15 },
		{ "image.cmd x\nimage.stop_signal SIGQUIT", 3 },
		{ "image.cmd x\nimage.stop_signal 2\nstop_signal int", 2 },
		{ "image.cmd x\nstop_signal SIGRTMIN+3", 37 },
		{ "image.cmd x\nstop_signal RTMAX-1", 63 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		AUTO(spec_free) struct spec *s = case_spec(rows[i].text, &e);

		assert_non_null(s);
		assert_int_equal(s->stop_signal, rows[i].want);
	}
	case_refused("image.cmd x\nimage.stop_signal SIGFOO", ERR_INPUT,
		     "of the image");
	case_refused("image.cmd x\nstop_signal 65", ERR_USAGE, "--stop-signal");
}

static void init_is_on_where_it_can_be_process_1(void **state)
{
	AUTO(plan_free) struct plan *on = case_plan("image.cmd x");
	AUTO(plan_free) struct plan *off = case_plan("image.cmd x\ninit no");
	AUTO(plan_free) struct plan *host = case_plan("image.cmd x\npid host");

	(void)state;
	assert_true(on->steps[on->n - 1].exec.init);
	assert_false(off->steps[off->n - 1].exec.init);
	assert_false(host->steps[host->n - 1].exec.init);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_replace_cmd_and_entrypoint_clears_it),
		cmocka_unit_test(no_command_is_an_error),
		cmocka_unit_test(
			the_request_wins_over_the_image_and_both_over_us),
		cmocka_unit_test(a_malformed_variable_is_an_error),
		cmocka_unit_test(the_directory_is_clean_and_absolute),
		cmocka_unit_test(host_names_are_checked),
		cmocka_unit_test(stop_signals_have_names_and_numbers),
		cmocka_unit_test(init_is_on_where_it_can_be_process_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
