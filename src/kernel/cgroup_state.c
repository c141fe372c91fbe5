/*
 * cgroup_state.c - all processes of a cgroup at once: stopped, ended, counted;
 * and the end of the cgroup itself.
 *
 * Should: wait with an end; take what is gone already for done.
 * Must not: signal a process that is not in the cgroup: by cgroup.kill, else
 *           while it is frozen, so that no number comes to be another's.
 */
#include "kernel/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/path.h"
#include "base/retry.h"
#include "base/strv.h"
#include "kernel/pidfd.h"

#define PIDS_MAX (1u << 20)
#define DEPTH	 32
#define TICK_MS	 2
#define BATCH	 256 /* descriptors at once */

/* ---- waiting ---- */

static uint64_t now_ms(void)
{
	struct timespec t = { 0 };

	/* cannot fail for this clock */
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	/* cut short by a signal: we look again a little earlier */
	(void)nanosleep(&t, NULL);
}

/* ---- a tree of directories ---- */

struct visit {
	int dir;	  /* -1 and errno: it cannot be opened */
	int above;	  /* where it stands, and its name there; */
	const char *name; /* NULL: the one that the walk began at */
};
typedef int visit_fn(const struct visit *v, void *arg);

/* All directories below, deepest first. */
static int walk_below(int dir, visit_fn *fn, void *arg, int depth)
{
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int fd = path_open(dir, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return errno == ENODEV || errno == ENOENT ? 0 : -1;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return -1;
	}
	while ((entry = readdir(d))) {
		struct visit v = { .above = dir, .name = entry->d_name };
		auto_fd sub = -1;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		errno = ELOOP;
		if (depth == 0)
			return -1;
		sub = path_open(dir, entry->d_name, PATH_STRICT,
				O_RDONLY | O_DIRECTORY, 0);
		if (sub < 0 && errno == ENOENT)
			continue;
		if (sub >= 0 && walk_below(sub, fn, arg, depth - 1) < 0)
			return -1;
		v.dir = sub;
		if (fn(&v, arg) < 0)
			return -1;
	}
	return 0;
}

static int walk(int dir, visit_fn *fn, void *arg)
{
	const struct visit top = { .dir = dir, .above = -1 };

	return walk_below(dir, fn, arg, DEPTH) < 0 ? -1 : fn(&top, arg);
}

/* ---- processes ---- */

struct pids {
	pid_t *v;
	size_t n;
};

static int add_pids(const struct visit *v, void *arg)
{
	auto_free char *text = xmalloc(PIDS_MAX);
	AUTO(strv_free) char **lines = NULL;
	struct pids *p = arg;
	uint64_t pid;

	if (v->dir < 0)
		return -1;
	if (cgroup_read_at(v->dir, "cgroup.procs", text, PIDS_MAX) < 0)
		return errno == ENODEV || errno == ENOENT ? 0 : -1;
	lines = strv_split(text, '\n');
	strv_foreach (line, lines) {
		/* 0: of a pid namespace that we do not see into */
		if (num_u64(*line, INT32_MAX, "", &pid, NULL) < 0 || !pid)
			continue;
		*GROW(p->v, p->n) = (pid_t)pid;
		p->n++;
	}
	return 0;
}

/* Where its processes are all to be found: any of its directories. */
static int any_dir(const struct cgroup *c)
{
	int freezer = cgroup_dir_of(c, "freezer.state");

	return freezer >= 0 ? freezer : c->dirs[0].fd;
}

int cgroup_pids(const struct cgroup *c, pid_t **ret, size_t *ret_n,
		struct err *e)
{
	struct pids p = { 0 };

	if (walk(any_dir(c), add_pids, &p) < 0) {
		free(p.v);
		return err_sys(e, "read who is in the cgroup %s",
			       c->dirs[0].path);
	}
	*ret = p.v;
	*ret_n = p.n;
	return 0;
}

int cgroup_is_used(int dir)
{
	struct pids p = { 0 };
	int r = walk(dir, add_pids, &p);

	free(p.v);
	return r < 0 ? -1 : p.n > 0;
}

int cgroup_wait_unused(const struct cgroup *c, int ms, bool *ret, struct err *e)
{
	uint64_t end = now_ms() + (uint64_t)ms;
	size_t i = 0;

	while (i < c->n) {
		int used = cgroup_is_used(c->dirs[i].fd);

		if (used < 0)
			return err_sys(e, "read who is in the cgroup %s",
				       c->dirs[i].path);
		if (!used) {
			i++;
			continue;
		}
		if (now_ms() >= end)
			break;
		pause_ms(TICK_MS);
	}
	*ret = i < c->n;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* Some of its processes, open. */
struct batch {
	const pid_t *pids;
	int fds[BATCH];
	size_t n;
};

/* Listed again when they are open: then no number is another's. */
static int signal_open(const struct cgroup *c, const struct batch *b, int sig,
		       struct err *e)
{
	auto_free pid_t *now = NULL;
	size_t n;

	if (cgroup_pids(c, &now, &n, e) < 0)
		return -1;
	if (n)
		qsort(now, n, sizeof(*now), by_number);
	for (size_t i = 0; i < b->n; i++)
		if (b->fds[i] >= 0 && n &&
		    bsearch(&b->pids[i], now, n, sizeof(*now), by_number) &&
		    pidfd_signal(b->fds[i], sig) < 0 && errno != ESRCH)
			return err_sys(e, "signal process %d of a cgroup",
				       (int)b->pids[i]);
	return 0;
}

static int signal_batch(const struct cgroup *c, struct batch *b, int sig,
			struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < b->n; i++) {
		b->fds[i] = (int)syscall(SYS_pidfd_open, b->pids[i], 0);
		if (b->fds[i] < 0 && errno != ESRCH)
			r = err_sys(e, "open process %d of a cgroup",
				    (int)b->pids[i]);
	}
	if (r == 0)
		r = signal_open(c, b, sig, e);
	for (size_t i = 0; i < b->n; i++)
		if (b->fds[i] >= 0)
			close(b->fds[i]);
	return r;
}

