/* test_spawn.c - base/spawn: what a helper gets, and what it does not. */
#include "unit.h"
#include <errno.h>
#include <signal.h>
#include "base/buf.h"
#include "base/fd.h"
#include "base/spawn.h"

#define ARGV(...)  ((char *const[]){ __VA_ARGS__, NULL })
#define SH(script) ARGV((char *)"sh", (char *)"-c", (char *)(script))

/* Standard output of a shell script; its exit status. */
static int output(const char *script, struct buf *out)
{
	struct spawn s = { .path = "/bin/sh", .argv = SH(script), .n_fds = 3 };
	struct err e = ERR_INIT;
	char chunk[512];
	int fds[2];
	ssize_t n;
	pid_t pid;

	assert_ok(fd_pipe(fds, &e), &e);
	s.fds[0] = -1;
	s.fds[1] = fds[1];
	s.fds[2] = 2;
	pid = spawn_start(&s, &e);
	assert_ok(pid, &e);
	close(fds[1]);
	while ((n = read(fds[0], chunk, sizeof(chunk))) > 0)
		buf_add(out, chunk, (size_t)n);
	close(fds[0]);
	return spawn_wait(pid, &e);
}

static void status_and_signal_are_told(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)s;
	assert_int_equal(output("exit 0", &b), 0);
	assert_int_equal(output("exit 37", &b), 37);
	assert_int_equal(output("kill -TERM $$", &b), 128 + SIGTERM);
}

static void the_environment_is_empty(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct spawn sp = { .path = "/usr/bin/env",
			    .argv = ARGV((char *)"env"),
			    .n_fds = 3 };
	struct err e = ERR_INIT;
	char c;
	int fds[2];
	pid_t pid;

	(void)s;
	assert_ok(fd_pipe(fds, &e), &e);
	sp.fds[0] = -1;
	sp.fds[1] = fds[1];
	sp.fds[2] = -1;
	pid = spawn_start(&sp, &e);
	assert_ok(pid, &e);
	close(fds[1]);
	assert_int_equal(read(fds[0], &c, 1), 0);
	close(fds[0]);
	assert_int_equal(spawn_wait(pid, &e), 0);
}

static void no_other_fd_is_left_open(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	int leak = open("/", O_RDONLY), high = fcntl(leak, F_DUPFD, 200);

	(void)s;
	assert_int_equal(output("i=3; while [ $i -lt 256 ]; do "
				"[ -e /proc/$$/fd/$i ] && echo $i; "
				"i=$((i+1)); done; echo done",
				&b),
			 0);
	assert_string_equal(b.p, "done\n");
	close(leak);
	close(high);
}

static void fds_may_change_places(void **s)
{
	struct err e = ERR_INIT;
	int a[2], b[2];
	char c = 0;
	pid_t pid;

	(void)s;
	assert_ok(fd_pipe(a, &e), &e);
	assert_ok(fd_pipe(b, &e), &e);
	/* 1 and 2 are given crosswise, one of them twice */
	assert_int_equal(dup2(a[1], 10), 10);
	assert_int_equal(dup2(b[1], 11), 11);
	struct spawn sp = {
		.path = "/bin/sh",
		.argv = SH("printf x >&4; printf y >&1; printf y >&3"),
		.fds = { -1, 11, -1, 11, 10 },
		.n_fds = 5,
	};

	pid = spawn_start(&sp, &e);
	assert_ok(pid, &e);
	assert_int_equal(fd_read_exact(a[0], &c, 1), 0);
	assert_int_equal(c, 'x');
	assert_int_equal(fd_read_exact(b[0], &c, 1), 0);
	assert_int_equal(fd_read_exact(b[0], &c, 1), 0);
	assert_int_equal(c, 'y');
	assert_int_equal(spawn_wait(pid, &e), 0);
	for (int i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
		close(10 + i);
	}
}

static void a_program_that_cannot_start_is_an_error_here(void **s)
{
	struct spawn sp = { .path = "/nonexistent/helper",
			    .argv = ARGV((char *)"helper"),
			    .fds = { -1, -1, -1 },
			    .n_fds = 3 };
	struct err e = ERR_INIT;

	(void)s;
	assert_err(spawn_start(&sp, &e), &e, ERR_SYS, "/nonexistent/helper");
	assert_int_equal(e.errnum, ENOENT);
	sp.path = "/etc";
	assert_err(spawn_start(&sp, &e), &e, ERR_SYS, "/etc");
	assert_int_equal(e.errnum, EACCES);
	sp.n_fds = 2;
	assert_err(spawn_start(&sp, &e), &e, ERR_BUG, "fds");
	/* no child is left to wait for */
	assert_err(spawn_wait(-1, &e), &e, ERR_SYS, "wait");
	assert_int_equal(e.errnum, ECHILD);
}

static void our_signal_mask_and_handlers_stay_ours(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	sigset_t before, after;

	(void)s;
	signal(SIGUSR1, SIG_IGN);
	sigprocmask(SIG_SETMASK, NULL, &before);
	/* ignored here, deadly there */
	assert_int_equal(output("kill -USR1 $$; exit 0", &b), 128 + SIGUSR1);
	sigprocmask(SIG_SETMASK, NULL, &after);
	for (int sig = 1; sig < NSIG; sig++)
		assert_int_equal(sigismember(&before, sig),
				 sigismember(&after, sig));
	assert_ptr_equal(signal(SIGUSR1, SIG_DFL), SIG_IGN);
}

static void a_helper_that_does_not_end_is_killed(void **s)
{
	struct spawn sp = { .path = "/bin/sh",
			    .argv = SH("exit 3"),
			    .fds = { -1, -1, -1 },
			    .n_fds = 3 };
	struct err e = ERR_INIT;
	pid_t pid = spawn_start(&sp, &e);

	(void)s;
	assert_int_equal(spawn_wait_within(pid, 10000, "sh", &e), 3);
	sp.argv = SH("while :; do :; done");
	pid = spawn_start(&sp, &e);
	assert_err(spawn_wait_within(pid, 100, "the loop", &e), &e, ERR_HOST,
		   "the loop did not end");
	assert_int_equal(kill(pid, 0), -1); /* and is waited for */
	assert_int_equal(errno, ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_and_signal_are_told),
		cmocka_unit_test(the_environment_is_empty),
		cmocka_unit_test(no_other_fd_is_left_open),
		cmocka_unit_test(fds_may_change_places),
		cmocka_unit_test(a_program_that_cannot_start_is_an_error_here),
		cmocka_unit_test(our_signal_mask_and_handlers_stay_ours),
		cmocka_unit_test(a_helper_that_does_not_end_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
