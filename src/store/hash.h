/*
 * hash.h - SHA-256 by libcrypto, for blobs and layers (immure-image only;
 * everything else uses base/sha256.h).
 */
#ifndef STORE_HASH_H
#define STORE_HASH_H

#include <stddef.h>
#include "base/cleanup.h"
#include "base/sha256.h"
#include "immure/err.h"

struct hash; /* opaque */
/* NULL with *e. The first one loads libcrypto's tables: make it before the
 * process is confined. */
struct hash *hash_new(struct err *e);
void hash_free(struct hash *h);
DEFINE_AUTO(struct hash *, hash_free);
int hash_start(struct hash *h, struct err *e); /* anew */
int hash_add(struct hash *h, const void *p, size_t n, struct err *e);
int hash_end(struct hash *h, char ret[SHA256_HEX + 1], struct err *e);

#endif
