/*
 * probe.c - asks the host what it offers.
 *
 * The quick form runs before every start: it spawns nothing and tries
 * nothing. What cannot be read is an error, except where the absence of a
 * file is itself the answer (an LSM that is not there).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/landlock.h"
#include "kernel/probe.h"
#include "kernel/probe_parts.h"

#define LINE_MAX_BYTES (64u << 10)

int probe_line(const char *path, char **ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST,
			       O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

	/* EACCES: a container's masked /sys; to us it is not there */
	if (fd < 0 && (errno == EACCES || errno == ENOTDIR ||
		       (errno == ENOENT && path_is_missing(AT_FDCWD, path)))) {
		*ret = NULL;
		return 0;
	}
	if (fd < 0)
		return err_sys(e, "open %s", path);
	/* to its end: the size that the kernel tells of these means nothing */
	if (file_read_fd(fd, LINE_MAX_BYTES, path, &b, e) < 0)
		return -1;
	*ret = buf_take(&b);
	(*ret)[strcspn(*ret, "\n")] = '\0';
	return 0;
}

static int probe_kernel(struct host *h, struct err *e)
{
	static const struct {
		const char *machine, *oci;
	} names[] = {
		{ "x86_64", "amd64" },
		{ "aarch64", "arm64" },
	};
	struct utsname u;
	size_t i;

	if (uname(&u))
		return err_sys(e, "uname");
	if (sscanf(u.release, "%u.%u", &h->kernel_major, &h->kernel_minor) != 2)
		return err_set(e, ERR_HOST, "kernel release %s: not a version",
			       u.release);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(u.machine, names[i].machine))
			h->arch = xstrdup(names[i].oci);
	if (!h->arch)
		h->arch = xstrdup(u.machine);
	return 0;
}

static bool kernel_is(const struct host *h, unsigned major, unsigned minor)
{
	return h->kernel_major > major ||
	       (h->kernel_major == major && h->kernel_minor >= minor);
}

int probe_stat(const char *path, int flags, struct stat *ret)
{
	return fstatat(AT_FDCWD, path, ret, flags) ? errno : 0;
}

/* 1 it is there, 0 it is not, -1 nobody can tell. */
static int exists(const char *path, struct err *e)
{
	struct stat st;
	int r = probe_stat(path, 0, &st);

	if (r == ENOENT || r == ENOTDIR || r == EACCES)
		return 0;
	return r ? err_sysno(e, r, "look at %s", path) : 1;
}

/* The list of active LSMs where securityfs is mounted, else each LSM's own
 * sign of life. */
static int probe_lsm(struct host *h, struct err *e)
{
	auto_free char *list = NULL, *enabled = NULL;
	int r;

	if (probe_line("/sys/kernel/security/lsm", &list, e))
		return -1;
	if (list) {
		AUTO(strv_free) char **names = strv_split(list, ',');

		h->apparmor = strv_has(names, "apparmor");
		h->selinux = strv_has(names, "selinux");
		return 0;
	}
	if (probe_line("/sys/module/apparmor/parameters/enabled", &enabled, e))
		return -1;
	h->apparmor = enabled && enabled[0] == 'Y';
	r = exists("/sys/fs/selinux/enforce", e);
	h->selinux = r > 0;
	return r < 0 ? -1 : 0;
}

/* "No Landlock" weakens every sandbox: believed only when two calls agree. */
static int probe_landlock(struct host *h, struct err *e)
{
	h->landlock_abi = landlock_abi();
	if (h->landlock_abi > 0)
		return 0;
	syscall(SYS_landlock_restrict_self, -1, 0);
	if (errno == ENOSYS || errno == EOPNOTSUPP)
		return 0;
	return err_set(e, ERR_HOST,
		       "Landlock: its version cannot be asked, but it is "
		       "there: restrict_self says %s",
		       strerror(errno));
}

/* The same for time namespaces: two files that come with them. */
static int probe_timens(struct host *h, struct err *e)
{
	int ns = exists("/proc/self/ns/time", e), offsets;

	if (ns < 0)
		return -1;
	h->has_timens = ns;
	if (ns)
		return 0;
	offsets = exists("/proc/self/timens_offsets", e);
	if (offsets > 0)
		return err_set(e, ERR_HOST,
			       "time namespaces: /proc/self/timens_offsets is "
			       "there, /proc/self/ns/time is not");
	return offsets;
}

static enum cgroup_mode probe_cgroup(void)
{
	struct statfs fs;

	if (statfs("/sys/fs/cgroup", &fs))
		return CGROUP_NONE;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return CGROUP_V2;
	if (fs.f_type != TMPFS_MAGIC)
		return CGROUP_NONE;
	return statfs("/sys/fs/cgroup/unified", &fs) ||
			       fs.f_type != CGROUP2_SUPER_MAGIC
		       ? CGROUP_V1
		       : CGROUP_HYBRID;
}

static int probe_rlimits(struct host *h, struct err *e)
{
	static const int asked[HOST_RLIMITS] = { RLIMIT_NOFILE, RLIMIT_NPROC };
	struct rlimit l;

	for (size_t i = 0; i < HOST_RLIMITS; i++) {
		if (getrlimit(asked[i], &l))
			return err_sys(e, "read resource limit %d", asked[i]);
		h->rlimits[h->n_rlimits++] =
			(struct host_rlimit){ asked[i], l.rlim_max };
	}
	return 0;
}

static int probe_slow(struct host *h, struct err *e)
{
	auto_free char *max = NULL, *restricted = NULL;

	if (probe_line("/proc/sys/user/max_user_namespaces", &max, e) ||
	    probe_line("/proc/sys/kernel/"
		       "apparmor_restrict_unprivileged_userns",
		       &restricted, e))
		return -1;
	if (max && num_u64(max, UINT64_MAX, "user.max_user_namespaces",
			   &h->max_user_namespaces, e))
		return -1;
	h->userns_restricted = restricted && strcmp(restricted, "0");
	return probe_cgroups(h, e);
}

static int probe_tried(struct host *h, struct err *e)
{
	struct host_trials t;

	if (probe_trials(h, &t, e))
		return -1;
	h->has_userns = !t.errnum[TRIAL_USERNS];
	h->has_timens = !t.errnum[TRIAL_TIMENS];
	h->has_overlay_userns = !t.errnum[TRIAL_OVERLAY];
	h->has_tun = !t.errnum[TRIAL_TUN];
	return 0;
}

static int probe_all(bool deep, struct host *h, struct err *e)
{
	if (probe_ids(h, NULL, e) || probe_kernel(h, e))
		return -1;
	probe_dirs(h, NULL);
	h->cgroup = probe_cgroup();
	h->has_userns = true;
	h->has_overlay_userns = kernel_is(h, 5, 11);
	h->max_user_namespaces = UINT64_MAX; /* until it is asked */
	if (probe_lsm(h, e) || probe_landlock(h, e) || probe_timens(h, e) ||
	    probe_rlimits(h, e))
		return -1;
	if (deep &&
	    (probe_protected(h, e) || probe_slow(h, e) || probe_tried(h, e)))
		return -1;
	if (!h->cgroup_controllers)
		h->cgroup_controllers = xstrdup("");
	return 0;
}

int probe_host(bool deep, struct host *ret, struct err *e)
{
	struct host *h = xcalloc(1, sizeof(*h));

	if (probe_all(deep, h, e)) {
		host_free(h);
		return -1;
	}
	*ret = *h;
	free(h);
	return 0;
}
