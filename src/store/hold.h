/*
 * hold.h - which layers containers use right now.
 */
#ifndef STORE_HOLD_H
#define STORE_HOLD_H

#include "immure/err.h"
#include "store/store.h"

/* The hex diff ids that are held, an strv; left-over holds are removed. The
 * caller has the store's exclusive lock. */
int hold_list(struct store *s, char ***ret, struct err *e);

#endif
