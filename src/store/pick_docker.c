/*
 * pick_docker.c - images of a `docker save` archive: manifest.json names the
 * files. An OCI manifest is made for each, so that the store has one form.
 */
#include "store/pick.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/path.h"
#include "base/strv.h"
#include "format/digest.h"
#include "format/text.h"
#include "store/source.h"
#include "store/stream.h"

#define OCI "application/vnd.oci.image."

static const char *const layer_types[] = {
	[COMP_NONE] = OCI "layer.v1.tar",
	[COMP_GZIP] = OCI "layer.v1.tar+gzip",
	[COMP_ZSTD] = OCI "layer.v1.tar+zstd",
};

static void print_descriptor(struct json_out *j, const char *key,
			     const char *type, const char *digest,
			     uint64_t size)
{
	json_out_obj(j, key);
	json_out_str(j, "mediaType", type);
	json_out_str(j, "digest", digest);
	json_out_u64(j, "size", size);
	json_out_obj_end(j);
}

int pick_write_manifest(struct work *w, struct pick_image *i, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct staged s;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_obj(&j, NULL);
	json_out_u64(&j, "schemaVersion", 2);
	json_out_str(&j, "mediaType", OCI "manifest.v1+json");
	print_descriptor(&j, "config", OCI "config.v1+json", i->config,
			 i->config_size);
	json_out_array(&j, "layers");
	for (size_t k = 0; k < i->n_layers; k++) {
		const struct pick_layer *l = &i->layers[k];

		print_descriptor(&j, NULL, layer_types[l->compression],
				 l->digest, l->size);
	}
	json_out_array_end(&j);
	json_out_obj_end(&j);
	if (source_write(w, &b, &s, e))
		return -1;
	snprintf(i->digest, sizeof(i->digest), "sha256:%s", s.hex);
	i->size = s.size;
	return 0;
}

static int find_file(struct work *w, const char *path, struct staged *ret,
		     struct err *e)
{
	int r = source_find(w, path, w->limits.bytes, ret, e);

	if (r == 0)
		return err_set(e, ERR_INPUT,
			       "manifest.json: \"%s\" is not in the archive",
			       SHOW(path));
	return r < 0 ? -1 : 0;
}

/* The archive gives no digest of a layer: the config's diff id is compared
 * when it is unpacked. */
static int take_layer(struct work *w, const char *path, struct pick_layer *l,
		      struct err *e)
{
	struct staged s;
	auto_fd fd = -1;

	if (find_file(w, path, &s, e))
		return -1;
	fd = path_open(w->blobs, s.hex, PATH_STRICT, O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return err_sys(e, "open blob %s", s.hex);
	if (stream_sniff(fd, &l->compression, e))
		return -1;
	snprintf(l->digest, sizeof(l->digest), "sha256:%s", s.hex);
	l->size = s.size;
	l->staged = true;
	return 0;
}

static int take_image(struct work *w, const struct docker_image *from,
		      struct pick_image *i, struct err *e)
{
	struct staged config;

	i->names = strv_copy(from->tags);
	i->n_layers = strv_len(from->layers);
	i->layers = xcalloc(i->n_layers ? i->n_layers : 1, sizeof(*i->layers));
	for (size_t k = 0; k < i->n_layers; k++)
		if (take_layer(w, from->layers[k], &i->layers[k], e))
			return -1;
	if (find_file(w, from->config, &config, e) ||
	    pick_config(w, i, &config, e))
		return -1;
	return pick_write_manifest(w, i, e);
}

static int read_manifest(struct work *w, struct docker_manifest *ret,
			 struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (source_document(w, "manifest.json", &b, e) < 0)
		return -1;
	return docker_manifest_parse(b.p ? b.p : "", b.len, ret, e);
}

int pick_docker(struct work *w, struct pick *p, struct err *e)
{
	AUTO(docker_manifest_done) struct docker_manifest m = { 0 };

	if (read_manifest(w, &m, e))
		return -1;
	for (size_t k = 0; k < m.n; k++) {
		struct pick_image *i = GROW(p->images, p->n);

		p->n++;
		if (take_image(w, &m.images[k], i, e))
			return err_prefix(e, "image %zu", k + 1);
	}
	return 0;
}

/* To every image that has this config. */
static void add_tags(struct pick *p, const char *config, char *const *tags)
{
	for (size_t i = 0; i < p->n; i++) {
		struct pick_image *image = &p->images[i];

		if (strcmp(digest_hex(image->config), config))
			continue;
		strv_foreach (tag, tags)
			if (!strv_has(image->names, *tag))
				strv_add(&image->names, *tag);
	}
}

int pick_docker_names(struct work *w, struct pick *p, struct err *e)
{
	AUTO(docker_manifest_done) struct docker_manifest m = { 0 };

	if (read_manifest(w, &m, e))
		return -1;
	for (size_t k = 0; k < m.n; k++) {
		struct staged config;
		int r = source_find(w, m.images[k].config, MANIFEST_MAX,
				    &config, e);

		if (r < 0)
			return -1;
		if (r)
			add_tags(p, config.hex, m.images[k].tags);
	}
	return 0;
}
