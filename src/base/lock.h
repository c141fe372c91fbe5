/*
 * lock.h - flock(2) on a file that is made when missing (0600, O_NOFOLLOW).
 * The lock lasts until the returned fd is closed.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdbool.h>
#include "immure/err.h"

enum lock_mode { LOCK_SHARED, LOCK_EXCLUSIVE, LOCK_TRY_EXCLUSIVE };
/* The fd; -1 with *e (ERR_CONFLICT when TRY finds it taken). */
int lock_open_at(int dir, const char *name, enum lock_mode mode, struct err *e);

#endif
