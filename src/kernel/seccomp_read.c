/*
 * seccomp_read.c - reads filters out of a running process.
 *
 * Never changes the process and never leaves it stopped: the tracer's end
 * detaches it, too.
 */
#include "kernel/seccomp_read.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/retry.h"
#include "base/sha256.h"

#define DEEPEST 256 /* filters of a process that are read at most */

struct reading {
	struct blob *v;
	size_t n;
};

static void reading_done(struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		blob_done(&r->v[i]);
	free(r->v);
}
DEFINE_AUTO_DONE(struct reading, reading_done);

static int refuse(pid_t pid, struct err *e)
{
	if (errno == EACCES || errno == EPERM)
		return err_set(e, ERR_DENIED,
			       "read the filters of process %d: the kernel "
			       "shows them to root of the host only, who is "
			       "not filtered itself; give the profile instead",
			       (int)pid);
	if (errno == ESRCH)
		return err_set(e, ERR_MISSING,
			       "read the filters of process %d: there is no "
			       "such process",
			       (int)pid);
	return err_sys(e, "read the filters of process %d", (int)pid);
}

/* The process must have stopped before it can be asked. */
static int await_stop(pid_t pid, struct err *e)
{
	int status;

	if (RETRY(waitpid(pid, &status, __WALL)) < 0)
		return refuse(pid, e);
	if (!WIFSTOPPED(status))
		return err_set(e, ERR_MISSING,
			       "read the filters of process %d: it ended",
			       (int)pid);
	return 0;
}

/* 1: there is an i-th filter, now in *ret; 0: there is none. */
static int read_one(pid_t pid, size_t i, struct blob *ret, struct err *e)
{
	struct blob b = { 0 };
	char hex[SHA256_HEX + 1];
	long n = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)i, NULL);

	/* ENOENT: no more; EINVAL: not filtered at all */
	if (n < 0 && (errno == ENOENT || (errno == EINVAL && !i)))
		return 0;
	if (n < 0)
		return refuse(pid, e);
	b.size = (size_t)n * sizeof(struct sock_filter);
	b.data = xcalloc((size_t)n + 1, sizeof(struct sock_filter));
	if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)i, b.data) != n) {
		free(b.data);
		return refuse(pid, e);
	}
	b.name = xasprintf("%d/%zu", (int)pid, i);
	sha256_of(b.data, b.size, hex);
	memcpy(b.digest, "sha256:", 7);
	memcpy(b.digest + 7, hex, sizeof(hex));
	*ret = b;
	return 1;
}

static int read_all(pid_t pid, struct reading *r, struct err *e)
{
	int more = await_stop(pid, e) < 0 ? -1 : 1;

	while (more > 0 && r->n < DEEPEST) {
		struct blob b = { 0 };

		more = read_one(pid, r->n, &b, e);
		if (more > 0) {
			*GROW(r->v, r->n) = b;
			r->n++;
		}
	}
	return more < 0 ? -1 : 0;
}

int seccomp_read(pid_t pid, struct blob **ret, size_t *ret_n, struct err *e)
{
	AUTO(reading_done) struct reading r = { 0 };
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return refuse(pid, e);
	if (ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		status = refuse(pid, e);
	else
		status = read_all(pid, &r, e);
	/* ESRCH: it has ended, there is nothing to let go */
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL) < 0 && errno != ESRCH &&
	    !status)
		status = err_sys(e, "let process %d go on", (int)pid);
	if (status)
		return -1;
	*ret_n = r.n;
	*ret = TAKE(r.v);
	r.n = 0;
	return 0;
}
