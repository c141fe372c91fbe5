/*
 * fixture.h - a store in a temporary directory, with images made by hand: a
 * blob is put there by its digest, a layer is a directory that the test
 * fills. No worker is started.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <sys/stat.h>
#include <sys/xattr.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/sha256.h"
#include "store/index.h"
#include "store/parts.h"
#include "store/store.h"

/* No foreign ids are in these trees. */
static const struct host fixture_host;

struct fixture {
	char dir[64];
	char *path;
	struct store store;
};

static inline int fixture_setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	struct err e = ERR_INIT;
	int dir = unit_make_dir(f->dir);

	close(dir);
	f->path = xasprintf("%s/immure", f->dir);
	assert_ok(store_open(f->path, &f->store, &e), &e);
	*state = f;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	unit_remove_dir(f->dir);
	free(f->path);
	free(f);
	return 0;
}

/* Writes dir/name; the path is relative to the store. */
static inline void fixture_write(struct fixture *f, const char *path,
				 const char *text)
{
	auto_free char *full = xasprintf("%s/%s", f->path, path);
	FILE *file = fopen(full, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline bool fixture_has(struct fixture *f, const char *path)
{
	auto_free char *full = xasprintf("%s/%s", f->path, path);
	struct stat st;

	return lstat(full, &st) == 0;
}

static inline void fixture_mkdir(struct fixture *f, const char *path)
{
	auto_free char *full = xasprintf("%s/%s", f->path, path);
	struct err e = ERR_INIT;

	assert_ok(file_make_dirs(full, &e), &e);
}

/* A blob; its digest goes to `ret`. */
static inline void fixture_blob(struct fixture *f, const char *text,
				char ret[DIGEST_MAX])
{
	char hex[SHA256_HEX + 1];
	auto_free char *path = NULL;

	sha256_of(text, strlen(text), hex);
	path = xasprintf("blobs/sha256/%s", hex);
	fixture_write(f, path, text);
	snprintf(ret, DIGEST_MAX, "sha256:%s", hex);
}

/* The diff id of layer `n` of these tests, and its directory. */
static inline char *fixture_diff_id(unsigned n)
{
	return xasprintf("sha256:%064u", n);
}

static inline char *fixture_layer_path(unsigned n, const char *below)
{
	return xasprintf("layers/%064u/root/%s", n, below);
}

static inline void fixture_layer(struct fixture *f, unsigned n)
{
	auto_free char *root = fixture_layer_path(n, "");

	fixture_mkdir(f, root);
}

static inline bool fixture_has_layer(struct fixture *f, unsigned n)
{
	auto_free char *path = fixture_layer_path(n, "");

	return fixture_has(f, path);
}

static inline bool fixture_has_blob(struct fixture *f, const char *digest)
{
	auto_free char *path =
		xasprintf("blobs/sha256/%s", digest + strlen("sha256:"));

	return fixture_has(f, path);
}

static inline void fixture_layer_file(struct fixture *f, unsigned n,
				      const char *path, const char *text)
{
	auto_free char *full = fixture_layer_path(n, path);

	fixture_write(f, full, text);
}

static inline void fixture_layer_dir(struct fixture *f, unsigned n,
				     const char *path)
{
	auto_free char *full = fixture_layer_path(n, path);

	fixture_mkdir(f, full);
}

/* "[1,2,2]" in both documents: layers of these numbers, lowest first. */
static inline void fixture_config(const unsigned *layers, size_t n,
				  const char *arch, struct buf *b)
{
	buf_printf(b,
		   "{\"architecture\":\"%s\",\"os\":\"linux\",\"created\":"
		   "\"2024-01-%02uT00:00:00Z\",\"config\":{\"Cmd\":[\"x\"]},"
		   "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[",
		   arch, layers[0]);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s\"sha256:%064u\"", i ? "," : "", layers[i]);
	buf_str(b, "]}}");
}

static inline void fixture_manifest(struct fixture *f, const unsigned *layers,
				    size_t n, const char *config, struct buf *b)
{
	struct stat st;
	auto_free char *path = xasprintf("%s/blobs/sha256/%s", f->path,
					 config + strlen("sha256:"));

	assert_int_equal(stat(path, &st), 0);
	buf_printf(b,
		   "{\"schemaVersion\":2,\"config\":{\"mediaType\":"
		   "\"application/vnd.oci.image.config.v1+json\",\"digest\":"
		   "\"%s\",\"size\":%lld},\"layers\":[",
		   config, (long long)st.st_size);
	for (size_t i = 0; i < n; i++) {
		auto_free char *text = xasprintf("blob of layer %u", layers[i]);
		char digest[DIGEST_MAX];

		fixture_blob(f, text, digest);
		buf_printf(b,
			   "%s{\"mediaType\":\"application/vnd.oci.image."
			   "layer.v1.tar\",\"digest\":\"%s\",\"size\":%zu}",
			   i ? "," : "", digest, strlen(text));
	}
	buf_str(b, "]}");
}

struct fixture_image {
	char digest[DIGEST_MAX], config[DIGEST_MAX];
	uint64_t size;
};
/* Blobs and empty layers of an image; it has no name yet. */
static inline struct fixture_image fixture_unnamed(struct fixture *f,
						   const unsigned *layers,
						   size_t n, const char *arch)
{
	AUTO(buf_done) struct buf config = BUF_INIT, manifest = BUF_INIT;
	struct fixture_image i = { 0 };

	for (size_t k = 0; k < n; k++)
		fixture_layer(f, layers[k]);
	fixture_config(layers, n, arch, &config);
	fixture_blob(f, config.p, i.config);
	fixture_manifest(f, layers, n, i.config, &manifest);
	fixture_blob(f, manifest.p, i.digest);
	i.size = manifest.len;
	return i;
}

/* Gives it a name (NULL: none) in the index. */
static inline void fixture_name(struct fixture *f,
				const struct fixture_image *i, const char *name)
{
	AUTO(index_done) struct index index = { 0 };
	auto_free char *type =
		xstrdup("application/vnd.oci.image.manifest.v1+json");
	struct descriptor d = { .media_type = type, .size = i->size };
	struct err e = ERR_INIT;

	memcpy(d.digest, i->digest, sizeof(d.digest));
	assert_ok(index_load(&f->store, &index, &e), &e);
	index_put(&index, name, &d);
	assert_ok(index_save(&f->store, &index, &e), &e);
}

#define LAYERS(...)                                                            \
	(const unsigned[]){ __VA_ARGS__ },                                     \
		sizeof((const unsigned[]){ __VA_ARGS__ }) / sizeof(unsigned)

#define FIXTURE_TEST(fn)                                                       \
	cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

#endif
