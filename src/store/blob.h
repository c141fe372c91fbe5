/*
 * blob.h - blobs/sha256/: content by digest. A blob that is there was
 * verified before it was put there; small documents are verified again
 * whenever they are read.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "immure/err.h"
#include "store/store.h"

/* The store keeps sha256 only: checks the form, and says so of others. */
int blob_check_digest(const char *digest, const char *what, struct err *e);
/* Is it there, a regular file of this size (UINT64_MAX: any)? */
bool blob_is_there(struct store *s, const char *digest, uint64_t size);
/* A document of at most `max` bytes whose digest is compared. */
int blob_read(struct store *s, const char *digest, size_t max, struct buf *ret,
	      struct err *e);

#endif
