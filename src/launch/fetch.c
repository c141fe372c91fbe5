/*
 * fetch.c - a process of the launcher's own enters the mount namespace of the
 * child with the launcher's rights, opens there what the plan names, maps
 * owners where that is asked for, and sends it to the child.
 *
 * Should: open nothing but what was judged, by dev:ino; be out of everybody's
 *         reach before it enters.
 * Must not: run, read or write anything there.
 */
#include "launch/fetch.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/retry.h"
#include "kernel/idmap.h"
#include "kernel/mount.h"
#include "kernel/ns.h"
#include "launch/child.h"
#include "launch/wire.h"

/* The mount itself, instead of what it is cloned from. */
static int map_owners(const struct fetch *f, const struct step *s, int fd,
		      struct err *e)
{
	const struct idmap maps = { .uids = &s->tree.uids,
				    .gids = &s->tree.gids,
				    .setgroups = true };
	auto_fd ns = idmap_open(f->proc, &maps, e);
	auto_fd mnt = ns < 0 ? -1 : mount_clone(fd, s->tree.recursive, 0, e);

	if (mnt < 0 || mount_idmap(mnt, ns, s->tree.map_all, e) < 0)
		return err_prefix(e, "bind %s", s->tree.source);
	return TAKE_FD(mnt);
}

static int send_one(void *arg, const struct step *s, const struct source *src,
		    struct err *e)
{
	const struct fetch *f = arg;
	const struct wire w = { .kind = WIRE_DONE, .step = f->step };
	auto_fd fd = mount_open_source(src->path, src->id, NULL, e);
	auto_fd mapped = -1;

	if (fd < 0)
		return -1;
	if (s->op == OP_TREE && s->tree.uids.n) {
		mapped = map_owners(f, s, fd, e);
		if (mapped < 0)
			return -1;
	}
	return wire_send(f->sock, &w, mapped < 0 ? fd : mapped, e);
}

static int fetch(const struct fetch *f, struct err *e)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_sys(e, "close the launcher to everybody");
	if (setns(f->child, CLONE_NEWNS) < 0)
		return err_sys(e, "enter the child's mount namespace");
	return source_each(f->plan, send_one, (void *)(uintptr_t)f, e);
}

static int hear(int sock, struct err *e)
{
	struct err why = ERR_INIT;
	ssize_t n = fd_recv(sock, &why, sizeof(why), NULL);

	if (n != (ssize_t)sizeof(why))
		return n < 0 ? err_sys(e, "hear how the fetching went")
			     : err_set(e, ERR_SYS,
				       "who fetches what is bound has ended");
	if (why.kind == ERR_NONE)
		return 0;
	why.msg[sizeof(why.msg) - 1] = '\0';
	if (e)
		*e = why;
	return -1;
}

int fetch_sources(const struct fetch *f, struct err *e)
{
	struct err why = ERR_INIT;
	int pair[2], fd = -1, r;
	pid_t pid;

	if (fd_socketpair(pair, e) < 0)
		return -1;
	auto_fd ours = pair[0];
	auto_fd theirs = pair[1];
	pid = ns_clone(0, &fd);
	if (pid == 0) {
		close(TAKE_FD(ours));
		fetch(f, &why);
		/* heard, or our end is seen */
		(void)fd_send(theirs, &why, sizeof(why), -1);
		_exit(0);
	}
	if (pid < 0)
		return err_sys(e, "start a process");
	auto_fd pidfd = fd;
	close(TAKE_FD(theirs));
	r = hear(ours, e);
	if (RETRY(waitpid(pid, NULL, 0)) < 0)
		return err_sys(e, "wait for who fetches what is bound");
	return r;
}
