/*
 * probe_trials.c - makes each thing that a sandbox needs once, in a child
 * that then ends, and keeps the errno.
 *
 * Leaves nothing behind: mounts lie in the child's own namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/idspace.h"
#include "base/num.h"
#include "base/path.h"
#include "base/retry.h"
#include "kernel/idmap.h"
#include "kernel/procfs.h"
#include "kernel/mount.h"
#include "kernel/overlay.h"
#include "kernel/probe.h"
#include "kernel/probe_parts.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

DEFINE_AUTO(struct host *, host_free);

/* Runs in a child; 0 or an errno. */
typedef int trial_fn(const struct host *h);

static int write_self(const char *path, const char *text)
{
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST, O_WRONLY, 0);

	if (fd < 0 || fd_write_all(fd, text, strlen(text)))
		return errno;
	return 0;
}

/* A user namespace in which we are root and nobody else exists. */
static int enter(const struct host *h, int more)
{
	char map[48];
	int r;

	if (unshare(CLONE_NEWUSER))
		return errno;
	r = write_self("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1\n", h->uid);
	r = r ? r : write_self("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1\n", h->gid);
	r = r ? r : write_self("/proc/self/gid_map", map);
	if (r)
		return r;
	return more && unshare(more) ? errno : 0;
}

static int try_userns(const struct host *h)
{
	return enter(h, 0);
}

static int try_namespaces(const struct host *h)
{
	return enter(h, CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
				CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP);
}

static int try_timens(const struct host *h)
{
	return enter(h, CLONE_NEWTIME);
}

/* A tmpfs of our own over /tmp, as an fd; -1. */
static int own_tmpfs(void)
{
	auto_fd target = path_open(AT_FDCWD, "/tmp", PATH_HOST, O_PATH, 0);
	auto_fd mnt = -1;

	if (target < 0 || mount_private(NULL))
		return -1;
	mnt = mount_new("tmpfs", "mode=755", 0, NULL);
	if (mnt < 0 || mount_attach(mnt, target, NULL))
		return -1;
	return TAKE_FD(mnt);
}

static int try_overlay(const struct host *h)
{
	int r = enter(h, CLONE_NEWNS);
	auto_fd tmp = r ? -1 : own_tmpfs();
	auto_fd lower = tmp < 0 ? -1 : path_make_dirs(tmp, "lower", true);
	auto_fd upper = tmp < 0 ? -1 : path_make_dirs(tmp, "upper", true);
	auto_fd work = tmp < 0 ? -1 : path_make_dirs(tmp, "work", true);
	struct overlay o = {
		.lower = &lower, .n_lower = 1, .upper = upper, .work = work
	};
	struct err e = ERR_INIT;

	if (r)
		return r;
	if (lower < 0 || upper < 0 || work < 0)
		return errno;
	if (overlay_mount(&o, &e) >= 0)
		return 0;
	return e.errnum ? e.errnum : EOPNOTSUPP;
}

