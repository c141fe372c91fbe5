/*
 * outside.h - what the kernel tells of a stopped process, from outside, as
 * lines "conf KEY VALUE". The words of /proc are passed on as they are; what
 * differs from run to run (inode numbers) is not printed. Judges nothing.
 * For programs of this folder; the process must be a stopped tracee of the
 * caller for the seccomp filters to be seen.
 */
#ifndef FAULTS_OUTSIDE_H
#define FAULTS_OUTSIDE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

static int slurp(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	size_t n = 0;
	ssize_t r = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (n < size - 1 && (r = read(fd, buf + n, size - 1 - n)) > 0)
		n += (size_t)r;
	close(fd);
	if (r < 0)
		return -1;
	buf[n] = 0;
	return (int)n;
}

static void comm_get(pid_t pid, char buf[32])
{
	if (slurp(pid, "comm", buf, 32) < 0)
		snprintf(buf, 32, "?");
	buf[strcspn(buf, "\n")] = 0;
}

static bool is_thread(pid_t tid)
{
	char buf[512], *s;

	if (slurp(tid, "status", buf, sizeof(buf)) < 0)
		return false;
	s = strstr(buf, "Tgid:");
	return s && atoi(s + 5) != tid;
}

/* One "conf KEY LINE" for each line (or, in environ, each string). */
static void outside_lines(FILE *out, pid_t pid, const char *name, char sep)
{
	static char buf[1 << 18];
	int n = slurp(pid, name, buf, sizeof(buf));
	char *s = buf, *end;

	if (n < 0)
		fprintf(out, "conf %s ?%s\n", name, strerror(errno));
	for (; n > 0 && s < buf + n; s = end + 1) {
		end = memchr(s, sep, (size_t)(buf + n - s));
		if (!end)
			end = buf + n;
		*end = 0;
		for (char *c = s; *c; c++)
			if (*c == '\n' || *c == '\t')
				*c = ' ';
		fprintf(out, "conf %s %s\n", name, s);
	}
}

static void outside_link(FILE *out, pid_t pid, const char *name)
{
	char path[64], to[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		n = snprintf(to, sizeof(to), "?%s", strerror(errno));
	to[n] = 0;
	fprintf(out, "conf %s %s\n", name, to);
}

static void outside_namespaces(FILE *out, pid_t pid)
{
	static const char *const kinds[] = { "cgroup", "ipc",  "mnt",  "net",
					     "pid",    "time", "user", "uts" };
	char path[64], mine[64], its[64];
	ssize_t a, b;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		a = readlink(path, mine, sizeof(mine));
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, kinds[i]);
		b = readlink(path, its, sizeof(its));
		if (a < 0 || b < 0)
			fprintf(out, "conf ns.%s ?\n", kinds[i]);
		else
			fprintf(out, "conf ns.%s %s\n", kinds[i],
				a == b && !memcmp(mine, its, (size_t)a)
					? "host"
					: "own");
	}
}

static void outside_fds(FILE *out, pid_t pid)
{
	char path[64], name[300], info[512], *flags;
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir) {
		fprintf(out, "conf fd ?%s\n", strerror(errno));
		return;
	}
	while ((d = readdir(dir))) {
		if (*d->d_name == '.')
			continue;
		snprintf(name, sizeof(name), "fd/%s", d->d_name);
		outside_link(out, pid, name);
		snprintf(name, sizeof(name), "fdinfo/%s", d->d_name);
		if (slurp(pid, name, info, sizeof(info)) < 0)
			continue;
		flags = strstr(info, "flags:");
		if (flags)
			fprintf(out, "conf fdflags/%s %o\n", d->d_name,
				(unsigned)strtoul(flags + 6, NULL, 8) & 3);
	}
	closedir(dir);
}

static void outside_seccomp(FILE *out, pid_t pid)
{
	static struct sock_filter insn[BPF_MAXINSNS];
	const unsigned char *p = (const unsigned char *)insn;
	uint64_t h;
	long n;

	for (long i = 0; i < 16; i++) {
		n = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, i, insn);
		if (n < 0 && errno != ENOENT)
			fprintf(out, "conf seccomp.%ld ?%s\n", i,
				strerror(errno));
		if (n < 0)
			return;
		h = 0xcbf29ce484222325;
		for (size_t k = 0; k < (size_t)n * sizeof(*insn); k++)
			h = (h ^ p[k]) * 0x100000001b3;
		fprintf(out, "conf seccomp.%ld %016lx %ld\n", i, h, n);
	}
}

static void outside_session(FILE *out, pid_t pid)
{
	char buf[1024], *s;
	int pgrp, sid, tty;

	if (slurp(pid, "stat", buf, sizeof(buf)) < 0 ||
	    !(s = strrchr(buf, ')')) ||
	    sscanf(s + 1, " %*c %*d %d %d %d", &pgrp, &sid, &tty) != 3)
		return;
	fprintf(out, "conf session %s\n", sid == getsid(0) ? "host" : "own");
	fprintf(out, "conf pgrp %s\n", pgrp == pid ? "own" : "other");
	fprintf(out, "conf tty %s\n", tty ? "yes" : "no");
}

static void outside_report(FILE *out, pid_t pid)
{
	static const char *const files[] = { "status",	    "uid_map",
					     "gid_map",	    "setgroups",
					     "mountinfo",   "limits",
					     "cgroup",	    "oom_score_adj",
					     "attr/current" };

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		outside_lines(out, pid, files[i], '\n');
	outside_lines(out, pid, "environ", 0);
	outside_lines(out, pid, "cmdline", 0);
	outside_link(out, pid, "root");
	outside_link(out, pid, "cwd");
	outside_namespaces(out, pid);
	outside_fds(out, pid);
	outside_seccomp(out, pid);
	outside_session(out, pid);
}

#endif
