/*
 * manifest.c - the documents that say what an image is made of: manifest,
 * index, and the manifest.json of a `docker save` archive. Fetches nothing
 * and verifies no digest; an embedded "data" or "urls" is never looked at.
 */
#include "format/manifest.h"

#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/digest.h"
#include "format/doc.h"
#include "format/layer.h"
#include "format/ref.h"
#include "format/text.h"

#define IMAGES_MAX 1024 /* in one docker-archive */
#define TAGS_MAX   1024

#define OCI    "application/vnd.oci.image."
#define DOCKER "application/vnd.docker."

enum media { MEDIA_MANIFEST, MEDIA_INDEX, MEDIA_CONFIG, MEDIA_LAYER };

/* Every media type that means something here. */
static const struct {
	const char *type;
	enum media media;
	enum compression compression;
} media_types[] = {
	{ OCI "manifest.v1+json", MEDIA_MANIFEST, COMP_NONE },
	{ DOCKER "distribution.manifest.v2+json", MEDIA_MANIFEST, COMP_NONE },
	{ OCI "index.v1+json", MEDIA_INDEX, COMP_NONE },
	{ DOCKER "distribution.manifest.list.v2+json", MEDIA_INDEX, COMP_NONE },
	{ OCI "config.v1+json", MEDIA_CONFIG, COMP_NONE },
	{ DOCKER "container.image.v1+json", MEDIA_CONFIG, COMP_NONE },
	{ OCI "layer.v1.tar", MEDIA_LAYER, COMP_NONE },
	{ OCI "layer.v1.tar+gzip", MEDIA_LAYER, COMP_GZIP },
	{ OCI "layer.v1.tar+zstd", MEDIA_LAYER, COMP_ZSTD },
	{ OCI "layer.nondistributable.v1.tar", MEDIA_LAYER, COMP_NONE },
	{ OCI "layer.nondistributable.v1.tar+gzip", MEDIA_LAYER, COMP_GZIP },
	{ OCI "layer.nondistributable.v1.tar+zstd", MEDIA_LAYER, COMP_ZSTD },
	{ DOCKER "image.rootfs.diff.tar", MEDIA_LAYER, COMP_NONE },
	{ DOCKER "image.rootfs.diff.tar.gzip", MEDIA_LAYER, COMP_GZIP },
	{ DOCKER "image.rootfs.diff.tar.zstd", MEDIA_LAYER, COMP_ZSTD },
	{ DOCKER "image.rootfs.foreign.diff.tar", MEDIA_LAYER, COMP_NONE },
	{ DOCKER "image.rootfs.foreign.diff.tar.gzip", MEDIA_LAYER, COMP_GZIP },
};

static const char *const media_words[] = {
	[MEDIA_MANIFEST] = "an image manifest",
	[MEDIA_INDEX] = "an index",
	[MEDIA_CONFIG] = "an image config",
	[MEDIA_LAYER] = "a layer",
};

/* The row of a media type, or -1. */
static int media_find(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(media_types); i++)
		if (!strcmp(type, media_types[i].type))
			return (int)i;
	return -1;
}

static int media_check(const char *key, const char *type, enum media want,
		       struct err *e)
{
	int row = media_find(type);

	if (row >= 0 && media_types[row].media == want)
		return row;
	return err_set(e, ERR_INPUT, "%s: \"%s\": not the type of %s", key,
		       SHOW(type), media_words[want]);
}

/* ---- descriptors ---- */

static void descriptor_done(struct descriptor *d)
{
	free(d->media_type);
	free(d->os);
	free(d->arch);
	free(d->variant);
	free(d->ref_name);
	free(d->image_name);
	*d = (struct descriptor){ 0 };
}
DEFINE_AUTO_DONE(struct descriptor, descriptor_done);

static int parse_platform(struct json_object *o, struct descriptor *d,
			  struct err *e)
{
	struct json_object *p;

	if (json_get_obj(o, "platform", &p, e))
		return -1;
	if (!p)
		return 0;
	if (doc_get_plain(p, "os", &d->os, e) ||
	    doc_get_plain(p, "architecture", &d->arch, e) ||
	    doc_get_plain(p, "variant", &d->variant, e))
		return err_prefix(e, "platform");
	return 0;
}

static int parse_annotations(struct json_object *o, struct descriptor *d,
			     struct err *e)
{
	struct json_object *a;

