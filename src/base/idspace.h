/*
 * idspace.h - the id space of a user (DESIGN "Identity"): id 0 is the user,
 * ids 1… are its subordinate ranges in order. Pure arithmetic on struct
 * host; plan/ and store/ both need it.
 */
#ifndef BASE_IDSPACE_H
#define BASE_IDSPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"
#include "immure/host.h"
#include "immure/plan.h"

/*
 * The rows of the outer map: inside = id in the id space, outer = host id.
 * `single`: the one row 0 -> user. Otherwise a missing or overlapping range,
 * or a missing newuidmap, is ERR_HOST with the command that mends it.
 * Started by root (uid 0): row 0 maps the first subordinate id of "root" (or
 * of "immure"), never host id 0; ERR_HOST when there is none.
 */
int idspace_outer(const struct host *h, bool single, struct idmap_list *uids,
		  struct idmap_list *gids, struct err *e);
/* How many ids lie above id 0 (the sandbox's ids with the default map). */
uint32_t idspace_size(const struct id_range *v, size_t n);
void idmap_list_done(struct idmap_list *l);

#endif
