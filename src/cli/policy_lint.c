/*
 * policy_lint.c - `immure policy lint`: rules that do not mean what somebody
 * may think. Exit status 0 without findings, 1 with.
 */
#include "base/json.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "engine/policy_lint.h"
#include "format/policy_text.h"

struct lint_args {
	char *format;
};

static const struct option rows[] = {
	{ "format", 0, OPTION_STRING, "FORM",
	  offsetof(struct lint_args, format), "Flags", "text (default) or json",
	  "text|json", NULL },
	{ 0 },
};

static void add_text(const struct policy *p, const struct lint *l,
		     struct buf *b)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct rule *r = &p->rules[l->v[i].rule];

		buf_escaped(b, r->file);
		buf_printf(b, ":%u:%u: %s: ", r->line, r->column,
			   lint_word(l->v[i].kind));
		buf_escaped(b, r->text);
		buf_str(b, "\n    ");
		buf_escaped(b, l->v[i].why);
		buf_char(b, '\n');
	}
	buf_printf(b, "%zu finding%s in %zu rules\n", l->n,
		   l->n == 1 ? "" : "s", p->n);
}

static void add_json(const struct policy *p, const struct lint *l,
		     struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_u64(&j, "rules", p->n);
	json_out_array(&j, "findings");
	for (size_t i = 0; i < l->n; i++) {
		const struct rule *r = &p->rules[l->v[i].rule];

		json_out_obj(&j, NULL);
		json_out_str(&j, "kind", lint_word(l->v[i].kind));
		json_out_str(&j, "file", r->file);
		json_out_u64(&j, "line", r->line);
		json_out_u64(&j, "column", r->column);
		json_out_str(&j, "rule", r->text);
		json_out_str(&j, "why", l->v[i].why);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static int lint(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(policy_done) struct policy p = { 0 };
	AUTO(lint_done) struct lint l = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct lint_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);
	auto_free char *format = a.format;

	if (r)
		return r;
	g = engine_open(e);
	if (!g || engine_read_policy(g, words, &p, e) < 0 ||
	    engine_lint_policy(g, &p, &l, e) < 0)
		return -1;
	(format && format[0] == 'j' ? add_json : add_text)(&p, &l, &b);
	if (cli_print(&b, e))
		return -1;
	return l.n ? 1 : 0;
}

const struct command command_policy_lint = {
	.name = "policy lint",
	.words = "[flags] POLICY …",
	.text = "rules that never match, are overruled, or open an escape",
	.more = "Several are one layer, in their order. Exit status 1 when "
		"there are findings.\n",
	.options = { .command = "policy lint", .rows = rows },
	.min = 1,
	.max = CLI_ANY,
	.run = lint,
};
