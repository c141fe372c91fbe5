/*
 * policy.c - `immure policy COMMAND`: policies that are asked about
 * themselves. Runs nothing, changes nothing.
 */
#include <string.h>
#include "base/json.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "engine/policy_lint.h"
#include "format/policy_text.h"

static const struct command *const subs[] = {
	&command_policy_lint,
	&command_policy_test,
	&command_policy_diff,
	&command_policy_show,
	NULL,
};

const struct command command_policy = {
	.name = "policy",
	.group = "Policy",
	.words = "COMMAND …",
	.text = "find faults in policies, test, compare and show them",
	.more = "A policy is named by a shipped one's name (default, strict, "
		"multi-tenant,\ndeveloper, build), or by its path, with a "
		"slash.\n",
	.options = { .command = "policy", .rows = cli_no_rows },
	.max = CLI_ANY,
	.subs = subs,
	.run = cli_run_sub,
};

/* ---- show ---- */

struct show_args {
	char *format;
};

static const struct option rows[] = {
	{ "format", 0, OPTION_STRING, "FORM",
	  offsetof(struct show_args, format), "Flags", "text (default) or json",
	  "text|json", NULL },
	{ 0 },
};

static void show_text(const struct policy *p, size_t layer, struct buf *b)
{
	const char *file = "";

	buf_printf(b, "%s# layer %zu: %s\n", layer ? "\n" : "", layer + 1,
		   layer ? "the user's, which can only narrow"
			 : "the system's, the ceiling");
	for (size_t i = 0; i < p->n; i++) {
		const struct rule *r = &p->rules[i];

		if (strcmp(file, r->file) != 0) {
			buf_str(b, "# ");
			buf_escaped(b, r->file);
			buf_char(b, '\n');
		}
		file = r->file;
		buf_printf(b, "%4u  ", r->line);
		buf_escaped(b, r->text);
		buf_char(b, '\n');
	}
}

static void show_json(const struct policy_set *s, struct buf *b)
{
	static const char *const actions[] = { "permit", "deny", "require",
					       "limit" };
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_array(&j, "layers");
	for (size_t i = 0; i < s->n; i++) {
		json_out_array(&j, NULL);
		for (size_t n = 0; n < s->layers[i].n; n++) {
			const struct rule *r = &s->layers[i].rules[n];

			json_out_obj(&j, NULL);
			json_out_str(&j, "action", actions[r->action]);
			json_out_str(&j, "subject", r->what);
			json_out_str(&j, "rule", r->text);
			json_out_str(&j, "file", r->file);
			json_out_u64(&j, "line", r->line);
			json_out_obj_end(&j);
		}
		json_out_array_end(&j);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static int show(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(policy_done) struct policy named = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct policy_set one = { .layers = &named, .n = 1 };
	const struct policy_set *s = &one;
	struct show_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);
	auto_free char *format = a.format;

	if (r)
		return r;
	g = engine_open(e);
	if (!g || (words && engine_read_policy(g, words, &named, e) < 0))
		return -1;
	if (!words)
		s = engine_policy(g);
	if (format && format[0] == 'j')
		show_json(s, &b);
	for (size_t i = 0; !b.len && i < s->n; i++)
		show_text(&s->layers[i], i, &b);
	return cli_print(&b, e);
}

const struct command command_policy_show = {
	.name = "policy show",
	.words = "[flags] [POLICY …]",
	.text = "the rules in force here, or those of a policy, in their order",
	.options = { .command = "policy show", .rows = rows },
	.max = CLI_ANY,
	.run = show,
};
