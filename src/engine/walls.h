/*
 * walls.h - the table of walls around a sandbox as the kernel reported them
 * before the start: what `--explain` prints.
 */
#ifndef ENGINE_WALLS_H
#define ENGINE_WALLS_H

#include "base/buf.h"
#include "immure/plan.h"
#include "launch/report.h"

void walls_text(const struct plan *p, const struct report *r, struct buf *b);

#endif
