/*
 * join.c - enters namespaces by their files and comes back. No user or mount
 * namespace: from those there is no way back.
 */
#include "launch/join.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/table.h"
#include "kernel/ns.h"

static int enter(const struct step *s, int proc, struct joined *j,
		 struct err *e)
{
	const char *name = word_name(ns_table, s->join.ns);
	auto_fd there = ns_open(AT_FDCWD, s->join.path, s->join.ns, e);
	char here[32];
	struct stat st;
	int back;

	if (there < 0)
		return -1;
	if (fstat(there, &st) < 0)
		return err_sys(e, "stat %s", s->join.path);
	if (st.st_dev != s->join.id.dev || st.st_ino != s->join.id.ino)
		return err_set(e, ERR_VERIFY,
			       "%s is not the namespace that was judged",
			       s->join.path);
	if (j->n == (int)ARRAY_SIZE(j->fds))
		return err_set(e, ERR_BUG, "too many namespaces to enter");
	snprintf(here, sizeof(here), "self/ns/%s", name);
	back = ns_open(proc, here, s->join.ns, e);
	if (back < 0)
		return -1;
	if (setns(there, (int)s->join.ns) < 0) {
		err_sys(e, "enter the %s namespace %s", name, s->join.path);
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
