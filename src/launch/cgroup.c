/*
 * cgroup.c - the step `cgroup`, the parent's.
 *
 * Should: start the child in its cgroup with its limits, and leave nothing
 *         behind, neither a cgroup nor a process in it.
 * Must not: go on with a limit that does not hold.
 */
#include "launch/cgroup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/id.h"
#include "base/strv.h"
#include "kernel/cgroup.h"
#include "launch/scope.h"

#define KILL_MS	  5000
#define REMOVE_MS 5000
#define UNIT_HEX  12

struct launch_cgroup {
	const struct cgroup_ask *ask;
	const struct launch_order *order;
	struct cgroup_fs fs;
	struct cgroup *c;
	char *parent;  /* that we stepped aside in; NULL: we did not */
	bool in_scope; /* which ends with us */
};

static void cgroup_done(struct launch_cgroup *c)
{
	cgroup_free(c->c);
	cgroup_fs_done(&c->fs);
	free(c->parent);
	free(c);
}

/* ---- a scope of our own ---- */

static char *make_scope(const struct cgroup_ask *a, struct err *e)
{
	auto_free char *unit = NULL;
	struct scope s = { .helper = a->helper, .slice = a->slice };
	char id[ID_LEN + 1];

	if (id_new(id, e) < 0)
		return NULL;
	unit = xasprintf(CGROUP_PREFIX "%.*s.scope", UNIT_HEX, id);
	s.unit = unit;
	return scope_start(&s, getpid(), e);
}

/* ---- made ---- */

static int make(struct launch_cgroup *c, struct err *e)
{
	const struct launch_order *o = c->order;
	const struct cgroup_ask *a = c->ask;
	auto_free char *scope = NULL;
	struct cgroup_new n = { .parent = a->parent,
				.name = a->name,
				.controllers = a->controllers,
				.make_parents = a->make_parents,
				.aside = a->aside,
				.note = o->note,
				.note_arg = o->note_arg };

	if (cgroup_fs_open(&c->fs, e) < 0)
		return -1;
	if (c->fs.mode != a->mode)
		return err_set(e, ERR_BUG,
			       "the host's cgroups are not those of the plan");
	if (a->how == CGROUP_UNIT) /* which needs the child */
		return 0;
	if (a->how == CGROUP_SCOPE) {
		scope = make_scope(a, e);
		if (!scope)
			return -1;
		c->in_scope = true;
		n.parent = scope;
		n.name = "container";
		n.aside = true;
		n.note = NULL; /* what is in a scope ends with it */
	}
	if (n.aside)
		c->parent = xstrdup(n.parent);
	if (cgroup_make(&c->fs, &n, &c->c, e) < 0)
		return -1;
	return cgroup_set(c->c, a->set, e);
}

int launch_cgroup_make(const struct plan *p, const struct launch_order *o,
		       struct launch_cgroup **ret, struct err *e)
{
	const struct cgroup_ask *a = NULL;
	struct launch_cgroup *c;

	plan_foreach (s, p)
		if (s->op == OP_CGROUP)
			a = &s->cgroup;
	if (!a)
		return 0;
	c = xcalloc(1, sizeof(*c));
	c->ask = a;
	c->order = o;
	c->fs = (struct cgroup_fs)CGROUP_FS_INIT;
	if (make(c, e) < 0) {
		launch_cgroup_abort(c);
		return -1;
	}
	*ret = c;
	return 0;
}

int launch_cgroup_fd(const struct launch_cgroup *c)
{
	return c && c->c ? cgroup_clone_fd(c->c) : -1;
}

/* Into a scope that there was none of before. It ends with its last process,
 * so nothing is left whenever we end. */
static int enter_unit(struct launch_cgroup *c, pid_t pid, struct err *e)
{
	const struct cgroup_ask *a = c->ask;
	const struct scope s = { .helper = a->helper,
				 .unit = a->name,
				 .slice = a->slice,
				 .set = a->set };
	auto_free char *path = scope_start(&s, pid, e);
	auto_free char *line = path ? xasprintf(":%s", path) : NULL;
	char *const lines[] = { line, NULL };

	if (!path)
		return -1;
	if (c->order->note && c->order->note(c->order->note_arg, lines, e) < 0)
		return -1;
	if (cgroup_open(&c->fs, lines, &c->c, e) < 0)
		return -1;
	return cgroup_set(c->c, a->set, e);
}

int launch_cgroup_enter(struct launch_cgroup *c, pid_t pid, struct err *e)
{
	if (!c)
		return 0;
	if (c->ask->how == CGROUP_UNIT) {
		if (enter_unit(c, pid, e) < 0)
			return -1;
	} else if (cgroup_clone_fd(c->c) < 0 && cgroup_put(c->c, pid, e) < 0)
		return -1;
	return cgroup_has(c->c, pid, e);
}

/* Says which of them is not there. */
static int cannot_join(const struct cgroup_fs *fs, char *const *lines,
		       pid_t pid, struct err *e)
{
	strv_foreach (line, lines) {
		AUTO(cgroup_free) struct cgroup *c = NULL;
		char *const one[] = { *line, NULL };

		if (cgroup_open(fs, one, &c, e) < 0)
			return err_set(e, ERR_MISSING,
				       "cgroup: adding pid %d to "
				       "%s/cgroup.procs: no such file or "
				       "directory",
				       (int)pid, *line);
	}
	return -1;
}

int launch_cgroup_join(char *const *lines, pid_t pid, struct err *e)
{
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	AUTO(cgroup_free) struct cgroup *c = NULL;

	if (cgroup_fs_open(&fs, e) < 0)
		return -1;
	if (cgroup_open(&fs, lines, &c, e) < 0)
		return e->kind == ERR_MISSING ? cannot_join(&fs, lines, pid, e)
					      : -1;
	if (cgroup_put(c, pid, e) < 0)
		return -1;
	return cgroup_has(c, pid, e);
}

int launch_cgroup_verify(const struct launch_cgroup *c, pid_t pid,
			 struct err *e)
{
	if (!c)
		return 0;
	if (cgroup_has(c->c, pid, e) < 0)
		return -1;
	return cgroup_check(c->c, c->ask->set, e);
}

/* ---- gone ---- */

static int end(struct launch_cgroup *c, struct err *e)
{
	if (c->c) {
		if (cgroup_kill(c->c, KILL_MS, e) < 0 ||
		    cgroup_remove(&c->fs, TAKE(c->c), REMOVE_MS, e) < 0)
			return -1;
	}
	/* a scope ends with its last process: us */
	return c->parent && !c->in_scope ? cgroup_return(&c->fs, c->parent, e)
					 : 0;
}

void launch_cgroup_abort(struct launch_cgroup *c)
{
	if (!c)
		return;
	(void)end(c, NULL); /* the error that led here is the one to tell */
	cgroup_done(c);
}

int launch_cgroup_end(struct launch_cgroup *c, uint64_t *ret_oom_kills,
		      struct err *e)
{
	int r;

	*ret_oom_kills = 0;
	if (!c)
		return 0;
	r = cgroup_oom_kills(c->c, ret_oom_kills, e);
	if (end(c, r < 0 ? NULL : e) < 0)
		r = -1;
	cgroup_done(c);
	return r;
}

char **launch_cgroup_leave(struct launch_cgroup *c)
{
	char **lines = c ? cgroup_lines(c->c) : NULL;

	if (c)
		cgroup_done(c);
	return lines;
}
