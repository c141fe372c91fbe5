/*
 * inspect.h - the effective state of a running process, read from /proc by
 * whoever may. What may not be read is marked, never guessed.
 */
#ifndef KERNEL_INSPECT_H
#define KERNEL_INSPECT_H

#include "base/cleanup.h"
#include "immure/effective.h"
#include "immure/err.h"

DEFINE_AUTO_DONE(struct effective, effective_done);

/* No such process: ERR_MISSING. One that ends meanwhile is an error, too:
 * all is read through one descriptor of its directory. */
int inspect_process(pid_t pid, struct effective *ret, struct err *e);

#endif
