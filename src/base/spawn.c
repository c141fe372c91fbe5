/*
 * spawn.c - runs a helper program.
 *
 * The child shares our memory until it executes (as vfork does), on a stack
 * of its own, so starting costs the same however large we are. It must not
 * allocate and touches nothing of ours but struct child. No shell, no
 * environment, no fds but the named ones.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/retry.h"
#include "base/spawn.h"

#define STACK_SIZE (64u << 10)

/* What runs in the child: its stack frames are never left in an orderly way,
 * and a sanitizer would remember them for whoever gets the memory next. */
#define IN_CHILD __attribute__((no_sanitize("address")))

struct child {
	const struct spawn *s;
	int null_fd;
	sigset_t mask;	   /* the caller's */
	int errnum;	   /* written by the child when it fails */
	const char *where; /* the call that failed */
};

IN_CHILD static int child_failed(struct child *c, const char *where)
{
	c->errnum = errno;
	c->where = where;
	_exit(127);
}

/* fds[i] becomes fd i: first all move out of the way, then into place. */
IN_CHILD static int place_fds(const struct child *c)
{
	int n = c->s->n_fds, high[8], i, fd;

	for (i = 0; i < n; i++) {
		fd = c->s->fds[i] < 0 ? c->null_fd : c->s->fds[i];
		high[i] = fcntl(fd, F_DUPFD_CLOEXEC, n);
		if (high[i] < 0)
			return -1;
	}
	for (i = 0; i < n; i++)
		if (dup2(high[i], i) < 0)
			return -1;
	return (int)syscall(SYS_close_range, n, ~0u, 0);
}

/* Handlers and ignored signals of ours are nothing to the helper. */
IN_CHILD static void reset_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };

	/* EINVAL: SIGKILL and SIGSTOP */
	for (int sig = 1; sig <= SIGSYS; sig++) /* nobody ignores the others */
		sigaction(sig, &dfl, NULL);
}

IN_CHILD static int child_main(void *arg)
{
	static char *const no_env[] = { NULL };
	struct child *c = arg;

	reset_signals();
	if (place_fds(c))
		return child_failed(c, "passing descriptors");
	if (sigprocmask(SIG_SETMASK, &c->mask, NULL))
		return child_failed(c, "signal mask");
	execve(c->s->path, c->s->argv, c->s->env ? c->s->env : no_env);
	return child_failed(c, "execute");
}

/* clone(2) with signals blocked, so that no handler of ours runs on memory
 * that the child shares. */
static pid_t start(struct child *c, char *stack, struct err *e)
{
	sigset_t all;
	pid_t pid;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, &c->mask))
		return err_sys(e, "signal mask");
	pid = clone(child_main, stack + STACK_SIZE,
		    CLONE_VM | CLONE_VFORK | SIGCHLD, c);
	if (pid < 0)
		err_sys(e, "start %s", c->s->path);
	if (sigprocmask(SIG_SETMASK, &c->mask, NULL))
		return err_sys(e, "signal mask");
	return pid;
}

pid_t spawn_start(const struct spawn *s, struct err *e)
{
	auto_fd null_fd =
		path_open(AT_FDCWD, "/dev/null", PATH_HOST, O_RDWR, 0);
	struct child c = { .s = s, .null_fd = null_fd };
	char *stack;
	pid_t pid;

	if (s->n_fds < 3 || s->n_fds > 8)
		return err_set(e, ERR_BUG, "%s: %d fds to pass", s->path,
			       s->n_fds);
	if (null_fd < 0)
		return err_sys(e, "open /dev/null");
	stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED)
		return err_sys(e, "a stack for %s", s->path);
	pid = start(&c, stack, e);
	munmap(stack, STACK_SIZE);
	if (pid > 0 && c.errnum) {
		/* it has ended already: 127 says nothing more */
		spawn_wait(pid, NULL);
		return err_sysno(e, c.errnum, "%s: %s", s->path, c.where);
	}
	return pid;
}

int spawn_wait(pid_t pid, struct err *e)
{
	int status;
	pid_t rc;

	rc = RETRY(waitpid(pid, &status, 0));
	if (rc < 0)
		return err_sys(e, "wait for process %d", (int)pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int spawn_wait_within(pid_t pid, int ms, const char *what, struct err *e)
{
	auto_fd fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ready = fd < 0 ? -1 : RETRY(poll(&p, 1, ms));
	int errnum = errno;

	if (ready > 0)
		return spawn_wait(pid, e);
	kill(pid, SIGKILL); /* ours and not yet waited for */
	spawn_wait(pid, NULL);
	if (ready == 0)
		return err_set(e, ERR_HOST,
			       "%s did not end within %d s: it was killed",
			       what, ms / 1000);
	return err_sysno(e, errnum, "wait for %s", what);
}

static int hear(int fd, const struct spawn_heard *h, const char *path,
		struct err *e)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char chunk[4096];

	for (;;) {
		int ready = RETRY(poll(&p, 1, h->ms));
		ssize_t n;

		if (ready == 0)
			return err_set(e, ERR_HOST,
				       "%s said nothing for %d s: it was "
				       "killed",
				       path, h->ms / 1000);
		n = ready < 0 ? -1 : RETRY(read(fd, chunk, sizeof(chunk)));
		if (n < 0)
			return err_sys(e, "hear %s", path);
		if (n == 0)
			return 0;
		if ((size_t)n > h->max - h->ret->len)
			return err_set(e, ERR_LIMIT,
				       "%s says more than %zu bytes", path,
				       h->max);
		buf_add(h->ret, chunk, (size_t)n);
	}
}

int spawn_hear(const struct spawn *s, const struct spawn_heard *h,
	       struct err *e)
{
	struct spawn with = *s;
	int pipe[2];
	pid_t pid;

	if (fd_pipe(pipe, e) < 0)
		return -1;
	auto_fd ours = pipe[0];
	auto_fd theirs = pipe[1];
	with.fds[h->fd] = theirs;
	pid = spawn_start(&with, e);
	if (pid < 0)
		return -1;
	close(TAKE_FD(theirs));
	if (hear(ours, h, s->path, e) < 0) {
		kill(pid, SIGKILL); /* ours and not yet waited for */
		spawn_wait(pid, NULL);
		return -1;
	}
	return spawn_wait_within(pid, h->ms, s->path, e);
}
