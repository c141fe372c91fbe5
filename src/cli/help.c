/*
 * help.c - `immure help [COMMAND]` and the overview of all commands.
 */
#include <string.h>
#include "base/strv.h"
#include "cli/cli.h"

static void add_group(struct buf *b, const char *group)
{
	const struct command *const *c;

	buf_printf(b, "\n%s:\n", group);
	for (c = cli_commands(); *c; c++)
		if ((*c)->group && !strcmp((*c)->group, group))
			buf_printf(b, "  %-12s%s\n", (*c)->name, (*c)->text);
}

int cli_print_overview(struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	const struct command *const *c;
	const char *last = "";

	buf_str(&b, "Usage: immure COMMAND [flags] …\n\n"
		    "Runs untrusted programs walled in, without root and "
		    "without a daemon.\n");
	for (c = cli_commands(); *c; c++) {
		if (!(*c)->group || !strcmp((*c)->group, last))
			continue;
		last = (*c)->group;
		add_group(&b, last);
	}
	buf_str(&b, "\nimmure COMMAND --help tells the flags of a command.\n");
	return cli_print(&b, e);
}

static int help(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	const struct command *about;
	int r = cli_parse(c, args, NULL, &words, e);

	if (r)
		return r;
	if (!words)
		return cli_print_overview(e);
	about = cli_find(words[0], e);
	return about ? cli_print_help(about, e) : -1;
}

static const struct option rows[] = { { 0 } };

const struct command command_help = {
	.name = "help",
	.group = "Other",
	.words = "[COMMAND]",
	.text = "tell the commands, or the flags of one",
	.options = { .command = "help", .rows = rows },
	.max = 1,
	.run = help,
};
