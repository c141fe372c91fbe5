/*
 * pivot.h - the new root: put over "/", made the root, the host's tree cut
 * off. pivot_root(2).
 */
#ifndef KERNEL_PIVOT_H
#define KERNEL_PIVOT_H

#include "immure/err.h"

/* Attaches the detached mount `root` over the current root directory. */
int pivot_stage(int root, struct err *e);
/* The same over the directory `dir`, where others look for what is mounted in
 * it before it is the root. */
int pivot_stage_on(int root, int dir, struct err *e);
/*
 * Makes `root` the root and detaches everything else; cwd is "/" after.
 * `stages`: how many mounts still lie over the old root.
 */
int pivot_commit(int root, int stages, struct err *e);

#endif
