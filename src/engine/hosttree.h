/* hosttree.h - the root of `--host`: which of the host's program directories
 * are bound read-only into an empty root. */
#ifndef ENGINE_HOSTTREE_H
#define ENGINE_HOSTTREE_H

#include "immure/err.h"
#include "immure/spec.h"

int hosttree_add(struct spec *s, struct err *e);

#endif
