/*
 * idjob.c - a worker of ours in the user's id space, cut off from the rest.
 *
 * The child gets its trees (clones of mounts, made before it changes ids),
 * becomes id 0 of the space and executes the program. It does not take the
 * host's view of files away: the program needs its libraries, and gives the
 * view up itself (kernel/pivot.h) before it reads a byte.
 */
#include "kernel/idjob.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <linux/close_range.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/idspace.h"
#include "base/path.h"
#include "base/retry.h"
#include "base/spawn.h"
#include "kernel/idmap.h"
#include "kernel/procfs.h"
#include "kernel/ids.h"
#include "kernel/mount.h"
#include "kernel/ns.h"

#define ABOVE	64 /* fds are first moved up here, then down in order */
#define ALL_FDS (IDJOB_FDS + IDJOB_TREES)

struct start {
	const struct idjob *job;
	bool single;
	int exe, null;
	int go[2];   /* parent -> child: the ids are mapped */
	int fail[2]; /* child -> parent: struct err, or end of file at exec */
};
DEFINE_AUTO_DONE(struct idmap_list, idmap_list_done);

bool idjob_is_single(const struct host *h)
{
	bool helpers = h->uid == 0 || (h->newuidmap && h->newgidmap);

	return !helpers || h->n_subuid == 0 || h->n_subgid == 0;
}

int idjob_owner(const struct host *h, uid_t *ret_uid, gid_t *ret_gid,
		struct err *e)
{
	AUTO(idmap_list_done) struct idmap_list uids = { 0 }, gids = { 0 };

	if (idspace_outer(h, idjob_is_single(h), &uids, &gids, e))
		return -1;
	if (!uids.n || !gids.n)
		return err_set(e, ERR_BUG, "an id space without ids");
	*ret_uid = uids.v[0].outer;
	*ret_gid = gids.v[0].outer;
	return 0;
}

/* ---- the child ---- */

static int child_trees(const struct idjob *j, int *ret, struct err *e)
{
	for (int i = 0; i < j->n_trees; i++) {
		const struct idjob_tree *t = &j->trees[i];
		uint64_t attr = MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID |
				MOUNT_ATTR_NOEXEC;
		auto_fd dir = path_open(AT_FDCWD, t->path, PATH_HOST,
					O_PATH | O_DIRECTORY, 0);

		if (dir < 0)
			return err_sys(e, "open %s", t->path);
		if (!t->writable)
			attr |= MOUNT_ATTR_RDONLY;
		ret[i] = mount_clone(dir, true, attr, e);
		if (ret[i] < 0)
			return err_prefix(e, "%s", t->path);
	}
	return 0;
}

/* Puts the chosen fds at 0, 1, 2, …; all others will close at exec. */
static int child_fds(const struct start *s, const int *trees, struct err *e)
{
	const struct idjob *j = s->job;
	int n = j->n_fds + j->n_trees, up[ALL_FDS];

	for (int i = 0; i < n; i++) {
		int fd = i < j->n_fds ? j->fds[i] : trees[i - j->n_fds];

		up[i] = fcntl(fd < 0 ? s->null : fd, F_DUPFD_CLOEXEC, ABOVE);
		if (up[i] < 0)
			return err_sys(e, "move fd %d", fd);
	}
	/* the two that are still needed must not be overwritten below */
	if (s->exe < ALL_FDS || s->fail[1] < ALL_FDS)
		return err_set(e, ERR_BUG, "fds of the job not moved up");
	for (int i = 0; i < n; i++)
		if (dup2(up[i], i) < 0)
			return err_sys(e, "place fd %d", i);
	if (syscall(SYS_close_range, n, ~0u, CLOSE_RANGE_CLOEXEC))
		return err_sys(e, "close_range");
	return 0;
}

/* The parent may have died before PR_SET_PDEATHSIG was there: then the read
 * end of the error pipe is closed. */
static int child_tie(const struct start *s, struct err *e)
{
	struct pollfd p = { .fd = s->fail[1], .events = 0 };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return err_sys(e, "tie the worker to its parent");
	if (poll(&p, 1, 0) < 0)
		return err_sys(e, "look after the parent");
	if (p.revents)
		return err_set(e, ERR_SYS, "the parent is gone");
	return 0;
}

static int child_wait_ids(const struct start *s, struct err *e)
{
	char c = 0;

	/* ours of the parent's ends would keep them open for ever */
	close(s->go[1]);
	close(s->fail[0]);
	if (fd_read_exact(s->go[0], &c, 1) || c != 'g')
		return err_set(e, ERR_SYS, "the parent gave up");
	return 0;
}

static int child_identity(const struct start *s, struct err *e)
{
	struct ids ids = { .set_groups = !s->single };
	struct rlimit none = { 0, 0 };
	sigset_t empty;

	if (ids_set(&ids, e))
		return -1;
	if (setsid() < 0)
		return err_sys(e, "setsid");
	if (setrlimit(RLIMIT_CORE, &none))
		return err_sys(e, "limit core files");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return err_sys(e, "no_new_privs");
	sigemptyset(&empty);
	if (sigprocmask(SIG_SETMASK, &empty, NULL))
		return err_sys(e, "unblock signals");
	return child_tie(s, e);
}

