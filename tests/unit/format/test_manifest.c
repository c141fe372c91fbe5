/*
 * test_manifest.c - manifests, indexes and docker's manifest.json: what they
 * parse to, and hostile ones, each refused for its own reason.
 */
#include "format/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "base/table.h"

#define HEX16 "0123456789abcdef"
#define D     "sha256:" HEX16 HEX16 HEX16 HEX16
#define D2    "sha256:" HEX16 HEX16 HEX16 "fedcba9876543210"
#define OCI   "application/vnd.oci.image."
#define DOCK  "application/vnd.docker."

#define DESC(type, size, more)                                                 \
	"{\"mediaType\":\"" type "\",\"digest\":\"" D                          \
	"\",\"size\":" #size more "}"
#define CONFIG	     DESC(OCI "config.v1+json", 7, "")
#define LAYER	     DESC(OCI "layer.v1.tar+gzip", 9, "")
#define MANIFEST     DESC(OCI "manifest.v1+json", 500, "")
#define HEAD	     "{\"schemaVersion\":2,"
#define WITH_TYPE(t) HEAD "\"mediaType\":\"" t "\","
#define BODY	     "\"config\":" CONFIG ",\"layers\":[" LAYER "]}"
#define INDEX_BODY   "\"manifests\":[" MANIFEST "]}"

static const char *const good[] = {
	HEAD BODY,
	WITH_TYPE(OCI "manifest.v1+json") BODY,
	WITH_TYPE(DOCK "distribution.manifest.v2+json") BODY,
	" \n" HEAD BODY "\n ",
	HEAD "\"annotations\":{\"a\":\"b\"},\"x\":[1,2,{}]," BODY,
	HEAD "\"mediaType\":null," BODY,
	HEAD "\"config\":" DESC(
		DOCK "container.image.v1+json", 0,
		"") ",\"layers\":[" DESC(DOCK "image.rootfs.diff.tar.gzip", 0,
					 ",\"urls\":[\"https://x/\"]") "]}",
	HEAD "\"config\":" CONFIG ",\"layers\":[" LAYER "," LAYER "]}",
	HEAD "\"config\":" DESC(
		OCI "config.v1+json", 7,
		",\"data\":\"e30=\",\"annotations\":null") ",\"layers\":[" LAYER
							   "]}",
};

