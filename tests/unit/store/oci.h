/*
 * oci.h - the documents of images, staged on a bench: configs, manifests,
 * indexes, and docker's manifest.json.
 */
#ifndef TESTS_STORE_OCI_H
#define TESTS_STORE_OCI_H

#include "bench.h"

#define OCI_TYPE      "application/vnd.oci.image."
#define OCI_MANIFEST  OCI_TYPE "manifest.v1+json"
#define OCI_INDEX     OCI_TYPE "index.v1+json"
#define OCI_TAR	      OCI_TYPE "layer.v1.tar"
#define OCI_HEX_COUNT (SHA256_HEX + 1)

/* A blob of the layout, found by its digest. */
struct oci_blob {
	char hex[OCI_HEX_COUNT];
	size_t size;
};

static inline struct oci_blob oci_put(struct bench *b, const struct buf *data)
{
	struct oci_blob blob = { .size = data->len };
	auto_free char *path = NULL;

	sha256_of(data->p, data->len, blob.hex);
	path = xasprintf("blobs/sha256/%s", blob.hex);
	bench_file(b, path, data);
	return blob;
}

static inline struct oci_blob oci_text(struct bench *b, const char *text)
{
	AUTO(buf_done) struct buf data = BUF_INIT;

	buf_str(&data, text);
	return oci_put(b, &data);
}

/* {"mediaType":…,"digest":…,"size":… MORE}: heap. */
static inline char *
oci_descriptor(const char *type, const struct oci_blob *blob, const char *more)
{
	return xasprintf("{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\","
			 "\"size\":%zu%s}",
			 type, blob->hex, blob->size, more);
}

/* The config of an image whose diff ids are these, comma-separated: heap. */
static inline char *oci_config(const char *diff_ids)
{
	return xasprintf("{\"architecture\":\"amd64\",\"os\":\"linux\","
			 "\"config\":{},\"rootfs\":{\"type\":\"layers\","
			 "\"diff_ids\":[%s]}}",
			 diff_ids);
}

/* An image of one layer, stage by stage. */
struct oci_image {
	struct oci_blob layer, config, manifest;
};
static inline struct oci_image oci_image(struct bench *b, const char *text)
{
	struct oci_image i;
	AUTO(buf_done) struct buf tar = BUF_INIT;
	auto_free char *id = NULL, *config = NULL, *c = NULL, *l = NULL;
	auto_free char *manifest = NULL;

	bench_layer(text, &tar);
	i.layer = oci_put(b, &tar);
	id = xasprintf("\"sha256:%s\"", i.layer.hex);
	config = oci_config(id);
	i.config = oci_text(b, config);
	c = oci_descriptor(OCI_TYPE "config.v1+json", &i.config, "");
	l = oci_descriptor(OCI_TAR, &i.layer, "");
	manifest = xasprintf("{\"schemaVersion\":2,\"config\":%s,\"layers\":"
			     "[%s]}",
			     c, l);
	i.manifest = oci_text(b, manifest);
	return i;
}

/* An index of these descriptors, comma-separated: heap. */
static inline char *oci_index(const char *descriptors)
{
	return xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}",
			 descriptors);
}

/* oci-layout, and an index.json of one descriptor (which is freed). */
static inline void oci_layout(struct bench *b, char *descriptor)
{
	auto_free char *own = descriptor;
	auto_free char *index = oci_index(own);

	bench_text(b, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	bench_text(b, "index.json", index);
}

/* What `docker save` writes: config.json and the layers' names, quoted. */
static inline void oci_docker(struct bench *b, const char *tags,
			      const char *layers)
{
	auto_free char *text =
		xasprintf("[{\"Config\":\"config.json\",\"RepoTags\":[%s],"
			  "\"Layers\":[%s]}]",
			  tags, layers);

	bench_text(b, "manifest.json", text);
}

#endif
