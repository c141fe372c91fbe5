/*
 * effective.h - the effective state of a process as a plan: the steps that
 * would have led to it. So that one table of findings serves both.
 */
#ifndef ENGINE_EFFECTIVE_H
#define ENGINE_EFFECTIVE_H

#include "immure/effective.h"
#include "immure/host.h"
#include "immure/plan.h"

/*
 * The plan is for reading only: it is never complete, checked or launched.
 * What cannot be seen is taken for right; the caller says so.
 */
struct plan *effective_plan(const struct effective *x, const struct host *h);

#endif
