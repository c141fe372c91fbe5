/*
 * test_msg.c - what comes from the worker is taken only in its right form.
 */
#include "unit.h"
#include "base/fd.h"
#include "store/msg.h"

static const struct msg good = {
	.what = MSG_BLOB, .size = 7, .digest = "sha256:0", .text = "text"
};

/* What msg_recv makes of these bytes. */
static int received(const void *p, size_t n, struct msg *ret, struct err *e)
{
	int pair[2], r;

	assert_ok(fd_socketpair(pair, e), e);
	if (n)
		assert_int_equal(fd_send(pair[0], p, n, -1), 0);
	close(pair[0]);
	r = msg_recv(pair[1], ret, e);
	close(pair[1]);
	return r;
}

static void a_message_arrives_as_it_was(void **state)
{
	struct err e = ERR_INIT;
	struct msg m;

	(void)state;
	assert_int_equal(received(&good, sizeof(good), &m, &e), 1);
	assert_memory_equal(&m, &good, sizeof(m));
}

static void the_end_is_no_error(void **state)
{
	struct err e = ERR_INIT;
	struct msg m;

	(void)state;
	assert_int_equal(received(NULL, 0, &m, &e), 0);
}

static void another_length_is_refused(void **state)
{
	char larger[sizeof(good) + 1] = { 0 };
	struct err e = ERR_INIT;
	struct msg m;

	(void)state;
	assert_err(received(&good, sizeof(good) - 1, &m, &e), &e, ERR_VERIFY,
		   "should not");
	assert_int_equal(received(larger, sizeof(larger), &m, &e), -1);
}

static void what_has_no_end_or_no_meaning_is_refused(void **state)
{
	struct msg bad[6];
	struct err e = ERR_INIT;
	struct msg m;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		bad[i] = good;
	memset(bad[0].digest, 'x', sizeof(bad[0].digest));
	memset(bad[1].text, 'x', sizeof(bad[1].text));
	memset(bad[2].err.msg, 'x', sizeof(bad[2].err.msg));
	bad[3].what = MSG_COUNT;
	bad[4].what = MSG_ERROR; /* without an error */
	bad[5].what = MSG_ERROR;
	bad[5].err.kind = (enum err_kind)99;
	for (size_t i = 0; i < 6; i++)
		assert_err(received(&bad[i], sizeof(m), &m, &e), &e, ERR_VERIFY,
			   "should not");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_arrives_as_it_was),
		cmocka_unit_test(the_end_is_no_error),
		cmocka_unit_test(another_length_is_refused),
		cmocka_unit_test(what_has_no_end_or_no_meaning_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
