/*
 * ps.c - `immure ps`: the sandboxes that run under a name.
 */
#include <stdlib.h>
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/image_json.h"
#include "cli/list.h"
#include "engine/engine.h"
#include "store/running.h"

struct ps_args {
	bool quiet, no_trunc;
	char *format;
};
#define IN(field) offsetof(struct ps_args, field)

static const struct option rows[] = {
	{ "quiet", 'q', OPTION_BOOL, NULL, IN(quiet), "Flags", "only the names",
	  NULL, NULL },
	{ "no-trunc", 0, OPTION_BOOL, NULL, IN(no_trunc), "Flags",
	  "whole command lines", NULL, NULL },
	{ "format", 0, OPTION_STRING, "FORM", IN(format), "Flags",
	  "json, table TEMPLATE, or a template with .Names .Pid .Image "
	  ".Command .RunningFor .Plan .Record",
	  NULL, NULL },
	{ 0 },
};

#define TABLE	      "{{.Names}}\t{{.Pid}}\t{{.RunningFor}}\t{{.Image}}\t{{.Command}}"
#define COMMAND_SHOWN 40

static void add_row(struct json_out *j, const struct running *r,
		    const struct ps_args *a)
{
	AUTO(buf_done) struct buf command = BUF_INIT, since = BUF_INIT;

	strv_foreach (word, r->command)
		buf_printf(&command, "%s%s", command.len ? " " : "", *word);
	if (!a->no_trunc && command.len > COMMAND_SHOWN) {
		command.len = COMMAND_SHOWN;
		while (command.len &&
		       ((unsigned char)command.p[command.len] & 0xc0) == 0x80)
			command.len--; /* no half of a character */
		buf_str(&command, "...");
	}
	list_since((int64_t)time(NULL) - r->started, &since);
	json_out_obj(j, NULL);
	json_out_str(j, "Names", r->name);
	json_out_i64(j, "Pid", r->pid);
	json_out_str(j, "Image", r->image);
	json_out_str(j, "Command", command.p ? command.p : "");
	json_out_str(j, "RunningFor", since.p);
	json_out_str(j, "Plan", r->plan);
	json_out_str(j, "Record", r->record ? r->record : "");
	json_out_obj_end(j);
}

static int print_running(const struct ps_args *a, struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open(e);
	AUTO(running_list_done) struct running_list l = { 0 };
	AUTO(buf_done) struct buf json = BUF_INIT, b = BUF_INIT;
	struct json_out j;

	if (a->quiet && a->format)
		return err_set(e, ERR_USAGE,
			       "--quiet and --format contradict each other");
	if (!g || running_list(engine_host(g)->runtime_dir, &l, e) < 0)
		return -1;
	json_out_init(&j, &json, false);
	json_out_array(&j, NULL);
	for (size_t i = 0; i < l.n; i++)
		add_row(&j, &l.v[i], a);
	json_out_array_end(&j);
	if (list_print(a->quiet ? "{{.Names}}" : a->format, TABLE, &json, &b,
		       e))
		return -1;
	return cli_print(&b, e);
}

static int ps(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	struct ps_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);

	r = r ? r : print_running(&a, e);
	free(a.format);
	return r;
}

const struct command command_ps = {
	.name = "ps",
	.group = "Sandboxes",
	.words = "[flags]",
	.text = "list the sandboxes that run under a name (run --name)",
	.options = { .command = "ps", .rows = rows },
	.run = ps,
};
