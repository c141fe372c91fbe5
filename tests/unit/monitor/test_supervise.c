/*
 * test_supervise.c - monitor/supervise around a shell: its status, its
 * streams, signals and time-outs. Nothing waits for ever.
 */
#include "unit.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "base/fd.h"
#include "base/table.h"
#include "kernel/ns.h"
#include "kernel/tty.h"
#include "monitor/signals.h"
#include "monitor/supervise.h"

/* A payload and what is around it. */
struct setup {
	struct supervise s;
	struct run_result result;
	struct err e;
	int theirs[3]; /* the payload's fds, -1: ours */
	int status[2]; /* of exec */
	int ours[3];   /* 0, 1, 2 of this program, meanwhile */
	int saved[3];  /* … and before */
};

static void set_up(struct setup *x)
{
	sigset_t none;

	sigemptyset(&none); /* as no other test had been */
	assert_int_equal(sigprocmask(SIG_SETMASK, &none, NULL), 0);
	*x = (struct setup){ .s = SUPERVISE_INIT,
			     .e = ERR_INIT,
			     .theirs = { -1, -1, -1 },
			     .ours = { -1, -1, -1 } };
	assert_ok(fd_pipe(x->status, &x->e), &x->e);
	x->s.exec_status = x->status[0];
	x->s.signals = signals_open(0, &x->e);
	assert_ok(x->s.signals, &x->e);
}

/* The payload's fd i and our end of it. */
static void relay(struct setup *x, int i)
{
	int ends[2];

	assert_ok(fd_pipe(ends, &x->e), &x->e);
	x->theirs[i] = ends[i != 0];
	x->s.relay[i] = ends[i == 0];
}

static _Noreturn void be_payload(const struct setup *x, const char *script)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	for (int i = 0; i < 3; i++)
		if (x->theirs[i] >= 0)
			dup2(x->theirs[i], i);
	execl("/bin/sh", "sh", "-c", script, (char *)NULL);
	_exit(99);
}

static void swap_streams(struct setup *x)
{
	for (int i = 0; i < 3; i++) {
		x->saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
		assert_true(x->saved[i] >= 10);
		if (x->ours[i] >= 0)
			assert_int_equal(dup2(x->ours[i], i), i);
	}
}

static void swap_back(struct setup *x)
{
	for (int i = 0; i < 3; i++) {
		dup2(x->saved[i], i);
		close(x->saved[i]);
	}
}

static int run(struct setup *x, const char *script)
{
	int r;

	x->s.pid = ns_clone(0, &x->s.pidfd);
	if (x->s.pid == 0)
		be_payload(x, script);
	assert_true(x->s.pid > 0);
	close(x->status[1]);
	for (int i = 0; i < 3; i++)
		if (x->theirs[i] >= 0)
			close(x->theirs[i]);
	swap_streams(x);
	r = supervise(&x->s, &x->result, &x->e);
	swap_back(x);
	return r;
}

