/*
 * examine.h - the host, looked at closely, for info and doctor: needs no
 * store and no policy, so that it can say why those cannot be opened.
 */
#ifndef ENGINE_EXAMINE_H
#define ENGINE_EXAMINE_H

#include "immure/err.h"
#include "immure/host.h"
#include "immure/trials.h"

/* The probed host with all its fields (host_free), and every trial's result.
 * NULL with *e. Takes some ten milliseconds. */
struct host *engine_examine(struct host_trials *ret, struct err *e);

#endif