/* Text, and a word that must be in the reason. */
static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "manifest" },
	{ " ", "manifest" },
	{ "null", "manifest" },
	{ "[]", "object" },
	{ "\"x\"", "object" },
	{ "7", "object" },
	{ "{}", "schemaVersion" },
	{ HEAD, "manifest" },
	{ HEAD BODY "x", "manifest" },
	{ HEAD BODY HEAD BODY, "manifest" },
	{ "{\"schemaVersion\":1," BODY, "first manifest format" },
	{ "{\"schemaVersion\":3," BODY, "not 2" },
	{ "{\"schemaVersion\":\"2\"," BODY, "whole number" },
	{ "{\"schemaVersion\":2.0," BODY, "whole number" },
	{ "{\"schemaVersion\":2,\"schemaVersion\":2," BODY, "schemaVersion" },
	{ "{" BODY, "schemaVersion" },
	{ HEAD "\"config\":" CONFIG "}", "neither" },
	{ HEAD "\"layers\":[" LAYER "]}", "config: it is missing" },
	{ HEAD "\"config\":null,\"layers\":[" LAYER "]}", "missing" },
	{ HEAD "\"config\":[],\"layers\":[" LAYER "]}", "an object" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":{}}", "an array" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":null}", "has none" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[]}", "has none" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[7]}", "layers[0]" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[null]}", "layers[0]" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{}]}", "layers[0]" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[" LAYER ",[]]}",
	  "layers[1]" },
	/* two readings of one document */
	{ HEAD "\"manifests\":[]," BODY, "two different" },
	{ HEAD "\"manifests\":null," BODY, "two different" },
	{ HEAD "\"config\":" CONFIG "," INDEX_BODY, "two different" },
	{ HEAD "\"fsLayers\":[]," BODY, "first manifest format" },
	{ HEAD "\"Layers\":[]," BODY, "\"Layers\"" },
	{ HEAD "\"LAYERS\":[]," BODY, "\"LAYERS\"" },
	{ HEAD "\"Manifests\":[]," BODY, "\"Manifests\"" },
	{ HEAD "\"Config\":{}," BODY, "\"Config\"" },
	{ HEAD "\"mediatype\":\"x\"," BODY, "\"mediatype\"" },
	{ HEAD "\"config\":" DESC(OCI "config.v1+json", 7,
				  ",\"Digest\":\"x\"") ",\"layers\":[" LAYER
						       "]}",
	  "\"Digest\"" },
	{ HEAD "\"layers\":[" LAYER "]," BODY, "layers" },
	/* media types that do not agree */
	{ WITH_TYPE(OCI "index.v1+json") BODY, "not the type of an image" },
	{ WITH_TYPE(DOCK "distribution.manifest.list.v2+json") BODY,
	  "not the type of an image" },
	{ WITH_TYPE(DOCK "distribution.manifest.v1+json") BODY, "not the" },
	{ WITH_TYPE("") BODY, "not the type" },
	{ WITH_TYPE("text/html") BODY, "text/html" },
	{ HEAD "\"mediaType\":7," BODY, "a string" },
	{ HEAD "\"config\":" LAYER ",\"layers\":[" LAYER "]}",
	  "not the type of an image config" },
	{ HEAD "\"config\":" DESC("application/vnd.oci.empty.v1+json", 2,
				  "") ",\"layers\":[" LAYER "]}",
	  "not the type of an image config" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[" CONFIG "]}",
	  "not the type of a layer" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[" DESC(
		  OCI "layer.v1.tar+gzip+encrypted", 9, "") "]}",
	  "not the type of a layer" },
	{ HEAD "\"config\":" CONFIG
	       ",\"layers\":[" DESC(OCI "layer.v1.tar+xz", 9, "") "]}",
	  "not the type of a layer" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{\"digest\":\"" D
	       "\",\"size\":1}]}",
	  "mediaType: it is missing" },
	/* digests and sizes */
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{\"mediaType\":\"" OCI
	       "layer.v1.tar\",\"size\":1}]}",
	  "digest: it is missing" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{\"mediaType\":\"" OCI
	       "layer.v1.tar\",\"size\":1,\"digest\":\"../../etc/passwd\"}]}",
	  "not a digest" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{\"mediaType\":\"" OCI
	       "layer.v1.tar\",\"size\":1,\"digest\":\"sha256:abc\"}]}",
	  "not a digest" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{\"mediaType\":\"" OCI
	       "layer.v1.tar\",\"size\":1,\"digest\":7}]}",
	  "a string" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[{\"mediaType\":\"" OCI
	       "layer.v1.tar\",\"digest\":\"" D "\"}]}",
	  "size: it is missing" },
	{ HEAD "\"config\":" CONFIG
	       ",\"layers\":[" DESC(OCI "layer.v1.tar", -1, "") "]}",
	  "negative" },
	{ HEAD "\"config\":" CONFIG
	       ",\"layers\":[" DESC(OCI "layer.v1.tar", 1.5, "") "]}",
	  "whole number" },
	{ HEAD "\"config\":" CONFIG
	       ",\"layers\":[" DESC(OCI "layer.v1.tar", 1e3, "") "]}",
	  "whole number" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[" DESC(
		  OCI "layer.v1.tar", 18446744073709551616, "") "]}",
	  "manifest" },
	{ HEAD "\"config\":" CONFIG ",\"layers\":[" DESC(
		  OCI "layer.v1.tar", 9223372036854775807,
		  "") "," DESC(OCI "layer.v1.tar", 1, "") "]}",
	  "beyond any disk" },
	{ HEAD "\"config\":" DESC(OCI "config.v1+json", 4194305,
				  "") ",\"layers\":[" LAYER "]}",
	  "4 MiB" },
	{ HEAD "\"config\":" DESC(
		  OCI "config.v1+json", 7,
		  ",\"platform\":{\"os\":\"a\\u001bb\"}") ",\"layers\":[" LAYER
							  "]}",
	  "control" },
	{ HEAD "\"config\":" DESC(OCI "config.v1+json", 7,
				  ",\"annotations\":[]") ",\"layers\":[" LAYER
							 "]}",
	  "annotations" },
	{ HEAD "\"a\\u0000b\":1," BODY, "manifest" },
	{ HEAD "\"x\":NaN," BODY, "manifest" },
	{ HEAD "'x':1," BODY, "manifest" },
	{ HEAD "\"x\":\"\xff\"," BODY, "manifest" },
	{ HEAD
	  "\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]"
	  "]]]]]]]]]]]]]]]]," BODY,
	  "manifest" },
	{ HEAD INDEX_BODY, "an index of several images" },
};

static void good_manifests_are_parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		AUTO(manifest_done) struct manifest m = { 0 };
		struct err e = ERR_INIT;

		if (manifest_parse(good[i], strlen(good[i]), &m, &e))
			fail_msg("%zu: refused: %s", i, e.msg);
		assert_true(m.n_layers >= 1);
		assert_string_equal(m.config.digest, D);
		assert_string_equal(m.layers[0].digest, D);
		assert_int_equal(
			manifest_is_index(good[i], strlen(good[i]), &e), 0);
	}
}

static void hostile_manifests_are_refused_each_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct manifest m = { .n_layers = 77 };
		struct err e = ERR_INIT;
		size_t n = strlen(bad[i].text);

		if (!manifest_parse(bad[i].text, n, &m, &e))
			fail_msg("accepted: %s", bad[i].text);
		assert_int_equal(m.n_layers, 77);
		if (!strstr(e.msg, bad[i].why))
			fail_msg("%s: %s (no \"%s\")", bad[i].text, e.msg,
				 bad[i].why);
		assert_int_equal(strncmp(e.msg, "manifest", 8), 0);
	}
}

static void each_layer_type_says_its_compression(void **state)
{
	static const struct {
		const char *type;
		enum compression want;
	} rows[] = {
		{ OCI "layer.v1.tar", COMP_NONE },
		{ OCI "layer.v1.tar+gzip", COMP_GZIP },
		{ OCI "layer.v1.tar+zstd", COMP_ZSTD },
		{ OCI "layer.nondistributable.v1.tar+gzip", COMP_GZIP },
		{ DOCK "image.rootfs.diff.tar", COMP_NONE },
		{ DOCK "image.rootfs.diff.tar.gzip", COMP_GZIP },
		{ DOCK "image.rootfs.diff.tar.zstd", COMP_ZSTD },
		{ DOCK "image.rootfs.foreign.diff.tar.gzip", COMP_GZIP },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(manifest_done) struct manifest m = { 0 };
		auto_free char *text =
			xasprintf(HEAD "\"config\":" CONFIG
				       ",\"layers\":[{\"mediaType\":\"%s\","
				       "\"digest\":\"" D2 "\",\"size\":42}]}",
				  rows[i].type);
		struct err e = ERR_INIT;

		assert_int_equal(manifest_parse(text, strlen(text), &m, &e), 0);
		assert_int_equal(m.layers[0].compression, rows[i].want);
		assert_int_equal(m.layers[0].size, 42);
		assert_string_equal(m.layers[0].digest, D2);
		assert_string_equal(m.layers[0].media_type, rows[i].type);
	}
}

static char *with_layers(size_t n)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_str(&b, HEAD "\"config\":" CONFIG ",\"layers\":[");
	for (size_t i = 0; i < n; i++)
		buf_str(&b, i ? "," LAYER : LAYER);
	buf_str(&b, "]}");
	return buf_take(&b);
}

