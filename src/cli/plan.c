/*
 * plan.c - `immure plan`: prints every effect that `immure run` with the
 * same words would have, in order, with the hash that is judged. Runs
 * nothing.
 */
#include "cli/asked.h"
#include "plan/build.h"
#include "plan/print.h"

static int plan(const struct command *c, char *const *args, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(plan_free) struct plan *p = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	int r = asked_parse(c, args, &a, e);

	if (r)
		return r;
	g = asked_engine(&a, e);
	p = g ? asked_plan(g, &a, e) : NULL;
	if (!p)
		return -1;
	if (a.format && a.format[0] == 'j') {
		plan_print_json(p, true, &b);
		if (b.len && b.p[b.len - 1] != '\n')
			buf_char(&b, '\n');
	} else {
		plan_print_text(p, a.full, &b);
	}
	return cli_print(&b, e);
}

const struct command command_plan = {
	.name = "plan",
	.group = "Sandboxes",
	.words = "[flags] IMAGE [COMMAND [ARGUMENT …]]",
	.text = "print what run would do, step by step; runs nothing",
	.options = { .command = "plan",
		     .rows = run_rows,
		     .more = plan_only_rows,
		     .stop = true },
	.max = CLI_ANY,
	.run = plan,
};
