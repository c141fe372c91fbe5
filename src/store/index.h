/*
 * index.h - index.json: which images there are and what they are called. A
 * name is the full form of format/ref.h in the annotation
 * org.opencontainers.image.ref.name; an image of several names has as many
 * rows, one without a name has one row.
 */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include <stdbool.h>
#include <stdint.h>
#include "format/manifest.h"
#include "immure/err.h"
#include "store/store.h"

#define INDEX_FILE "index.json"

int index_load(struct store *s, struct index *ret, struct err *e);
/* Replaces index.json. The caller holds the store's lock. */
int index_save(struct store *s, const struct index *i, struct err *e);
/*
 * Gives an image a name (NULL: only makes it known). Whoever had the name
 * loses it, and stays without a name when it was the last one.
 */
void index_put(struct index *i, const char *name, const struct descriptor *d);
/* Takes row `at` out; `keep`: an image that had only this name stays. */
void index_take(struct index *i, size_t at, bool keep);
/* Rows of this manifest digest. */
size_t index_count(const struct index *i, const char *digest);

#endif
