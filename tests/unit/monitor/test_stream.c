/*
 * test_stream.c - monitor/stream: every byte once and in order, never more
 * than fits, ends where one side ends.
 */
#include "unit.h"
#include <fcntl.h>
#include <signal.h>
#include "base/fd.h"
#include "monitor/stream.h"

struct relay {
	int in[2], out[2]; /* source -> stream -> sink */
	struct stream s;
};

static void setup(struct relay *r)
{
	struct err e = ERR_INIT;

	assert_ok(fd_pipe(r->in, &e), &e);
	assert_ok(fd_pipe(r->out, &e), &e);
	stream_init(&r->s, r->in[0], r->out[1]);
}

static void teardown(struct relay *r)
{
	int fds[] = { r->in[0], r->in[1], r->out[0], r->out[1] };

	for (int i = 0; i < 4; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void shut(int *fd)
{
	close(*fd);
	*fd = -1;
}

/* One turn of a loop; false when there was nothing to do. */
static bool turn(struct stream *s)
{
	struct pollfd p;
	int n = stream_poll(s, &p);

	if (n == 0 || poll(&p, 1, 0) <= 0)
		return false;
	stream_move(s, &p, n);
	return true;
}

static void run(struct stream *s)
{
	while (turn(s))
		;
}

static void what_comes_in_goes_out(void **state)
{
	struct relay r;
	char got[8] = "";

	(void)state;
	setup(&r);
	assert_int_equal(write(r.in[1], "hello", 5), 5);
	run(&r.s);
	assert_int_equal(read(r.out[0], got, sizeof(got)), 5);
	assert_string_equal(got, "hello");
	assert_false(stream_is_done(&r.s));
	shut(&r.in[1]);
	run(&r.s);
	assert_true(stream_is_done(&r.s));
	assert_false(r.s.broken);
	teardown(&r);
}

/* Fills the source to the brim with a pattern; its length. */
static size_t fill_source(int fd)
{
	size_t n = 0;
	char c;

	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	for (c = 0; write(fd, &c, 1) == 1; n++)
		c = (char)((n + 1) * 7);
	return n;
}

static void with_a_full_sink_it_waits_and_loses_nothing(void **state)
{
	size_t n, got = 0, before;
	struct relay r;
	char c;

	(void)state;
	setup(&r);
	n = fill_source(r.in[1]);
	shut(&r.in[1]);
	/* a sink of one page: the blocking write must not wait for a reader */
	assert_true(fcntl(r.out[1], F_SETPIPE_SZ, 4096) >= 4096);
	assert_int_equal(fcntl(r.out[0], F_SETFL, O_NONBLOCK), 0);
	for (;;) {
		run(&r.s);
		before = got;
		while (got < n && got - before < 100 &&
		       read(r.out[0], &c, 1) == 1) {
			assert_int_equal(c, (char)(got * 7));
			got++;
		}
		if (got == n || before == got)
			break;
	}
	assert_int_equal(got, n);
	assert_true(stream_is_done(&r.s));
	teardown(&r);
}

static void without_data_there_is_nothing_to_wait_for_but_data(void **state)
{
	struct relay r;
	struct pollfd p;

	(void)state;
	setup(&r);
	assert_int_equal(stream_poll(&r.s, &p), 1);
	assert_int_equal(p.fd, r.in[0]);
	assert_int_equal(p.events, POLLIN);
	assert_false(turn(&r.s));
	stream_init(&r.s, -1, -1);
	assert_int_equal(stream_poll(&r.s, &p), 0);
	assert_true(stream_is_done(&r.s));
	teardown(&r);
}

static void a_reader_that_went_away_breaks_it(void **state)
{
	struct relay r;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	setup(&r);
	assert_int_equal(write(r.in[1], "x", 1), 1);
	shut(&r.out[0]);
	run(&r.s);
	assert_true(r.s.broken);
	assert_true(stream_is_done(&r.s));
	assert_int_equal(r.s.len, 0);
	teardown(&r);
}

static void the_last_bytes_come_after_the_end(void **state)
{
	struct relay r;
	char got[8] = "";

	(void)state;
	setup(&r);
	shut(&r.in[1]);
	run(&r.s);
	assert_true(stream_is_done(&r.s));
	stream_put(&r.s, "\4", 1);
	assert_false(stream_is_done(&r.s));
	run(&r.s);
	assert_true(stream_is_done(&r.s));
	assert_int_equal(read(r.out[0], got, sizeof(got)), 1);
	assert_int_equal(got[0], 4);
	teardown(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_in_goes_out),
		cmocka_unit_test(with_a_full_sink_it_waits_and_loses_nothing),
		cmocka_unit_test(
			without_data_there_is_nothing_to_wait_for_but_data),
		cmocka_unit_test(a_reader_that_went_away_breaks_it),
		cmocka_unit_test(the_last_bytes_come_after_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
