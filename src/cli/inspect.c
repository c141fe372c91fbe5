/*
 * inspect.c - `immure inspect`: all that is known of an image, as docker's
 * JSON.
 */
#include <stdlib.h>
#include <string.h>
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/image_json.h"
#include "cli/list.h"
#include "engine/engine.h"
#include "store/store.h"

struct inspect_args {
	char *format;
};

static const struct option rows[] = {
	{ "format", 'f', OPTION_STRING, "FORM",
	  offsetof(struct inspect_args, format), "Flags",
	  "json (default), or a template: {{.Id}}, {{json .Config.Env}}", NULL,
	  NULL },
	{ 0 },
};

/* One image by the template, a line of its own. */
static int one_by_format(const char *format, const struct image *i,
			 const struct image_list *all, struct buf *b,
			 struct err *e)
{
	AUTO(buf_done) struct buf json = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &json, false);
	image_json_whole(&j, i, all);
	return list_print_one(format, &json, b, e);
}

static int print_all(struct engine *g, char *const *names, const char *format,
		     struct buf *b, struct err *e)
{
	struct store *s = engine_store(g, e);
	AUTO(image_list_done) struct image_list all = { 0 };
	struct json_out j;

	if (!s || store_image_list(s, &all.v, &all.n, e))
		return -1;
	json_out_init(&j, b, true);
	if (!format)
		json_out_array(&j, NULL);
	strv_foreach (name, names) {
		AUTO(image_free)
		struct image *i =
			store_image_find(s, *name, engine_host(g)->arch, e);

		if (!i)
			return -1;
		if (!format)
			image_json_whole(&j, i, &all);
		else if (one_by_format(format, i, &all, b, e))
			return -1;
	}
	if (!format) {
		json_out_array_end(&j);
		buf_char(b, '\n');
	}
	return 0;
}

static int inspect(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct inspect_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);

	if (!r) {
		const char *f = a.format;

		if (f && !strcmp(f, "json"))
			f = NULL;
		g = engine_open(e);
		r = g ? print_all(g, words, f, &b, e) : -1;
	}
	free(a.format);
	return r ? r : cli_print(&b, e);
}

const struct command command_inspect = {
	.name = "inspect",
	.group = "Images",
	.words = "[flags] IMAGE …",
	.text = "tell all that is known of an image",
	.options = { .command = "inspect", .rows = rows },
	.min = 1,
	.max = CLI_ANY,
	.run = inspect,
};
