/*
 * inflate.h - takes a layer blob out of gzip or zstd and hashes what comes
 * out: its diff id. (immure-image only.)
 */
#ifndef STORE_INFLATE_H
#define STORE_INFLATE_H

#include <stdint.h>
#include "format/manifest.h"
#include "immure/err.h"
#include "store/hash.h"

struct inflate {
	int in;	       /* a file */
	int out;       /* a pipe */
	uint64_t size; /* of the file: all of it must be used */
	enum compression compression;
	uint64_t ratio, max; /* of the output */
};
/* The hex diff id. When nobody reads `out` any more: ERR_NONE in *e, for the
 * reader has the reason. */
int inflate_layer(const struct inflate *i, struct hash *h,
		  char ret[SHA256_HEX + 1], struct err *e);

#endif
