/*
 * images.c - `immure images`: what is in the store.
 */
#include <stdlib.h>
#include <string.h>
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/image_json.h"
#include "cli/list.h"
#include "engine/engine.h"
#include "format/ref.h"
#include "store/store.h"

struct images_args {
	bool quiet, no_trunc, digests;
	char *format;
};
#define IN(field) offsetof(struct images_args, field)

static const struct option rows[] = {
	{ "quiet", 'q', OPTION_BOOL, NULL, IN(quiet), "Flags", "only the ids",
	  NULL, NULL },
	{ "no-trunc", 0, OPTION_BOOL, NULL, IN(no_trunc), "Flags", "whole ids",
	  NULL, NULL },
	{ "digests", 0, OPTION_BOOL, NULL, IN(digests), "Flags",
	  "the digest of each manifest, too", NULL, NULL },
	{ "format", 0, OPTION_STRING, "FORM", IN(format), "Flags",
	  "json, table TEMPLATE, or a template with .ID .Repository .Tag "
	  ".Digest .CreatedAt .CreatedSince .Size",
	  NULL, NULL },
	{ 0 },
};

#define TABLE_HEAD "{{.Repository}}\t{{.Tag}}\t"
#define TABLE_TAIL "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"

/* NAME of the command line: a repository, with or without a tag. */
static bool is_wanted(const struct image *i, const char *name)
{
	AUTO(ref_done) struct ref want = { 0 }, have = { 0 };

	if (!name)
		return true;
	if (!i->name || ref_parse(name, &want, NULL) ||
	    ref_parse(i->name, &have, NULL))
		return false;
	if (strcmp(want.host, have.host) || strcmp(want.path, have.path))
		return false;
	/* a name without a tag means every tag */
	if (!strchr(strrchr(name, '/') ? strrchr(name, '/') : name, ':'))
		return true;
	return want.tag && have.tag && !strcmp(want.tag, have.tag);
}

static int read_list(const char *name, const struct images_args *a,
		     struct buf *json, struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open(e);
	struct store *s = g ? engine_store(g, e) : NULL;
	AUTO(image_list_done) struct image_list l = { 0 };
	struct image_view view = { .whole_ids = a->no_trunc,
				   .now = time(NULL) };
	struct json_out j;
	size_t i;

	if (!s || store_image_list(s, &l.v, &l.n, e))
		return -1;
	json_out_init(&j, json, false);
	json_out_array(&j, NULL);
	for (i = 0; i < l.n; i++)
		if (is_wanted(l.v[i], name))
			image_json_row(&j, l.v[i], &view);
	json_out_array_end(&j);
	return 0;
}

static int print_images(char *const *words, const struct images_args *a,
			struct err *e)
{
	AUTO(buf_done) struct buf json = BUF_INIT, b = BUF_INIT;
	const char *table = a->digests ? TABLE_HEAD "{{.Digest}}\t" TABLE_TAIL
				       : TABLE_HEAD TABLE_TAIL;
	const char *format = a->quiet ? "{{.ID}}" : a->format;

	if (a->quiet && a->format)
		return err_set(e, ERR_USAGE,
			       "--quiet and --format contradict each other");
	if (read_list(words ? words[0] : NULL, a, &json, e) ||
	    list_print(format, table, &json, &b, e))
		return -1;
	return cli_print(&b, e);
}

static int images(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	struct images_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);

	r = r ? r : print_images(words, &a, e);
	free(a.format);
	return r;
}

const struct command command_images = {
	.name = "images",
	.group = "Images",
	.words = "[flags] [NAME]",
	.text = "list what is in the store",
	.options = { .command = "images", .rows = rows },
	.max = 1,
	.run = images,
};
