/*
 * later.c - commands that engines may call and that are not offered: each says
 * so, and ends with 1.
 */
#include <string.h>
#include "oci/oci.h"

static int refuse(const struct oci_command *c, struct oci_call *x,
		  struct err *e)
{
	/* not of --help: by that an engine asks whether we offer it */
	if (x->args[0] && strcmp(x->args[0], "-h") == 0)
		return oci_help(c, x->globals, e);
	return err_set(e, ERR_HOST, "%s: %s", c->name, c->text);
}

#define LATER(id, name_, why)                                                  \
	static const struct oci_command id = {                                 \
		.name = name_, .usage = "", .text = why, .run = refuse         \
	}
LATER(checkpoint, "checkpoint", "does not support checkpoint/restore");
LATER(restore, "restore", "does not support checkpoint/restore");

const struct oci_command *const oci_later[] = { &checkpoint, &restore, NULL };
