/*
 * test_child.c - children and their reports: what arrives, what a child is
 * left with, and what is said of one that never reports.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "unit.h"
#include "base/table.h"
#include "store/child.h"

/* Runs fn(arg) in a child with these fds to its end. */
static int run(child_fn *fn, void *arg, const int *keep, struct report *ret,
	       struct err *e)
{
	struct child c;

	if (child_start(&c, fn, arg, keep, e))
		return -1;
	return child_wait(&c, "the test", ret, e);
}

static const int nothing[] = { -1 };

static int does_well(void *arg, struct report *r, struct err *e)
{
	(void)e;
	strcpy(r->hex, arg);
	r->dropped.devices = 3;
	return 0;
}

static void a_report_arrives_as_it_was_made(void **state)
{
	struct err e = ERR_INIT;
	struct report r;

	(void)state;
	assert_ok(run(does_well, (char[]){ "abc" }, nothing, &r, &e), &e);
	assert_true(r.ok);
	assert_int_equal(r.err.kind, ERR_NONE);
	assert_string_equal(r.hex, "abc");
	assert_int_equal(r.dropped.devices, 3);
}

static int fails(void *arg, struct report *r, struct err *e)
{
	(void)arg;
	(void)r;
	return err_set(e, ERR_LIMIT, "too much of it");
}

static int fails_silently(void *arg, struct report *r, struct err *e)
{
	(void)arg;
	(void)r;
	(void)e;
	return -1;
}

static void an_error_is_a_report_too(void **state)
{
	struct err e = ERR_INIT;
	struct report r;

	(void)state;
	assert_ok(run(fails, NULL, nothing, &r, &e), &e);
	assert_false(r.ok);
	assert_int_equal(r.err.kind, ERR_LIMIT);
	assert_string_equal(r.err.msg, "too much of it");
	/* ERR_NONE: another child knows why */
	assert_ok(run(fails_silently, NULL, nothing, &r, &e), &e);
	assert_false(r.ok);
	assert_int_equal(r.err.kind, ERR_NONE);
}

/* A digit for each file that is open at 3 and above and was opened before. */
static int lists_fds(void *arg, struct report *r, struct err *e)
{
	const int *fds = arg;
	int n = 0, open = 0;

	(void)e;
	for (int fd = 3; fd < 1024; fd++)
		open += fcntl(fd, F_GETFD) >= 0;
	for (; *fds >= 0; fds++)
		r->hex[n++] = fcntl(*fds, F_GETFD) >= 0 ? '1' : '0';
	snprintf(r->hex + n, 16, " of %d", open);
	return 0;
}

static void a_child_has_the_fds_it_was_given_and_its_pipe(void **state)
{
	int fds[6];
	struct {
		int keep[5];
		const char *want;
	} rows[5];
	struct err e = ERR_INIT;
	struct report r;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		fds[i] = dup(2); /* not O_CLOEXEC: fork ignores that anyway */
	fds[5] = -1;
	memcpy(rows[0].keep, (int[]){ -1 }, sizeof(int));
	rows[0].want = "00000 of 1";
	/* in whatever order, from wherever */
	memcpy(rows[1].keep, (int[]){ fds[3], fds[0], -1 }, 3 * sizeof(int));
	rows[1].want = "10010 of 3";
	memcpy(rows[2].keep, (int[]){ fds[4], -1 }, 2 * sizeof(int));
	rows[2].want = "00001 of 2";
	/* 0 to 2 are there in any case, a second mention is no trouble */
	memcpy(rows[3].keep, (int[]){ 1, 2, -1 }, 3 * sizeof(int));
	rows[3].want = "00000 of 1";
	memcpy(rows[4].keep, (int[]){ fds[1], fds[1], -1 }, 3 * sizeof(int));
	rows[4].want = "01000 of 2";
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_ok(run(lists_fds, fds, rows[i].keep, &r, &e), &e);
		assert_string_equal(r.hex, rows[i].want);
	}
	for (size_t i = 0; i < 5; i++)
		close(fds[i]);
}

static void more_fds_than_there_is_room_for_are_a_bug(void **state)
{
	static const int most[] = { 2, 2, 2, 2, 2, 2, 2, -1 };
	static const int more[] = { 2, 2, 2, 2, 2, 2, 2, 2, -1 };
	struct err e = ERR_INIT;
	struct report r;

	(void)state;
	assert_ok(run(does_well, (char[]){ "" }, most, &r, &e), &e);
	assert_true(r.ok);
	assert_ok(run(does_well, (char[]){ "" }, more, &r, &e), &e);
	assert_false(r.ok);
	assert_int_equal(r.err.kind, ERR_BUG);
}

