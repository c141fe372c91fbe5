/*
 * completion.c - `immure completion bash`: a completion script made of the
 * tables of commands and flags.
 */
#include <string.h>
#include "base/strv.h"
#include "cli/cli.h"

static const struct option rows[] = { { 0 } };

static void add_flags(struct buf *b, const struct option_table *t)
{
	const struct option *o = NULL;

	while ((o = option_next(t, o)))
		if (o->group)
			buf_printf(b, " --%s", o->name);
	buf_str(b, " --help");
}

/* Of a command with commands of its own: their words, and flags of all. */
static void add_subs(struct buf *b, const struct command *c)
{
	const struct command *const *s;

	for (s = c->subs; s && *s; s++)
		buf_printf(b, " %s", cli_sub_word(*s));
	for (s = c->subs; s && *s; s++)
		add_flags(b, &(*s)->options);
}

static void add_script(struct buf *b)
{
	const struct command *const *c;

	buf_str(b, "_immure() {\n"
		   "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n"
		   "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		   "\t\twords=\"");
	for (c = cli_commands(); *c; c++)
		buf_printf(b, "%s%s", c == cli_commands() ? "" : " ",
			   (*c)->name);
	buf_str(b, "\"\n"
		   "\telse\n"
		   "\t\tcase ${COMP_WORDS[1]} in\n");
	for (c = cli_commands(); *c; c++) {
		buf_printf(b, "\t\t%s) words=\"", (*c)->name);
		add_flags(b, &(*c)->options);
		add_subs(b, *c);
		buf_str(b, "\" ;;\n");
	}
	buf_str(b, "\t\tesac\n"
		   "\t\t[[ $cur == -* || $COMP_CWORD -eq 2 ]] || words=\n"
		   "\tfi\n"
		   "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
		   "}\n"
		   "complete -o default -F _immure immure\n");
}

static int completion(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	int r = cli_parse(c, args, NULL, &words, e);

	if (r)
		return r;
	if (option_words("completion", words[0], "bash", e))
		return -1;
	add_script(&b);
	return cli_print(&b, e);
}

const struct command command_completion = {
	.name = "completion",
	.group = "Other",
	.words = "bash",
	.text = "print a completion script: source <(immure completion bash)",
	.options = { .command = "completion", .rows = rows },
	.min = 1,
	.max = 1,
	.run = completion,
};
