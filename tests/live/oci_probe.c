/*
 * oci_probe.c - a payload that says what its container looks like from inside:
 * "KEY VALUE" lines. Two runtimes that did the same print the same.
 *
 * Static, for any rootfs; needs a procfs at /proc. It tries nothing, and
 * judges nothing.
 */
#include <dirent.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(*table))

/* ---- the process ---- */

static void say_ids(void)
{
	gid_t groups[256];
	uid_t u[3];
	gid_t g[3];
	int n = getgroups(COUNT(groups), groups);

	getresuid(&u[0], &u[1], &u[2]);
	getresgid(&g[0], &g[1], &g[2]);
	printf("ids uid %u %u %u gid %u %u %u groups", u[0], u[1], u[2], g[0],
	       g[1], g[2]);
	for (int i = 0; i < n; i++)
		printf(" %u", groups[i]);
	putchar('\n');
}

static void say_limits(void)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit l;

		if (getrlimit((__rlimit_resource_t)i, &l) == 0)
			printf("rlimit.%d %llu %llu\n", i,
			       (unsigned long long)l.rlim_cur,
			       (unsigned long long)l.rlim_max);
	}
}

static void say_scheduling(void)
{
	struct {
		unsigned size, policy;
		unsigned long long flags;
		int nice;
		unsigned priority;
		unsigned long long runtime, deadline, period;
		unsigned util_min, util_max;
	} attr = { .size = sizeof(attr) };
	unsigned long nodes[16] = { 0 };
	cpu_set_t cpus;
	int mode = -1;

	syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0);
	printf("scheduler policy %u flags %llx nice %d priority %u "
	       "times %llu %llu %llu\n",
	       attr.policy, attr.flags, attr.nice, attr.priority,
	       attr.policy == 6 ? attr.runtime : 0, attr.deadline, attr.period);
	printf("ioprio %lx\n", syscall(SYS_ioprio_get, 1, 0));
	syscall(SYS_get_mempolicy, &mode, nodes, sizeof(nodes) * 8, NULL, 0);
	printf("mempolicy %x %lx\n", (unsigned)mode, nodes[0]);
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	printf("cpus");
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &cpus))
			printf(" %d", i);
	putchar('\n');
}

static void say_process(int argc, char **argv)
{
	struct utsname u;
	char cwd[4096] = "";
	mode_t mask = umask(0);
	int death = 0;

	for (int i = 0; i < argc; i++)
		printf("argument.%d %s\n", i, argv[i]);
	uname(&u);
	prctl(PR_GET_PDEATHSIG, &death);
	printf("hostname %s\ndomainname %s\nmachine %s\n", u.nodename,
	       u.domainname, u.machine);
	printf("cwd %s\numask %04o\n", getcwd(cwd, sizeof(cwd)) ? cwd : "?",
	       mask);
	printf("personality %x\n", (unsigned)personality(0xffffffff));
	printf("dumpable %d securebits %x death %d\n",
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0),
	       (unsigned)prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), death);
	printf("session leader %d group leader %d\n",
	       getsid(0) == getpid() || getsid(0) == 0,
	       getpgrp() == getpid() || getpgrp() == 0);
	for (int i = 0; i < 3; i++)
		printf("terminal.%d %d\n", i, isatty(i));
	for (char **e = environ; *e; e++)
		printf("env.%.*s %s\n", (int)strcspn(*e, "="), *e,
		       *e + strcspn(*e, "="));
}

/* Nothing but what was asked for is open. */
static void say_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (*e->d_name != '.' && atoi(e->d_name) != dirfd(d))
			printf("fd.%s open\n", e->d_name);
	if (d)
		closedir(d);
}

/* ---- what /proc says ---- */

/* "KEY.FIELD VALUE" for the fields of /proc/self/status in `fields` */
static void say_status(void)
{
	static const char *const fields[] = {
		"CapInh:",     "CapPrm:",  "CapEff:", "CapBnd:", "CapAmb:",
		"NoNewPrivs:", "Seccomp:", "SigBlk:", "SigIgn:", "THP_enabled:"
	};
	FILE *f = fopen("/proc/self/status", "r");
	char line[1024];

	while (f && fgets(line, sizeof(line), f))
		for (size_t i = 0; i < COUNT(fields); i++)
			if (strncmp(line, fields[i], strlen(fields[i])) == 0)
				printf("status.%.*s%s",
				       (int)strlen(fields[i]) - 1, fields[i],
				       line + strlen(fields[i]));
	if (f)
		fclose(f);
}