	if (json_get_obj(o, "annotations", &a, e))
		return -1;
	if (!a)
		return 0;
	if (doc_get_plain(a, "org.opencontainers.image.ref.name", &d->ref_name,
			  e) ||
	    doc_get_plain(a, "io.containerd.image.name", &d->image_name, e))
		return err_prefix(e, "annotations");
	return 0;
}

static int parse_descriptor(struct json_object *o, struct descriptor *ret,
			    struct err *e)
{
	static const char *const keys[] = {
		"mediaType", "digest", "size", "platform", "annotations",
	};
	AUTO(descriptor_done) struct descriptor d = { 0 };
	auto_free char *digest = NULL;
	int64_t size;

	if (doc_check_keys(o, keys, ARRAY_SIZE(keys), e) ||
	    doc_need_plain(o, "mediaType", &d.media_type, e) ||
	    doc_need_plain(o, "digest", &digest, e) ||
	    digest_check(digest, "digest", e) ||
	    json_get_i64(o, "size", -1, &size, e))
		return -1;
	if (size < 0)
		return err_set(e, ERR_INPUT, "size: it is missing or negative");
	memcpy(d.digest, digest, strlen(digest) + 1);
	d.size = (uint64_t)size;
	if (parse_platform(o, &d, e) || parse_annotations(o, &d, e))
		return -1;
	*ret = d;
	d = (struct descriptor){ 0 };
	return 0;
}

/* A descriptor that must be of one kind of thing. */
static int parse_typed(struct json_object *o, enum media want,
		       struct descriptor *ret, struct err *e)
{
	AUTO(descriptor_done) struct descriptor d = { 0 };
	int row;

	if (parse_descriptor(o, &d, e))
		return -1;
	row = media_check("mediaType", d.media_type, want, e);
	if (row < 0)
		return -1;
	d.compression = media_types[row].compression;
	*ret = d;
	d = (struct descriptor){ 0 };
	return 0;
}

/* ---- the head of a manifest or index ---- */

static const char *const top_keys[] = {
	"schemaVersion", "mediaType", "config",	    "layers",
	"manifests",	 "fsLayers",  "signatures",
};

/* schemaVersion 2, no twin of a known member, not two things at once. */
static int check_head(struct json_object *o, struct err *e)
{
	int64_t version;

	if (doc_check_keys(o, top_keys, ARRAY_SIZE(top_keys), e) ||
	    json_get_i64(o, "schemaVersion", -1, &version, e))
		return -1;
	if (version == 1 || doc_has(o, "fsLayers"))
		return err_set(e, ERR_INPUT,
			       "schemaVersion: 1: docker's first manifest "
			       "format is not supported; convert the image");
	if (version != 2)
		return err_set(e, ERR_INPUT,
			       "schemaVersion: it is missing or not 2");
	if (doc_has(o, "manifests") &&
	    (doc_has(o, "layers") || doc_has(o, "config")))
		return err_set(e, ERR_INPUT,
			       "both \"manifests\" and \"layers\" or "
			       "\"config\": it would mean two different "
			       "things");
	return 0;
}

/* mediaType may be absent, but must agree when it is there. */
static int check_type(struct json_object *o, enum media want, struct err *e)
{
	const char *type;

	if (json_get_str(o, "mediaType", &type, e))
		return -1;
	return type && media_check("mediaType", type, want, e) < 0 ? -1 : 0;
}

/* 1: an index, 0: a manifest, -1: neither. */
static int head_kind(struct json_object *o, struct err *e)
{
	bool index = doc_has(o, "manifests");

	if (check_head(o, e))
		return -1;
	if (!index && !doc_has(o, "layers"))
		return err_set(e, ERR_INPUT,
			       "neither \"layers\" nor \"manifests\": this is "
			       "no manifest and no index");
	if (check_type(o, index ? MEDIA_INDEX : MEDIA_MANIFEST, e))
		return -1;
	return index;
}

int manifest_is_index(const char *p, size_t n, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	int kind;

	o = doc_parse("manifest", p, n, false, e);
	if (!o)
		return -1;
	kind = head_kind(o, e);
	return kind < 0 ? err_prefix(e, "manifest") : kind;
}

/* ---- manifest ---- */

static int parse_config(struct json_object *o, struct descriptor *ret,
			struct err *e)
{
	struct json_object *config;

	if (json_get_obj(o, "config", &config, e))
		return -1;
	if (!config)
		return err_set(e, ERR_INPUT, "config: it is missing");
	if (parse_typed(config, MEDIA_CONFIG, ret, e))
		return err_prefix(e, "config");
	if (ret->size > MANIFEST_MAX)
		return err_set(e, ERR_LIMIT, "config: size: more than 4 MiB");
	return 0;
}

