/*
 * denials.c - `immure denials`: what a recorded run was denied, how often,
 * and the rule that would allow it.
 */
#include <stdlib.h>
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/named.h"
#include "engine/learn.h"

static const struct option rows[] = {
	{ "format", 0, OPTION_STRING, "FORM", 0, "Flags",
	  "text (default) or json", "text|json", NULL },
	{ 0 },
};

/* A record, or the name of a running sandbox that is recorded. */
static int add(struct records *records, const char *word, struct err *e)
{
	AUTO(running_done) struct running r = { 0 };
	int found;

	if (records_add(records, word, e) == 0)
		return 0;
	if (e->kind != ERR_MISSING)
		return -1;
	found = named_find(word, &r, e);
	if (found <= 0)
		return -1;
	if (!r.record)
		return err_set(e, ERR_MISSING,
			       "%s: it runs without a record: what was denied "
			       "is known of `immure run --record FILE`",
			       word);
	return records_add(records, r.record, e);
}

static int denials(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(records_done) struct records records = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *format = NULL;
	int r = cli_parse(c, args, &format, &words, e);

	if (r)
		return r;
	strv_foreach (w, words) {
		if (add(&records, *w, e) < 0)
			return -1;
	}
	if (format && *format == 'j')
		denials_json(&records, &b);
	else
		denials_text(&records, &b);
	return cli_print(&b, e);
}

const struct command command_denials = {
	.name = "denials",
	.group = "Filters",
	.words = "[flags] RECORD|NAME …",
	.text = "what recorded runs were denied, and what would allow it",
	.options = { .command = "denials", .rows = rows },
	.min = 1,
	.max = CLI_ANY,
	.run = denials,
};
