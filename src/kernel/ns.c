/*
 * ns.c - clone3(2) with namespaces. No policy, no maps (idmap.c).
 */
#include "kernel/ns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <linux/sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"

const struct word ns_table[] = {
	{ "user", CLONE_NEWUSER },
	{ "mnt", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "net", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },
	{ "uts", CLONE_NEWUTS },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
	{ NULL, 0 },
};

static pid_t do_clone(struct clone_args args, int *ret_pidfd)
{
	int pidfd = -1;
	pid_t pid;

	args.flags |= CLONE_PIDFD;
	args.pidfd = (uint64_t)(uintptr_t)&pidfd;
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid > 0)
		*ret_pidfd = pidfd;
	return pid;
}

pid_t ns_clone_into(int cgroup, uint64_t flags, int *ret_pidfd)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}
	return do_clone(args, ret_pidfd);
}

pid_t ns_clone_sibling(uint64_t flags, int *ret_pidfd)
{
	/* its signal at the end is that of ours: none may be given */
	const struct clone_args args = { .flags = flags | CLONE_PARENT };

	return do_clone(args, ret_pidfd);
}

pid_t ns_clone(uint64_t flags, int *ret_pidfd)
{
	return ns_clone_into(-1, flags, ret_pidfd);
}

int ns_open(int dir, const char *path, uint64_t kind, struct err *e)
{
	auto_fd fd = path_open(dir, path, PATH_MAGIC, O_RDONLY | O_NONBLOCK, 0);
	int got;

	if (fd < 0)
		return err_sys(e, "open the namespace %s", path);
	got = ioctl(fd, NS_GET_NSTYPE);
	if (got < 0 || (uint64_t)got != kind)
		return err_set(e, ERR_INPUT, "%s is no %s namespace", path,
			       word_name(ns_table, kind));
	return TAKE_FD(fd);
}

int ns_identify(const char *path, uint64_t kind, struct object_id *ret,
		struct err *e)
{
	auto_fd fd = ns_open(AT_FDCWD, path, kind, e);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return err_sys(e, "stat %s", path);
	*ret = (struct object_id){ st.st_dev, st.st_ino };
	return 0;
}

int ns_own(uint64_t kind, struct object_id *ret, struct err *e)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/self/ns/%s",
		 word_name(ns_table, kind));
	return ns_identify(path, kind, ret, e);
}

pid_t ns_helper(int (*fn)(void *), void *arg, void *stack, size_t size)
{
	return clone(fn, (char *)stack + size, CLONE_VM | SIGCHLD, arg);
}
