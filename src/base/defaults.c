/*
 * defaults.c - tables: what a sandbox gets when nothing else is said.
 *
 * Pure data and look-ups in it. It decides nothing: plan/ does.
 */
#include "base/defaults.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/num.h"

const char *const default_masked[] = {
	"/proc/acpi",	     "/proc/asound",	"/proc/interrupts",
	"/proc/kcore",	     "/proc/keys",	"/proc/latency_stats",
	"/proc/sched_debug", "/proc/scsi",	"/proc/timer_list",
	"/proc/timer_stats", "/sys/dev/block",	"/sys/devices/virtual/powercap",
	"/sys/firmware",     "/sys/fs/selinux", NULL,
};

const char *const default_readonly[] = {
	"/proc/bus",	       "/proc/fs", "/proc/irq", "/proc/sys",
	"/proc/sysrq-trigger", NULL,
};

const char *const default_devices[] = {
	"/dev/null",	"/dev/zero", "/dev/full", "/dev/random",
	"/dev/urandom", "/dev/tty",  NULL,
};

const struct default_link default_links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
	{ "/dev/ptmx", "pts/ptmx" },
	{ NULL, NULL },
};

const struct default_rlimit default_rlimits[] = {
	{ "core", 0, 0 },
	{ "nofile", 1024, 4096 },
	{ NULL, 0, 0 },
};

/* Numbers of linux/capability.h, which never change. */
const struct word cap_words[] = {
	{ "CAP_CHOWN", 0 },
	{ "CAP_DAC_OVERRIDE", 1 },
	{ "CAP_DAC_READ_SEARCH", 2 },
	{ "CAP_FOWNER", 3 },
	{ "CAP_FSETID", 4 },
	{ "CAP_KILL", 5 },
	{ "CAP_SETGID", 6 },
	{ "CAP_SETUID", 7 },
	{ "CAP_SETPCAP", 8 },
	{ "CAP_LINUX_IMMUTABLE", 9 },
	{ "CAP_NET_BIND_SERVICE", 10 },
	{ "CAP_NET_BROADCAST", 11 },
	{ "CAP_NET_ADMIN", 12 },
	{ "CAP_NET_RAW", 13 },
	{ "CAP_IPC_LOCK", 14 },
	{ "CAP_IPC_OWNER", 15 },
	{ "CAP_SYS_MODULE", 16 },
	{ "CAP_SYS_RAWIO", 17 },
	{ "CAP_SYS_CHROOT", 18 },
	{ "CAP_SYS_PTRACE", 19 },
	{ "CAP_SYS_PACCT", 20 },
	{ "CAP_SYS_ADMIN", 21 },
	{ "CAP_SYS_BOOT", 22 },
	{ "CAP_SYS_NICE", 23 },
	{ "CAP_SYS_RESOURCE", 24 },
	{ "CAP_SYS_TIME", 25 },
	{ "CAP_SYS_TTY_CONFIG", 26 },
	{ "CAP_MKNOD", 27 },
	{ "CAP_LEASE", 28 },
	{ "CAP_AUDIT_WRITE", 29 },
	{ "CAP_AUDIT_CONTROL", 30 },
	{ "CAP_SETFCAP", 31 },
	{ "CAP_MAC_OVERRIDE", 32 },
	{ "CAP_MAC_ADMIN", 33 },
	{ "CAP_SYSLOG", 34 },
	{ "CAP_WAKE_ALARM", 35 },
	{ "CAP_BLOCK_SUSPEND", 36 },
	{ "CAP_AUDIT_READ", 37 },
	{ "CAP_PERFMON", 38 },
	{ "CAP_BPF", 39 },
	{ "CAP_CHECKPOINT_RESTORE", 40 },
	{ NULL, 0 },
};
_Static_assert(ARRAY_SIZE(cap_words) == CAP_COUNT + 1, "one row each");

const struct word rlimit_words[] = {
	{ "as", RLIMIT_AS },
	{ "core", RLIMIT_CORE },
	{ "cpu", RLIMIT_CPU },
	{ "data", RLIMIT_DATA },
	{ "fsize", RLIMIT_FSIZE },
	{ "locks", RLIMIT_LOCKS },
	{ "memlock", RLIMIT_MEMLOCK },
	{ "msgqueue", RLIMIT_MSGQUEUE },
	{ "nice", RLIMIT_NICE },
	{ "nofile", RLIMIT_NOFILE },
	{ "nproc", RLIMIT_NPROC },
	{ "rss", RLIMIT_RSS },
	{ "rtprio", RLIMIT_RTPRIO },
	{ "rttime", RLIMIT_RTTIME },
	{ "sigpending", RLIMIT_SIGPENDING },
	{ "stack", RLIMIT_STACK },
	{ NULL, 0 },
};