static int parse_layers(struct json_object *o, struct manifest *m,
			struct err *e)
{
	struct json_object *layers, *layer;
	uint64_t sum = 0;
	size_t n;

	if (json_get_array(o, "layers", &layers, &n, e))
		return -1;
	if (!layers || n == 0)
		return err_set(e, ERR_INPUT, "layers: the image has none");
	if (n > LAYERS_MAX)
		return err_set(e, ERR_LIMIT, "layers: %zu: more than %d", n,
			       LAYERS_MAX);
	m->layers = xcalloc(n, sizeof(*m->layers));
	for (size_t i = 0; i < n; i++) {
		if (doc_object_at(layers, i, "layers", &layer, e))
			return -1;
		if (parse_typed(layer, MEDIA_LAYER, &m->layers[i], e))
			return err_prefix(e, "layers[%zu]", i);
		m->n_layers = i + 1;
		sum += m->layers[i].size;
		if (sum > INT64_MAX)
			return err_set(e, ERR_LIMIT,
				       "layers[%zu]: size: the sum of all is "
				       "beyond any disk",
				       i);
	}
	return 0;
}

static int parse_manifest(struct json_object *o, struct manifest *m,
			  struct err *e)
{
	int kind = head_kind(o, e);

	if (kind < 0)
		return -1;
	if (kind == 1)
		return err_set(e, ERR_INPUT,
			       "it is an index of several images");
	return parse_config(o, &m->config, e) || parse_layers(o, m, e) ? -1 : 0;
}

int manifest_parse(const char *p, size_t n, struct manifest *ret, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(manifest_done) struct manifest m = { 0 };

	o = doc_parse("manifest", p, n, false, e);
	if (!o)
		return -1;
	if (parse_manifest(o, &m, e))
		return err_prefix(e, "manifest");
	*ret = m;
	m = (struct manifest){ 0 };
	return 0;
}

void manifest_done(struct manifest *m)
{
	descriptor_done(&m->config);
	for (size_t i = 0; i < m->n_layers; i++)
		descriptor_done(&m->layers[i]);
	free(m->layers);
	*m = (struct manifest){ 0 };
}

/* ---- index ---- */

static int parse_index(struct json_object *o, struct index *ret, struct err *e)
{
	struct json_object *list, *item;
	size_t n;
	int kind = head_kind(o, e);

	if (kind < 0)
		return -1;
	if (kind == 0)
		return err_set(e, ERR_INPUT, "it is the manifest of one image");
	if (json_get_array(o, "manifests", &list, &n, e))
		return -1;
	if (!list)
		return err_set(e, ERR_INPUT, "manifests: expected an array");
	ret->manifests = xcalloc(n ? n : 1, sizeof(*ret->manifests));
	for (size_t i = 0; i < n; i++) {
		if (doc_object_at(list, i, "manifests", &item, e))
			return -1;
		if (parse_descriptor(item, &ret->manifests[i], e))
			return err_prefix(e, "manifests[%zu]", i);
		ret->n = i + 1;
	}
	return 0;
}

int index_parse(const char *p, size_t n, struct index *ret, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(index_done) struct index i = { 0 };

	o = doc_parse("index", p, n, false, e);
	if (!o)
		return -1;
	if (parse_index(o, &i, e))
		return err_prefix(e, "index");
	*ret = i;
	i = (struct index){ 0 };
	return 0;
}

void index_done(struct index *i)
{
	for (size_t k = 0; k < i->n; k++)
		descriptor_done(&i->manifests[k]);
	free(i->manifests);
	*i = (struct index){ 0 };
}

/* An image (or an index of images), not an attestation or an artifact. */
static bool is_image(const struct descriptor *d)
{
	int row = media_find(d->media_type);

	return row >= 0 && (media_types[row].media == MEDIA_MANIFEST ||
			    media_types[row].media == MEDIA_INDEX);
}

/* The variant that every machine of the architecture can run. */
static bool is_base_variant(const struct descriptor *d)
{
	return !d->variant || !*d->variant || !strcmp(d->variant, "v1") ||
	       (!strcmp(d->arch, "arm64") && !strcmp(d->variant, "v8"));
}

