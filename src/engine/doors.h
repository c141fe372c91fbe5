/*
 * doors.h - the plan's own filters, asked about the calls that known escapes
 * begin with.
 */
#ifndef ENGINE_DOORS_H
#define ENGINE_DOORS_H

#include "immure/plan.h"
#include "policy/audit.h"

/* Adds a finding for every such call that the stacked filters let pass; none
 * when there is no filter. */
void doors_ask(const struct plan *p, struct audit *a);
/* How many of those calls this machine has no word for; for tests. */
size_t doors_unknown(void);

#endif
