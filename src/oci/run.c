/*
 * run.c - `immure-oci run ID`: create and start; without --detach it stays
 * until the container ends, deletes it, and ends with its status.
 */
#include <unistd.h>
#include "engine/bundle.h"
#include "oci/oci.h"

static const struct option more[] = {
	{ "detach", 'd', OPTION_BOOL, NULL, offsetof(struct oci_make, detach),
	  "Flags", "do not stay until it ends", NULL, NULL },
	{ "keep", 0, OPTION_BOOL, NULL, offsetof(struct oci_make, keep),
	  "Flags", "do not delete it when it has ended", NULL, NULL },
	{ 0 },
};

/* Somebody else may have deleted it meanwhile: then that was done. */
static int forget(struct oci_call *x, int dir, struct err *e)
{
	if (oci_forget(x->globals, x->words[0], dir, e) < 0)
		return e->kind == ERR_MISSING ? 0 : -1;
	return 0;
}

static int stay(struct oci_call *x, int dir, struct bundle_created *made,
		bool keep, struct err *e)
{
	struct run_result result = { 0 };

	if (engine_bundle_wait(made, &result, e) < 0)
		return -1;
	if (!keep && forget(x, dir, e) < 0)
		return -1;
	return result.status;
}

static int make_and_start(struct oci_call *x, const struct oci_make *m,
			  struct err *e)
{
	AUTO(bundle_created_done) struct bundle_created made = { .pid = -1 };
	auto_fd dir = -1;

	if (oci_make_container(x, m, &dir, &made, e) < 0)
		return -1;
	if (oci_open_gate(x->globals, dir, e) < 0) {
		oci_forget(x->globals, x->words[0], dir, NULL);
		return -1;
	}
	return m->detach ? 0 : stay(x, dir, &made, m->keep, e);
}

static int run(const struct oci_command *c, struct oci_call *x, struct err *e)
{
	struct oci_make m = { 0 };
	int r = oci_parse(c, x, &m, e);

	m.stays = !m.detach;
	if (r == 0)
		r = make_and_start(x, &m, e);
	oci_make_done(&m);
	return r;
}

const struct oci_command oci_command_run = {
	.name = "run",
	.usage = "[flags] ID",
	.text = "create and start a container of a bundle",
	.options = { .command = "run",
		     .program = "immure-oci",
		     .rows = oci_make_rows,
		     .more = more },
	.min = 1,
	.starts = true,
	.max = 1,
	.run = run,
};
