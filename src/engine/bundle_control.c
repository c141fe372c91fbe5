/*
 * bundle_control.c - a running container's cgroup: ended, signalled, stopped,
 * counted, limited. Finds it by its lines alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/strv.h"
#include "engine/bundle.h"
#include "kernel/cgroup.h"
#include "launch/scope.h"
#include "kernel/procfs.h"
#include "plan/cgroup.h"

#define KILL_MS	  10000
#define FREEZE_MS 5000
#define ENDED_MS  1000

struct opened {
	struct cgroup_fs fs;
	struct cgroup *c;
};
#define OPENED_INIT                                                            \
	{                                                                      \
		.fs = CGROUP_FS_INIT                                           \
	}
static void opened_done(struct opened *o)
{
	cgroup_free(o->c);
	cgroup_fs_done(&o->fs);
}
DEFINE_AUTO_DONE(struct opened, opened_done);

static int find(char *const *lines, struct opened *o, struct err *e)
{
	if (!strv_len(lines))
		return err_set(e, ERR_HOST,
			       "the container has no cgroup of its own");
	if (cgroup_fs_open(&o->fs, e) < 0)
		return -1;
	return cgroup_open(&o->fs, lines, &o->c, e);
}

/* Those that are ending are waited for a little. */
static int remove_unused(struct opened *o, struct err *e)
{
	bool used = false;

	if (cgroup_wait_unused(o->c, ENDED_MS, &used, e) < 0)
		return -1;
	return used ? 0 : cgroup_remove(&o->fs, TAKE(o->c), KILL_MS, e);
}

static int remove_found(struct opened *o, bool ended, struct err *e)
{
	if (ended)
		return remove_unused(o, e);
	if (cgroup_kill(o->c, KILL_MS, e) < 0)
		return -1;
	return cgroup_remove(&o->fs, TAKE(o->c), KILL_MS, e);
}

/* Those of its directories that are there: its maker was cut off. */
static int remove_some(char *const *lines, bool ended, struct err *e)
{
	strv_foreach (line, lines) {
		char *const one[] = { *line, NULL };
		AUTO(opened_done) struct opened o = OPENED_INIT;
		struct err why = ERR_INIT;
		int r = find(one, &o, &why);

		if (r < 0 && why.kind == ERR_MISSING)
			continue;
		if (r < 0 || remove_found(&o, ended, &why) < 0) {
			if (e)
				*e = why;
			return -1;
		}
	}
	return 0;
}

int engine_cgroup_remove(char *const *lines, bool ended, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;
	struct err why = ERR_INIT;

	if (!strv_len(lines))
		return 0;
	if (find(lines, &o, &why) == 0)
		return remove_found(&o, ended, e);
	return remove_some(lines, ended, e);
}

int engine_cgroup_signal(char *const *lines, int sig, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return find(lines, &o, e) < 0 ? -1 : cgroup_signal(o.c, sig, e);
}

int engine_cgroup_freeze(char *const *lines, bool frozen, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return find(lines, &o, e) < 0
		       ? -1
		       : cgroup_freeze(o.c, frozen, FREEZE_MS, e);
}

int engine_cgroup_thaw(pid_t pid, struct err *e)
{
	AUTO(strv_free) char **lines = NULL, **freezer = NULL;
	AUTO(opened_done) struct opened o = OPENED_INIT;
	auto_fd proc = procfs_open_host(e);
	bool frozen = false;

	if (proc < 0)
		return -1;
	if (cgroup_lines_of(proc, pid, &lines, NULL) < 0)
		return 0; /* it has ended */
	strv_foreach (line, lines)
		/* nothing freezes in the first one */
		if (strncmp(*line, "freezer:", 8) == 0 &&
		    strcmp(*line, "freezer:/") != 0)
			strv_add(&freezer, *line);
	/* version 2 delivers SIGKILL all the same */
	if (!freezer || find(freezer, &o, NULL) < 0)
		return 0;
	if (cgroup_is_frozen(o.c, &frozen, e) < 0)
		return -1;
	return frozen ? cgroup_freeze(o.c, false, FREEZE_MS, e) : 0;
}

int engine_cgroup_pids(char *const *lines, pid_t **ret, size_t *ret_n,
		       struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return find(lines, &o, e) < 0 ? -1 : cgroup_pids(o.c, ret, ret_n, e);
}

int engine_cgroup_oom_kills(char *const *lines, uint64_t *ret, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return find(lines, &o, e) < 0 ? -1 : cgroup_oom_kills(o.c, ret, e);
}

