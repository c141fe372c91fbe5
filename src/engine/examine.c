/*
 * examine.c - probes the host deeply.
 */
#include <stdlib.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "engine/examine.h"
#include "engine/labels.h"
#include "kernel/probe.h"

struct host *engine_examine(struct host_trials *ret, struct err *e)
{
	struct host *h = xcalloc(1, sizeof(*h));

	if (probe_host(true, h, e)) {
		free(h);
		return NULL;
	}
	if (probe_trials(h, ret, e) || labels_look_up(DEFAULT_APPARMOR, h, e) ||
	    labels_look_up_type(h, e)) {
		host_free(h);
		return NULL;
	}
	return h;
}