int cgroup_signal(const struct cgroup *c, int sig, struct err *e)
{
	auto_free pid_t *pids = NULL;
	size_t n;

	if (cgroup_pids(c, &pids, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i += BATCH) {
		struct batch b = { .pids = pids + i,
				   .n = n - i < BATCH ? n - i : BATCH };

		if (signal_batch(c, &b, sig, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- freezing ---- */

/* Version 2 has cgroup.freeze, version 1 a controller. */
static int freezer(const struct cgroup *c, bool *ret_v2)
{
	int dir = cgroup_dir_of(c, "freezer.state");

	*ret_v2 = false;
	for (size_t i = 0; i < c->n; i++)
		if (!*c->dirs[i].controllers && c->dirs[i].fd == dir)
			*ret_v2 = true;
	return dir;
}

int cgroup_is_frozen(const struct cgroup *c, bool *ret, struct err *e)
{
	char text[4096];
	bool v2;
	int dir = freezer(c, &v2);

	if (dir < 0) {
		*ret = false;
		return 0;
	}
	if (cgroup_read_at(dir, v2 ? "cgroup.events" : "freezer.state", text,
			   sizeof(text)) < 0)
		return err_sys(e, "read the state of the cgroup %s",
			       c->dirs[0].path);
	*ret = strstr(text, v2 ? "frozen 1\n" : "FROZEN\n") != NULL;
	return 0;
}

int cgroup_freeze(const struct cgroup *c, bool frozen, int ms, struct err *e)
{
	uint64_t end = now_ms() + (uint64_t)ms;
	bool v2, is_frozen;
	int dir = freezer(c, &v2);
	const char *file = v2 ? "cgroup.freeze" : "freezer.state";
	const char *value =
		v2 ? (frozen ? "1" : "0") : (frozen ? "FROZEN" : "THAWED");

	if (dir < 0)
		return err_set(e, ERR_HOST,
			       "cgroup %s: it has no freezer controller",
			       c->dirs[0].path);
	for (;;) {
		/* again each time: version 1 gives up on what forks meanwhile
		 */
		if (cgroup_write_at(dir, file, value) < 0)
			return err_sys(e, "write %s to %s", value, file);
		if (cgroup_is_frozen(c, &is_frozen, e) < 0)
			return -1;
		if (is_frozen == frozen)
			return 0;
		if (now_ms() >= end)
			break;
		pause_ms(TICK_MS);
	}
	if (frozen) /* not half of it */
		(void)cgroup_write_at(dir, file, v2 ? "0" : "THAWED");
	return err_set(e, ERR_TIMEOUT, "cgroup %s: not %s within %d ms",
		       c->dirs[0].path, frozen ? "frozen" : "running", ms);
}

/* ---- the end ---- */

static int kill_in(const struct visit *v, void *arg)
{
	struct pids p = { 0 };

	(void)arg;
	if (add_pids(v, &p) < 0)
		return -1;
	for (size_t i = 0; i < p.n; i++)
		(void)kill(p.v[i], SIGKILL); /* seen when we count again */
	free(p.v);
	return 0;
}

/* One go at everything. Without cgroup.kill (Linux 5.14) frozen, so that none
 * of them can end, and its number be another's, between the list and the
 * signal; it is delivered when it is let go. */
static int kill_once(const struct cgroup *c)
{
	int dir = any_dir(c), r;
	bool v2, was_frozen = false;

	if (cgroup_write_at(dir, "cgroup.kill", "1") == 0)
		return 0;
	if (errno != ENOENT)
		return -1;
	if (freezer(c, &v2) >= 0 && cgroup_freeze(c, true, 100, NULL) == 0)
		was_frozen = true;
	r = walk(dir, kill_in, NULL);
	/* also one that was frozen before: nobody ends in there otherwise */
	if (freezer(c, &v2) >= 0 && cgroup_freeze(c, false, 100, NULL) < 0 &&
	    was_frozen)
		return -1;
	return r;
}

int cgroup_kill(const struct cgroup *c, int ms, struct err *e)
{
	uint64_t end = now_ms() + (uint64_t)ms;

	for (;;) {
		auto_free pid_t *pids = NULL;
		size_t n;

		if (cgroup_pids(c, &pids, &n, e) < 0)
			return -1;
		if (n == 0)
			return 0;
		if (now_ms() >= end)
			return err_set(e, ERR_TIMEOUT,
				       "cgroup %s: %zu processes have not "
				       "ended",
				       c->dirs[0].path, n);
		if (kill_once(c) < 0)
			return err_sys(e, "end the processes of the cgroup %s",
				       c->dirs[0].path);
		pause_ms(TICK_MS);
	}
}

/* ---- removing ---- */

static int remove_one(const struct visit *v, void *arg)
{
	(void)arg;
	return unlinkat(v->above, v->name, AT_REMOVEDIR) < 0 && errno != ENOENT
		       ? -1
		       : 0;
}

static int open_above(const struct cgroup_fs *fs, const struct cgroup_dir *d)
{
	auto_free char *parent =
		xstrndup(d->path, (size_t)(path_base(d->path) - d->path));

	return cgroup_open_dir(fs, d->controllers, parent);
}

/* 0 gone, -1 and errno. EBUSY: something is in it. */
static int remove_dir(const struct cgroup_fs *fs, const struct cgroup_dir *d)
{
	auto_fd above = open_above(fs, d);

	if (above < 0)
		return errno == ENOENT ? 0 : -1;
	if (walk_below(d->fd, remove_one, NULL, DEPTH) < 0)
		return -1;
	return unlinkat(above, path_base(d->path), AT_REMOVEDIR) < 0 &&
			       errno != ENOENT
		       ? -1
		       : 0;
}

/* Where their maker had stepped aside to; unless others work in there. */
static void sweep_aside(const struct cgroup_fs *fs, const struct cgroup_dir *d)
{
	auto_fd above = open_above(fs, d);

	if (!*d->controllers && above >= 0 &&
	    flock(above, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(above, CGROUP_ASIDE, AT_REMOVEDIR);
}

int cgroup_remove(const struct cgroup_fs *fs, struct cgroup *c, int ms,
		  struct err *e)
{
	AUTO(cgroup_free) struct cgroup *owned = c;
	uint64_t end = now_ms() + (uint64_t)ms;

	for (size_t i = 0; i < c->n; i++) {
		while (remove_dir(fs, &c->dirs[i]) < 0) {
			if (errno != EBUSY || now_ms() >= end)
				return err_sys(e, "remove the cgroup %s",
					       c->dirs[i].path);
			pause_ms(TICK_MS);
		}
		sweep_aside(fs, &c->dirs[i]);
	}
	return 0;
}

bool cgroup_sweep(const struct cgroup_fs *fs, char *const *lines)
{
	bool all = true;

	strv_foreach (line, lines) {
		AUTO(cgroup_free) struct cgroup *c = NULL;
		char *const one[] = { *line, NULL };
		struct err e = ERR_INIT;

		if (cgroup_open(fs, one, &c, &e) < 0) {
			all &= e.kind == ERR_MISSING;
			continue;
		}
		/* somebody has it, or is in it: not ours to end */
		all &= flock(c->dirs[0].fd, LOCK_EX | LOCK_NB) == 0 &&
		       remove_dir(fs, &c->dirs[0]) == 0;
		sweep_aside(fs, &c->dirs[0]);
	}
	return all;
}

/* Is there, of directories, nothing but the one we stepped aside to? */
static bool is_ours_alone(int dir)
{
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int fd = path_open(dir, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);

	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while ((entry = readdir(d)))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
		    strcmp(entry->d_name, CGROUP_ASIDE) != 0)
			return false;
	return true;
}

static int pass_nothing_on(int dir, const char *path, struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	char has[4096];

	if (cgroup_read_at(dir, "cgroup.subtree_control", has, sizeof(has)) < 0)
		return err_sys(e, "cgroup %s: read what it passes on", path);
	has[strcspn(has, "\n")] = '\0';
	names = strv_split(has, ' ');
	strv_foreach (name, names) {
		auto_free char *word = xasprintf("-%s", *name);

		if (**name &&
		    cgroup_write_at(dir, "cgroup.subtree_control", word) < 0)
			return err_sys(e, "cgroup %s: %s", path, word);
	}
	return 0;
}

int cgroup_return(const struct cgroup_fs *fs, const char *parent, struct err *e)
{
	auto_fd dir = cgroup_open_dir(fs, "", parent);

	/* others of ours make theirs under the same lock */
	if (dir < 0 || flock(dir, LOCK_EX) < 0)
		return err_sys(e, "open the cgroup %s", parent);
	if (!is_ours_alone(dir))
		return 0;
	if (pass_nothing_on(dir, parent, e) < 0)
		return -1;
	if (cgroup_write_at(dir, "cgroup.procs", "0") < 0)
		return err_sys(e, "move back to the cgroup %s", parent);
	/* EBUSY: another launcher is in there, too */
	(void)unlinkat(dir, CGROUP_ASIDE, AT_REMOVEDIR);
	return 0;
}
