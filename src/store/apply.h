/*
 * apply.h - staged layer blobs into layers/<diff-id hex>/root, several at
 * once, each in confined children. (immure-image only.)
 */
#ifndef STORE_APPLY_H
#define STORE_APPLY_H

#include "format/manifest.h"
#include "immure/err.h"
#include "store/child.h"
#include "store/work.h"

struct apply_layer {
	char hex[SHA256_HEX + 1]; /* of the blob in blobs/ */
	uint64_t size;
	enum compression compression;
	char diff_hex[SHA256_HEX + 1]; /* wanted; "": filled in */
	bool check_only; /* the layer is there: only its diff id is computed */
	/* ---- while it runs ---- */
	struct child inflate, unpack;
	struct err err;
	char got[SHA256_HEX + 1];
	bool started, finished;
};
int apply_layers(struct work *w, struct apply_layer *v, size_t n,
		 struct err *e);

#endif
