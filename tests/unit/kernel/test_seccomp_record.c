/*
 * test_seccomp_record.c - a profile that asks: its filter notifies exactly
 * what the profile denies (or all), the judge answers as the profile's own
 * filters, and the kernel's listener does what it is told.
 */
#include "seccomp_check.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "kernel/seccomp_calls.h"
#include "kernel/seccomp_notify.h"
#include "kernel/seccomp_record.h"

struct asked {
	struct seccomp_profile p;
	struct blob filters[SECCOMP_STACK_MAX];
	struct seccomp_recorded r;
	size_t n;
};

static void asked_done(struct asked *a)
{
	seccomp_profile_done(&a->p);
	for (size_t i = 0; i < a->n; i++)
		blob_done(&a->filters[i]);
	seccomp_recorded_done(&a->r);
}
DEFINE_AUTO_DONE(struct asked, asked_done);

static void make(const char *name, const struct seccomp_record_how *how,
		 struct asked *a)
{
	struct err e = ERR_INIT;
	size_t len;

	assert_ok(
		parse(seccomp_builtin_json(name, &len), "amd64", 0, &a->p, &e),
		&e);
	assert_ok(seccomp_compile(name, &a->p, a->filters, &a->n, &e), &e);
	assert_ok(seccomp_record_compile(name, &a->p, how, &a->r, &e), &e);
}

static bool is_quiet(const char *name)
{
	for (const char *const *q = seccomp_record_quiet; *q; q++)
		if (name && !strcmp(*q, name))
			return true;
	return false;
}

static uint32_t want(uint32_t profile, const struct seccomp_record_how *how,
		     bool quiet)
{
	uint32_t action = profile & SECCOMP_RET_ACTION_FULL;

	if (action == SECCOMP_RET_ALLOW)
		return how->all && !quiet ? SECCOMP_RET_USER_NOTIF : profile;
	if (action == SECCOMP_RET_ERRNO)
		return SECCOMP_RET_USER_NOTIF;
	return profile;
}

static void check_filters(const struct asked *a,
			  const struct seccomp_record_how *how)
{
	static const uint64_t corners[] = {
		0, 1, 2, 16, 21522, 0x10000000, ~0ull, 1ull << 32
	};
	const struct seccomp_machine *m = seccomp_machine_find("amd64");

	for (uint32_t nr = 0; nr < 512; nr++) {
		auto_free char *name = seccomp_call_name(m, nr);

		for (size_t i = 0; i < 64; i++) {
			const struct seccomp_data d = {
				.nr = (int)nr,
				.arch = m->audit,
				.args = { corners[i % 8], corners[i / 8],
					  corners[i % 3], 0, 0, 0 },
			};
			uint32_t says = seccomp_emulate(a->filters, a->n, &d);

			assert_int_equal(seccomp_emulate(&a->r.judge, 1, &d),
					 says);
			assert_int_equal(seccomp_emulate(&a->r.filter, 1, &d),
					 want(says, how, is_quiet(name)));
		}
	}
}

static void what_the_profile_denies_is_asked_and_judged_alike(void **state)
{
	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++)
		for (int i = 0; i < 4; i++) {
			const struct seccomp_record_how how = { .all = i & 1,
								.allow =
									i & 2 };
			AUTO(asked_done) struct asked a = { .n = 0 };

			make(*n, &how, &a);
			check_filters(&a, &how);
		}
}

static void foreign_entries_are_killed_while_recorded_too(void **state)
{
	const struct seccomp_record_how how = { .all = true, .allow = true };
	AUTO(asked_done) struct asked a = { .n = 0 };
	struct seccomp_data d = { .nr = 1, .arch = AUDIT_I386 };

	(void)state;
	make("default", &how, &a);
	assert_int_equal(seccomp_emulate(&a.r.filter, 1, &d),
			 SECCOMP_RET_KILL_PROCESS);
}

