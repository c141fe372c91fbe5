/*
 * load.c - `immure load`: an archive of images (docker save, OCI) or an OCI
 * layout directory into the store.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/log.h"
#include "base/strv.h"
#include "cli/budget.h"
#include "cli/cli.h"
#include "engine/engine.h"

static const struct option rows[] = {
	{ "input", 'i', OPTION_STRING, "FILE",
	  offsetof(struct budget_args, input), "Flags",
	  "the same as the word FILE", NULL, NULL },
	{ 0 },
};

/* The one file that was named, in either way; "-" when none was. */
static const char *find_input(char *const *words, const struct budget_args *a,
			      struct err *e)
{
	if (words && a->input) {
		err_set(e, ERR_USAGE, "two inputs: --input %s and %s", a->input,
			words[0]);
		return NULL;
	}
	if (words)
		return words[0];
	return a->input ? a->input : "-";
}

static int load_from(struct engine *g, const char *path,
		     const struct load_budget *budget, char ***names,
		     struct err *e)
{
	struct store *s = engine_store(g, e);
	auto_fd fd = s ? budget_open(path, e) : -1;
	struct load_source from = { .fd = -1, .budget = budget };
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st))
		return err_sys(e, "stat %s", path);
	if (S_ISDIR(st.st_mode))
		from.dir = path;
	else
		from.fd = fd;
	return store_load(s, engine_host(g), &from, names, e);
}

static int load_all(char *const *words, struct budget_args *a, struct err *e)
{
	const char *path = find_input(words, a, e);
	AUTO(engine_free) struct engine *g = path ? engine_open(e) : NULL;
	AUTO(strv_free) char **names = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	int r;

	if (!g)
		return -1;
	budget_reports(a);
	r = load_from(g, path, &a->budget, &names, e);
	log_progress_end();
	if (r)
		return -1;
	strv_foreach (name, names) {
		buf_str(&b, "Loaded image: ");
		buf_escaped(&b, *name);
		buf_char(&b, '\n');
	}
	return cli_print(&b, e);
}

static int load(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	struct budget_args a = BUDGET_ARGS_INIT;
	int r = cli_parse(c, args, &a, &words, e);

	r = r ? r : load_all(words, &a, e);
	free(a.input);
	return r;
}

const struct command command_load = {
	.name = "load",
	.group = "Images",
	.words = "[flags] [FILE|DIRECTORY|-]",
	.text = "load images from an archive or an OCI layout",
	.more = "Takes what docker save, podman save, skopeo and buildah "
		"write: docker-archive,\noci-archive, an OCI layout "
		"directory; gzip, zstd or plain. It is unpacked by a\n"
		"confined child; digests are checked before anything is "
		"parsed.\n",
	.options = { .command = "load", .rows = rows, .more = budget_rows },
	.max = 1,
	.run = load,
};