static int wait_child(pid_t pid)
{
	int status;

	if (RETRY(waitpid(pid, &status, 0)) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

static int try_proc(const struct host *h)
{
	int r = enter(h, CLONE_NEWNS | CLONE_NEWPID);
	struct err e = ERR_INIT;
	pid_t pid;

	if (r)
		return r;
	pid = fork(); /* the first process of the new pid namespace */
	if (pid < 0)
		return errno;
	if (pid == 0)
		_exit(mount_new("proc", NULL, 0, &e) < 0 ? e.errnum & 0xff : 0);
	return wait_child(pid);
}

static int try_openat2(const struct host *h)
{
	auto_fd fd = path_open(AT_FDCWD, "/", PATH_IN_ROOT, O_PATH, 0);

	(void)h;
	return fd < 0 ? errno : 0;
}

static int try_seccomp(const struct host *h)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { .len = 1, .filter = &allow };

	(void)h;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		return errno;
	return 0;
}

static int try_landlock(const struct host *h)
{
	return h->landlock_abi > 0 ? 0 : EOPNOTSUPP;
}

static int try_tun(const struct host *h)
{
	auto_fd fd = path_open(AT_FDCWD, "/dev/net/tun", PATH_HOST, O_RDWR, 0);

	(void)h;
	return fd < 0 ? errno : 0;
}

/* The child of the id map trial: enters, says so, waits to be mapped. */
static int be_mapped(int sock)
{
	char c = 0;
	int r = unshare(CLONE_NEWUSER) ? errno : 0;

	if (fd_send(sock, &r, sizeof(r), -1) || r)
		return r ? r : errno;
	return fd_recv(sock, &c, 1, NULL) == 1 ? 0 : ECHILD;
}

static int map_child(const struct host *h, pid_t pid, int sock, struct err *e)
{
	struct idmap_list uids = { 0 }, gids = { 0 };
	struct idmap m = { .uids = &uids,
			   .gids = &gids,
			   .newuidmap = h->newuidmap,
			   .newgidmap = h->newgidmap,
			   .setgroups = true };
	auto_fd proc = procfs_open_host(e);
	int r = -1;

	if (proc < 0)
		return -1;
	if (fd_recv(sock, &r, sizeof(r), NULL) != sizeof(r))
		return err_set(e, ERR_SYS, "the trial's child ended early");
	if (r)
		return err_sysno(e, r, "make a user namespace");
	r = idspace_outer(h, false, &uids, &gids, e);
	r = r ? r : idmap_write(proc, pid, &m, e);
	idmap_list_done(&uids);
	idmap_list_done(&gids);
	return r;
}

static void try_idmap(const struct host *h, struct host_trials *t)
{
	int sock[2], *ret = &t->errnum[TRIAL_IDMAP];
	struct err e = ERR_INIT;
	pid_t pid;

	*ret = TRIAL_NOT_TRIED;
	if (!h->newuidmap || !h->newgidmap || fd_socketpair(sock, &e))
		return;
	pid = fork();
	if (pid == 0) {
		close(sock[0]);
		_exit(be_mapped(sock[1]));
	}
	close(sock[1]);
	if (pid > 0) {
		*ret = map_child(h, pid, sock[0], &e)
			       ? (e.errnum ? e.errnum : EPERM)
			       : 0;
		snprintf(t->idmap_text, sizeof(t->idmap_text), "%.255s", e.msg);
		if (fd_send(sock[0], "", 1, -1) && !*ret)
			*ret = errno;
		wait_child(pid);
	}
	close(sock[0]);
}

static int run_trial(trial_fn *fn, const struct host *h, int *ret,
		     struct err *e)
{
	pid_t pid = fork();

	if (pid < 0)
		return err_sys(e, "start a child for a trial");
	if (pid == 0)
		_exit(fn(h) & 0xff);
	*ret = wait_child(pid);
	return 0;
}

/* ID=debian or ID="debian" of os-release(5). */
static void os_release(char *text, struct host_trials *t)
{
	char *line, *value;

	while ((line = strsep(&text, "\n"))) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value++ = '\0';
		value += strspn(value, "\"'");
		value[strcspn(value, "\"'")] = '\0';
		if (!strcmp(line, "ID"))
			snprintf(t->distro, sizeof(t->distro), "%.31s", value);
		else if (!strcmp(line, "ID_LIKE"))
			snprintf(t->distro_like, sizeof(t->distro_like),
				 "%.63s", value);
	}
}

static int read_facts(struct host_trials *t, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(host_free) struct host *again = xcalloc(1, sizeof(*again));
	auto_free char *clone = NULL, *helper = NULL;

	if (probe_line("/proc/sys/kernel/unprivileged_userns_clone", &clone, e))
		return -1;
	t->userns_clone = -1;
	if (clone && num_int(clone, 0, 1, "userns_clone", &t->userns_clone, e))
		return -1;
	if (!file_read("/etc/os-release", 64u << 10, &b, NULL) && b.p)
		os_release(b.p, t);
	helper = probe_helper("newuidmap", t->helper_problem,
			      sizeof(t->helper_problem));
	if (probe_ids(again, t, e))
		return -1;
	probe_dirs(again, &t->runtime_fallback);
	return 0;
}

int probe_trials(const struct host *h, struct host_trials *ret, struct err *e)
{
	static trial_fn *const fns[TRIAL_COUNT] = {
		[TRIAL_USERNS] = try_userns,
		[TRIAL_NAMESPACES] = try_namespaces,
		[TRIAL_TIMENS] = try_timens,
		[TRIAL_OVERLAY] = try_overlay,
		[TRIAL_PROC] = try_proc,
		[TRIAL_OPENAT2] = try_openat2,
		[TRIAL_SECCOMP] = try_seccomp,
		[TRIAL_LANDLOCK] = try_landlock,
		[TRIAL_TUN] = try_tun,
	};
	struct host_trials t = { 0 };
	size_t i;

	for (i = 0; i < TRIAL_COUNT; i++)
		if (fns[i] && run_trial(fns[i], h, &t.errnum[i], e))
			return -1;
	try_idmap(h, &t);
	if (read_facts(&t, e))
		return -1;
	*ret = t;
	return 0;
}