/* A limit of memory and swap together is one beside that of memory. */
static int complete(const struct cgroup *c, struct cgroup_limits *l,
		    struct err *e)
{
	auto_free char *both = NULL;
	struct cgroup_stat s;

	/* version 1: neither may be above the other */
	if (l->memory < 0 && !l->swap) {
		if (cgroup_read(c, "memory.memsw.limit_in_bytes", &both, e) < 0)
			return -1;
		l->swap = both ? CGROUP_UNLIMITED : 0;
		return 0;
	}
	if (l->swap <= 0 || l->memory)
		return 0;
	if (cgroup_stat(c, &s, e) < 0)
		return -1;
	if (s.memory_limit <= (uint64_t)l->swap)
		l->memory = (int64_t)s.memory_limit;
	return 0;
}

/* Or it would take them back when it is reloaded. */
static int tell_systemd(struct engine *g, const char *scope, char *const *set,
			struct err *e)
{
	const struct host *h = engine_host(g);
	struct scope s = { .unit = scope, .set = set };

	if (engine_probe_cgroups(g, e) < 0)
		return -1;
	s.helper = h->scope_helper;
	if (!s.helper)
		return err_set(e, ERR_HOST,
			       "%s: systemd made it, and cannot be asked: no "
			       "systemd of yours runs, or immure-scope is not "
			       "installed",
			       scope);
	return scope_set(&s, e);
}

int engine_cgroup_update(struct engine *g, char *const *lines,
			 const char *scope, struct cgroup_limits *l,
			 struct err *e)
{
	const struct host *h = engine_host(g);
	enum cgroup_mode mode = h->cgroup == CGROUP_V2 ? CGROUP_V2 : CGROUP_V1;
	AUTO(strv_free) char **set = NULL, **controllers = NULL;
	AUTO(opened_done) struct opened o = OPENED_INIT;

	if (find(lines, &o, e) < 0 || complete(o.c, l, e) < 0 ||
	    cgroup_settings(l, mode, &set, &controllers, e) < 0 ||
	    (scope && tell_systemd(g, scope, set, e) < 0) ||
	    cgroup_set(o.c, set, e) < 0)
		return -1;
	return cgroup_check(o.c, set, e);
}

static void put(struct json_out *j, const char *key, uint64_t n)
{
	if (n != CGROUP_UNKNOWN)
		json_out_u64(j, key, n);
}

/* Time in nanoseconds, as runc has it. */
static void put_time(struct json_out *j, const char *key, uint64_t us)
{
	if (us != CGROUP_UNKNOWN)
		json_out_u64(j, key, us * 1000);
}

static void put_cpu(struct json_out *j, const struct cgroup_stat *s)
{
	json_out_obj(j, "cpu");
	json_out_obj(j, "usage");
	put_time(j, "total", s->cpu_us);
	put_time(j, "kernel", s->cpu_system_us);
	put_time(j, "user", s->cpu_user_us);
	json_out_obj_end(j);
	json_out_obj(j, "throttling");
	put(j, "periods", s->periods);
	put(j, "throttledPeriods", s->throttled_periods);
	put_time(j, "throttledTime", s->throttled_us);
	json_out_obj_end(j);
	json_out_obj_end(j);
}

static void put_memory(struct json_out *j, const struct cgroup_stat *s)
{
	json_out_obj(j, "memory");
	put(j, "cache", s->memory_file);
	json_out_obj(j, "usage");
	put(j, "limit", s->memory_limit);
	put(j, "usage", s->memory);
	put(j, "max", s->memory_peak);
	put(j, "failcnt", s->memory_failures);
	json_out_obj_end(j);
	json_out_obj(j, "swap");
	put(j, "limit", s->swap_limit);
	put(j, "usage", s->swap);
	json_out_obj_end(j);
	json_out_obj_end(j);
}

int engine_cgroup_stats(char *const *lines, struct json_out *j, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;
	struct cgroup_stat s;

	if (find(lines, &o, e) < 0 || cgroup_stat(o.c, &s, e) < 0)
		return -1;
	put_cpu(j, &s);
	put_memory(j, &s);
	json_out_obj(j, "pids");
	put(j, "current", s.pids);
	put(j, "limit", s.pids_limit);
	json_out_obj_end(j);
	json_out_obj(j, "blkio");
	put(j, "readBytes", s.read_bytes);
	put(j, "writeBytes", s.written_bytes);
	json_out_obj_end(j);
	return 0;
}
