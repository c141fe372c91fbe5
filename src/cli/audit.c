/*
 * audit.c - `immure audit`: findings about what `immure run` with the same
 * words would do. Runs nothing. A first word of the table of subcommands is
 * one, not an image.
 */
#include <string.h>
#include "base/table.h"
#include "cli/audit_print.h"
#include "cli/cli.h"
#include "engine/audit.h"
#include "engine/engine.h"
#include "plan/build.h"
#include "policy/audit.h"

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

static int audit_run(const struct command *c, char *const *args, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(plan_free) struct plan *p = NULL;
	AUTO(audit_done) struct audit found = { 0 };
	int r = cli_parse_run(c, args, &a, e);

	if (r)
		return r;
	g = engine_open(e);
	p = g ? engine_plan(g, &a.r, e) : NULL;
	if (!p || engine_audit_plan(g, p, &found, e) < 0)
		return -1;
	return print(a.format, &found, p, e);
}

static int audit(const struct command *c, char *const *args, struct err *e)
{
	for (const struct command *const *s = subs; args[0] && *s; s++)
		if (strcmp(args[0], cli_sub_word(*s)) == 0)
			return (*s)->run(*s, args + 1, e);
	return audit_run(c, args, e);
}

const struct command command_audit = {
	.name = "audit",
	.group = "Sandboxes",
	.words = "[flags] IMAGE [COMMAND [ARGUMENT …]]",
	.text = "tell which walls are missing, what follows, how to mend it",
	.options = { .command = "audit",
		     .rows = run_rows,
		     .more = audit_only_rows,
		     .stop = true },
	.max = CLI_ANY,
	.subs = subs,
	.run = audit,
};
