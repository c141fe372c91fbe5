/*
 * info.c - `immure info`: version, places, and what the host offers.
 */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "cli/control.h"
#include "cli/list.h"
#include "engine/examine.h"

DEFINE_AUTO(struct host *, host_free);

struct info_args {
	char *format;
};

static const struct option rows[] = {
	{ "format", 'f', OPTION_STRING, "FORM",
	  offsetof(struct info_args, format), "Flags",
	  "json, or a template: {{.Kernel}}, {{json .Controls}}", NULL, NULL },
	{ 0 },
};

static void add_text(const struct host *h, const struct control_list *l,
		     struct buf *b)
{
	buf_str(b, "immure   " VERSION "\n");
	buf_str(b, "user     ");
	buf_escaped(b, h->user ? h->user : "(no name)");
	buf_printf(b, " (%u)\nstore    ", h->uid);
	buf_escaped(b, h->data_dir ? h->data_dir : "(none)");
	buf_str(b, "\nruntime  ");
	buf_escaped(b, h->runtime_dir ? h->runtime_dir : "(none)");
	buf_str(b, "\n\n");
	controls_print(l, true, b);
}

static void add_ranges(struct json_out *j, const char *key,
		       const struct id_range *v, size_t n)
{
	size_t i;

	json_out_array(j, key);
	for (i = 0; i < n; i++) {
		json_out_obj(j, NULL);
		json_out_u64(j, "First", v[i].first);
		json_out_u64(j, "Count", v[i].count);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void add_controls(struct json_out *j, const struct control_list *l)
{
	size_t i;

	json_out_array(j, "Controls");
	for (i = 0; i < l->n; i++) {
		const struct control *c = &l->v[i];

		json_out_obj(j, NULL);
		json_out_str(j, "Control", c->name);
		json_out_str(j, "Level", control_word(c->level));
		json_out_str(j, "State", c->state);
		json_out_str(j, "Consequence", c->effect ? c->effect : "");
		json_out_str(j, "Mend", c->mend ? c->mend : "");
		json_out_str(j, "Advice", c->advice ? c->advice : "");
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void add_protected(struct json_out *j, const struct host *h)
{
	size_t i;

	json_out_array(j, "Protected");
	for (i = 0; i < h->n_protected; i++) {
		const struct protected_object *o = &h->protected_objects[i];

		json_out_obj(j, NULL);
		json_out_str(j, "Path", o->path);
		json_out_str(j, "Why", o->why);
		json_out_bool(j, "Tree", o->is_tree);
		json_out_obj_end(j);
	}
	json_out_array_end(j);
}

static void add_json(const struct host *h, const struct control_list *l,
		     struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_str(&j, "Version", VERSION);
	json_out_str(&j, "User", h->user ? h->user : "");
	json_out_u64(&j, "Uid", h->uid);
	json_out_str(&j, "DataDir", h->data_dir ? h->data_dir : "");
	json_out_str(&j, "RuntimeDir", h->runtime_dir ? h->runtime_dir : "");
	json_out_str(&j, "Architecture", h->arch);
	json_out_obj(&j, "Kernel");
	json_out_u64(&j, "Major", h->kernel_major);
	json_out_u64(&j, "Minor", h->kernel_minor);
	json_out_obj_end(&j);
	json_out_i64(&j, "LandlockAbi", h->landlock_abi);
	json_out_bool(&j, "AppArmor", h->apparmor);
	json_out_bool(&j, "SELinux", h->selinux);
	add_ranges(&j, "SubUids", h->subuid, h->n_subuid);
	add_ranges(&j, "SubGids", h->subgid, h->n_subgid);
	add_protected(&j, h);
	add_controls(&j, l);
	json_out_obj_end(&j);
}

static int print_info(const char *format, struct err *e)
{
	AUTO(host_free) struct host *h = NULL;
	AUTO(controls_done) struct control_list l = { 0 };
	AUTO(buf_done) struct buf json = BUF_INIT, b = BUF_INIT;
	struct host_trials t;

	h = engine_examine(&t, e);
	if (!h)
		return -1;
	controls_find(h, &t, &l);
	add_json(h, &l, &json);
	if (!format)
		add_text(h, &l, &b);
	else if (list_print_one(format, &json, &b, e))
		return -1;
	return cli_print(&b, e);
}

static int info(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	struct info_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);

	r = r ? r : print_info(a.format, e);
	free(a.format);
	return r;
}

const struct command command_info = {
	.name = "info",
	.group = "Host",
	.words = "[flags]",
	.text = "tell what this host offers, and where things are",
	.options = { .command = "info", .rows = rows },
	.run = info,
};
