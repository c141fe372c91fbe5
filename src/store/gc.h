/*
 * gc.h - takes out of the store what no image refers to.
 */
#ifndef STORE_GC_H
#define STORE_GC_H

#include <stdbool.h>
#include "format/manifest.h"
#include "immure/err.h"
#include "store/store.h"

/*
 * Under the store's exclusive lock: unlinks blobs that `index` does not need
 * and moves layers that it does not need, and nobody holds, into the staging
 * directory `to`. With to = -1 only counts.
 */
int gc_take(struct store *s, const struct index *index, int to,
	    struct gc_result *ret, struct err *e);

#endif
