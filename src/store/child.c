/*
 * child.c - forks, and collects reports.
 */
#include "store/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/retry.h"

#define FDS_MAX 8

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Closes everything above 2 but these. */
static int close_others(const int *keep, int report, struct err *e)
{
	int fds[FDS_MAX], n = 0;
	unsigned from = 3;

	fds[n++] = report;
	for (; *keep >= 0 && n < FDS_MAX; keep++)
		fds[n++] = *keep;
	if (*keep >= 0)
		return err_set(e, ERR_BUG, "a child with too many fds");
	qsort(fds, (size_t)n, sizeof(fds[0]), by_number);
	for (int i = 0; i < n; i++) {
		unsigned fd = (unsigned)fds[i];

		if (fd > from && syscall(SYS_close_range, from, fd - 1, 0))
			return err_sys(e, "close_range");
		if (fd >= from)
			from = fd + 1;
	}
	if (syscall(SYS_close_range, from, ~0u, 0))
		return err_sys(e, "close_range");
	return 0;
}

static _Noreturn void run(child_fn *fn, void *arg, const int *keep, int pipe)
{
	struct report r = { .err = ERR_INIT };

	r.ok = close_others(keep, pipe, &r.err) == 0 &&
	       fn(arg, &r, &r.err) == 0;
	/* a failing write: the parent is gone, nobody is left to tell */
	_exit(fd_write_all(pipe, &r, sizeof(r)) ? 1 : 0);
}

int child_start(struct child *c, child_fn *fn, void *arg, const int *keep,
		struct err *e)
{
	int p[2];
	pid_t pid;

	if (fd_pipe(p, e))
		return -1;
	pid = fork();
	if (pid == 0)
		run(fn, arg, keep, p[1]);
	close(p[1]);
	if (pid < 0) {
		close(p[0]);
		return err_sys(e, "start a child");
	}
	*c = (struct child){ pid, p[0] };
	return 0;
}

static int died(int status, const char *what, struct err *e)
{
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (sig == SIGSYS)
		return err_set(e, ERR_VERIFY,
			       "%s made a system call that it must not make, "
			       "and was killed",
			       what);
	if (sig == SIGXCPU || sig == SIGKILL)
		return err_set(e, ERR_LIMIT,
			       "%s was killed: too much processor time or "
			       "memory",
			       what);
	return err_set(e, ERR_SYS, "%s ended without a report (status 0x%x)",
		       what, (unsigned)status);
}

int child_result(struct child *c, int status, const char *what,
		 struct report *ret, struct err *e)
{
	auto_fd pipe = TAKE_FD(c->pipe);
	struct report r;

	c->pid = -1;
	if (fd_read_exact(pipe, &r, sizeof(r)))
		return died(status, what, e);
	r.hex[SHA256_HEX] = '\0';
	r.err.msg[sizeof(r.err.msg) - 1] = '\0';
	*ret = r;
	return 0;
}

int child_wait(struct child *c, const char *what, struct report *ret,
	       struct err *e)
{
	int status;
	pid_t r;

	r = RETRY(waitpid(c->pid, &status, 0));
	if (r < 0)
		return err_sys(e, "wait for %s", what);
	return child_result(c, status, what, ret, e);
}
