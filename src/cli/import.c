/*
 * import.c - `immure import`: the tar of a root filesystem becomes an image
 * of one layer.
 */
#include <stdlib.h>
#include "base/log.h"
#include "base/strv.h"
#include "cli/budget.h"
#include "cli/cli.h"
#include "engine/engine.h"

static int import_one(char *const *words, struct budget_args *a, struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open(e);
	struct store *s = g ? engine_store(g, e) : NULL;
	auto_fd fd = s ? budget_open(words[0], e) : -1;
	struct load_source from = { .budget = &a->budget };
	AUTO(buf_done) struct buf b = BUF_INIT;
	int r;

	if (fd < 0)
		return -1;
	budget_reports(a);
	from.fd = fd;
	r = store_import(s, engine_host(g), &from, words[1], e);
	log_progress_end();
	if (r)
		return -1;
	buf_str(&b, "Imported image: ");
	buf_escaped(&b, words[1]);
	buf_char(&b, '\n');
	return cli_print(&b, e);
}

static int import(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	struct budget_args a = BUDGET_ARGS_INIT;
	int r = cli_parse(c, args, &a, &words, e);

	return r ? r : import_one(words, &a, e);
}

const struct command command_import = {
	.name = "import",
	.group = "Images",
	.words = "[flags] ROOTFS.tar|- NAME",
	.text = "make an image of the tar of a root filesystem",
	.options = { .command = "import", .rows = budget_rows },
	.min = 2,
	.max = 2,
	.run = import,
};
