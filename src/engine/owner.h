/*
 * owner.h - explains a start that failed because of a foreign owner.
 */
#ifndef ENGINE_OWNER_H
#define ENGINE_OWNER_H

#include "immure/err.h"
#include "immure/plan.h"

/*
 * Of an error of a step that could not make something in the root that lies
 * at `rootfs` of the host: says whose the directory is, when that owner has
 * no id in the sandbox. Changes nothing else.
 */
void owner_explain(const char *rootfs, const struct plan *p, struct err *e);

#endif