static void a_profile_that_denies_the_hand_over_is_not_recorded(void **state)
{
	const char *const json =
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{"
		"\"names\":[\"sendmsg\"],\"action\":\"SCMP_ACT_ERRNO\"}]}";
	struct seccomp_record_how how = { .all = true };
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct seccomp_data d = { .nr = 46 };
	struct seccomp_recorded r;
	struct err e = ERR_INIT;

	(void)state;
	d.arch = seccomp_machine_find("amd64")->audit;
	assert_ok(parse(json, "amd64", 0, &p, &e), &e);
	assert_err(seccomp_record_compile("p", &p, &how, &r, &e), &e, ERR_INPUT,
		   "sendmsg");
	how.allow = true;
	assert_ok(seccomp_record_compile("p", &p, &how, &r, &e), &e);
	assert_int_equal(seccomp_emulate(&r.filter, 1, &d), SECCOMP_RET_ALLOW);
	assert_int_equal(seccomp_emulate(&r.judge, 1, &d),
			 SECCOMP_RET_ERRNO | EPERM);
	seccomp_recorded_done(&r);
}

/* ---- a listener of the kernel ---- */

/* Sends the listener, then asks for a key three times. */
static _Noreturn void be_recorded(int sock, const struct blob *filter)
{
	int listener, wrong = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		_exit(90);
	listener = seccomp_listen(filter, NULL);
	if (listener < 0 || fd_send(sock, "x", 1, listener) < 0)
		_exit(91);
	close(listener);
	/* let pass: the kernel's own answer to a bad pointer */
	wrong |= syscall(SYS_mount, 1, 1, 1, 0, 0) != -1 || errno != EFAULT;
	wrong |= (syscall(SYS_mount, 1, 1, 1, 0, 0) != -1 || errno != EBADE)
		 << 1;
	wrong |= (syscall(SYS_mount, 1, 1, 1, 0, 0) != 0) << 2;
	/* nobody listens any more */
	wrong |= (syscall(SYS_mount, 1, 1, 1, 0, 0) != -1 || errno != ENOSYS)
		 << 3;
	_exit(wrong);
}

static void serve(int listener, pid_t pid)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };
	struct err e = ERR_INIT;
	struct seccomp_call c;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_int_equal(seccomp_receive(listener, &c, &e), 1);
		assert_int_equal(c.nr, SYS_mount);
		assert_int_equal(c.pid, pid);
		assert_int_equal(c.args[2], 1);
		assert_true(seccomp_is_waiting(listener, c.id));
		if (i == 0)
			assert_ok(seccomp_let_pass(listener, c.id, &e), &e);
		else
			assert_ok(seccomp_refuse(listener, c.id,
						 i == 1 ? EBADE : 0, &e),
				  &e);
		assert_false(seccomp_is_waiting(listener, c.id));
	}
}

static void the_kernel_asks_and_does_what_it_is_told(void **state)
{
	const struct seccomp_record_how how = { .patient = false };
	AUTO(asked_done) struct asked a = { .n = 0 };
	int pair[2], listener = -1, status;
	struct err e = ERR_INIT;
	char byte;
	pid_t pid;

	(void)state;
	if (!seccomp_machine_find(NULL) ||
	    strcmp(seccomp_machine_find(NULL)->name, "amd64")) {
		print_message("# another machine\n");
		skip();
	}
	make("default", &how, &a);
	assert_ok(fd_socketpair(pair, &e), &e);
	pid = fork();
	if (pid == 0)
		be_recorded(pair[1], &a.r.filter);
	close(pair[1]);
	assert_int_equal(fd_recv(pair[0], &byte, 1, &listener), 1);
	assert_ok(seccomp_listener_check(listener, &e), &e);
	assert_err(seccomp_listener_check(pair[0], &e), &e, ERR_VERIFY,
		   "no seccomp listener");
	seccomp_listener_hasten(listener);
	serve(listener, pid);
	close(listener);
	close(pair[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_the_profile_denies_is_asked_and_judged_alike),
		cmocka_unit_test(foreign_entries_are_killed_while_recorded_too),
		cmocka_unit_test(
			a_profile_that_denies_the_hand_over_is_not_recorded),
		cmocka_unit_test(the_kernel_asks_and_does_what_it_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
