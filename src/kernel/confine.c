/*
 * confine.c - a worker shuts itself in: limits, Landlock, no capability it
 * was not left, no_new_privs, a seccomp allow-list that kills.
 *
 * Should: be called before the first hostile byte is read, once.
 * Must not: return 0 when anything of it is missing.
 */
#include "kernel/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/table.h"
#include "kernel/caps.h"
#include "kernel/landlock.h"

/* Rights of the later ABIs, where Debian 12's headers stop. */
#define FS_ABI1	     ((1ull << 13) - 1)
#define FS_REFER     (1ull << 13) /* ABI 2 */
#define FS_TRUNCATE  (1ull << 14) /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define NET_ALL	     3ull	  /* ABI 4: bind and connect TCP */
#define SCOPE_ALL    3ull	  /* ABI 6: abstract sockets, signals */

/* What any program of ours needs to live: memory, time, its fds, its end. */
static const char *const basic[] = {
	"brk",
	"clock_gettime",
	"close",
	"exit",
	"exit_group",
	"fcntl",
	"fstat",
	"futex",
	"getpid",
	"getrandom",
	"gettid",
	"gettimeofday",
	"lseek",
	"madvise",
	"mremap",
	"munmap",
	"newfstatat",
	"poll",
	"ppoll",
	"read",
	"restart_syscall",
	"rt_sigaction",
	"rt_sigprocmask",
	"rt_sigreturn",
	"sched_yield",
	"set_robust_list",
	"rseq",
	"tgkill",
	"write",
	"writev",
};

/* There in a build with AddressSanitizer only: its shadow takes terabytes of
 * addresses, and it looks at its signal stack before every end. */
void __asan_init(void) __attribute__((weak));

struct limit {
	int resource;
	uint64_t value;
	const char *name;
};

static int set_limit(const struct limit *l, struct err *e)
{
	struct rlimit r = { .rlim_cur = l->value, .rlim_max = l->value };
	struct rlimit now;

	if (getrlimit(l->resource, &now))
		return err_sys(e, "read the limit of %s", l->name);
	if (now.rlim_max < l->value)
		r.rlim_cur = r.rlim_max = now.rlim_max;
	if (setrlimit(l->resource, &r))
		return err_sys(e, "limit %s to %llu", l->name,
			       (unsigned long long)l->value);
	return 0;
}

static int set_limits(const struct confine *c, struct err *e)
{
	const struct limit limits[] = {
		{ RLIMIT_AS, __asan_init ? 0 : c->max_memory, "memory" },
		{ RLIMIT_FSIZE, c->max_file, "the size of a file" },
		{ RLIMIT_CPU, c->max_cpu, "processor time" },
		{ RLIMIT_NOFILE, c->max_fds, "open files" },
	};
	const struct limit none = { RLIMIT_CORE, 0, "core files" };

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (limits[i].value && set_limit(&limits[i], e))
			return -1;
	return set_limit(&none, e);
}

static uint64_t fs_rights(int abi)
{
	return FS_ABI1 | (abi >= 2 ? FS_REFER : 0) |
	       (abi >= 3 ? FS_TRUNCATE : 0) | (abi >= 5 ? FS_IOCTL_DEV : 0);
}

static int enter_landlock(const struct confine *c, int abi, struct err *e)
{
	uint64_t all = fs_rights(abi);
	uint64_t reading =
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
	auto_fd rules = landlock_new(all, abi >= 4 ? NET_ALL : 0,
				     abi >= 6 ? SCOPE_ALL : 0, e);
	auto_fd root = -1;
	int probe = c->probe;

	if (rules < 0)
		return -1;
	if (probe < 0) {
		root = path_open(AT_FDCWD, "/", PATH_HOST, O_PATH | O_DIRECTORY,
				 0);
		if (root < 0)
			return err_sys(e, "open /");
		probe = root;
	}
	if (c->writable_dir >= 0 &&
	    landlock_allow(rules, c->writable_dir,
			   all & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE, e))
		return -1;
	if (c->readable_dir >= 0 &&
	    landlock_allow(rules, c->readable_dir, reading, e))
		return -1;
	return landlock_enter(rules, probe, e);
}

/* A name that this architecture does not have is no hole: the call does not
 * exist there. */
static int allow(scmp_filter_ctx f, const char *name, struct err *e)
{
	int nr = seccomp_syscall_resolve_name(name), r;

	if (nr < 0)
		return 0;
	r = seccomp_rule_add(f, SCMP_ACT_ALLOW, nr, 0);
	if (r < 0)
		return err_sysno(e, -r, "allow the system call %s", name);
	return 0;
}

/* Memory may be mapped, but never as code. */
static int allow_data_maps(scmp_filter_ctx f, struct err *e)
{
	static const char *const names[] = { "mmap", "mprotect" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int nr = seccomp_syscall_resolve_name(names[i]);
		int r = seccomp_rule_add(
			f, SCMP_ACT_ALLOW, nr, 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

		if (r < 0)
			return err_sysno(e, -r, "allow %s", names[i]);
	}
	return 0;
}

static int build_filter(scmp_filter_ctx f, const struct confine *c,
			struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(basic); i++)
		if (allow(f, basic[i], e))
			return -1;
	if (__asan_init && allow(f, "sigaltstack", e))
		return -1;
	for (const char *const *s = c->syscalls; s && *s; s++)
		if (allow(f, *s, e))
			return -1;
	return allow_data_maps(f, e);
}

static int enter_seccomp(const struct confine *c, struct err *e)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r;

	if (!f)
		return err_set(e, ERR_SYS, "libseccomp: no memory");
	r = build_filter(f, c, e);
	if (r == 0) {
		r = seccomp_load(f);
		if (r < 0)
			err_sysno(e, -r, "install the worker's seccomp filter");
	}
	seccomp_release(f);
	return r < 0 ? -1 : 0;
}

int confine_self(const struct confine *c, struct err *e)
{
	int abi = landlock_abi();

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return err_sys(e, "forbid being traced");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return err_sys(e, "no_new_privs");
	if (set_limits(c, e))
		return -1;
	if (abi == 0 && !c->landlock_optional)
		return err_set(e, ERR_HOST,
			       "Landlock is not there, and this worker has no "
			       "other wall around its files");
	if (abi > 0 && enter_landlock(c, abi, e))
		return -1;
	if (caps_set(c->caps, e))
		return -1;
	return enter_seccomp(c, e);
}
