/*
 * check.c - `immure check`: asks the policy about what `immure run` with the
 * same words would do, or about a plan that was saved. Runs nothing. Exit
 * status 0 permitted, 126 denied.
 */
#include <string.h>
#include "cli/asked.h"
#include "plan/build.h"
#include "policy/explain.h"
#include "policy/judge.h"

static int check(const struct command *c, char *const *args, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(plan_free) struct plan *p = NULL;
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	int r = asked_parse(c, args, &a, e);

	if (r)
		return r;
	g = asked_engine(&a, e);
	p = g ? asked_plan(g, &a, e) : NULL;
	if (!p)
		return -1;
	v = engine_judge(g, p, e);
	if (!v)
		return -1;
	if (a.format && a.format[0] == 'j')
		policy_explain_json(v, p, &b);
	else
		policy_explain_text(v, p, &b);
	if (b.len && b.p[b.len - 1] != '\n')
		buf_char(&b, '\n');
	if (cli_print(&b, e))
		return -1;
	return v->permitted ? 0 : err_exit_status(ERR_DENIED);
}

const struct command command_check = {
	.name = "check",
	.group = "Sandboxes",
	.words = "[flags] IMAGE [COMMAND [ARGUMENT …]]\n"
		 "       immure check [--policy FILE] --plan FILE\n"
		 "       immure check [--policy FILE] --docker FILE\n"
		 "       immure check [--policy FILE] --bundle DIR",
	.text = "ask the policy about it: permitted (0) or denied (126)",
	.options = { .command = "check",
		     .rows = run_rows,
		     .more = check_only_rows,
		     .stop = true },
	.max = CLI_ANY,
	.run = check,
};
