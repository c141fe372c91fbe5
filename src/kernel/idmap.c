/*
 * idmap.c - writes uid_map, gid_map and setgroups, directly or through
 * newuidmap and newgidmap, and reads every one of them back.
 */
#include "kernel/idmap.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/retry.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "kernel/ns.h"
#include "kernel/pidfd.h"
#include "kernel/procfs.h"

/* They ask the host's user database, which may be far away; but a start that
 * hangs is worse than one that is refused. */
#define HELPER_WAIT_MS 6000
#define HELPER_MORE_MS 2000

#define MAP_TEXT 2048 /* 340 rows do not fit; ours have a handful */

/* The rows as uid_map wants them. 0, or -1 when they do not fit. */
static int map_text(const struct idmap_list *l, char *ret, size_t size,
		    struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		int r = snprintf(ret + n, size - n,
				 "%" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
				 l->v[i].inside, l->v[i].outer, l->v[i].count);

		if (r < 0 || (size_t)r >= size - n)
			return err_set(e, ERR_LIMIT, "id map of %zu rows",
				       l->n);
		n += (size_t)r;
	}
	return 0;
}

/* Does what /proc shows (columns padded) say these rows? */
static bool map_equals(const char *text, const struct idmap_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		uint32_t a, b, c;
		int used = 0;

		if (sscanf(text, " %" SCNu32 " %" SCNu32 " %" SCNu32 "%n", &a,
			   &b, &c, &used) != 3)
			return false;
		if (a != l->v[i].inside || b != l->v[i].outer ||
		    c != l->v[i].count)
			return false;
		text += used;
	}
	return text[strspn(text, " \n")] == '\0';
}

static int read_back(int proc, const char *dir, const char *file,
		     const struct idmap_list *l, struct err *e)
{
	char path[64], got[MAP_TEXT];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (procfs_read(proc, path, got, sizeof(got), e) < 0)
		return -1;
	if (!map_equals(got, l))
		return err_set(e, ERR_VERIFY,
			       "%s of the new namespace is not what was "
			       "written",
			       file);
	return 0;
}

static int write_map(int proc, const char *dir, const char *file,
		     const struct idmap_list *l, struct err *e)
{
	char path[64], text[MAP_TEXT];

	if (map_text(l, text, sizeof(text), e) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return procfs_write(proc, path, text, e);
}

static int deny_setgroups(int proc, const char *dir, struct err *e)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/setgroups", dir);
	return procfs_set(proc, path, "deny", e);
}

static int write_direct(int proc, const char *dir, const struct idmap *m,
			struct err *e)
{
	if (!m->setgroups && deny_setgroups(proc, dir, e) < 0)
		return -1;
	if (write_map(proc, dir, "uid_map", m->uids, e) < 0)
		return -1;
	return write_map(proc, dir, "gid_map", m->gids, e);
}

/* newuidmap or newgidmap at work. */
struct helper {
	const char *program;
	pid_t pid;
	int log; /* memfd: what it says */
};

/* The helper's argument vector: PROGRAM PID INSIDE OUTER COUNT … */
static char **helper_argv(const char *program, pid_t pid,
			  const struct idmap_list *l)
{
	char **v = NULL;

	strv_add(&v, program);
	strv_take(&v, xasprintf("%d", (int)pid));
	for (size_t i = 0; i < l->n; i++) {
		strv_take(&v, xasprintf("%" PRIu32, l->v[i].inside));
		strv_take(&v, xasprintf("%" PRIu32, l->v[i].outer));
		strv_take(&v, xasprintf("%" PRIu32, l->v[i].count));
	}
	return v;
}

static int helper_start(struct helper *h, pid_t pid, const struct idmap_list *l,
			struct err *e)
{
	AUTO(strv_free) char **argv = helper_argv(h->program, pid, l);
	struct spawn s = { .path = h->program,
			   .argv = argv,
			   .fds = { -1, -1, h->log },
			   .n_fds = 3 };

	if (h->log < 0)
		return err_sys(e, "a place for the messages of %s", h->program);
	h->pid = spawn_start(&s, e);
	return h->pid < 0 ? -1 : 0;
}

static int helper_end(struct helper *h, int ms, struct err *e)
{
	int status = spawn_wait_within(h->pid, ms, h->program, e);
	char text[256];
	ssize_t n;

	if (status <= 0)
		return status;
	n = pread(h->log, text, sizeof(text) - 1, 0);
	if (n < 0)
		return err_sys(e, "read the messages of %s", h->program);
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return err_set(e, ERR_HOST,
			       "%s failed: %s: immure was started with "
			       "no_new_privs (by systemd, or in a sandbox), "
			       "where no helper gets rights: start it without, "
			       "or use --userns=single",
			       h->program, text);
	return err_set(e, ERR_HOST,
		       "%s failed with status %d: %s: check /etc/subuid "
		       "and /etc/subgid (`immure doctor`)",
		       h->program, status, text);
}

