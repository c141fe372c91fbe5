/*
 * copyup.h - the content of one directory copied into another, empty one: what
 * a tmpfs with "tmpcopyup" begins with. Directories, files, symbolic links and
 * FIFOs with owner and mode; no device, no socket, no extended attribute, no
 * hard link, nothing of another mount. Allocates nothing.
 */
#ifndef KERNEL_COPYUP_H
#define KERNEL_COPYUP_H

#include "immure/err.h"

/* Both are directories that may be read and written; at most 64 deep. */
int copyup(int from, int to, struct err *e);

#endif
