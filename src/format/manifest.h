/*
 * manifest.h - image-spec manifest.json / index.json / oci-layout, docker
 * schema2 manifests, and the manifest.json of a `docker save` archive.
 * Media types must agree with the document; a document with both layers and
 * manifests is refused (R13). Parsing is pure; digests were checked before.
 */
#ifndef FORMAT_MANIFEST_H
#define FORMAT_MANIFEST_H

#include <stdint.h>
#include <stddef.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/image.h"

#define MANIFEST_MAX (4u << 20) /* bytes of any of these documents (R11) */
#define LAYERS_MAX   127

enum compression { COMP_NONE, COMP_GZIP, COMP_ZSTD };

struct descriptor {
	char *media_type;
	char digest[DIGEST_MAX];
	uint64_t size;
	char *os, *arch, *variant; /* platform, or NULL */
	char *ref_name;	  /* org.opencontainers.image.ref.name, or NULL */
	char *image_name; /* io.containerd.image.name, or NULL */
	enum compression compression; /* layers: from the media type */
};
struct manifest {
	struct descriptor config;
	struct descriptor *layers;
	size_t n_layers;
};
struct index {
	struct descriptor *manifests;
	size_t n;
};
/* One image of a docker-archive's manifest.json. */
struct docker_image {
	char *config; /* path in the archive */
	char **tags;
	char **layers; /* paths in the archive, lowest first */
};
struct docker_manifest {
	struct docker_image *images;
	size_t n;
};

int manifest_parse(const char *p, size_t n, struct manifest *ret,
		   struct err *e);
/* Index or OCI layout index.json. */
int index_parse(const char *p, size_t n, struct index *ret, struct err *e);
int docker_manifest_parse(const char *p, size_t n, struct docker_manifest *ret,
			  struct err *e);
/* Is this document an index (rather than a manifest)? Looks at mediaType and
 * members; 1, 0 or -1. */
int manifest_is_index(const char *p, size_t n, struct err *e);
/* The entry for this os/arch (variant ignored when absent), or NULL. */
const struct descriptor *index_find(const struct index *i, const char *os,
				    const char *arch);
void manifest_done(struct manifest *m);
void index_done(struct index *i);
void docker_manifest_done(struct docker_manifest *m);
DEFINE_AUTO_DONE(struct manifest, manifest_done);
DEFINE_AUTO_DONE(struct index, index_done);
DEFINE_AUTO_DONE(struct docker_manifest, docker_manifest_done);

#endif
