/*
 * check.c - `immure check`: asks the policy about what `immure run` with the
 * same words would do, or about a plan that was saved. Runs nothing. Exit
 * status 0 permitted, 126 denied.
 */
#include <string.h>
#include "cli/cli.h"
#include "cli/saved.h"
#include "engine/engine.h"
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
	int r = cli_parse_run(c, args, &a, e);

	if (r)
		return r;
	g = engine_open(e);
	if (!g || (a.policy && engine_use_policy(g, a.policy, e)))
		return -1;
	p = a.plan ? saved_plan(a.plan, e) : engine_plan(g, &a.r, e);
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
		 "       immure check [--policy FILE] --plan FILE",
	.text = "ask the policy about it: permitted (0) or denied (126)",
	.options = { .command = "check",
		     .rows = run_rows,
		     .more = check_only_rows,
		     .stop = true },
	.max = CLI_ANY,
	.run = check,
};
