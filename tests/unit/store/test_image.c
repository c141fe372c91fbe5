/*
 * test_image.c - which image a word means, and what is read of it.
 */
#include "fixture.h"

#define X "docker.io/library/x:latest"

static char *found(struct fixture *f, const char *name, struct err *e)
{
	AUTO(image_free)
	struct image *i = store_image_find(&f->store, name, "amd64", e);

	return i ? xstrdup(i->digest) : NULL;
}

static void an_image_is_found_by_each_of_its_names(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	char short_id[13], shortest[3];
	auto_free char *pinned = xasprintf("x@%s", i.digest);
	const char *const words[] = {
		"x",
		"x:latest",
		"library/x",
		"docker.io/x",
		X,
		i.digest,
		i.config,
		pinned,
		short_id,
		shortest,
		i.digest + strlen("sha256:"),
		i.config + strlen("sha256:"),
	};

	snprintf(short_id, sizeof(short_id), "%.12s", i.config + 7);
	snprintf(shortest, sizeof(shortest), "%.2s", i.config + 7);
	fixture_name(f, &i, X);
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		struct err e = ERR_INIT;
		auto_free char *digest = found(f, words[k], &e);

		if (!digest)
			fail_msg("%s: %s", words[k], e.msg);
		assert_string_equal(digest, i.digest);
	}
}

static void what_is_not_there_is_missing(void **state)
{
	static const char *const words[] = { "y", "x:other", "localhost/x",
					     "x/x" };
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *digest = xasprintf("sha256:%064d", 9);

	fixture_name(f, &i, X);
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		struct err e = ERR_INIT;

		assert_null(found(f, words[k], &e));
		assert_int_equal(e.kind, ERR_MISSING);
	}
	assert_null(found(f, digest, NULL));
}

static void one_hex_digit_is_no_id(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	char one[2] = { i.config[7], '\0' };
	struct err e = ERR_INIT;

	fixture_name(f, &i, NULL);
	assert_null(found(f, one, &e));
}

/* Of two images that share the beginning of an id, neither is chosen. */
static void an_ambiguous_prefix_is_refused(void **state)
{
	struct fixture *f = *state;
	char first[256][3] = { { 0 } }, prefix[3];
	struct err e = ERR_INIT;

	/* 257 images have two ids with the same two digits at least */
	for (unsigned n = 1; n < 300; n++) {
		struct fixture_image i =
			fixture_unnamed(f, LAYERS(n % 28 + 1, n), "amd64");

		fixture_name(f, &i, NULL);
		snprintf(prefix, sizeof(prefix), "%.2s", i.digest + 7);
		if (*first[strtol(prefix, NULL, 16)])
			break;
		strcpy(first[strtol(prefix, NULL, 16)], prefix);
	}
	assert_null(found(f, prefix, &e));
	assert_int_equal(e.kind, ERR_CONFLICT);
}

static void a_name_goes_before_an_id(void **state)
{
	struct fixture *f = *state;
	struct fixture_image a = fixture_unnamed(f, LAYERS(1), "amd64");
	struct fixture_image b = fixture_unnamed(f, LAYERS(2), "amd64");
	auto_free char *name =
		xasprintf("docker.io/library/%.12s:latest", a.config + 7);
	char id[13];
	struct err e = ERR_INIT;
	auto_free char *digest = NULL;

	fixture_name(f, &a, NULL);
	fixture_name(f, &b, name);
	snprintf(id, sizeof(id), "%.12s", a.config + 7);
	digest = found(f, id, &e);
	assert_non_null(digest);
	assert_string_equal(digest, b.digest);
}

static void another_machines_image_is_not_run(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "s390x");
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	assert_null(store_image_find(&f->store, "x", "amd64", &e));
	assert_int_equal(e.kind, ERR_NOEXEC);
	assert_non_null(strstr(e.msg, "s390x"));
	image_free(store_image_find(&f->store, "x", NULL, &e));
}

static void its_parts_are_read(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	auto_free char *id = fixture_diff_id(2);
	auto_free char *path = fixture_layer_path(2, "");
	AUTO(image_free) struct image *image = NULL;
	struct err e = ERR_INIT;
	struct stat st;

	fixture_name(f, &i, X);
	image = store_image_find(&f->store, "x", "amd64", &e);
	assert_non_null(image);
	assert_string_equal(image->name, X);
	assert_string_equal(image->config_digest, i.config);
	assert_string_equal(image->config.cmd[0], "x");
	assert_int_equal(image->size, 2 * strlen("blob of layer 1"));
	assert_int_equal(image->n_layers, 2);
	assert_string_equal(image->layers[1].diff_id, id);
	path[strlen(path) - 1] = '\0'; /* the slash */
	assert_non_null(strstr(image->layers[1].path, path));
	assert_int_equal(stat(image->layers[1].path, &st), 0);
	assert_int_equal(image->layers[1].id.ino, st.st_ino);
	assert_int_equal(image->layers[1].id.dev, st.st_dev);
}

