/*
 * caps.h - capability sets by raw calls on prepared masks, read back
 * (capabilities(7)). Bit n is capability n.
 */
#ifndef KERNEL_CAPS_H
#define KERNEL_CAPS_H

#include <stdint.h>
#include "immure/err.h"

/* Drops from the bounding set all that is not in `keep`. */
int caps_set_bounding(uint64_t keep, struct err *e);
/* permitted = effective = `set`; inheritable = ambient = empty (R15). */
int caps_set(uint64_t set, struct err *e);
/* Each set as it is given: a bundle's, which may have inheritable and ambient
 * capabilities. */
struct cap_sets;
int caps_set_all(const struct cap_sets *sets, struct err *e);
/* After the next change of ids the permitted ones stay (PR_SET_KEEPCAPS). */
int caps_keep(struct err *e);

#endif
