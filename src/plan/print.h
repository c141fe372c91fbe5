/*
 * print.h - a plan as text (one line a step, aligned, hash last) or JSON.
 * `full` shows blobs and environment whole. The JSON form is canonical: it
 * is what the hash is over.
 */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include <stdbool.h>
#include "base/buf.h"
#include "immure/plan.h"

void plan_print_text(const struct plan *p, bool full, struct buf *b);
void plan_print_json(const struct plan *p, bool pretty, struct buf *b);
/* One step without phase and number: "bind /srv/x -> /x ro,nosuid,nodev". */
void plan_print_step(const struct step *s, bool full, struct buf *b);

#endif
