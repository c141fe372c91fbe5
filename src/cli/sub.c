/*
 * sub.c - commands that have commands of their own: `immure policy lint`.
 */
#include <string.h>
#include "base/table.h"
#include "cli/cli.h"

#define SUBS_MAX 16

const struct option cli_no_rows[] = { { 0 } };

const char *cli_sub_word(const struct command *sub)
{
	const char *blank = strrchr(sub->name, ' ');

	return blank ? blank + 1 : sub->name;
}

static int unknown(const struct command *c, const char *word, struct err *e)
{
	const char *words[SUBS_MAX], *near;
	size_t n = 0;

	for (; n < SUBS_MAX && c->subs[n]; n++)
		words[n] = cli_sub_word(c->subs[n]);
	near = word_nearest(word, words, n);
	return err_set(e, ERR_USAGE, "immure %s %s: no such command; %s%s%s",
		       c->name, word, near ? "did you mean " : "see 'immure ",
		       near ? near : c->name, near ? "?" : " --help'");
}

int cli_run_sub(const struct command *c, char *const *args, struct err *e)
{
	if (!args[0] || !strcmp(args[0], "--help") || !strcmp(args[0], "-h"))
		return cli_print_help(c, e) ? -1 : CLI_HELP;
	for (const struct command *const *s = c->subs; *s; s++)
		if (!strcmp(cli_sub_word(*s), args[0]))
			return (*s)->run(*s, args + 1, e);
	return unknown(c, args[0], e);
}
