/*
 * maps.h - the inner id maps: which id-space id each id of the sandbox is.
 */
#ifndef PLAN_MAPS_H
#define PLAN_MAPS_H

#include "immure/err.h"
#include "immure/plan.h"

/*
 * Fills `ret` for `size` subordinate ids. `own` >= 0: the caller's id (0 of
 * the id space) appears as that id; -1: it has no name inside.
 */
void maps_fill(struct idmap_list *ret, uint32_t size, int64_t own);
/* The id-space id of `inside`; -1: not mapped. */
int64_t maps_outer(const struct idmap_list *l, uint32_t inside);
/*
 * The same map in rows that do not cross the rows of the outer map: the
 * kernel takes each row from one range of the parent (user_namespaces(7)).
 */
int maps_split(const struct idmap_list *inner, const struct idmap_list *outer,
	       struct idmap_list *ret, struct err *e);

#endif
