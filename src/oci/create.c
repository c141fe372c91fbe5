/*
 * create.c - `immure-oci create ID`: everything but the program itself.
 */
#include "engine/bundle.h"
#include "oci/oci.h"

static int create(const struct oci_command *c, struct oci_call *x,
		  struct err *e)
{
	AUTO(bundle_created_done) struct bundle_created made = { .pid = -1 };
	struct oci_make m = { 0 };
	auto_fd dir = -1;
	int r = oci_parse(c, x, &m, e);

	if (r == 0)
		r = oci_make_container(x, &m, &dir, &made, e);
	oci_make_done(&m);
	return r;
}

const struct oci_command oci_command_create = {
	.name = "create",
	.usage = "[flags] ID",
	.text = "make a container of a bundle; it waits to be started",
	.options = { .command = "create",
		     .program = "immure-oci",
		     .rows = oci_make_rows },
	.min = 1,
	.starts = true,
	.max = 1,
	.run = create,
};
