/*
 * tag.c - `immure tag`: one more name for an image.
 */
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "store/store.h"

static const struct option rows[] = { { 0 } };

static int tag(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	struct store *s;
	int r = cli_parse(c, args, NULL, &words, e);

	if (r)
		return r;
	g = engine_open(e);
	s = g ? engine_store(g, e) : NULL;
	return s ? store_tag(s, words[0], words[1], e) : -1;
}

const struct command command_tag = {
	.name = "tag",
	.group = "Images",
	.words = "IMAGE NAME",
	.text = "give an image one more name",
	.options = { .command = "tag", .rows = rows },
	.min = 2,
	.max = 2,
	.run = tag,
};
