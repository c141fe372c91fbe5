/*
 * probe.c - asks the kernel for what a security module should refuse
 *
 *   probe                      ask now
 *   probe stack PROFILE        … after AppArmor's label was stacked
 *   probe context CONTEXT      … after an exec with SELinux's
 *   probe label FILE CONTEXT   only sets the context of a file
 *   probe context-of FILE…     only prints them
 *   probe as CONTEXT PROGRAM…  only runs a program with a context
 *
 * One "NAME OK" or "NAME ERRNO" line a question; each is asked in a process of
 * its own. Before the label is set it prepares what the questions are about: a
 * neighbour with the old label, a few mounts where it may. It judges nothing.
 * Static, runs in an empty root.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(*table))
#define PLACE	     "/tmp/probe" /* a tmpfs of ours, where one can be had */

struct question {
	const char *name;
	int (*ask)(const struct question *q); /* < 0: refused, errno */
	const char *path, *text;
	long number;
};
static pid_t neighbour;

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

/* ---- files ---- */

static int ask_write(const struct question *q)
{
	return put(q->path, q->text);
}

static int ask_open_w(const struct question *q)
{
	return open(q->path, O_WRONLY | O_CLOEXEC);
}

static int ask_read(const struct question *q)
{
	int fd = open(q->path, O_RDONLY | O_CLOEXEC);
	char c;

	return fd < 0 || read(fd, &c, 1) < 0 ? -1 : 0;
}

/* ---- mounts ---- */

static int ask_mount(const struct question *q)
{
	return mount(q->text, q->path, q->text, 0, NULL);
}

static int ask_mount_flags(const struct question *q)
{
	return mount(PLACE "/a", q->path, NULL, (unsigned long)q->number, NULL);
}

static int ask_overlay(const struct question *q)
{
	(void)q;
	return mount("o", PLACE "/a", "overlay", 0,
		     "lowerdir=" PLACE "/b:" PLACE "/c,userxattr");
}

static int ask_umount(const struct question *q)
{
	return umount2(q->path, MNT_DETACH);
}

static int ask_pivot(const struct question *q)
{
	(void)q;
	return (int)syscall(SYS_pivot_root, PLACE "/m", PLACE "/m/old");
}

static int ask_fsmount(const struct question *q)
{
	int fs = (int)syscall(SYS_fsopen, "tmpfs", 0);
	int m;

	if (fs < 0 || syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0) < 0)
		return -1;
	m = (int)syscall(SYS_fsmount, fs, 0, 0);
	return m < 0 ? -1
		     : (int)syscall(SYS_move_mount, m, "", AT_FDCWD, q->path,
				    4);
}

/* ---- other processes ---- */

static int ask_kill(const struct question *q)
{
	return kill(neighbour, (int)q->number);
}

static int ask_attach(const struct question *q)
{
	(void)q;
	return (int)ptrace(PTRACE_ATTACH, neighbour, NULL, NULL);
}

static int ask_neighbours_file(const struct question *q)
{
	char path[64];
	const struct question of = { .path = path };

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)neighbour, q->path);
	return ask_read(&of);
}

static int ask_memory(const struct question *q)
{
	char path[64];

	(void)q;
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)neighbour);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* Its own kind must stay in reach: a debugger, a shell's kill. */
static int ask_own_child(const struct question *q)
{
	pid_t pid = fork();
	int r;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	r = q->number ? kill(pid, (int)q->number)
		      : (int)ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	kill(pid, SIGKILL);
	return r;
}

/* ---- capabilities, sockets ---- */

static int ask_socket(const struct question *q)
{
	int type = (int)(q->number & 0xff), family = (int)(q->number >> 16);

	return socket(family, type, q->path ? atoi(q->path) : 0);
}
#define SOCKET(family, type) (long)(family) << 16 | (type)

static int ask_unshare(const struct question *q)
{
	return unshare((int)q->number);
}

static int ask_hostname(const struct question *q)
{
	return sethostname(q->text, strlen(q->text));
}

static int ask_lo_down(const struct question *q)
{
	struct ifreq r = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)q;
	return fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &r);
}

static int ask_priority(const struct question *q)
{
	const struct sched_param p = { 0 };

	(void)q;
	return sched_setscheduler(0, SCHED_OTHER, &p);
}

static int ask_run(const struct question *q)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		execl(q->path, q->path, "nothing", NULL);
		_exit(errno);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

