/*
 * list.c - `immure-oci list`: every container of the state directory.
 */
#include <string.h>
#include "base/json.h"
#include "base/strv.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

struct list_args {
	char *format;
	bool quiet;
};
static const struct option rows[] = {
	{ "format", 'f', OPTION_STRING, "FORM",
	  offsetof(struct list_args, format), "Flags",
	  "table (default) or json", "table|json", NULL },
	{ "quiet", 'q', OPTION_BOOL, NULL, offsetof(struct list_args, quiet),
	  "Flags", "ids only", NULL, NULL },
	{ 0 },
};

/* One container; what vanished meanwhile is not there. */
struct entry {
	struct oci_state state;
	enum oci_status status;
};

static bool load(int root, const char *id, struct entry *ret)
{
	auto_fd dir = store_oci_find(root, id, NULL);

	if (dir < 0 || store_oci_load(dir, &ret->state, NULL) < 0)
		return false;
	ret->status = store_oci_status(dir, &ret->state);
	return true;
}

static void add_row(const struct entry *x, struct buf *b)
{
	buf_printf(b, "%-20s %-9d %-9s %s  %s  %s\n", x->state.id,
		   x->status == OCI_STOPPED ? 0 : (int)x->state.pid,
		   oci_status_word(x->status), x->state.bundle,
		   x->state.created, x->state.owner);
}

static void print(int root, char *const *ids, const struct list_args *a,
		  struct buf *b)
{
	bool json = a->format && strcmp(a->format, "json") == 0;
	struct json_out j;

	json_out_init(&j, b, false);
	if (json)
		json_out_array(&j, NULL);
	else if (!a->quiet)
		buf_printf(b, "%-20s %-9s %-9s %s  %s  %s\n", "ID", "PID",
			   "STATUS", "BUNDLE", "CREATED", "OWNER");
	strv_foreach (id, ids) {
		struct entry x = { 0 };

		if (!load(root, *id, &x))
			continue;
		if (json) {
			json_out_obj(&j, NULL);
			oci_state_members(&x.state, x.status, &j);
			json_out_obj_end(&j);
		} else if (a->quiet) {
			buf_printf(b, "%s\n", *id);
		} else {
			add_row(&x, b);
		}
		oci_state_done(&x.state);
	}
	if (json) {
		json_out_array_end(&j);
		buf_char(b, '\n');
	}
}

static int list(const struct oci_command *c, struct oci_call *x, struct err *e)
{
	AUTO(strv_free) char **ids = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct list_args a = { 0 };
	auto_free char **unused = NULL;
	auto_fd root = -1;
	int r = oci_parse(c, x, &a, e);

	if (r == 0) {
		root = oci_root(x->globals, true, e);
		r = root < 0 ? -1 : store_oci_list(root, &ids, e);
	}
	if (r == 0) {
		print(root, ids, &a, &b);
		r = oci_print(&b, e);
	}
	free(a.format);
	return r;
}

const struct oci_command oci_command_list = {
	.name = "list",
	.usage = "[flags]",
	.text = "list the containers",
	.options = { .command = "list", .program = "immure-oci", .rows = rows },
	.run = list,
};
