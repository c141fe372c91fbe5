/*
 * scope.c - starts immure-scope, and hears it out. Speaks to nobody itself.
 */
#include "launch/scope.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "kernel/cgroup.h"
#include "kernel/procfs.h"

#define WAIT_MS	   30000
#define ANSWER_MAX 2048

static int ask(const char *helper, char *const *argv, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	const struct spawn s = {
		.path = helper, .argv = argv, .fds = { -1, -1, -1 }, .n_fds = 3
	};
	const struct spawn_heard h = { STDERR_FILENO, WAIT_MS, ANSWER_MAX,
				       &text };
	int status = spawn_hear(&s, &h, e);

	if (status <= 0)
		return status;
	if (!text.len)
		return err_set(e, ERR_HOST,
			       "systemd was not asked: exit status %d of "
			       "immure-scope",
			       status);
	text.p[strcspn(text.p, "\n")] = '\0';
	return err_set(e, ERR_HOST, "systemd refused: %s", text.p);
}

/* Where it is now: the scope's own cgroup, which the name proves. */
static char *find(const char *unit, pid_t pid, struct err *e)
{
	auto_fd proc = procfs_open_host(e);
	AUTO(strv_free) char **own = NULL;
	const char *path;
	size_t n;

	if (proc < 0 || cgroup_lines_of(proc, pid, &own, e) < 0)
		return NULL;
	path = cgroup_line_path(own, "");
	n = path ? strlen(path) : 0;
	if (n > strlen(unit) && !strcmp(path + n - strlen(unit), unit) &&
	    path[n - strlen(unit) - 1] == '/')
		return xstrdup(path);
	err_set(e, ERR_VERIFY,
		"systemd made the scope %s, but process %d is in %s", unit,
		(int)pid, path ? path : "no cgroup");
	return NULL;
}

static char **arguments(const struct scope *s, const char *pid)
{
	char **argv = NULL;

	strv_add(&argv, s->helper);
	strv_add(&argv, pid ? "start" : "set");
	strv_add(&argv, s->unit);
	if (pid) {
		strv_add(&argv, pid);
		strv_add(&argv, s->slice ? s->slice : "");
	}
	strv_foreach (setting, s->set)
		strv_add(&argv, *setting);
	return argv;
}

char *scope_start(const struct scope *s, pid_t pid, struct err *e)
{
	auto_free char *number = xasprintf("%d", (int)pid);
	AUTO(strv_free) char **argv = arguments(s, number);

	return ask(s->helper, argv, e) < 0 ? NULL : find(s->unit, pid, e);
}

int scope_set(const struct scope *s, struct err *e)
{
	AUTO(strv_free) char **argv = arguments(s, NULL);

	return ask(s->helper, argv, e);
}
