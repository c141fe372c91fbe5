/*
 * pick.h - what is in an archive: its images for this architecture, with the
 * blobs they need. (immure-image only.)
 */
#ifndef STORE_PICK_H
#define STORE_PICK_H

#include "base/cleanup.h"
#include "format/manifest.h"
#include "immure/err.h"
#include "store/work.h"

struct pick_layer {
	char digest[DIGEST_MAX]; /* of the blob */
	uint64_t size;
	enum compression compression;
	char diff_id[DIGEST_MAX];
	bool staged; /* its blob is in blobs/ */
};
struct pick_image {
	char digest[DIGEST_MAX]; /* of the manifest */
	uint64_t size;
	char config[DIGEST_MAX];
	uint64_t config_size;
	char **names; /* as the archive gives them */
	struct pick_layer *layers;
	size_t n_layers;
};
struct pick {
	struct pick_image *images;
	size_t n;
};
/* Every blob's digest and size is compared; the diff ids are not yet. */
int pick_images(struct work *w, struct pick *ret, struct err *e);
void pick_done(struct pick *p);
DEFINE_AUTO_DONE(struct pick, pick_done);

/* ---- shared by pick.c, pick_oci.c and pick_docker.c ---- */

/* Reads the config: its diff ids go to the layers, whose number must agree. */
int pick_config(struct work *w, struct pick_image *i,
		const struct staged *config, struct err *e);
/* Is the layer's blob what its compression says? */
int pick_check_layer(struct work *w, const struct staged *s,
		     struct pick_layer *l, struct err *e);
int pick_oci(struct work *w, struct pick *p, struct err *e);
int pick_docker(struct work *w, struct pick *p, struct err *e);
/* Names that a docker manifest.json beside an OCI layout gives to configs. */
int pick_docker_names(struct work *w, struct pick *p, struct err *e);
/* The manifest that a docker-archive does not have, made and staged. */
int pick_write_manifest(struct work *w, struct pick_image *i, struct err *e);

#endif
