/*
 * check.h - the invariants of every plan: phases never go back, clone is
 * first, exec last and single, verify just before it, the lockdown steps
 * are there (fds always; ids, caps, bounding, no_new_privs, seccomp unless
 * the plan says privileged or the spec turned them off). ERR_BUG otherwise.
 */
#ifndef PLAN_CHECK_H
#define PLAN_CHECK_H

#include "immure/plan.h"

int plan_check(const struct plan *p, struct err *e);

#endif
