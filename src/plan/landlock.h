/* landlock.h - the Landlock step: what is handled at which ABI, and the trees
 * that are named. landlock(7). */
#ifndef PLAN_LANDLOCK_H
#define PLAN_LANDLOCK_H

#include "immure/err.h"
#include "immure/plan.h"

/* Adds the step; none for a spec that turned it off. */
int landlock_plan(struct plan *p, const struct spec *s, const struct host *h,
		  struct err *e);

#endif
