/*
 * build.h - spec + host -> plan: the flat list, every operand resolved, in
 * the order in which it is carried out. A required control that the host
 * lacks is ERR_HOST, naming it and what to do. Pure.
 */
#ifndef PLAN_BUILD_H
#define PLAN_BUILD_H

#include "base/cleanup.h"
#include "immure/plan.h"

struct plan *plan_build(const struct spec *s, const struct host *h,
			struct err *e);
DEFINE_AUTO(struct plan *, plan_free);

#endif
