/* saved.h - a plan that `immure plan --format json` printed, from a file. */
#ifndef CLI_SAVED_H
#define CLI_SAVED_H

#include "immure/plan.h"

/* "-" is standard input. NULL with *e; one of another kind is named as what
 * it is, as far as that can be seen. Free with plan_free (plan/build.h). */
struct plan *saved_plan(const char *path, struct err *e);

#endif
