/*
 * image.h - an image read from the store: manifest, config and the layers on
 * disk, from one row of the index.
 */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "format/manifest.h"
#include "immure/err.h"
#include "immure/image.h"
#include "store/store.h"

/* Everything but passwd and group (rootfs.h). NULL with *e. */
struct image *image_load(struct store *s, const struct descriptor *d,
			 struct err *e);
/* What the manifest says it is ("mediaType"), or the OCI type. Heap. */
int image_media_type(struct store *s, const char *digest, char **ret,
		     struct err *e);

struct index;
/* Where in the index, and whether by a name (rather than by id). */
struct lookup {
	size_t at;
	bool named;
};
/*
 * The row of the index that `name` means: a name, a digest of the manifest
 * or the config, or an id prefix of at least two hex digits (of either
 * digest, unique). -1: ERR_MISSING, or ERR_CONFLICT for a prefix of several.
 */
int image_lookup(struct store *s, const struct index *i, const char *name,
		 struct lookup *ret, struct err *e);

#endif
