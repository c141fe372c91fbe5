/*
 * dirents.h - the names in a directory, read without allocating: also for the
 * child between clone and exec. getdents64(2).
 */
#ifndef KERNEL_DIRENTS_H
#define KERNEL_DIRENTS_H

#include "immure/err.h"

/*
 * Calls `fn` for every name but "." and ".."; what it returns below 0 ends the
 * reading and is returned. `what` is for the message of a failed read. `dir`
 * is open for reading, at its begin; fn may change what it was called for.
 */
int dirents_each(int dir, const char *what,
		 int (*fn)(void *arg, const char *name, struct err *e),
		 void *arg, struct err *e);

#endif
