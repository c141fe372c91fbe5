/*
 * oci_process.c - the processes of a container made from a bundle: whether
 * they live, and signals to them. A number alone is never believed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/retry.h"
#include "base/table.h"
#include "kernel/cgroup.h"
#include "kernel/pidfd.h"
#include "kernel/procfs.h"
#include "store/oci.h"

#define END_MS 10000

uint64_t store_oci_start_time(pid_t pid, struct err *e)
{
	auto_fd proc = procfs_open_host(e);
	char path[32], text[2048], *at;
	unsigned long long start;
	struct err why = ERR_INIT;
	char state;

	if (proc < 0)
		return 0;
	snprintf(path, sizeof(path), "%d/stat", (int)pid);
	if (procfs_read(proc, path, text, sizeof(text), &why) < 0) {
		err_set(e, ERR_MISSING, "process %d has ended", (int)pid);
		return 0;
	}
	/* the name before it may hold anything: the last ")" ends it */
	at = strrchr(text, ')');
	if (!at || sscanf(at,
			  ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			  "%*s %*s %*s %*s %*s %*s %*s %*s %llu",
			  &state, &start) != 2) {
		err_set(e, ERR_SYS, "/proc/%s is unreadable", path);
		return 0;
	}
	if (state == 'Z' || state == 'X') {
		err_set(e, ERR_MISSING, "process %d has ended", (int)pid);
		return 0;
	}
	return start;
}

/* What cannot be asked is not paused. */
static bool is_paused(const struct oci_state *s)
{
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	AUTO(cgroup_free) struct cgroup *c = NULL;
	bool frozen = false;

	return s->cgroup && cgroup_fs_open(&fs, NULL) == 0 &&
	       cgroup_open(&fs, s->cgroup, &c, NULL) == 0 &&
	       cgroup_is_frozen(c, &frozen, NULL) == 0 && frozen;
}

enum oci_status store_oci_status(int dir, const struct oci_state *s)
{
	if (s->pid <= 0)
		return OCI_CREATING;
	if (store_oci_start_time(s->pid, NULL) != s->start_time)
		return OCI_STOPPED;
	if (is_paused(s))
		return OCI_PAUSED;
	return store_oci_waits(dir) ? OCI_CREATED : OCI_RUNNING;
}

int store_oci_pidfd(const struct oci_state *s, struct err *e)
{
	auto_fd fd = s->pid > 0 ? (int)syscall(SYS_pidfd_open, s->pid, 0) : -1;

	if (fd < 0 && s->pid > 0 && errno != ESRCH)
		return err_sys(e, "open process %d", (int)s->pid);
	/* after it is open: the number cannot change its process any more */
	if (fd < 0 || store_oci_start_time(s->pid, NULL) != s->start_time)
		return err_set(e, ERR_MISSING, "container not running");
	return TAKE_FD(fd);
}

int store_oci_kill(const struct oci_state *s, int sig, struct err *e)
{
	auto_fd fd = store_oci_pidfd(s, e);

	if (fd < 0)
		return -1;
	if (pidfd_signal(fd, sig) < 0)
		return errno == ESRCH ? err_set(e, ERR_MISSING,
						"container not running")
				      : err_sys(e, "send signal %d", sig);
	return 0;
}

/* The pid namespace of a process, as "pid:[…]"; false: it has ended, or is
 * none of ours to look at. */
static bool pid_namespace(int proc, const char *pid, char ret[64])
{
	char path[300];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/ns/pid", pid);
	n = readlinkat(proc, path, ret, 63);
	if (n <= 0)
		return false;
	ret[n] = '\0';
	return true;
}

static void signal_member(int proc, const char *name, const char *ns, int sig)
{
	int pid = atoi(name);
	auto_fd fd = (int)syscall(SYS_pidfd_open, pid, 0);
	char own[64];

	/* it may have ended since, and its number be another's: the namespace
	 * is asked for after the descriptor is open */
	if (fd >= 0 && pid_namespace(proc, name, own) && strcmp(own, ns) == 0)
		(void)pidfd_signal(fd, sig); /* ESRCH: ended */
}

/* Calls `fn` for everything in its pid namespace, which is not ours. */
struct members {
	void (*fn)(struct members *m, int proc, const char *name);
	const char *ns;
	int sig;
	pid_t *v;
	size_t n;
};

static int each_member(const struct oci_state *s, struct members *m,
		       struct err *e)
{
	auto_fd proc = procfs_open_host(e);
	char name[16], ns[64], ours[64];
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int list;

	if (proc < 0)
		return -1;
	snprintf(name, sizeof(name), "%d", (int)s->pid);
	if (store_oci_start_time(s->pid, e) != s->start_time)
		return 0; /* nobody is left */
	if (!pid_namespace(proc, name, ns) ||
	    !pid_namespace(proc, "self", ours))
		return err_sys(e, "read the pid namespace of %s", name);
	if (strcmp(ns, ours) == 0)
		return err_set(e, ERR_HOST,
			       "a container with neither a pid namespace nor a "
			       "cgroup of its own: nobody knows its processes");
	list = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	d = list < 0 ? NULL : fdopendir(list);
	if (!d)
		return err_sys(e, "list the processes");
	m->ns = ns;
	while ((entry = readdir(d)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			m->fn(m, proc, entry->d_name);
	return 0;
}

static void signal_one(struct members *m, int proc, const char *name)
{
	signal_member(proc, name, m->ns, m->sig);
}

int store_oci_kill_all(const struct oci_state *s, int sig, struct err *e)
{
	struct members m = { .fn = signal_one, .sig = sig };

	return each_member(s, &m, e);
}

static void add_one(struct members *m, int proc, const char *name)
{
	char own[64];

	if (!pid_namespace(proc, name, own) || strcmp(own, m->ns) != 0)
		return;
	*GROW(m->v, m->n) = atoi(name);
	m->n++;
}

int store_oci_pids(const struct oci_state *s, pid_t **ret, size_t *ret_n,
		   struct err *e)
{
	struct members m = { .fn = add_one };

	if (each_member(s, &m, e) < 0)
		return -1;
	*ret = m.v;
	*ret_n = m.n;
	return 0;
}

static int end_by(const struct oci_state *s, bool kill, struct err *e)
{
	struct err why = ERR_INIT;
	auto_fd fd = store_oci_pidfd(s, &why);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int r;

	if (fd < 0 && why.kind == ERR_MISSING)
		return 0;
	if (fd < 0)
		return err_set(e, why.kind, "%s", why.msg);
	if (kill && pidfd_signal(fd, SIGKILL) < 0 && errno != ESRCH)
		return err_sys(e, "end the container");
	r = RETRY(poll(&p, 1, END_MS));
	if (r < 0)
		return err_sys(e, "wait for the end of the container");
	return r > 0 ? 0
		     : err_set(e, ERR_SYS,
			       "the container does not end within %d s",
			       END_MS / 1000);
}

int store_oci_end(const struct oci_state *s, struct err *e)
{
	return end_by(s, true, e);
}

int store_oci_await_end(const struct oci_state *s, struct err *e)
{
	return end_by(s, false, e);
}

bool store_oci_is_first_userns(void)
{
	auto_fd proc = procfs_open_host(NULL);
	char path[32], map[256];
	unsigned inside, outside, count;

	snprintf(path, sizeof(path), "%d/uid_map", (int)getpid());
	return proc >= 0 &&
	       procfs_read(proc, path, map, sizeof(map), NULL) > 0 &&
	       sscanf(map, "%u %u %u", &inside, &outside, &count) == 3 &&
	       inside == 0 && outside == 0 && count == UINT32_MAX;
}