static void a_missing_layer_is_told(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	assert_ok(file_remove_tree(f->store.layers,
				   "000000000000000000000000000000000000000000"
				   "0000000000000000000002",
				   &e),
		  &e);
	assert_null(found(f, "x", &e));
	assert_int_equal(e.kind, ERR_MISSING);
	assert_non_null(strstr(e.msg, "load the image again"));
}

static void a_layer_that_is_a_symlink_is_refused(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *root = xasprintf("%s/layers/%064u/root", f->path, 1u);
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	assert_int_equal(rmdir(root), 0);
	assert_int_equal(symlink("/", root), 0);
	assert_null(found(f, "x", &e));
}

/* An overlay may not name a tree twice; the upper hides the lower anyway. */
static void a_layer_that_comes_twice_is_listed_once(void **state)
{
	static const struct {
		unsigned layers[5];
		size_t n;
		const char *want;
	} rows[] = {
		{ { 1, 2, 3 }, 3, "123" },
		{ { 1, 2, 1 }, 3, "21" },
		{ { 1, 1, 1 }, 3, "1" },
		{ { 1, 2, 2, 3, 1 }, 5, "231" },
	};
	struct fixture *f = *state;

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		struct fixture_image i =
			fixture_unnamed(f, rows[r].layers, rows[r].n, "amd64");
		AUTO(image_free) struct image *image = NULL;
		char got[8] = "";
		struct err e = ERR_INIT;

		fixture_name(f, &i, X);
		image = store_image_find(&f->store, "x", "amd64", &e);
		assert_non_null(image);
		for (size_t k = 0; k < image->n_layers; k++)
			got[k] = image->layers[k].diff_id[7 + 63];
		assert_string_equal(got, rows[r].want);
	}
}

/* overlayfs does not look at the mark on a layer's root. */
static void a_layer_whose_root_is_opaque_hides_those_below(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2, 3), "amd64");
	auto_free char *root = xasprintf("%s/layers/%064u/root", f->path, 2u);
	AUTO(image_free) struct image *image = NULL;
	struct err e = ERR_INIT;

	if (setxattr(root, "user.overlay.opaque", "y", 1, 0))
		skip(); /* a filesystem without user attributes */
	fixture_name(f, &i, X);
	image = store_image_find(&f->store, "x", "amd64", &e);
	assert_non_null(image);
	assert_int_equal(image->n_layers, 2);
	assert_int_equal(image->layers[0].diff_id[7 + 63], '2');
	assert_int_equal(image->layers[1].diff_id[7 + 63], '3');
}

static void images_are_listed_newest_first(void **state)
{
	struct fixture *f = *state;
	struct fixture_image a = fixture_unnamed(f, LAYERS(3), "amd64");
	struct fixture_image b = fixture_unnamed(f, LAYERS(9), "amd64");
	struct fixture_image c = fixture_unnamed(f, LAYERS(5), "amd64");
	struct image **v;
	size_t n;
	struct err e = ERR_INIT;

	fixture_name(f, &a, "docker.io/library/a:1");
	fixture_name(f, &b, "docker.io/library/b:1");
	fixture_name(f, &b, "docker.io/library/a:2");
	fixture_name(f, &c, NULL);
	assert_ok(store_image_list(&f->store, &v, &n, &e), &e);
	assert_int_equal(n, 4);
	assert_string_equal(v[0]->name, "docker.io/library/a:2");
	assert_string_equal(v[1]->name, "docker.io/library/b:1");
	assert_string_equal(v[2]->name, "");
	assert_string_equal(v[3]->name, "docker.io/library/a:1");
	for (size_t k = 0; k < n; k++)
		image_free(v[k]);
	free(v);
}

static void a_changed_manifest_is_not_believed(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *path = xasprintf("blobs/sha256/%s", i.digest + 7);
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	fixture_write(f, path, "{}");
	assert_null(found(f, "x", &e));
	assert_int_equal(e.kind, ERR_VERIFY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_image_is_found_by_each_of_its_names),
		FIXTURE_TEST(what_is_not_there_is_missing),
		FIXTURE_TEST(one_hex_digit_is_no_id),
		FIXTURE_TEST(an_ambiguous_prefix_is_refused),
		FIXTURE_TEST(a_name_goes_before_an_id),
		FIXTURE_TEST(another_machines_image_is_not_run),
		FIXTURE_TEST(its_parts_are_read),
		FIXTURE_TEST(a_missing_layer_is_told),
		FIXTURE_TEST(a_layer_that_is_a_symlink_is_refused),
		FIXTURE_TEST(a_layer_that_comes_twice_is_listed_once),
		FIXTURE_TEST(a_layer_whose_root_is_opaque_hides_those_below),
		FIXTURE_TEST(images_are_listed_newest_first),
		FIXTURE_TEST(a_changed_manifest_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