static int child_steps(const struct start *s, struct err *e)
{
	int trees[IDJOB_TREES];
	char *const env[] = { NULL };

	if (child_wait_ids(s, e) || mount_private(e) ||
	    child_trees(s->job, trees, e) || child_identity(s, e) ||
	    child_fds(s, trees, e))
		return -1;
	syscall(SYS_execveat, s->exe, "", s->job->argv, env, AT_EMPTY_PATH);
	return err_sys(e, "execute %s", s->job->path);
}

static _Noreturn void child_main(const struct start *s)
{
	struct err e = ERR_INIT;

	child_steps(s, &e);
	/* a failing write: the parent is gone, nobody is left to tell */
	fd_write_all(s->fail[1], &e, sizeof(e));
	_exit(125);
}

/* ---- the parent ---- */

static int map_ids(const struct host *h, bool single, pid_t pid, struct err *e)
{
	AUTO(idmap_list_done) struct idmap_list uids = { 0 }, gids = { 0 };
	bool direct = single || h->uid == 0;
	struct idmap m = { .uids = &uids,
			   .gids = &gids,
			   .newuidmap = direct ? NULL : h->newuidmap,
			   .newgidmap = direct ? NULL : h->newgidmap,
			   .setgroups = !single };

	auto_fd proc = procfs_open_host(e);

	if (proc < 0 || idspace_outer(h, single, &uids, &gids, e))
		return -1;
	return idmap_write(proc, pid, &m, e);
}

/* Waits for exec (end of file) or the child's error. */
static int await_exec(int fd, struct err *e)
{
	struct err got = ERR_INIT;
	char *p = (char *)&got;
	size_t have = 0;
	ssize_t n;

	while (have < sizeof(got)) {
		n = RETRY(read(fd, p + have, sizeof(got) - have));
		if (n < 0)
			return err_sys(e, "read the worker's start");
		if (n == 0)
			break;
		have += (size_t)n;
	}
	if (have == 0)
		return 0;
	if (have < sizeof(got) || got.kind == ERR_NONE)
		return err_set(e, ERR_SYS, "the worker ended at its start");
	if (e)
		*e = got;
	return -1;
}

static int open_fds(struct start *s, struct err *e)
{
	auto_fd exe = path_open(AT_FDCWD, s->job->path, PATH_HOST, O_PATH, 0);
	auto_fd null = -1;
	int moved;

	if (exe < 0)
		return err_sys(e, "open %s", s->job->path);
	null = path_open(AT_FDCWD, "/dev/null", PATH_HOST, O_RDWR, 0);
	if (null < 0)
		return err_sys(e, "open /dev/null");
	if (fd_socketpair(s->go, e) || fd_pipe(s->fail, e))
		return -1;
	/* out of the way of the fds that the job will get */
	moved = fcntl(s->fail[1], F_DUPFD_CLOEXEC, ABOVE);
	if (moved < 0)
		return err_sys(e, "move a pipe up");
	close(s->fail[1]);
	s->fail[1] = moved;
	s->exe = fcntl(exe, F_DUPFD_CLOEXEC, ABOVE);
	if (s->exe < 0)
		return err_sys(e, "move %s up", s->job->path);
	s->null = TAKE_FD(null);
	return 0;
}

static void close_pair(int p[2])
{
	for (int i = 0; i < 2; i++)
		if (p[i] >= 0)
			close(p[i]);
}

static void start_done(struct start *s)
{
	close_pair(s->go);
	close_pair(s->fail);
	if (s->exe >= 0)
		close(s->exe);
	if (s->null >= 0)
		close(s->null);
}
DEFINE_AUTO_DONE(struct start, start_done);

static int parent_side(const struct host *h, struct start *s, pid_t pid,
		       struct err *e)
{
	close(s->fail[1]);
	s->fail[1] = -1;
	close(s->go[0]);
	s->go[0] = -1;
	if (map_ids(h, s->single, pid, e))
		return -1;
	/* EPIPE: the child has ended, its error is in the other pipe */
	if (fd_send(s->go[1], "g", 1, -1) && errno != EPIPE)
		return err_sys(e, "tell the worker to go on");
	return await_exec(s->fail[0], e);
}

pid_t idjob_start(const struct host *h, const struct idjob *j, struct err *e)
{
	AUTO(start_done)
	struct start s = { .job = j,
			   .single = idjob_is_single(h),
			   .exe = -1,
			   .null = -1,
			   .go = { -1, -1 },
			   .fail = { -1, -1 } };
	auto_fd pidfd = -1;
	pid_t pid;

	if (j->n_fds > IDJOB_FDS || j->n_trees > IDJOB_TREES)
		return err_set(e, ERR_BUG, "a job with too many fds");
	if (open_fds(&s, e))
		return -1;
	pid = ns_clone(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
			       CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS,
		       &pidfd);
	if (pid < 0 && errno == ENOSPC)
		return err_set(e, ERR_HOST,
			       "no user namespace can be made: the limit "
			       "user.max_user_namespaces is reached; see "
			       "`immure doctor`");
	if (pid < 0)
		return err_sys(e, "start a worker in new namespaces");
	if (pid == 0)
		child_main(&s);
	if (parent_side(h, &s, pid, e)) {
		/* ESRCH is not possible: it is not reaped yet */
		kill(pid, SIGKILL);
		spawn_wait(pid, NULL);
		return err_prefix(e, "start %s", path_base(j->path));
	}
	return pid;
}