const struct descriptor *index_find(const struct index *i, const char *os,
				    const char *arch)
{
	const struct descriptor *variant = NULL, *plain = NULL;
	size_t n_plain = 0;

	for (size_t k = 0; k < i->n; k++) {
		const struct descriptor *d = &i->manifests[k];

		if (!is_image(d))
			continue;
		if (!d->os && !d->arch) {
			plain = d;
			n_plain++;
			continue;
		}
		if (!d->os || !d->arch || strcmp(d->os, os) ||
		    strcmp(d->arch, arch))
			continue;
		if (is_base_variant(d))
			return d;
		variant = variant ? variant : d;
	}
	if (variant)
		return variant;
	return n_plain == 1 ? plain : NULL;
}

/* ---- docker save ---- */

/* A path in the archive, cleaned. */
static int archive_path(const char *key, const char *s, char **ret,
			struct err *e)
{
	char path[LAYER_PATH_MAX + 1];

	if (!text_is_plain(s))
		return err_set(e, ERR_INPUT,
			       "%s: \"%s\": it holds a control character", key,
			       SHOW(s));
	if (layer_link(s, path, NULL))
		return err_set(e, ERR_INPUT,
			       "%s: \"%s\": not a path in the archive", key,
			       SHOW(s));
	*ret = xstrdup(path);
	return 0;
}

static int parse_tags(struct json_object *o, struct docker_image *d,
		      struct err *e)
{
	struct json_object *array;
	size_t n;

	if (json_get_array(o, "RepoTags", &array, &n, e))
		return -1;
	if (n > TAGS_MAX)
		return err_set(e, ERR_LIMIT, "RepoTags: %zu: more than %d", n,
			       TAGS_MAX);
	if (json_get_strv(o, "RepoTags", &d->tags, e))
		return -1;
	strv_foreach (tag, d->tags) {
		AUTO(ref_done) struct ref r = { 0 };

		if (ref_parse(*tag, &r, e))
			return err_prefix(e, "RepoTags");
	}
	return 0;
}

static int parse_layer_paths(struct json_object *o, struct docker_image *d,
			     struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	struct json_object *array;
	size_t n;

	if (json_get_array(o, "Layers", &array, &n, e))
		return -1;
	if (!array || n == 0)
		return err_set(e, ERR_INPUT, "Layers: the image has none");
	if (n > LAYERS_MAX)
		return err_set(e, ERR_LIMIT, "Layers: %zu: more than %d", n,
			       LAYERS_MAX);
	if (json_get_strv(o, "Layers", &names, e))
		return -1;
	d->layers = xcalloc(n + 1, sizeof(*d->layers));
	for (size_t i = 0; i < n; i++)
		if (archive_path("Layers", names[i], &d->layers[i], e))
			return -1;
	return 0;
}

static int parse_docker_image(struct json_object *o, struct docker_image *d,
			      struct err *e)
{
	static const char *const keys[] = { "Config", "RepoTags", "Layers" };
	auto_free char *config = NULL;

	if (doc_check_keys(o, keys, ARRAY_SIZE(keys), e) ||
	    doc_need_plain(o, "Config", &config, e) ||
	    archive_path("Config", config, &d->config, e) ||
	    parse_tags(o, d, e) || parse_layer_paths(o, d, e))
		return -1;
	return 0;
}

int docker_manifest_parse(const char *p, size_t n, struct docker_manifest *ret,
			  struct err *e)
{
	AUTO(json_free) struct json_object *array = NULL;
	AUTO(docker_manifest_done) struct docker_manifest m = { 0 };
	struct json_object *o;
	size_t len;

	array = doc_parse("manifest.json", p, n, true, e);
	if (!array)
		return -1;
	len = doc_length(array);
	if (len == 0 || len > IMAGES_MAX)
		return err_set(e, len ? ERR_LIMIT : ERR_INPUT,
			       "manifest.json: %zu images: it must be 1 to %d",
			       len, IMAGES_MAX);
	m.images = xcalloc(len, sizeof(*m.images));
	for (size_t i = 0; i < len; i++) {
		m.n = i + 1;
		if (doc_object_at(array, i, "image", &o, e))
			return err_prefix(e, "manifest.json");
		if (parse_docker_image(o, &m.images[i], e))
			return err_prefix(e, "manifest.json: image %zu", i);
	}
	*ret = m;
	m = (struct docker_manifest){ 0 };
	return 0;
}

void docker_manifest_done(struct docker_manifest *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->images[i].config);
		strv_free(m->images[i].tags);
		strv_free(m->images[i].layers);
	}
	free(m->images);
	*m = (struct docker_manifest){ 0 };
}