#define SYS "/proc/sys/"
static const struct question questions[] = {
	{ "write-ip_forward", ask_write, SYS "net/ipv4/ip_forward", "1", 0 },
	{ "write-ttl", ask_write, SYS "net/ipv4/ip_default_ttl", "63", 0 },
	{ "write-forwarding", ask_write, SYS "net/ipv4/conf/lo/forwarding", "1",
	  0 },
	{ "write-ports", ask_write, SYS "net/ipv4/ip_local_port_range",
	  "2000 3000", 0 },
	{ "write-unix", ask_write, SYS "net/unix/max_dgram_qlen", "9", 0 },
	{ "write-userns-limit", ask_write, SYS "user/max_user_namespaces",
	  "1000", 0 },
	{ "write-mntns-limit", ask_write, SYS "user/max_mnt_namespaces", "1000",
	  0 },
	{ "write-lo-queue", ask_write, "/sys/class/net/lo/tx_queue_len", "900",
	  0 },
	{ "write-lo-group", ask_write, "/sys/class/net/lo/netdev_group", "1",
	  0 },
	{ "write-own-memory", ask_open_w, "/proc/self/mem", NULL, 0 },
	{ "write-clear_refs", ask_write, "/proc/self/clear_refs", "1", 0 },
	{ "write-setgroups", ask_open_w, "/proc/self/setgroups", NULL, 0 },
	{ "write-uid_map", ask_open_w, "/proc/self/uid_map", NULL, 0 },
	{ "read-keys", ask_read, "/proc/keys", NULL, 0 },
	{ "read-key-users", ask_read, "/proc/key-users", NULL, 0 },
	{ "read-kallsyms", ask_read, "/proc/kallsyms", NULL, 0 },
	{ "read-modules-list", ask_read, "/sys/kernel/security/lsm", NULL, 0 },
	{ "label-change", ask_write, "/proc/thread-self/attr/current",
	  "changeprofile immure-image", 0 },
	{ "label-drop", ask_write, "/proc/thread-self/attr/apparmor/current",
	  "changeprofile unconfined", 0 },
	{ "label-stack", ask_write, "/proc/thread-self/attr/apparmor/current",
	  "stack immure-image", 0 },
	{ "label-exec", ask_write, "/proc/thread-self/attr/apparmor/exec",
	  "exec immure-image", 0 },
	{ "mount-tmpfs", ask_mount, PLACE "/a", "tmpfs", 0 },
	{ "mount-proc", ask_mount, PLACE "/a", "proc", 0 },
	{ "mount-sysfs", ask_mount, PLACE "/a", "sysfs", 0 },
	{ "mount-devpts", ask_mount, PLACE "/a", "devpts", 0 },
	{ "mount-mqueue", ask_mount, PLACE "/a", "mqueue", 0 },
	{ "mount-overlay", ask_overlay, NULL, NULL, 0 },
	{ "mount-bind", ask_mount_flags, PLACE "/b", NULL, MS_BIND },
	{ "mount-rbind", ask_mount_flags, PLACE "/b", NULL, MS_BIND | MS_REC },
	{ "mount-private", ask_mount_flags, PLACE "/m", NULL, MS_PRIVATE },
	{ "remount", ask_mount_flags, PLACE "/m", NULL,
	  MS_REMOUNT | MS_BIND | MS_RDONLY },
	{ "mount-api", ask_fsmount, PLACE "/a", NULL, 0 },
	{ "umount", ask_umount, PLACE "/m", NULL, 0 },
	{ "pivot_root", ask_pivot, NULL, NULL, 0 },
	{ "ptrace-attach", ask_attach, NULL, NULL, 0 },
	{ "ptrace-environ", ask_neighbours_file, "environ", NULL, 0 },
	{ "ptrace-maps", ask_neighbours_file, "maps", NULL, 0 },
	{ "ptrace-memory", ask_memory, NULL, NULL, 0 },
	{ "signal-zero", ask_kill, NULL, NULL, 0 },
	{ "signal-winch", ask_kill, NULL, NULL, SIGWINCH },
	{ "socket-raw", ask_socket, "1", NULL, SOCKET(AF_INET, SOCK_RAW) },
	{ "socket-raw6", ask_socket, "58", NULL, SOCKET(AF_INET6, SOCK_RAW) },
	{ "socket-packet", ask_socket, NULL, NULL,
	  SOCKET(AF_PACKET, SOCK_RAW) },
	{ "socket-cooked", ask_socket, NULL, NULL,
	  SOCKET(AF_PACKET, SOCK_DGRAM) },
	{ "sethostname", ask_hostname, NULL, "x", 0 },
	{ "unshare-mount", ask_unshare, NULL, NULL, CLONE_NEWNS },
	{ "unshare-uts", ask_unshare, NULL, NULL, CLONE_NEWUTS },
	{ "unshare-network", ask_unshare, NULL, NULL, CLONE_NEWNET },
	{ "lo-down", ask_lo_down, NULL, NULL, 0 },
	/* what must go on working */
	{ "may-write", ask_write, PLACE "/file", "x", 0 },
	{ "may-oom", ask_write, "/proc/self/oom_score_adj", "500", 0 },
	{ "may-name", ask_write, "/proc/self/comm", "probe", 0 },
	{ "may-read-proc", ask_read, "/proc/self/maps", NULL, 0 },
	{ "may-read-stat", ask_read, "/proc/stat", NULL, 0 },
	{ "may-read-sys", ask_read, "/sys/class/net/lo/mtu", NULL, 0 },
	{ "may-tcp", ask_socket, NULL, NULL, SOCKET(AF_INET, SOCK_STREAM) },
	{ "may-udp6", ask_socket, NULL, NULL, SOCKET(AF_INET6, SOCK_DGRAM) },
	{ "may-unix", ask_socket, NULL, NULL, SOCKET(AF_UNIX, SOCK_STREAM) },
	{ "may-route", ask_socket, NULL, NULL, SOCKET(AF_NETLINK, SOCK_RAW) },
	{ "may-signal", ask_own_child, NULL, NULL, SIGTERM },
	{ "may-trace", ask_own_child, NULL, NULL, 0 },
	{ "may-schedule", ask_priority, NULL, NULL, 0 },
	{ "may-run", ask_run, "/proc/self/exe", NULL, 0 },
};

