/*
 * state.c - `immure-oci state ID`: the state of the runtime specification.
 */
#include <stdlib.h>
#include "format/oci_state.h"
#include "oci/oci.h"
#include "store/oci.h"

static int state(const struct oci_command *c, struct oci_call *x, struct err *e)
{
	AUTO(oci_state_done) struct oci_state s = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *text = NULL;
	auto_fd dir = -1;
	int r = oci_parse(c, x, NULL, e);

	if (r)
		return r;
	if (oci_load(x->globals, x->words[0], &dir, &s, e) < 0)
		return -1;
	text = oci_state_json(&s, store_oci_status(dir, &s), true);
	buf_printf(&b, "%s\n", text);
	return oci_print(&b, e);
}

const struct oci_command oci_command_state = {
	.name = "state",
	.usage = "ID",
	.text = "print the state of a container as JSON",
	.options = { .command = "state", .program = "immure-oci" },
	.min = 1,
	.max = 1,
	.run = state,
};
