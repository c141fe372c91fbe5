/*
 * test_oci_process.c - a process is known by its number and its start: another
 * one with that number is never taken for it.
 */
#include <signal.h>
#include <sys/wait.h>
#include "unit.h"
#include "immure/oci_state.h"
#include "store/oci.h"

/* A child that waits for a signal. */
static pid_t start(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static void a_signal_goes_to_exactly_this_process(void **state)
{
	struct err e = ERR_INIT;
	struct oci_state s = { .pid = start() };
	int status = 0;

	(void)state;
	s.start_time = store_oci_start_time(s.pid, &e);
	assert_true(s.start_time > 0);
	s.start_time++; /* another process had this number */
	assert_err(store_oci_kill(&s, SIGTERM, &e), &e, ERR_MISSING,
		   "not running");
	s.start_time--;
	assert_ok(store_oci_kill(&s, SIGTERM, &e), &e);
	assert_int_equal(waitpid(s.pid, &status, 0), s.pid);
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void what_has_ended_and_was_not_waited_for_is_stopped(void **state)
{
	struct err e = ERR_INIT;
	struct oci_state s = { .pid = start() };

	(void)state;
	s.start_time = store_oci_start_time(s.pid, &e);
	assert_int_equal(store_oci_status(-1, &s), OCI_RUNNING);
	assert_ok(store_oci_end(&s, &e), &e);
	assert_int_equal(store_oci_status(-1, &s), OCI_STOPPED);
	assert_ok(store_oci_end(&s, &e), &e); /* again is no error */
	assert_int_equal(waitpid(s.pid, NULL, 0), s.pid);
}

static void nobody_is_told_by_name_when_the_namespace_is_ours(void **state)
{
	struct err e = ERR_INIT;
	struct oci_state s = { .pid = start() };

	(void)state;
	s.start_time = store_oci_start_time(s.pid, &e);
	assert_err(store_oci_kill_all(&s, SIGTERM, &e), &e, ERR_HOST,
		   "nobody knows");
	assert_ok(store_oci_end(&s, &e), &e);
	assert_int_equal(waitpid(s.pid, NULL, 0), s.pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_goes_to_exactly_this_process),
		cmocka_unit_test(
			what_has_ended_and_was_not_waited_for_is_stopped),
		cmocka_unit_test(
			nobody_is_told_by_name_when_the_namespace_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
