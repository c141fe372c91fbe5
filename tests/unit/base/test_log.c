/* test_log.c - base/log: one escaped line a message. */
#include "unit.h"
#include "base/fd.h"
#include "base/log.h"

static int saved, reader;

/* From here standard error goes into a pipe. */
static void catch (void)
{
	struct err e = ERR_INIT;
	int fds[2];

	assert_ok(fd_pipe(fds, &e), &e);
	saved = dup(2);
	dup2(fds[1], 2);
	close(fds[1]);
	reader = fds[0];
}

static void caught(char ret[1024])
{
	ssize_t n;

	dup2(saved, 2);
	close(saved);
	n = read(reader, ret, 1023);
	ret[n > 0 ? n : 0] = '\0';
	close(reader);
}

static void an_error_is_one_line_with_our_name(void **s)
{
	struct err e = ERR_INIT;
	char text[1024];

	(void)s;
	log_name("immure");
	err_set(&e, ERR_INPUT, "tag \"a\nb\x1b[2J\": no");
	catch ();
	log_error(&e);
	caught(text);
	assert_string_equal(text, "immure: tag \"a\\x0ab\\x1b[2J\": no\n");
}

static void an_error_without_a_message_says_its_kind(void **s)
{
	struct err e = { .kind = ERR_TIMEOUT };
	char text[1024];

	(void)s;
	log_name("immure-oci");
	catch ();
	log_error(&e);
	caught(text);
	assert_string_equal(text, "immure-oci: timeout\n");
}

static void a_warning_says_so(void **s)
{
	char text[1024];

	(void)s;
	log_name("immure");
	catch ();
	log_warn("%d of %s", 3, "\tx");
	caught(text);
	assert_string_equal(text, "immure: warning: 3 of \\x09x\n");
}

static void progress_is_silent_without_a_terminal(void **s)
{
	char text[1024];

	(void)s;
	catch ();
	log_progress("%d %%", 50);
	log_progress_end();
	caught(text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_is_one_line_with_our_name),
		cmocka_unit_test(an_error_without_a_message_says_its_kind),
		cmocka_unit_test(a_warning_says_so),
		cmocka_unit_test(progress_is_silent_without_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