/* a file's text on one line, blanks as one */
static void say_file(const char *key, const char *path)
{
	FILE *f = fopen(path, "r");
	int c, blank = 1;

	if (!f)
		return;
	printf("%s ", key);
	while ((c = fgetc(f)) != EOF) {
		int is = c == ' ' || c == '\t' || c == '\n';

		if (!is || !blank)
			putchar(c == '\n' ? '|' : c == '\t' ? ' ' : c);
		blank = is;
	}
	putchar('\n');
	fclose(f);
}

static void say_files(void)
{
	static const char *const files[][2] = {
		{ "uid_map", "/proc/self/uid_map" },
		{ "gid_map", "/proc/self/gid_map" },
		{ "setgroups", "/proc/self/setgroups" },
		{ "oom_score_adj", "/proc/self/oom_score_adj" },
		{ "time_offsets", "/proc/self/timens_offsets" },
		{ "cgroup", "/proc/self/cgroup" },
		{ "sysctl.forward", "/proc/sys/net/ipv4/ip_forward" },
		{ "sysctl.shmmax", "/proc/sys/kernel/shmmax" },
		{ "sysctl.panic", "/proc/sys/kernel/panic" },
	};

	for (size_t i = 0; i < COUNT(files); i++)
		say_file(files[i][0], files[i][1]);
}

static void say_links(void)
{
	struct if_nameindex *all = if_nameindex();

	for (struct if_nameindex *i = all; i && i->if_name; i++)
		printf("link.%s there\n", i->if_name);
	if (all)
		if_freenameindex(all);
}

static void say_namespaces(void)
{
	DIR *d = opendir("/proc/self/ns");
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char path[512], link[512] = "";

		if (*e->d_name == '.' || strstr(e->d_name, "_for_"))
			continue;
		snprintf(path, sizeof(path), "/proc/self/ns/%s", e->d_name);
		if (readlink(path, link, sizeof(link) - 1) > 0)
			printf("ns.%s %s\n", e->d_name, link);
	}
	if (d)
		closedir(d);
}

/* ---- the tree ---- */

static void say_object(const char *path)
{
	char link[4096] = "";
	struct stat st;

	if (lstat(path, &st) < 0)
		return;
	printf("path.%s %06o %u:%u", path, st.st_mode, st.st_uid, st.st_gid);
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		printf(" %u:%u", major(st.st_rdev), minor(st.st_rdev));
	if (readlink(path, link, sizeof(link) - 1) > 0)
		printf(" -> %s", link);
	putchar('\n');
}

static void say_directory(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	say_object(dir);
	while (d && (e = readdir(d))) {
		char path[1024];

		snprintf(path, sizeof(path), "%s/%s",
			 strcmp(dir, "/") ? dir : "", e->d_name);
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			say_object(path);
	}
	if (d)
		closedir(d);
}

/* mountinfo without what no two runs have in common: ids and devices */
static void say_mounts(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "r");
	char line[8192];

	while (f && fgets(line, sizeof(line), f)) {
		char root[4096], at[4096], flags[512], type[128], super[2048];
		char *dash = strstr(line, " - "), *tags;
		int n = 0;

		if (!dash ||
		    sscanf(line, "%*d %*d %*s %4095s %4095s %511s %n", root, at,
			   flags, &n) != 3 ||
		    sscanf(dash + 3, "%127s %*s %2047s", type, super) != 2)
			continue;
		*dash = '\0';
		tags = line + n;
		printf("mount.%s %s %s %s", at, type, flags, super);
		printf("%s%s%s\n", strstr(tags, "shared:") ? " shared" : "",
		       strstr(tags, "master:") ? " slave" : "",
		       strstr(tags, "unbindable") ? " unbindable" : "");
		say_object(at);
	}
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	say_ids();
	say_status();
	say_limits();
	say_scheduling();
	say_process(argc, argv);
	say_descriptors();
	say_files();
	say_links();
	say_namespaces();
	say_mounts();
	say_directory("/");
	say_directory("/dev");
	say_object("/work/here");
	for (int i = 1; i < argc; i++)
		say_directory(argv[i]);
	printf("made yes\n");
	return 0;
}
