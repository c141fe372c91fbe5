/*
 * maps.h - user namespaces that are there already: their maps, and when they
 * are entered.
 */
#ifndef ENGINE_MAPS_H
#define ENGINE_MAPS_H

#include <sys/types.h>

#include "immure/bundle.h"
#include "immure/err.h"
#include "immure/host.h"
#include "immure/spec.h"

/* Maps, and whether setgroups(2) is allowed, of the user namespace that a
 * process is in. `proc`: the host's /proc. */
int maps_of_process(struct spec *s, int proc, pid_t pid, struct err *e);
/* Those of a namespace that is to be joined. ERR_VERIFY: its path names another
 * one by now. ERR_HOST: who is in it could not be verified. */
int maps_of_namespace(struct spec *s, const struct host *h,
		      const struct bundle_join *j, struct err *e);
/*
 * Who has no rights of its own gets them in the user namespace, first of all;
 * who has them would lose those over the others there, and enters it last.
 */
void maps_order_joins(struct bundle *b, const struct host *h);

#endif
