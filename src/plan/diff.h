/* diff.h - the steps that differ between two plans, "-" and "+" lines. */
#ifndef PLAN_DIFF_H
#define PLAN_DIFF_H

#include "base/buf.h"
#include "immure/plan.h"

/* The number of differing steps; 0 means equal (and equal hashes). */
size_t plan_diff(const struct plan *a, const struct plan *b, struct buf *out);

#endif
