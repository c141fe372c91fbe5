/*
 * cgroup_control.c - opens the cgroup of a container that is there, and does
 * one thing with it.
 */
#include "engine/cgroup_control.h"

#include <string.h>

#include "base/strv.h"
#include "kernel/cgroup.h"
#include "plan/cgroup.h"

#define FREEZE_MS 10000
#define END_MS	  10000

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

static int open_it(char *const *lines, struct opened *o, struct err *e)
{
	if (!strv_len(lines))
		return err_set(e, ERR_HOST,
			       "the container has no cgroup of its own");
	return cgroup_fs_open(&o->fs, e) < 0 ||
			       cgroup_open(&o->fs, lines, &o->c, e) < 0
		       ? -1
		       : 0;
}

int engine_cgroup_freeze(char *const *lines, bool frozen, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return open_it(lines, &o, e) < 0
		       ? -1
		       : cgroup_freeze(o.c, frozen, FREEZE_MS, e);
}

int engine_cgroup_is_frozen(char *const *lines, bool *ret, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return open_it(lines, &o, e) < 0 ? -1 : cgroup_is_frozen(o.c, ret, e);
}

int engine_cgroup_update(char *const *lines, const struct cgroup_limits *l,
			 struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;
	AUTO(strv_free) char **set = NULL, **controllers = NULL;
	enum cgroup_mode mode;

	if (open_it(lines, &o, e) < 0)
		return -1;
	mode = cgroup_clone_fd(o.c) >= 0 ? CGROUP_V2 : CGROUP_V1;
	if (cgroup_settings(l, mode, &set, &controllers, e) < 0 ||
	    cgroup_set(o.c, set, e) < 0)
		return -1;
	return cgroup_check(o.c, set, e);
}

int engine_cgroup_stat(char *const *lines, struct cgroup_stat *ret,
		       struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return open_it(lines, &o, e) < 0 ? -1 : cgroup_stat(o.c, ret, e);
}

int engine_cgroup_pids(char *const *lines, pid_t **ret, size_t *ret_n,
		       struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return open_it(lines, &o, e) < 0 ? -1 : cgroup_pids(o.c, ret, ret_n, e);
}

int engine_cgroup_signal(char *const *lines, int sig, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;

	return open_it(lines, &o, e) < 0 ? -1 : cgroup_signal(o.c, sig, e);
}

/* With all of its directories at once, so that what is frozen is let go. */
static int end_processes(char *const *lines, struct err *e)
{
	AUTO(opened_done) struct opened o = OPENED_INIT;
	struct err why = ERR_INIT;

	if (open_it(lines, &o, &why) == 0)
		return cgroup_kill(o.c, END_MS, e);
	if (why.kind == ERR_MISSING)
		return 0; /* some of them are left: see below */
	if (e)
		*e = why;
	return -1;
}

int engine_cgroup_end(char *const *lines, struct err *e)
{
	if (strv_len(lines) && end_processes(lines, e) < 0)
		return -1;
	strv_foreach (line, lines) {
		AUTO(opened_done) struct opened o = OPENED_INIT;
		char *const one[] = { *line, NULL };
		struct err why = ERR_INIT;

		if (open_it(one, &o, &why) < 0) {
			if (why.kind == ERR_MISSING)
				continue;
			if (e)
				*e = why;
			return -1;
		}
		if (cgroup_kill(o.c, END_MS, e) < 0 ||
		    cgroup_remove(&o.fs, TAKE(o.c), END_MS, e) < 0)
			return -1;
	}
	return 0;
}
