/*
 * audit.c - `immure audit`: findings about what `immure run` with the same
 * words would do, or about a running process. Runs nothing. A first word of
 * the table of subcommands is one, not an image.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/asked.h"
#include "cli/audit_print.h"
#include "engine/audit.h"
#include "plan/build.h"
#include "policy/audit.h"
#include "store/running.h"

/* `immure audit WORD …`: commands of its own. */
static const struct command *const subs[] = {
	&command_audit_log,
	NULL,
};

static const struct {
	const char *name;
	void (*print)(const struct audit *a, const struct plan *p,
		      struct buf *b);
} formats[] = {
	{ "text", audit_print_text },
	{ "json", audit_print_json },
	{ "sarif", audit_print_sarif },
	{ "html", audit_print_html },
};

static int print(const char *format, const struct audit *a,
		 const struct plan *p, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	size_t i = 0;

	for (size_t k = 0; format && k < ARRAY_SIZE(formats); k++)
		if (strcmp(formats[k].name, format) == 0)
			i = k;
	formats[i].print(a, p, &b);
	return cli_print(&b, e);
}

/* 1 when a finding is as bad as --fail-on says, else 0. */
static int status_of(const char *fail_on, const struct audit *a)
{
	for (int s = 0; fail_on && s < SEVERITY_COUNT; s++)
		if (strcmp(audit_severity_word((enum audit_severity)s),
			   fail_on) == 0)
			/* the worst stands first */
			return a->n &&
			       a->v[0].row->severity >= (enum audit_severity)s;
	return 0;
}

/* A word that begins as a path is no image's name: a bundle's directory, or a
 * saved plan. */
static int find_file(struct run_args *a, struct err *e)
{
	struct stat st;

	if (!a->r.image || !strchr("/.", a->r.image[0]))
		return 0;
	if (path_stat(a->r.image, &st) < 0)
		return err_sys(e, "%s", a->r.image);
	if (S_ISDIR(st.st_mode))
		a->bundle = TAKE(a->r.image);
	else
		a->plan = TAKE(a->r.image);
	return 0;
}

/* One word, no flag that says how to start: maybe what runs already. */
static int find_running(struct engine *g, const struct run_args *a,
			struct running *ret, struct err *e)
{
	struct err why = ERR_INIT;

	if (a->plan || !a->r.image || a->r.command ||
	    strpbrk(a->r.image, ":/@"))
		return 0;
	if (running_find(engine_host(g)->runtime_dir, a->r.image, ret, &why) ==
	    0)
		return 1;
	if (why.kind == ERR_MISSING)
		return 0;
	*e = why;
	return -1;
}

static int audit_pid(struct engine *g, const struct run_args *a, int pid,
		     struct err *e)
{
	AUTO(audit_done) struct audit found = { 0 };

	if (engine_audit_process(g, pid, &found, e) < 0 ||
	    print(a->format, &found, NULL, e))
		return -1;
	return status_of(a->fail_on, &found);
}

static int audit_run(const struct command *c, char *const *args, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(plan_free) struct plan *p = NULL;
	AUTO(audit_done) struct audit found = { 0 };
	AUTO(running_done) struct running running = { 0 };
	int r = asked_parse(c, args, &a, e);

	if (r)
		return r;
	if (find_file(&a, e) < 0)
		return -1;
	g = asked_engine(&a, e);
	r = g ? find_running(g, &a, &running, e) : -1;
	if (r)
		return r < 0 ? -1 : audit_pid(g, &a, running.pid, e);
	p = asked_plan(g, &a, e);
	if (!p || engine_audit_plan(g, p, &found, e) < 0 ||
	    print(a.format, &found, p, e))
		return -1;
	return status_of(a.fail_on, &found);
}

/* ---- what is not described by flags of run ---- */

static int audit_process(const struct run_args *a, struct err *e)
{
	AUTO(engine_free) struct engine *g = NULL;
	int pid;

	if (num_int(a->audit_pid, 1, INT32_MAX, "--pid", &pid, e))
		return -1;
	g = engine_open(e);
	return g ? audit_pid(g, a, pid, e) : -1;
}

/* Does a flag take a process id? --pid of run never is a number. */
static bool names_process(char *const *args)
{
	for (; *args && (*args)[0] == '-' && strcmp(*args, "--"); args++) {
		const char *value = NULL;

		if (strcmp(*args, "--pid") == 0)
			value = args[1];
		else if (strncmp(*args, "--pid=", 6) == 0)
			value = *args + 6;
		if (value)
			return *value && !value[strspn(value, "0123456789")];
		if (args[0][1] == '-' && !strchr(*args, '=') && args[1])
			args++; /* its value, maybe */
	}
	return false;
}

static int audit_other(const struct command *c, char *const *args,
		       struct err *e)
{
	const struct option_table table = { .command = c->name,
					    .rows = audit_only_rows,
					    .more = audit_process_rows };
	AUTO(strv_free) char **words = NULL;
	AUTO(run_args_done) struct run_args a = { 0 };

	switch (option_parse(&table, args, &a, &words, e)) {
	case OPTION_HELP:
		return cli_print_help(c, e) ? -1 : CLI_HELP;
	case OPTION_ERROR:
		return -1;
	case OPTION_OK:
		break;
	}
	if (a.plan || (words && words[0]))
		return err_set(e, ERR_USAGE,
			       "immure audit --pid: a process, or %s: one of "
			       "them",
			       a.plan ? a.plan : words[0]);
	return audit_process(&a, e);
}

static int audit(const struct command *c, char *const *args, struct err *e)
{
	for (const struct command *const *s = subs; args[0] && *s; s++)
		if (strcmp(args[0], cli_sub_word(*s)) == 0)
			return (*s)->run(*s, args + 1, e);
	return names_process(args) ? audit_other(c, args, e)
				   : audit_run(c, args, e);
}

const struct command command_audit = {
	.name = "audit",
	.group = "Sandboxes",
	.words =
		"[flags] IMAGE [COMMAND [ARGUMENT …]]\n"
		"       immure audit [flags] FILE|DIR|--plan FILE|--bundle DIR|"
		"--docker FILE\n"
		"       immure audit [flags] --pid PID|NAME",
	.text = "tell which walls are missing, what follows, how to mend it",
	.more = "With --pid and a number, or the name of a running sandbox "
		"alone (run --name):\nfrom what the kernel reports of "
		"it.\nExit status 1 with --fail-on, when "
		"there is such a finding.\n",
	.options = { .command = "audit",
		     .rows = run_rows,
		     .more = audit_only_rows,
		     .stop = true },
	.max = CLI_ANY,
	.subs = subs,
	.run = audit,
};
