/* build_root.h - the phase ROOT of a plan. */
#ifndef PLAN_BUILD_ROOT_H
#define PLAN_BUILD_ROOT_H

#include "immure/err.h"
#include "immure/plan.h"

/* The ids of container root and of the process in the id space. */
struct owners {
	uint32_t uid, gid;	     /* container root */
	uint32_t user_uid, user_gid; /* the process */
};
int build_root(struct plan *p, const struct spec *s, const struct host *h,
	       const struct owners *o, struct err *e);

#endif
