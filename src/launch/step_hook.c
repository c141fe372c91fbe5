/*
 * step_hook.c - the hooks of a bundle that run in the container: of the host's
 * programs before the root is changed, of the container's own at its start.
 *
 * Should: give each the state to read, no descriptor of ours, and at the start
 *         exactly the confinement of the container's program; end it when it
 *         takes too long.
 * Must not: run one of the container's before the confinement is verified.
 */
#include "launch/child.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/retry.h"

#define MINUTE_MS 60000

/* In the process of the hook: never returns. */
static _Noreturn void be_hook(const struct child *c, const struct step *s,
			      int state)
{
	char *const own[] = { s->hook.path, NULL };
	const struct step *program = &c->plan->steps[c->plan->n - 1];
	char *const *env = s->hook.env;

	/* without one: that of the launcher, whose program it is; or that of
	 * the container */
	if (!env)
		env = s->op == OP_HOOK_INSIDE ? environ : program->exec.env;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    dup2(state, STDIN_FILENO) < 0)
		_exit(126);
	/* one of the host's that works on the root finds it there */
	if (s->op == OP_HOOK_INSIDE && fchdir(c->root) < 0)
		_exit(126);
	/* a filter may know nothing of it: then what is open there are only
	 * descriptors that close by themselves, unless some are passed on */
	if (syscall(SYS_close_range, 3, ~0u, 0) < 0 && c->passed)
		_exit(126);
	execve(s->hook.path, s->hook.args ? s->hook.args : own, env);
	_exit(errno == ENOENT ? 127 : 126);
}

/* 1: it has ended; 0: the time is over; -1 and errno. */
static int wait_within(int pidfd, uint32_t seconds)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	uint64_t ms = (uint64_t)seconds * 1000;

	if (!seconds)
		return RETRY(poll(&p, 1, -1));
	while (ms) { /* poll(2) counts in an int */
		int part = ms > MINUTE_MS ? MINUTE_MS : (int)ms;
		int r = RETRY(poll(&p, 1, part));

		if (r)
			return r;
		ms -= (uint64_t)part;
	}
	return 0;
}

static int wait_hook(pid_t pid, int pidfd, const struct step *s, struct err *e)
{
	int r = wait_within(pidfd, s->hook.timeout), why = errno, status;

	/* its number is its own until it is waited for */
	if (r <= 0 && kill(pid, SIGKILL) < 0)
		return err_sys(e, "end the hook %s", s->hook.path);
	if (RETRY(waitpid(pid, &status, 0)) < 0)
		return err_sys(e, "wait for the hook %s", s->hook.path);
	if (r < 0)
		return err_sysno(e, why, "wait for the hook %s", s->hook.path);
	if (r == 0)
		return err_set(e, ERR_TIMEOUT,
			       "hook %s: it was ended: it took longer than %u "
			       "s",
			       s->hook.path, s->hook.timeout);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int step_hook(struct child *c, const struct step *s, struct err *e)
{
	bool is_start = s->op == OP_HOOK_START;
	int state = c->states[is_start], fd = -1, status;
	pid_t pid;

	if (lseek(state, 0, SEEK_SET) < 0)
		return err_sys(e, "rewind the state for a hook");
	/* ignored, as a caller may have left it, nobody could be waited for */
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR)
		return err_sys(e, "reset SIGCHLD");
	/* not clone3(2): filters that deny it are usual */
	pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_PIDFD, NULL, &fd, NULL,
			     NULL);
	if (pid == 0)
		be_hook(c, s, state);
	if (pid < 0)
		return err_sys(e, "start the hook %s", s->hook.path);
	auto_fd pidfd = fd;
	status = wait_hook(pid, pidfd, s, e);
	if (is_start && status)
		c->hook_status = status < 0 ? 255 : status;
	if (status > 0)
		return err_set(e, ERR_SYS, "hook %s: it ended with status %d",
			       s->hook.path, status);
	return status;
}
