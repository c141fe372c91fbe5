/*
 * diff.c - `immure diff A -- B`: the steps in which two command lines of
 * run differ. The first "--" after A's first word divides them, so that A
 * may say `-- IMAGE`.
 */
#include <string.h>
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "plan/build.h"
#include "plan/diff.h"

static const struct option no_rows[] = { { 0 } };

static bool asks_help(char *const *args)
{
	return args[0] &&
	       (!strcmp(args[0], "--help") || !strcmp(args[0], "-h"));
}

/* Copies what stands before the dividing "--"; *ret_b points after it. */
static int split(char *const *args, char ***ret_a, char *const **ret_b,
		 struct err *e)
{
	char *const *at = args;

	if (*at)
		at++;
	while (*at && strcmp(*at, "--"))
		at++;
	if (!*at || !at[1])
		return err_set(e, ERR_USAGE,
			       "immure diff: two command lines with -- "
			       "between: immure diff [flags] IMAGE … -- "
			       "[flags] IMAGE …");
	for (; args < at; args++)
		strv_add(ret_a, *args);
	*ret_b = at + 1;
	return 0;
}

static struct plan *plan_of(const struct command *c, struct engine *g,
			    char *const *args, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };

	if (cli_parse_run(c, args, &a, e))
		return NULL;
	return engine_plan(g, &a.r, e);
}

static int diff(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **first = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(plan_free) struct plan *a = NULL, *b = NULL;
	AUTO(buf_done) struct buf out = BUF_INIT;
	char *const *second = NULL;
	size_t n;

	if (asks_help(args))
		return cli_print_help(c, e) ? -1 : CLI_HELP;
	if (split(args, &first, &second, e))
		return -1;
	g = engine_open(e);
	a = g ? plan_of(c, g, first, e) : NULL;
	b = a ? plan_of(c, g, second, e) : NULL;
	if (!b)
		return e->kind == ERR_NONE ? CLI_HELP : -1;
	n = plan_diff(a, b, &out);
	if (cli_print(&out, e))
		return -1;
	return n ? 1 : 0;
}

const struct command command_diff = {
	.name = "diff",
	.group = "Sandboxes",
	.words = "[flags] IMAGE [COMMAND …] -- [flags] IMAGE [COMMAND …]",
	.text = "compare what two command lines would do: 0 the same, 1 not",
	.more = "The first -- after the first word divides the two; both take "
		"the flags of run.\n",
	.options = { .command = "diff",
		     .rows = run_rows,
		     .more = no_rows,
		     .stop = true },
	.max = CLI_ANY,
	.run = diff,
};
