/*
 * policy_test.c - `immure policy test`: runs a table of cases on a made-up
 * host. Exit status 0 when all hold, 1 otherwise.
 */
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/policy_cases.h"

struct test_args {
	char *policy;
};

static const struct option rows[] = {
	{ "policy", 0, OPTION_STRING, "POLICY",
	  offsetof(struct test_args, policy), "Flags",
	  "what \"@\" alone means in the table", NULL, NULL },
	{ 0 },
};

static int test(const struct command *c, char *const *args, struct err *e)
{
	AUTO(policy_cases_done) struct policy_cases cases = { 0 };
	AUTO(strv_free) char **words = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct test_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);
	auto_free char *policy = a.policy;

	if (r)
		return r;
	cases.policy = policy;
	strv_foreach (word, words)
		if (policy_cases_run(&cases, *word, e) < 0)
			return -1;
	if (cases.report.len)
		buf_str(&b, cases.report.p);
	buf_printf(&b, "%zu of %zu cases hold\n", cases.rows - cases.bad,
		   cases.rows);
	if (cli_print(&b, e))
		return -1;
	return cases.bad || !cases.rows ? 1 : 0;
}

const struct command command_policy_test = {
	.name = "policy test",
	.words = "[flags] FILE.t …",
	.text = "run a table of cases",
	.more = "A case is a line: RULES | CHANGES | permit, deny or none; see "
		"policy/README.md.\nExit status 1 when one does not hold.\n",
	.options = { .command = "policy test", .rows = rows },
	.min = 1,
	.max = CLI_ANY,
	.run = test,
};
