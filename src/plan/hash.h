/* hash.h - SHA-256 over every operand of every step, in order. Pure. */
#ifndef PLAN_HASH_H
#define PLAN_HASH_H

#include "immure/plan.h"

void plan_hash(const struct plan *p, uint8_t ret[PLAN_HASH_LEN]);

#endif