/* In a child, so that what is granted changes nothing here. */
static void ask(const struct question *q)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(q->ask(q) < 0 ? errno : 0);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status)) {
		printf("%s DIED\n", q->name);
		return;
	}
	printf("%s %s\n", q->name,
	       WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status))
				   : "OK");
	fflush(stdout);
}

static void ask_all(void)
{
	char label[4096] = "";
	int fd = open("/proc/thread-self/attr/current", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, label, sizeof(label) - 1) < 0)
		snprintf(label, sizeof(label), "none");
	label[strcspn(label, "\n")] = '\0';
	printf("label %s\n", label);
	for (size_t i = 0; i < COUNT(questions); i++)
		ask(&questions[i]);
	kill(neighbour, SIGKILL);
}

/* What may fail here leaves a question whose answer is no without a label,
 * too: those do not count. */
static void prepare(const char *context)
{
	static const char *const dirs[] = { PLACE "/a", PLACE "/b", PLACE "/c",
					    PLACE "/m" };

	mkdir("/tmp", 01777);
	mkdir(PLACE, 0755);
	(void)!mount("place", PLACE, "tmpfs", 0, context);
	for (size_t i = 0; i < COUNT(dirs); i++)
		mkdir(dirs[i], 0755);
	(void)!mount("m", PLACE "/m", "tmpfs", 0, NULL);
	mkdir(PLACE "/m/old", 0755);
	close(open(PLACE "/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	(void)!mount("sys", "/sys", "sysfs", 0, NULL);
	neighbour = fork();
	if (neighbour == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static int set_label(const char *how, const char *label)
{
	char text[512];
	bool stack = strcmp(how, "stack") == 0;

	snprintf(text, sizeof(text), "%s%s", stack ? "stack " : "", label);
	return put(stack ? "/proc/thread-self/attr/apparmor/current"
			 : "/proc/thread-self/attr/exec",
		   text);
}

/* "USER:ROLE:TYPE:LEVEL" -> the mount option for its files */
static const char *of_files(const char *context)
{
	static char option[512];
	const char *level = context;

	for (int i = 0; i < 3 && level; i++) {
		level = strchr(level, ':');
		level = level ? level + 1 : NULL;
	}
	snprintf(option, sizeof(option),
		 "context=\"%.*s:object_r:immure_file_t:%s\"",
		 (int)strcspn(context, ":"), context, level ? level : "s0");
	return option;
}

static int give_label(const char *path, const char *context)
{
	if (lsetxattr(path, "security.selinux", context, strlen(context) + 1,
		      0) == 0)
		return 0;
	perror(path);
	return 1;
}

static int print_labels(char **paths)
{
	for (; *paths; paths++) {
		char text[512];
		ssize_t n = lgetxattr(*paths, "security.selinux", text,
				      sizeof(text) - 1);

		if (n < 0) {
			perror(*paths);
			return 1;
		}
		text[n] = '\0';
		puts(text);
	}
	return 0;
}

int main(int argc, char **argv)
{
	char number[16];

	if (argc > 3 && strcmp(argv[1], "as") == 0) {
		if (set_label("context", argv[2]) == 0)
			execvp(argv[3], argv + 3);
		perror(argv[3]);
		return 1;
	}
	if (argc > 2 && strcmp(argv[1], "context-of") == 0)
		return print_labels(argv + 2);
	if (argc == 2 && strcmp(argv[1], "nothing") == 0)
		return 0;
	if (argc == 3 && strcmp(argv[1], "run") == 0) {
		neighbour = atoi(argv[2]);
		ask_all();
		return 0;
	}
	if (argc == 4 && strcmp(argv[1], "label") == 0)
		return give_label(argv[2], argv[3]);
	prepare(argc == 3 && strcmp(argv[1], "context") == 0 ? of_files(argv[2])
							     : NULL);
	if (argc == 3 && set_label(argv[1], argv[2]) < 0) {
		perror(argv[2]);
		return 1;
	}
	snprintf(number, sizeof(number), "%d", (int)neighbour);
	execl("/proc/self/exe", argv[0], "run", number, NULL);
	perror("exec");
	return 1;
}
