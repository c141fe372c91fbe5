/* floor.c - the least that a sandbox start can cost
 *
 *   floor ROOTFS CMD
 *
 * Every namespace in one clone3, a single-id map, an overlay over ROOTFS with
 * its upper layer on a tmpfs, /proc, /dev with its usual nodes and /tmp,
 * pivot_root, exec. It checks what it calls and nothing else: no policy, no
 * filter, no capabilities dropped, no messages worth reading. It is the
 * yardstick of run, never a launcher.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY(call)                                                              \
	do {                                                                   \
		if ((call) < 0)                                                \
			die(#call);                                            \
	} while (0)

static void die(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void put(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	TRY(fd = open(path, O_WRONLY | O_CLOEXEC));
	TRY(write(fd, text, strlen(text)));
	close(fd);
}

static void make_dev(void)
{
	static const char *const nodes[] = { "null", "zero",   "full",
					     "tty",  "random", "urandom" };
	char from[32], to[32];

	TRY(mount("tmpfs", "dev", "tmpfs", MS_NOSUID, "mode=755"));
	for (size_t i = 0; i < sizeof(nodes) / sizeof(*nodes); i++) {
		snprintf(from, sizeof(from), "/dev/%s", nodes[i]);
		snprintf(to, sizeof(to), "dev/%s", nodes[i]);
		TRY(mknod(to, S_IFREG | 0666, 0));
		TRY(mount(from, to, NULL, MS_BIND, NULL));
	}
}

static void make_root(const char *rootfs)
{
	TRY(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	TRY(chdir(rootfs)); /* it may lie below /tmp */
	TRY(mount("tmpfs", "/tmp", "tmpfs", 0, "mode=755"));
	TRY(mkdir("/tmp/upper", 0755));
	TRY(mkdir("/tmp/work", 0755));
	TRY(mkdir("/tmp/root", 0755));
	TRY(mount("overlay", "/tmp/root", "overlay", MS_NOSUID | MS_NODEV,
		  "lowerdir=.,upperdir=/tmp/upper,workdir=/tmp/work,"
		  "userxattr"));
	TRY(chdir("/tmp/root"));
	TRY(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL));
	make_dev();
	TRY(mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, NULL));
	TRY(syscall(SYS_pivot_root, ".", "."));
	TRY(umount2(".", MNT_DETACH));
	TRY(chdir("/"));
}

int main(int argc, char **argv)
{
	struct clone_args ca = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID |
			 CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
			 CLONE_NEWCGROUP | CLONE_NEWTIME,
		.exit_signal = SIGCHLD,
	};
	char map[64], go;
	int status, fds[2];
	char *const env[] = { NULL };
	pid_t pid;

	if (argc != 3)
		return 125;
	TRY(pipe2(fds, O_CLOEXEC));
	TRY(pid = (pid_t)syscall(SYS_clone3, &ca, sizeof(ca)));
	if (!pid) {
		close(fds[1]);
		if (read(fds[0], &go, 1) != 1)
			return 125;
		make_root(argv[1]);
		execve(argv[2], argv + 2, env);
		die(argv[2]);
	}
	put(pid, "setgroups", "deny");
	snprintf(map, sizeof(map), "0 %d 1", getuid());
	put(pid, "uid_map", map);
	snprintf(map, sizeof(map), "0 %d 1", getgid());
	put(pid, "gid_map", map);
	TRY(write(fds[1], "", 1));
	TRY(waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