static void tear_down(struct setup *x)
{
	int fds[] = { x->s.pidfd,    x->s.exec_status, x->s.signals,
		      x->s.pty,	     x->s.relay[0],    x->s.relay[1],
		      x->s.relay[2], x->ours[0],       x->ours[1],
		      x->ours[2] };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	/* nothing was left behind */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void the_status_is_the_payloads(void **state)
{
	static const struct {
		const char *script;
		int status, signal;
	} rows[] = {
		{ "exit 0", 0, 0 },
		{ "exit 255", 255, 0 },
		{ "kill -KILL $$", 137, SIGKILL },
		{ "kill -TERM $$", 143, SIGTERM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct setup x;

		set_up(&x);
		assert_ok(run(&x, rows[i].script), &x.e);
		assert_true(x.result.started);
		assert_int_equal(x.result.status, rows[i].status);
		assert_int_equal(x.result.signal, rows[i].signal);
		assert_false(x.result.timed_out);
		tear_down(&x);
	}
}

static void a_pid_1_of_ours_that_crashes_is_an_error(void **state)
{
	struct setup x;

	(void)state;
	set_up(&x);
	x.s.is_init = true;
	assert_err(run(&x, "kill -SEGV $$"), &x.e, ERR_SYS, "signal 11");
	tear_down(&x);
	set_up(&x);
	x.s.is_init = true;
	assert_ok(run(&x, "kill -KILL $$"), &x.e);
	assert_int_equal(x.result.status, 137);
	tear_down(&x);
}

static void a_start_that_failed_is_an_error(void **state)
{
	static const struct {
		int report[2];
		enum err_kind kind;
		const char *part;
	} rows[] = {
		{ { ENOENT, 0 }, ERR_NOCMD, "interpreter" },
		{ { EACCES, 0 }, ERR_NOEXEC, "ermission denied" },
		{ { ENOEXEC, 0 }, ERR_NOEXEC, "another machine" },
		{ { ENOENT, 1 }, ERR_SYS, "prepare" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct setup x;

		set_up(&x);
		assert_int_equal(write(x.status[1], rows[i].report,
				       sizeof(rows[i].report)),
				 sizeof(rows[i].report));
		assert_err(run(&x, "exit 1"), &x.e, rows[i].kind, rows[i].part);
		assert_false(x.result.started);
		tear_down(&x);
	}
}

static void the_time_out_sends_the_stop_signal(void **state)
{
	struct setup x;

	(void)state;
	set_up(&x);
	x.s.timeout_ms = 100;
	x.s.stop_signal = SIGINT;
	assert_ok(run(&x, "trap 'exit 3' INT; while :; do sleep 0.05; done"),
		  &x.e);
	assert_true(x.result.timed_out);
	assert_int_equal(x.result.status, 3);
	tear_down(&x);
}

static void signals_are_passed_on(void **state)
{
	struct setup x;

	(void)state;
	set_up(&x);
	assert_int_equal(raise(SIGUSR1), 0); /* waits in the signalfd */
	assert_ok(run(&x, "sleep 30"), &x.e);
	assert_int_equal(x.result.signal, SIGUSR1);
	tear_down(&x);
}

static void a_signal_that_the_caller_ignores_is_not(void **state)
{
	struct setup x;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	set_up(&x);
	assert_int_equal(raise(SIGHUP), 0);
	assert_ok(run(&x, "trap - HUP; sleep 0.2; exit 6"), &x.e);
	assert_int_equal(x.result.status, 6);
	signal(SIGHUP, SIG_DFL);
	tear_down(&x);
}

static void all_output_is_passed_on_after_the_end(void **state)
{
	struct setup x;

	(void)state;
	set_up(&x);
	relay(&x, 1);
	relay(&x, 2);
	x.ours[1] = memfd_create("1", MFD_CLOEXEC);
	x.ours[2] = memfd_create("2", MFD_CLOEXEC);
	assert_ok(run(&x, "head -c 65000 /dev/zero; echo e >&2"), &x.e);
	assert_int_equal(lseek(x.ours[1], 0, SEEK_END), 65000);
	assert_int_equal(lseek(x.ours[2], 0, SEEK_END), 2);
	tear_down(&x);
}

/* As with the host's processes: the pipe stays open after the end. */
static void who_holds_the_output_open_does_not_hold_us(void **state)
{
	char text[16] = "";
	struct setup x;

	(void)state;
	set_up(&x);
	relay(&x, 1);
	x.ours[1] = memfd_create("1", MFD_CLOEXEC);
	alarm(20);
	assert_ok(run(&x, "sleep 60 & echo $!"), &x.e);
	alarm(0);
	assert_true(pread(x.ours[1], text, sizeof(text) - 1, 0) > 1);
	assert_int_equal(kill(atoi(text), SIGKILL), 0);
	tear_down(&x);
}

static void a_reader_that_went_away_ends_the_payload(void **state)
{
	struct setup x;
	int ends[2];

	(void)state;
	set_up(&x);
	relay(&x, 1);
	assert_ok(fd_pipe(ends, &x.e), &x.e);
	close(ends[0]);
	x.ours[1] = ends[1];
	assert_ok(run(&x, "while :; do echo y || exit 4; done"), &x.e);
	assert_int_equal(x.result.signal, SIGPIPE);
	tear_down(&x);
}

static void the_end_of_our_input_is_the_payloads(void **state)
{
	struct setup x;

	(void)state;
	set_up(&x);
	relay(&x, 0);
	x.ours[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_ok(run(&x, "cat; exit 5"), &x.e);
	assert_int_equal(x.result.status, 5);
	tear_down(&x);
}

static void open_terminal(struct setup *x)
{
	int peer;

	x->s.pty = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(x->s.pty >= 0);
	assert_int_equal(unlockpt(x->s.pty), 0);
	peer = tty_peer(x->s.pty);
	assert_true(peer >= 0);
	for (int i = 0; i < 3; i++)
		x->theirs[i] = fcntl(peer, F_DUPFD_CLOEXEC, 3);
	close(peer);
	x->s.interactive = true;
}

static void the_end_of_our_input_is_typed_to_a_terminal(void **state)
{
	static const struct {
		const char *typed, *script;
	} rows[] = {
		{ "", "cat; exit 5" },
		{ "line\n", "cat; exit 5" },
		{ "part of a line", "cat; exit 5" },
		{ "line\n", "read x; sleep 0.3; cat; exit 5" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct setup x;
		int ends[2];

		set_up(&x);
		open_terminal(&x);
		assert_ok(fd_pipe(ends, &x.e), &x.e);
		assert_true(write(ends[1], rows[i].typed,
				  strlen(rows[i].typed)) >= 0);
		close(ends[1]);
		x.ours[0] = ends[0];
		x.ours[1] = memfd_create("1", MFD_CLOEXEC);
		alarm(20);
		assert_ok(run(&x, rows[i].script), &x.e);
		alarm(0);
		assert_int_equal(x.result.status, 5);
		tear_down(&x);
	}
}

static void a_terminal_hangs_up_when_nobody_looks(void **state)
{
	struct setup x;
	int ends[2];

	(void)state;
	set_up(&x);
	open_terminal(&x);
	assert_ok(fd_pipe(ends, &x.e), &x.e);
	close(ends[0]);
	x.ours[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	x.ours[1] = ends[1];
	alarm(20);
	assert_ok(run(&x, "while :; do echo y || exit 4; done"), &x.e);
	alarm(0);
	assert_int_equal(x.s.pty, -1);
	assert_int_equal(x.result.status, 4);
	tear_down(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_is_the_payloads),
		cmocka_unit_test(a_start_that_failed_is_an_error),
		cmocka_unit_test(a_pid_1_of_ours_that_crashes_is_an_error),
		cmocka_unit_test(the_time_out_sends_the_stop_signal),
		cmocka_unit_test(signals_are_passed_on),
		cmocka_unit_test(a_signal_that_the_caller_ignores_is_not),
		cmocka_unit_test(all_output_is_passed_on_after_the_end),
		cmocka_unit_test(who_holds_the_output_open_does_not_hold_us),
		cmocka_unit_test(a_reader_that_went_away_ends_the_payload),
		cmocka_unit_test(the_end_of_our_input_is_the_payloads),
		cmocka_unit_test(the_end_of_our_input_is_typed_to_a_terminal),
		cmocka_unit_test(a_terminal_hangs_up_when_nobody_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
