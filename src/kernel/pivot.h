/*
 * pivot.h - the new root: put over "/", made the root, the host's tree cut
 * off. pivot_root(2).
 */
#ifndef KERNEL_PIVOT_H
#define KERNEL_PIVOT_H

#include "immure/err.h"

/* Attaches the detached mount `root` over the current root directory. */
int pivot_stage(int root, struct err *e);
/* Makes it the root and detaches everything else; cwd is "/" after. */
int pivot_commit(int root, struct err *e);

#endif
