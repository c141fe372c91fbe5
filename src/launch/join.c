/*
 * join.c - enters namespaces by their files and comes back. From a user or a
 * mount namespace there is no way back: then a process of its own enters all
 * of them, starts the child there as one of ours, and ends.
 *
 * Should: enter nothing but what was judged, by dev:ino; be out of everybody's
 *         reach before the first namespace is entered.
 * Must not: read, open or execute anything in there.
 */
#include "launch/join.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/retry.h"
#include "base/table.h"
#include "kernel/ns.h"
#include "kernel/pidfd.h"
#include "kernel/procfs.h"

#define JOINS_MAX 8

/* The namespace that was judged. */
static int open_there(const struct step *s, struct err *e)
{
	auto_fd there = ns_open(AT_FDCWD, s->join.path, s->join.ns, e);
	struct stat st;

	if (there < 0)
		return -1;
	if (fstat(there, &st) < 0)
		return err_sys(e, "stat %s", s->join.path);
	if (st.st_dev != s->join.id.dev || st.st_ino != s->join.id.ino)
		return err_set(e, ERR_VERIFY,
			       "%s is not the namespace that was judged",
			       s->join.path);
	return TAKE_FD(there);
}

static int setns_error(const struct step *s, struct err *e)
{
	return err_sys(e, "enter the %s namespace %s",
		       word_name(ns_table, s->join.ns), s->join.path);
}

/* Our own of that kind. */
static int open_here(const struct step *s, int proc, struct err *e)
{
	char here[32];

	snprintf(here, sizeof(here), "self/ns/%s",
		 word_name(ns_table, s->join.ns));
	return ns_open(proc, here, s->join.ns, e);
}

bool join_has_way_back(const struct plan *p, int proc)
{
	plan_foreach (s, p) {
		auto_fd here = s->op == OP_JOIN ? open_here(s, proc, NULL) : -1;

		/* where we are already: changes nothing, asks for the right */
		if (here >= 0 && setns(here, (int)s->join.ns) < 0)
			return false;
	}
	return true;
}

static int enter(const struct step *s, int proc, struct joined *j,
		 struct err *e)
{
	auto_fd there = open_there(s, e);
	int back;

	if (there < 0)
		return -1;
	if (j->n == (int)ARRAY_SIZE(j->fds))
		return err_set(e, ERR_BUG, "too many namespaces to enter");
	back = open_here(s, proc, e);
	if (back < 0)
		return -1;
	if (setns(there, (int)s->join.ns) < 0) {
		setns_error(s, e);
		close(back);
		return -1;
	}
	j->fds[j->n++] = back;
	return 0;
}

int join_enter(const struct plan *p, int proc, struct joined *ret,
	       struct err *e)
{
	*ret = (struct joined){ 0 };
	plan_foreach (s, p)
		if (s->op == OP_JOIN && enter(s, proc, ret, e) < 0) {
			join_leave(ret, NULL);
			return -1;
		}
	return 0;
}

int join_leave(struct joined *j, struct err *e)
{
	int r = 0;

	while (j->n > 0) {
		int fd = j->fds[--j->n];

		if (setns(fd, 0) < 0)
			r = err_sys(e, "go back to the caller's namespace");
		close(fd);
	}
	return r;
}

/* ---- without a way back ---- */

bool join_is_final(const struct plan *p)
{
	plan_foreach (s, p)
		if (s->op == OP_JOIN &&
		    s->join.ns & (CLONE_NEWUSER | CLONE_NEWNS))
			return true;
	return false;
}

/* What the process in between tells: the child's number (and its pidfd), or
 * what failed. */
struct word_of_it {
	pid_t pid;
	struct err err;
};

/* The process in between. */
struct between {
	const struct plan *plan;
	const struct join_child *child;
	int sock;
	int fds[JOINS_MAX];
};

