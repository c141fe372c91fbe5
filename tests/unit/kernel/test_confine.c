/*
 * test_confine.c - a process that has confined itself can do what it was
 * left, and dies or fails at everything else. Each attempt in its own child.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "unit.h"
#include "kernel/confine.h"

/* By the call itself: a sanitizer does more at _exit(2) than the filter of a
 * confined process allows. */
static void leave(int status)
{
	syscall(SYS_exit_group, status);
}

#define CONFINED 42 /* the attempt succeeded */
#define REFUSED	 43 /* it failed */
#define BROKEN	 44 /* it could not even be confined */

struct place {
	char dir[64];
	int in, out; /* dir/in is writable, dir/out is not */
};
typedef int attempt_fn(const struct place *p);

static void make_place(struct place *p)
{
	int dir = unit_make_dir(p->dir);

	assert_int_equal(mkdirat(dir, "in", 0755), 0);
	assert_int_equal(mkdirat(dir, "out", 0755), 0);
	p->in = openat(dir, "in", O_RDONLY | O_DIRECTORY);
	p->out = openat(dir, "out", O_RDONLY | O_DIRECTORY);
	close(openat(p->out, "file", O_CREAT | O_WRONLY, 0644));
	close(dir);
}

static void done_place(struct place *p)
{
	close(p->in);
	close(p->out);
	unit_remove_dir(p->dir);
}

/* The wait status of an attempt made by a confined child. */
static int attempt(attempt_fn *fn, bool readable)
{
	static const char *const calls[] = { "openat", "mkdirat", NULL };
	struct place p;
	int status;
	pid_t pid;

	make_place(&p);
	pid = fork();
	if (pid == 0) {
		struct confine c = { CONFINE_INIT, .syscalls = calls,
				     .max_file = 1000, .max_fds = 32 };
		struct err e = ERR_INIT;

		c.writable_dir = p.in;
		c.readable_dir = readable ? p.out : -1;
		if (confine_self(&c, &e)) {
			fprintf(stderr, "%s\n", e.msg);
			leave(BROKEN);
		}
		leave(fn(&p));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	done_place(&p);
	return status;
}

static int answer(bool done)
{
	return done ? CONFINED : REFUSED;
}

/* ---- what it was left ---- */

static int makes_a_file(const struct place *p)
{
	int fd = openat(p->in, "new", O_CREAT | O_EXCL | O_WRONLY, 0644);

	return answer(fd >= 0 && write(fd, "x", 1) == 1 &&
		      mkdirat(p->in, "d", 0755) == 0);
}

static int uses_memory(const struct place *p)
{
	char *m = malloc(4 << 20);

	(void)p;
	memset(m, 1, 4 << 20);
	return answer(m[12345] == 1);
}

static int reads_the_other(const struct place *p)
{
	return answer(openat(p->out, "file", O_RDONLY) >= 0);
}

static void what_was_left_still_works(void **state)
{
	(void)state;
	assert_int_equal(attempt(makes_a_file, false), CONFINED << 8);
	assert_int_equal(attempt(uses_memory, false), CONFINED << 8);
	assert_int_equal(attempt(reads_the_other, true), CONFINED << 8);
}

/* ---- what fails ---- */

static int writes_the_other(const struct place *p)
{
	return answer(openat(p->out, "file", O_WRONLY) >= 0);
}

static int reads_by_path(const struct place *p)
{
	(void)p;
	return answer(openat(AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0);
}

static int climbs_out(const struct place *p)
{
	return answer(openat(p->in, "../out/file", O_RDONLY) >= 0);
}

static int writes_much(const struct place *p)
{
	int fd = openat(p->in, "new", O_CREAT | O_WRONLY, 0644);
	char data[2000] = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	return answer(write(fd, data, 1000) != 1000 ||
		      write(fd, data, 1) != -1);
}

static int opens_much(const struct place *p)
{
	int n = 0;

	while (n < 40 && openat(p->in, ".", O_RDONLY) >= 0)
		n++;
	return answer(n == 40);
}

static void what_landlock_and_limits_forbid_fails(void **state)
{
	attempt_fn *const fns[] = { writes_the_other, reads_by_path,
				    climbs_out,	      writes_much,
				    opens_much,	      reads_the_other };

	(void)state;
	for (size_t i = 0; i < sizeof(fns) / sizeof(fns[0]); i++)
		if (attempt(fns[i], i == 0) != REFUSED << 8)
			fail_msg("attempt %zu was not refused", i);
}

/* ---- what kills ---- */

static int makes_a_socket(const struct place *p)
{
	(void)p;
	return answer(socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
}

static int executes(const struct place *p)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	(void)p;
	return answer(execv("/bin/true", argv) == 0);
}

static int traces(const struct place *p)
{
	(void)p;
	return answer(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
}

static int forks(const struct place *p)
{
	(void)p;
	return answer(fork() >= 0);
}

static int makes_code(const struct place *p)
{
	(void)p;
	return answer(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static int turns_data_into_code(const struct place *p)
{
	void *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)p;
	return answer(mprotect(m, 4096, PROT_READ | PROT_EXEC) == 0);
}

static int makes_namespaces(const struct place *p)
{
	(void)p;
	return answer(unshare(CLONE_NEWUSER) == 0);
}

static int kills_its_parent(const struct place *p)
{
	(void)p;
	return answer(syscall(SYS_kill, 1, 0) == 0);
}

static int sets_ids(const struct place *p)
{
	(void)p;
	return answer(syscall(SYS_setuid, 0) == 0);
}

static void what_the_filter_forbids_kills(void **state)
{
	attempt_fn *const fns[] = { makes_a_socket,   executes,
				    traces,	      forks,
				    makes_code,	      turns_data_into_code,
				    makes_namespaces, kills_its_parent,
				    sets_ids };

	(void)state;
	for (size_t i = 0; i < sizeof(fns) / sizeof(fns[0]); i++) {
		int status = attempt(fns[i], false);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("attempt %zu: status 0x%x", i, status);
	}
}

/* ---- capabilities ---- */

static int has_capabilities(const struct place *p)
{
	struct __user_cap_header_struct h = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct d[2];

	(void)p;
	/* not on the list: this child was confined without "capget" */
	return answer(syscall(SYS_capget, &h, d) == 0);
}

static void capabilities_go_but_those_named(void **state)
{
	static const char *const calls[] = { "capget", NULL };
	int status;
	pid_t pid;

	(void)state;
	assert_true(WIFSIGNALED(attempt(has_capabilities, false)));
	if (geteuid() != 0)
		skip();
	pid = fork();
	if (pid == 0) {
		struct confine c = { CONFINE_INIT, .syscalls = calls,
				     .caps = 1ull << CAP_CHOWN };
		struct __user_cap_header_struct h = {
			.version = _LINUX_CAPABILITY_VERSION_3
		};
		struct __user_cap_data_struct d[2];
		struct err e = ERR_INIT;

		if (confine_self(&c, &e))
			leave(BROKEN);
		syscall(SYS_capget, &h, d);
		leave(answer(d[0].effective == 1u << CAP_CHOWN &&
			     d[0].permitted == 1u << CAP_CHOWN &&
			     !d[1].effective && !d[0].inheritable));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, CONFINED << 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_left_still_works),
		cmocka_unit_test(what_landlock_and_limits_forbid_fails),
		cmocka_unit_test(what_the_filter_forbids_kills),
		cmocka_unit_test(capabilities_go_but_those_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
