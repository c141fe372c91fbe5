/*
 * gc.c - `immure gc`: removes from the store what nothing refers to.
 */
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/list.h"
#include "engine/engine.h"
#include "store/store.h"

struct gc_args {
	bool dry_run;
};

static const struct option rows[] = {
	{ "dry-run", 'n', OPTION_BOOL, NULL, offsetof(struct gc_args, dry_run),
	  "Flags", "only tell what would be removed", NULL, NULL },
	{ 0 },
};

static int gc(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(engine_free) struct engine *g = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct gc_args a = { 0 };
	struct gc_result n;
	struct store *s;
	int r = cli_parse(c, args, &a, &words, e);

	if (r)
		return r;
	g = engine_open(e);
	s = g ? engine_store(g, e) : NULL;
	if (!s || store_gc(s, engine_host(g), a.dry_run, &n, e))
		return -1;
	buf_printf(&b, "%s: %zu blobs, %zu layers, %zu temporary files, ",
		   a.dry_run ? "Would remove" : "Removed", n.blobs, n.layers,
		   n.temporaries);
	list_size(n.bytes, &b);
	buf_char(&b, '\n');
	return cli_print(&b, e);
}

const struct command command_gc = {
	.name = "gc",
	.group = "Images",
	.words = "[flags]",
	.text = "remove blobs and layers that nothing needs",
	.options = { .command = "gc", .rows = rows },
	.run = gc,
};