static void an_image_has_at_most_127_layers(void **state)
{
	AUTO(manifest_done) struct manifest m = { 0 };
	auto_free char *most = with_layers(127), *more = with_layers(128);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(manifest_parse(most, strlen(most), &m, &e), 0);
	assert_int_equal(m.n_layers, 127);
	assert_int_equal(manifest_parse(more, strlen(more), &m, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void a_document_is_at_most_4_mebibytes(void **state)
{
	AUTO(manifest_done) struct manifest m = { 0 };
	AUTO(index_done) struct index x = { 0 };
	AUTO(docker_manifest_done) struct docker_manifest d = { 0 };
	struct err e = ERR_INIT;
	size_t n = MANIFEST_MAX + 1;
	auto_free char *p = xmalloc(n);
	size_t len = strlen(HEAD BODY);

	(void)state;
	memset(p, ' ', n);
	memcpy(p, HEAD BODY, len);
	assert_int_equal(manifest_parse(p, n - 1, &m, &e), 0);
	assert_int_equal(manifest_parse(p, n, &m, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(index_parse(p, n, &x, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(docker_manifest_parse(p, n, &d, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(manifest_is_index(p, n, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void thirty_thousand_index_entries_are_parsed(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(index_done) struct index x = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	buf_str(&b, HEAD "\"manifests\":[" MANIFEST);
	while (b.len < MANIFEST_MAX - 1000)
		buf_str(&b, "," MANIFEST);
	buf_str(&b, "]}");
	assert_int_equal(index_parse(b.p, b.len, &x, &e), 0);
	assert_true(x.n > 20000);
}

/* ---- indexes ---- */

#define PLAT(digest, os, arch, more)                                           \
	"{\"mediaType\":\"" OCI "manifest.v1+json\",\"size\":1,\"digest\":"    \
	"\"sha256:" digest "\",\"platform\":{\"os\":\"" os                     \
	"\",\"architecture\":\"" arch "\"" more "}}"
#define A HEX16 HEX16 HEX16 "aaaaaaaaaaaaaaaa"
#define B HEX16 HEX16 HEX16 "bbbbbbbbbbbbbbbb"
#define C HEX16 HEX16 HEX16 "cccccccccccccccc"
#define BARE(digest)                                                           \
	"{\"mediaType\":\"" OCI "manifest.v1+json\",\"size\":1,\"digest\":"    \
	"\"sha256:" digest "\"}"
#define ARTIFACT                                                               \
	"{\"mediaType\":\"application/vnd.dev.sig+json\",\"size\":1,"          \
	"\"digest\":\"sha256:" C "\"}"

static const struct {
	const char *entries, *arch, *want; /* NULL: none */
} finds[] = {
	{ PLAT(A, "linux", "amd64", ""), "amd64", A },
	{ PLAT(A, "linux", "amd64", ""), "arm64", NULL },
	{ PLAT(A, "windows", "amd64", ""), "amd64", NULL },
	{ PLAT(A, "windows", "amd64", "") "," PLAT(B, "linux", "amd64", ""),
	  "amd64", B },
	{ PLAT(A, "linux", "arm64", ",\"variant\":\"v8\""), "arm64", A },
	{ PLAT(A, "linux", "amd64",
	       ",\"variant\":\"v3\"") "," PLAT(B, "linux", "amd64", ""),
	  "amd64", B },
	{ PLAT(A, "linux", "amd64", ",\"variant\":\"v3\""), "amd64", A },
	{ PLAT(A, "linux", "amd64", "") "," PLAT(B, "linux", "amd64", ""),
	  "amd64", A },
	{ PLAT(A, "unknown", "unknown", "") "," PLAT(B, "linux", "amd64", ""),
	  "amd64", B },
	{ BARE(A), "amd64", A },
	{ BARE(A) "," BARE(B), "amd64", NULL },
	{ BARE(A) "," PLAT(B, "linux", "amd64", ""), "amd64", B },
	{ ARTIFACT, "amd64", NULL },
	{ ARTIFACT "," BARE(A), "amd64", A },
	{ "", "amd64", NULL },
};

static void the_entry_for_this_machine_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		AUTO(index_done) struct index x = { 0 };
		auto_free char *text =
			xasprintf(HEAD "\"manifests\":[%s]}", finds[i].entries);
		const struct descriptor *d;
		struct err e = ERR_INIT;

		if (index_parse(text, strlen(text), &x, &e))
			fail_msg("%s: %s", text, e.msg);
		assert_int_equal(manifest_is_index(text, strlen(text), &e), 1);
		d = index_find(&x, "linux", finds[i].arch);
		if (!d != !finds[i].want)
			fail_msg("row %zu", i);
		if (d)
			assert_string_equal(d->digest + 7, finds[i].want);
	}
}

static void names_in_annotations_are_kept(void **state)
{
	static const char text[] =
		WITH_TYPE(OCI "index.v1+json") "\"manifests\":[" DESC(
			OCI "manifest.v1+json", 3,
			",\"annotations\":{\"org.opencontainers.image.ref."
			"name\":\"latest\",\"io.containerd.image.name\":"
			"\"docker.io/library/x:latest\",\"other\":\"y\"}") "]}";
	AUTO(index_done) struct index x = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(index_parse(text, strlen(text), &x, &e), 0);
	assert_int_equal(x.n, 1);
	assert_string_equal(x.manifests[0].ref_name, "latest");
	assert_string_equal(x.manifests[0].image_name,
			    "docker.io/library/x:latest");
	assert_null(x.manifests[0].os);
}

static const struct {
	const char *text, *why;
} bad_indexes[] = {
	{ "{}", "schemaVersion" },
	{ "[]", "object" },
	{ HEAD "\"manifests\":null}", "expected an array" },
	{ HEAD "\"manifests\":{}}", "an array" },
	{ HEAD "\"manifests\":[null]}", "manifests[0]" },
	{ HEAD "\"manifests\":[" MANIFEST ",{}]}", "manifests[1]" },
	{ HEAD BODY, "the manifest of one image" },
	{ WITH_TYPE(OCI "manifest.v1+json") INDEX_BODY, "not the type" },
	{ HEAD "\"layers\":[]," INDEX_BODY, "two different" },
	{ HEAD "\"config\":{}," INDEX_BODY, "two different" },
	{ HEAD "\"Layers\":[]," INDEX_BODY, "\"Layers\"" },
	{ HEAD "\"fsLayers\":[]," INDEX_BODY, "first manifest format" },
	{ HEAD "\"manifests\":[{\"mediaType\":\"x/y\",\"size\":1,"
	       "\"digest\":\"sha256:zz\"}]}",
	  "not a digest" },
	{ HEAD "\"manifests\":[" DESC(
		  OCI "manifest.v1+json", 1,
		  ",\"annotations\":{\"org.opencontainers.image.ref.name\":"
		  "\"a\\nb\"}") "]}",
	  "control" },
	{ HEAD "\"manifests\":[" DESC(OCI "manifest.v1+json", 1,
				      ",\"platform\":\"linux\"") "]}",
	  "platform" },
	{ HEAD "\"manifests\":[" DESC(OCI "manifest.v1+json", 1,
				      ",\"platform\":{\"os\":7}") "]}",
	  "os" },
};

static void hostile_indexes_are_refused_each_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_indexes); i++) {
		struct index x = { .n = 77 };
		struct err e = ERR_INIT;
		const char *text = bad_indexes[i].text;

		if (!index_parse(text, strlen(text), &x, &e))
			fail_msg("accepted: %s", text);
		assert_int_equal(x.n, 77);
		if (!strstr(e.msg, bad_indexes[i].why))
			fail_msg("%s: %s (no \"%s\")", text, e.msg,
				 bad_indexes[i].why);
	}
}

/* ---- docker save ---- */

static void a_docker_archives_list_is_parsed(void **state)
{
	static const char text[] =
		"[{\"Config\":\"abc.json\",\"RepoTags\":[\"busybox:latest\","
		"\"q.io/x:1\"],\"Layers\":[\"a/layer.tar\",\"./b//layer.tar\"],"
		"\"Parent\":\"x\",\"LayerSources\":{}},"
		"{\"Config\":\"blobs/sha256/00\",\"RepoTags\":null,"
		"\"Layers\":[\"blobs/sha256/11\"]}]";
	AUTO(docker_manifest_done) struct docker_manifest m = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(docker_manifest_parse(text, strlen(text), &m, &e), 0);
	assert_int_equal(m.n, 2);
	assert_string_equal(m.images[0].config, "abc.json");
	assert_int_equal(strv_len(m.images[0].tags), 2);
	assert_string_equal(m.images[0].tags[1], "q.io/x:1");
	assert_string_equal(m.images[0].layers[0], "a/layer.tar");
	assert_string_equal(m.images[0].layers[1], "b/layer.tar");
	assert_null(m.images[0].layers[2]);
	assert_null(m.images[1].tags);
	assert_string_equal(m.images[1].config, "blobs/sha256/00");
}

#define L "\"Layers\":[\"l\"]"
static const struct {
	const char *text, *why;
} bad_docker[] = {
	{ "{}", "an array" },
	{ "[]", "0 images" },
	{ "[1]", "an object" },
	{ "[{}]", "Config: it is missing" },
	{ "[{\"Config\":\"c\"}]", "Layers" },
	{ "[{\"Config\":\"c\",\"Layers\":[]}]", "Layers" },
	{ "[{\"Config\":\"c\",\"Layers\":null}]", "Layers" },
	{ "[{\"Config\":\"c\",\"Layers\":\"l\"}]", "an array" },
	{ "[{\"Config\":\"c\",\"Layers\":[1]}]", "a string" },
	{ "[{\"Config\":\"c\",\"Layers\":[\"\"]}]", "not a path" },
	{ "[{\"Config\":\"c\",\"Layers\":[\"../l\"]}]", "not a path" },
	{ "[{\"Config\":\"c\",\"Layers\":[\"/l\"]}]", "not a path" },
	{ "[{\"Config\":\"c\",\"Layers\":[\"a\\nb\"]}]", "control" },
	{ "[{\"Config\":\"../../etc/passwd\"," L "}]", "not a path" },
	{ "[{\"Config\":\"/etc/passwd\"," L "}]", "not a path" },
	{ "[{\"Config\":\".\"," L "}]", "not a path" },
	{ "[{\"Config\":\"\"," L "}]", "missing" },
	{ "[{\"Config\":7," L "}]", "a string" },
	{ "[{\"Config\":\"c\\u0007\"," L "}]", "control" },
	{ "[{\"config\":\"c\"," L "}]", "\"config\"" },
	{ "[{\"Config\":\"c\",\"layers\":[]," L "}]", "\"layers\"" },
	{ "[{\"Config\":\"c\",\"RepoTags\":\"x\"," L "}]", "an array" },
	{ "[{\"Config\":\"c\",\"RepoTags\":[7]," L "}]", "a string" },
	{ "[{\"Config\":\"c\",\"RepoTags\":[\"A B\"]," L "}]", "image name" },
	{ "[{\"Config\":\"c\",\"RepoTags\":[\"\"]," L "}]", "image name" },
	{ "[{\"Config\":\"c\",\"RepoTags\":[\"../x\"]," L "}]", "image name" },
	{ "[{\"Config\":\"c\"," L "},{\"Config\":\"c\"}]", "image 1" },
	{ "[{\"Config\":\"c\",\"Config\":\"d\"," L "}]", "Config" },
};

static void hostile_docker_lists_are_refused_each_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_docker); i++) {
		struct docker_manifest m = { .n = 77 };
		struct err e = ERR_INIT;
		const char *text = bad_docker[i].text;

		if (!docker_manifest_parse(text, strlen(text), &m, &e))
			fail_msg("accepted: %s", text);
		assert_int_equal(m.n, 77);
		if (!strstr(e.msg, bad_docker[i].why))
			fail_msg("%s: %s (no \"%s\")", text, e.msg,
				 bad_docker[i].why);
	}
}

/* A docker list whose image has n entries under `key`. */
static char *docker_with(const char *key, size_t n)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b, "[{\"Config\":\"c\",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		buf_str(&b, i ? ",\"l\"" : "\"l\"");
	buf_str(&b, strcmp(key, "Layers") ? "]," L "}]" : "]}]");
	return buf_take(&b);
}

static void an_archives_list_is_bounded(void **state)
{
	static const struct {
		const char *key;
		size_t max;
	} rows[] = { { "Layers", 127 }, { "RepoTags", 1024 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(docker_manifest_done) struct docker_manifest m = { 0 };
		auto_free char *most = docker_with(rows[i].key, rows[i].max);
		auto_free char *more =
			docker_with(rows[i].key, rows[i].max + 1);
		struct err e = ERR_INIT;

		assert_int_equal(
			docker_manifest_parse(most, strlen(most), &m, &e), 0);
		assert_int_equal(
			docker_manifest_parse(more, strlen(more), &m, &e), -1);
		assert_int_equal(e.kind, ERR_LIMIT);
		assert_non_null(strstr(e.msg, rows[i].key));
	}
}

static void neither_manifest_nor_index_is_said_so(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(
		manifest_is_index(HEAD "\"x\":1}", strlen(HEAD "\"x\":1}"), &e),
		-1);
	assert_non_null(strstr(e.msg, "no manifest and no index"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_manifests_are_parsed),
		cmocka_unit_test(
			hostile_manifests_are_refused_each_with_its_reason),
		cmocka_unit_test(each_layer_type_says_its_compression),
		cmocka_unit_test(an_image_has_at_most_127_layers),
		cmocka_unit_test(a_document_is_at_most_4_mebibytes),
		cmocka_unit_test(thirty_thousand_index_entries_are_parsed),
		cmocka_unit_test(the_entry_for_this_machine_is_found),
		cmocka_unit_test(names_in_annotations_are_kept),
		cmocka_unit_test(
			hostile_indexes_are_refused_each_with_its_reason),
		cmocka_unit_test(a_docker_archives_list_is_parsed),
		cmocka_unit_test(
			hostile_docker_lists_are_refused_each_with_its_reason),
		cmocka_unit_test(an_archives_list_is_bounded),
		cmocka_unit_test(neither_manifest_nor_index_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