/* Both helpers at once: they are the dearest part of a start. */
static int write_by_helpers(pid_t pid, const struct idmap *m, struct err *e)
{
	auto_fd ulog = memfd_create("newuidmap", MFD_CLOEXEC);
	auto_fd glog = memfd_create("newgidmap", MFD_CLOEXEC);
	struct helper u = { .program = m->newuidmap, .log = ulog };
	struct helper g = { .program = m->newgidmap, .log = glog };
	int r;

	if (helper_start(&u, pid, m->uids, e) < 0)
		return -1;
	r = helper_start(&g, pid, m->gids, e);
	if (r == 0)
		r = helper_end(&g, HELPER_WAIT_MS, e);
	/* they began together: the second one has ended, or soon will */
	if (helper_end(&u, r < 0 ? 0 : HELPER_MORE_MS, r < 0 ? NULL : e) < 0)
		return -1;
	return r;
}

int idmap_write(int proc, pid_t pid, const struct idmap *m, struct err *e)
{
	char dir[16];
	int r;

	snprintf(dir, sizeof(dir), "%d", (int)pid);
	r = m->newuidmap ? write_by_helpers(pid, m, e)
			 : write_direct(proc, dir, m, e);
	if (r < 0 || read_back(proc, dir, "uid_map", m->uids, e) < 0)
		return -1;
	return read_back(proc, dir, "gid_map", m->gids, e);
}

/* ---- entering the inner namespace ---- */

struct enter {
	int proc;
	const struct idmap *map;
	int go[2];    /* the caller says: I am in the new namespace */
	char dir[16]; /* the caller's in /proc: 1, or not with the host's pids
		       */
	struct err e;
	int result;
};

/* Runs in the outer namespace with our memory, until the maps are there. */
static int enter_helper(void *arg)
{
	struct enter *x = arg;
	char c = 0;

	close(x->go[1]);
	if (fd_read_exact(x->go[0], &c, 1) < 0 || c != 'u')
		return 1; /* the caller is gone or refused */
	x->result = write_direct(x->proc, x->dir, x->map, &x->e);
	return 0;
}

static int wait_helper(pid_t pid, struct enter *x, struct err *e)
{
	int status = -1;
	pid_t r;

	r = RETRY(waitpid(pid, &status, 0));
	if (r != pid)
		return err_sys(e, "wait for the id map helper");
	if (status != 0 || x->result != 0) {
		if (e && x->e.kind != ERR_NONE)
			*e = x->e;
		else
			err_set(e, ERR_SYS,
				"the id map helper ended with "
				"status 0x%x",
				status);
		return err_prefix(e, "map the sandbox's user namespace");
	}
	return 0;
}

int idmap_enter(int proc, const struct idmap *m, struct err *e)
{
	_Alignas(16) char stack[16384];
	struct enter x = {
		.proc = proc, .map = m, .e = ERR_INIT, .result = -1
	};
	pid_t pid;
	int r;

	snprintf(x.dir, sizeof(x.dir), "%d", (int)getpid());
	if (fd_pipe(x.go, e) < 0)
		return -1;
	pid = ns_helper(enter_helper, &x, stack, sizeof(stack));
	close(x.go[0]);
	if (pid < 0) {
		close(x.go[1]);
		return err_sys(e, "start the id map helper");
	}
	r = unshare(CLONE_NEWUSER);
	if (r < 0)
		err_sys(e, "unshare the sandbox's user namespace");
	if (r == 0 && fd_write_all(x.go[1], "u", 1) < 0)
		r = err_sys(e, "tell the id map helper");
	close(x.go[1]);
	if (wait_helper(pid, &x, r < 0 ? NULL : e) < 0 && r == 0)
		return -1;
	return r;
}

/* Until somebody ends it. */
static _Noreturn void hold(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    getppid() != parent)
		_exit(1);
	for (;;)
		pause();
}

/* Says 0, or the errno of its failure, and holds. */
static _Noreturn void visit(int ns, int to, pid_t parent)
{
	int said = 0;

	/* whoever is root in there is not to look into us */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    setns(ns, CLONE_NEWUSER) < 0)
		said = errno;
	if (fd_write_all(to, &said, sizeof(said)) < 0 || said)
		_exit(1);
	hold(parent);
}

pid_t idmap_visit(int ns, int *ret_pidfd, struct err *e)
{
	int ends[2], pidfd = -1, said = 0;
	pid_t self = getpid(), pid;

	if (fd_pipe(ends, e) < 0)
		return -1;
	auto_fd hears = ends[0];
	auto_fd says = ends[1];
	pid = ns_clone(0, &pidfd);
	if (pid == 0)
		visit(ns, says, self);
	if (pid < 0)
		return err_sys(e, "start who looks at a user namespace");
	close(TAKE_FD(says));
	if (fd_read_exact(hears, &said, sizeof(said)) < 0)
		said = errno;
	if (said == 0) {
		*ret_pidfd = pidfd;
		return pid;
	}
	pidfd_end(pid, pidfd);
	close(pidfd);
	return err_sysno(e, said, "enter the user namespace");
}

int idmap_open(int proc, const struct idmap *m, struct err *e)
{
	pid_t self = getpid();
	int pidfd = -1, ns = -1;
	pid_t pid = ns_clone(CLONE_NEWUSER, &pidfd);
	char path[48];

	if (pid == 0)
		hold(self);
	if (pid < 0)
		return err_sys(e, "a user namespace for the owners of a mount");
	snprintf(path, sizeof(path), "%d/ns/user", (int)pid);
	if (idmap_write(proc, pid, m, e) == 0)
		ns = ns_open(proc, path, CLONE_NEWUSER, e);
	pidfd_end(pid, pidfd);
	close(pidfd);
	return ns;
}
