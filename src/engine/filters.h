/* filters.h - the seccomp filters and Landlock rules of a spec: built in, or
 * from a file. */
#ifndef ENGINE_FILTERS_H
#define ENGINE_FILTERS_H

#include "immure/err.h"
#include "immure/host.h"
#include "immure/spec.h"

/* Fills s->seccomp_filter. Nothing for an unconfined spec. */
int filters_fill(struct spec *s, const struct host *h, struct err *e);
/* Reads --landlock-rules FILE into s->landlock_rules. */
int landlock_fill(struct spec *s, struct err *e);

/* The same of a bundle's parsed profile. */
int filters_of_bundle(struct spec *s, struct err *e);

#endif
