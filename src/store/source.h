/*
 * source.h - the files of an archive or OCI layout directory, by their path
 * in it, as staged blobs. (immure-image only.)
 */
#ifndef STORE_SOURCE_H
#define STORE_SOURCE_H

#include "base/buf.h"
#include "format/manifest.h"
#include "immure/err.h"
#include "store/work.h"

/* 1 with *ret (w's), 0: there is none, -1. Links are followed; a file of an
 * OCI directory of more than `max` bytes is an error. */
int source_find(struct work *w, const char *path, uint64_t max,
		struct staged *ret, struct err *e);
/* A document by its path: 1, 0, -1. */
int source_document(struct work *w, const char *path, struct buf *ret,
		    struct err *e);
/* The blob of a descriptor, its size and digest compared. */
int source_blob(struct work *w, const struct descriptor *d, struct staged *ret,
		struct err *e);
/* The text of a staged document. */
int source_read(struct work *w, const struct staged *s, struct buf *ret,
		struct err *e);
/* Makes a blob of a document of ours. */
int source_write(struct work *w, const struct buf *b, struct staged *ret,
		 struct err *e);

#endif