/* Bits of landlock(7); the headers of older systems lack the last ones. */
const struct word landlock_fs_words[] = {
	{ "execute", 1 << 0 },
	{ "write_file", 1 << 1 },
	{ "read_file", 1 << 2 },
	{ "read_dir", 1 << 3 },
	{ "remove_dir", 1 << 4 },
	{ "remove_file", 1 << 5 },
	{ "make_char", 1 << 6 },
	{ "make_dir", 1 << 7 },
	{ "make_reg", 1 << 8 },
	{ "make_sock", 1 << 9 },
	{ "make_fifo", 1 << 10 },
	{ "make_block", 1 << 11 },
	{ "make_sym", 1 << 12 },
	{ "refer", 1 << 13 },
	{ "truncate", 1 << 14 },
	{ "ioctl_dev", 1 << 15 },
	{ NULL, 0 },
};

const struct word signal_words[] = {
	{ "HUP", SIGHUP },   { "INT", SIGINT },	    { "QUIT", SIGQUIT },
	{ "ILL", SIGILL },   { "TRAP", SIGTRAP },   { "ABRT", SIGABRT },
	{ "IOT", SIGABRT },  { "BUS", SIGBUS },	    { "FPE", SIGFPE },
	{ "KILL", SIGKILL }, { "USR1", SIGUSR1 },   { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 }, { "PIPE", SIGPIPE },   { "ALRM", SIGALRM },
	{ "TERM", SIGTERM }, { "STKFLT", 16 },	    { "CHLD", SIGCHLD },
	{ "CONT", SIGCONT }, { "STOP", SIGSTOP },   { "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },   { "URG", SIGURG },
	{ "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ },   { "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF }, { "WINCH", SIGWINCH }, { "IO", SIGIO },
	{ "POLL", SIGIO },   { "PWR", SIGPWR },	    { "SYS", SIGSYS },
	{ NULL, 0 },
};

/* Upper case of s without `prefix`; false when it does not fit. */
static bool fold(const char *s, const char *prefix, char *ret, size_t size)
{
	size_t skip = strncasecmp(s, prefix, strlen(prefix)) == 0
			      ? strlen(prefix)
			      : 0;
	size_t i;

	s += skip;
	if (strlen(s) >= size)
		return false;
	for (i = 0; s[i]; i++)
		ret[i] = s[i] >= 'a' && s[i] <= 'z' ? (char)(s[i] - 32) : s[i];
	ret[i] = '\0';
	return true;
}

/* The nearest name in a table, or NULL. */
static const char *nearest(const char *got, const struct word *table)
{
	const char *names[64];
	size_t n = 0;

	for (; table->name && n < ARRAY_SIZE(names); table++)
		names[n++] = table->name;
	return word_nearest(got, names, n);
}

int cap_parse(const char *s, const char *what, unsigned *ret, struct err *e)
{
	char name[40] = "CAP_";
	const char *near;
	uint64_t value;

	if (!fold(s, "CAP_", name + 4, sizeof(name) - 4))
		return err_set(e, ERR_USAGE, "%s: %.60s: no such capability",
			       what, s);
	if (word_find(cap_words, name, &value)) {
		*ret = (unsigned)value;
		return 0;
	}
	near = nearest(name, cap_words);
	return err_set(e, ERR_USAGE, "%s: %s: no such capability%s%s", what, s,
		       near ? "; did you mean " : "; see capabilities(7)",
		       near ? near + 4 : "");
}

/* "RTMIN+3", "RTMAX-2", "RTMIN". 0 when it is neither. */
static int realtime(const char *name)
{
	bool is_min = strncmp(name, "RTMIN", 5) == 0;
	int base = is_min ? 34 : 64, n;

	if (!is_min && strncmp(name, "RTMAX", 5) != 0)
		return 0;
	if (!name[5])
		return base;
	if (name[5] != (is_min ? '+' : '-') ||
	    num_int(name + 6, 0, 30, "", &n, NULL))
		return 0;
	return is_min ? base + n : base - n;
}

int signal_parse(const char *s, const char *what, int *ret, struct err *e)
{
	const char *near;
	char name[16];
	uint64_t value;
	int n;

	if (num_int(s, 1, 64, what, &n, NULL) == 0) {
		*ret = n;
		return 0;
	}
	if (!fold(s, "SIG", name, sizeof(name)))
		return err_set(e, ERR_USAGE, "%s: %.60s: no such signal", what,
			       s);
	n = word_find(signal_words, name, &value) ? (int)value : realtime(name);
	if (n > 0) {
		*ret = n;
		return 0;
	}
	near = nearest(name, signal_words);
	return err_set(e, ERR_USAGE, "%s: %s: no such signal%s%s", what, s,
		       near ? "; did you mean " : "; see signal(7)",
		       near ? near : "");
}