static int go_there(struct between *b, struct err *e)
{
	int i = 0;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_sys(e, "close the launcher to everybody");
	plan_foreach (s, b->plan)
		if (s->op == OP_JOIN && setns(b->fds[i++], (int)s->join.ns) < 0)
			return setns_error(s, e);
	/* a change of ids may have opened it again */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_sys(e, "close the launcher to everybody");
	return 0;
}

static _Noreturn void be_between(struct between *b)
{
	struct word_of_it w = { .pid = -1, .err = ERR_INIT };
	int pidfd = -1;

	if (go_there(b, &w.err) == 0) {
		w.pid = ns_clone_sibling(b->child->flags, &pidfd);
		if (w.pid == 0) {
			close(b->sock);
			b->child->fn(b->child->arg);
			_exit(125);
		}
		if (w.pid < 0)
			err_sys(&w.err, "start a child in there");
	}
	/* heard, or the end is seen */
	(void)fd_send(b->sock, &w, sizeof(w), pidfd);
	_exit(0);
}

static pid_t hear(int sock, const struct join_child *c, struct err *e)
{
	struct word_of_it w = { .pid = -1, .err = ERR_INIT };
	int pidfd = -1;
	ssize_t n = fd_recv(sock, &w, sizeof(w), &pidfd);

	if (n != (ssize_t)sizeof(w))
		return n < 0 ? err_sys(e, "hear of the child in there")
			     : err_set(e, ERR_SYS,
				       "who enters the namespaces has ended");
	if (w.pid > 0 && pidfd >= 0) {
		*c->ret_pidfd = pidfd;
		return w.pid;
	}
	w.err.msg[sizeof(w.err.msg) - 1] = '\0';
	if (e)
		*e = w.err;
	return -1;
}

static int open_all(struct between *b, struct err *e)
{
	int n = 0;

	for (size_t i = 0; i < JOINS_MAX; i++)
		b->fds[i] = -1;
	plan_foreach (s, b->plan) {
		if (s->op != OP_JOIN)
			continue;
		if (n == JOINS_MAX)
			return err_set(e, ERR_BUG, "too many namespaces");
		b->fds[n] = open_there(s, e);
		if (b->fds[n++] < 0)
			return -1;
	}
	return 0;
}

static pid_t start_between(struct between *b, struct err *e)
{
	int pair[2], fd = -1;
	pid_t between, pid;

	if (fd_socketpair(pair, e) < 0)
		return -1;
	auto_fd ours = pair[0];
	auto_fd theirs = pair[1];
	b->sock = theirs;
	between = ns_clone(0, &fd);
	if (between == 0) {
		close(TAKE_FD(ours));
		be_between(b);
	}
	if (between < 0)
		return err_sys(e, "start a process");
	auto_fd pidfd = fd;
	close(TAKE_FD(theirs));
	pid = hear(ours, b->child, e);
	if (RETRY(waitpid(between, NULL, 0)) < 0 && pid > 0) {
		pidfd_end(pid, *b->child->ret_pidfd);
		close(*b->child->ret_pidfd);
		*b->child->ret_pidfd = -1;
		return err_sys(e, "wait for who entered the namespaces");
	}
	return pid;
}

void join_set_oom(const struct plan *p, int proc, pid_t pid)
{
	const struct step *s = plan_find(p, OP_OOM);
	char path[40], value[16];

	if (!s || pid < 0)
		return;
	snprintf(path, sizeof(path), "%d/oom_score_adj", (int)pid);
	snprintf(value, sizeof(value), "%d", s->oom.adj);
	(void)procfs_set(proc, path, value, NULL); /* the child's step tells */
}

pid_t join_clone(const struct plan *p, const struct join_child *c,
		 struct err *e)
{
	struct between b = { .plan = p, .child = c };
	pid_t pid = -1;

	if (open_all(&b, e) == 0)
		pid = start_between(&b, e);
	for (size_t i = 0; i < JOINS_MAX; i++)
		if (b.fds[i] >= 0)
			close(b.fds[i]);
	return pid;
}