/* ---- children that do not report ---- */

static int dies(void *arg, struct report *r, struct err *e)
{
	const struct rlimit no_core = { 0, 0 };

	(void)r;
	(void)e;
	setrlimit(RLIMIT_CORE, &no_core);
	if (*(int *)arg) {
		signal(*(int *)arg, SIG_DFL); /* cmocka's handlers */
		raise(*(int *)arg);
	}
	_exit(7);
}

static void a_death_is_told_by_its_cause(void **state)
{
	static const struct {
		int sig;
		enum err_kind kind;
		const char *part;
	} rows[] = {
		{ SIGSYS, ERR_VERIFY, "system call that it must not make" },
		{ SIGKILL, ERR_LIMIT, "processor time or memory" },
		{ SIGXCPU, ERR_LIMIT, "processor time or memory" },
		{ SIGTERM, ERR_SYS, "without a report (status 0xf)" },
		{ 0, ERR_SYS, "without a report (status 0x700)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		struct report r;
		int sig = rows[i].sig;

		assert_err(run(dies, &sig, nothing, &r, &e), &e, rows[i].kind,
			   rows[i].part);
		assert_non_null(strstr(e.msg, "the test"));
	}
}

/* Finds the pipe that it reports by, and writes less than a report. */
static int reports_half(void *arg, struct report *r, struct err *e)
{
	struct stat st;
	int fd = 3;

	(void)arg;
	(void)e;
	while (fstat(fd, &st) || !S_ISFIFO(st.st_mode))
		fd++;
	_exit(write(fd, r, sizeof(*r) / 2) < 0);
}

static void half_a_report_is_none(void **state)
{
	struct err e = ERR_INIT;
	struct report r = { .ok = false };

	(void)state;
	assert_err(run(reports_half, NULL, nothing, &r, &e), &e, ERR_SYS,
		   "without a report");
	assert_false(r.ok); /* and nothing was taken of it */
}

static int never_ends_its_texts(void *arg, struct report *r, struct err *e)
{
	(void)arg;
	(void)e;
	memset(r->hex, 'x', sizeof(r->hex));
	memset(r->err.msg, 'x', sizeof(r->err.msg));
	r->err.kind = ERR_INPUT;
	return -1;
}

static void the_texts_of_a_hostile_report_end(void **state)
{
	struct err e = ERR_INIT;
	struct report r;

	(void)state;
	assert_ok(run(never_ends_its_texts, NULL, nothing, &r, &e), &e);
	assert_int_equal(strlen(r.hex), SHA256_HEX);
	assert_int_equal(strlen(r.err.msg), sizeof(r.err.msg) - 1);
}

/* ---- several ---- */

static void each_is_waited_for_by_itself(void **state)
{
	struct child first, second;
	struct err e = ERR_INIT;
	struct report r;
	int pipe;

	(void)state;
	assert_ok(child_start(&first, does_well, (char[]){ "1" }, nothing, &e),
		  &e);
	assert_ok(child_start(&second, does_well, (char[]){ "2" }, nothing, &e),
		  &e);
	pipe = second.pipe;
	assert_ok(child_wait(&second, "second", &r, &e), &e);
	assert_string_equal(r.hex, "2");
	assert_int_equal(second.pid, -1);
	assert_int_equal(second.pipe, -1);
	assert_int_equal(fcntl(pipe, F_GETFD), -1);
	assert_ok(child_wait(&first, "first", &r, &e), &e);
	assert_string_equal(r.hex, "1");
	/* there is none any more */
	assert_err(child_wait(&first, "first", &r, &e), &e, ERR_SYS,
		   "wait for first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_arrives_as_it_was_made),
		cmocka_unit_test(an_error_is_a_report_too),
		cmocka_unit_test(a_child_has_the_fds_it_was_given_and_its_pipe),
		cmocka_unit_test(more_fds_than_there_is_room_for_are_a_bug),
		cmocka_unit_test(a_death_is_told_by_its_cause),
		cmocka_unit_test(half_a_report_is_none),
		cmocka_unit_test(the_texts_of_a_hostile_report_end),
		cmocka_unit_test(each_is_waited_for_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
