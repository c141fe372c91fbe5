/*
 * intake.h - the outer archive into staged blobs. (immure-image only.)
 */
#ifndef STORE_INTAKE_H
#define STORE_INTAKE_H

#include "immure/err.h"
#include "store/work.h"

/* Reads the archive to its end in a child; fills w->files. */
int intake_archive(struct work *w, struct err *e);
/* Copies what fd still has into blobs/, at most `max` bytes. */
int intake_copy(struct work *w, int fd, uint64_t max, struct staged *ret,
		struct err *e);

#endif
