/*
 * rmi.c - `immure rmi`: removes names, and the image with its last one.
 */
#include "base/log.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "store/store.h"

struct rmi_args {
	bool force;
};

static const struct option rows[] = {
	{ "force", 'f', OPTION_BOOL, NULL, offsetof(struct rmi_args, force),
	  "Flags", "an id that has several names, too", NULL, NULL },
	{ 0 },
};

/* One failure does not keep the others; the last one is the command's. */
static int remove_all(struct engine *g, char *const *names, bool force,
		      struct err *e)
{
	struct store *s = engine_store(g, e);
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (!s)
		return -1;
	strv_foreach (name, names) {
		AUTO(strv_free) char **removed = NULL;
		struct err one = ERR_INIT;

		const struct image_removal what = { *name, force };

		if (store_image_remove(s, engine_host(g), &what, &removed,
				       &one)) {
			if (e->kind != ERR_NONE)
				log_error(e);
			*e = one;
		}
		strv_foreach (line, removed) {
			buf_escaped(&b, *line);
			buf_char(&b, '\n');
		}
	}
	if (cli_print(&b, e))
		return -1;
	return e->kind == ERR_NONE ? 0 : -1;
}

static int rmi(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	struct rmi_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);

	if (r)
		return r;
	g = engine_open(e);
	return g ? remove_all(g, words, a.force, e) : -1;
}

const struct command command_rmi = {
	.name = "rmi",
	.group = "Images",
	.words = "[flags] IMAGE …",
	.text = "remove names of images, and images without a name",
	.options = { .command = "rmi", .rows = rows },
	.min = 1,
	.max = CLI_ANY,
	.run = rmi,
};
