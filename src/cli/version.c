/*
 * version.c - `immure version`.
 */
#include <stdlib.h>
#include "base/json.h"
#include "base/strv.h"
#include "cli/cli.h"

struct version_args {
	char *format;
};

static const struct option rows[] = {
	{ "format", 0, OPTION_STRING, "FORM",
	  offsetof(struct version_args, format), "Flags",
	  "text (default) or json", "text|json", NULL },
	{ 0 },
};

static int version(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct version_args a = { 0 };
	struct json_out j;
	int r = cli_parse(c, args, &a, &words, e);

	if (!r && a.format && a.format[0] == 'j') {
		json_out_init(&j, &b, true);
		json_out_obj(&j, NULL);
		json_out_str(&j, "version", VERSION);
		json_out_obj_end(&j);
		buf_char(&b, '\n');
	} else {
		buf_str(&b, "immure " VERSION "\n");
	}
	free(a.format);
	return r ? r : cli_print(&b, e);
}

const struct command command_version = {
	.name = "version",
	.group = "Other",
	.words = "[flags]",
	.text = "tell the version",
	.options = { .command = "version", .rows = rows },
	.run = version,
};
