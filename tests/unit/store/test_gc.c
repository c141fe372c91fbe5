/*
 * test_gc.c - what nothing refers to goes, everything else stays; also by
 * removing images.
 */
#include "fixture.h"
#include "base/strv.h"
#include "base/table.h"
#include "store/staging.h"

#define X "docker.io/library/x:latest"
#define Y "docker.io/library/y:latest"

static const struct host nobody; /* no foreign ids in these trees */

static struct gc_result collect(struct fixture *f, bool dry)
{
	struct gc_result r;
	struct err e = ERR_INIT;

	assert_ok(store_gc(&f->store, &nobody, dry, &r, &e), &e);
	return r;
}

static bool has_layer(struct fixture *f, unsigned n)
{
	auto_free char *path = fixture_layer_path(n, "");

	return fixture_has(f, path);
}

static bool has_blob(struct fixture *f, const char *digest)
{
	auto_free char *path = xasprintf("blobs/sha256/%s", digest + 7);

	return fixture_has(f, path);
}

static void what_an_image_needs_stays(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct gc_result r;

	fixture_name(f, &i, X);
	r = collect(f, false);
	assert_int_equal(r.blobs + r.layers + r.temporaries, 0);
	assert_true(has_layer(f, 1) && has_layer(f, 2));
	assert_true(has_blob(f, i.digest) && has_blob(f, i.config));
}

static void what_no_image_needs_goes(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct gc_result r = collect(f, true);

	assert_int_equal(r.blobs, 4); /* manifest, config, two layers */
	assert_int_equal(r.layers, 2);
	assert_true(has_layer(f, 1) && has_blob(f, i.digest));
	r = collect(f, false);
	assert_int_equal(r.blobs, 4);
	assert_int_equal(r.layers, 2);
	assert_false(has_layer(f, 1) || has_layer(f, 2));
	assert_false(has_blob(f, i.digest) || has_blob(f, i.config));
}

static void an_image_without_a_name_is_an_image(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");

	fixture_name(f, &i, NULL);
	assert_int_equal(collect(f, false).blobs, 0);
}

static void left_over_temporaries_go(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, ".tmp-0123456789abcdef", "half an index");
	fixture_mkdir(f, "tmp/left/over/from/a/load");
	assert_int_equal(collect(f, false).temporaries, 2);
	assert_false(fixture_has(f, ".tmp-0123456789abcdef"));
	assert_false(fixture_has(f, "tmp/left"));
}

static void the_layers_of_a_held_image_stay(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	AUTO(image_free) struct image *image = NULL;
	AUTO(strv_free) char **said = NULL;
	const struct image_removal what = { .name = "x" };
	struct err e = ERR_INIT;
	int hold;

	fixture_name(f, &i, X);
	image = store_image_find(&f->store, "x", "amd64", &e);
	assert_non_null(image);
	hold = store_image_hold(&f->store, image, &e);
	assert_ok(hold, &e);
	assert_ok(store_image_remove(&f->store, &nobody, &what, &said, &e), &e);
	assert_true(has_layer(f, 1));
	assert_int_equal(collect(f, false).layers, 0);
	close(hold);
	assert_int_equal(collect(f, false).layers, 1);
	assert_false(has_layer(f, 1));
}

static void however_many_hold_an_image_it_is_one_file(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	AUTO(image_free) struct image *image = NULL;
	AUTO(strv_free) char **said = NULL, **names = NULL;
	const struct image_removal what = { .name = "x" };
	auto_free char *path = xasprintf("%s/holds", f->path);
	struct err e = ERR_INIT;
	auto_fd dir = open(path, O_RDONLY | O_DIRECTORY);
	int hold[2];

	fixture_name(f, &i, X);
	image = store_image_find(&f->store, "x", "amd64", &e);
	assert_non_null(image);
	for (size_t k = 0; k < ARRAY_SIZE(hold); k++) {
		hold[k] = store_image_hold(&f->store, image, &e);
		assert_ok(hold[k], &e);
	}
	assert_ok(staging_list(dir, "holds", &names, &e), &e);
	assert_int_equal(strv_len(names), 1);
	assert_ok(store_image_remove(&f->store, &nobody, &what, &said, &e), &e);
	close(hold[0]);
	assert_int_equal(collect(f, false).layers, 0);
	close(hold[1]);
	assert_int_equal(collect(f, false).layers, 1);
	strv_free(TAKE(names));
	assert_ok(staging_list(dir, "holds", &names, &e), &e);
	assert_int_equal(strv_len(names), 0);
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void the_layers_of_a_kept_container_stay(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	const struct image_removal what = { .name = "x" };
	AUTO(image_free) struct image *image = NULL;
	AUTO(strv_free) char **said = NULL;
	struct container_new new = { .id = ID };
	auto_free char *path = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	image = store_image_find(&f->store, "x", "amd64", &e);
	assert_non_null(image);
	new.image = image;
	assert_ok(store_container_make(&f->store, &new, &path, &e), &e);
	assert_ok(store_image_remove(&f->store, &nobody, &what, &said, &e), &e);
	assert_false(has_blob(f, i.digest));
	assert_true(has_layer(f, 1) && has_layer(f, 2));
	assert_int_equal(collect(f, false).layers, 0);
	assert_ok(store_container_remove(&f->store, &nobody, ID, &e), &e);
	assert_int_equal(collect(f, false).layers, 2);
	assert_false(has_layer(f, 1) || has_layer(f, 2));
}

static void a_damaged_container_stops_it(void **state)
{
	static const char *const metas[] = { "{", "{\"layers\":1}",
					     "{\"layers\":[\"../x\"]}" };
	struct fixture *f = *state;
	struct gc_result r;

	fixture_mkdir(f, "containers/" ID);
	fixture_unnamed(f, LAYERS(1), "amd64");
	for (size_t i = 0; i < ARRAY_SIZE(metas); i++) {
		struct err e = ERR_INIT;

		fixture_write(f, "containers/" ID "/meta.json", metas[i]);
		assert_true(store_gc(&f->store, &nobody, false, &r, &e) < 0);
		assert_non_null(strstr(e.msg, "container " ID));
		assert_true(has_layer(f, 1));
	}
}

static void a_container_that_was_never_made_goes(void **state)
{
	struct fixture *f = *state;

	fixture_mkdir(f, "containers/" ID "/upper");
	fixture_mkdir(f, "containers/not-ours");
	assert_int_equal(collect(f, true).temporaries, 1);
	assert_true(fixture_has(f, "containers/" ID));
	assert_int_equal(collect(f, false).temporaries, 1);
	assert_false(fixture_has(f, "containers/" ID));
	assert_true(fixture_has(f, "containers/not-ours"));
}

static void a_layer_that_has_gone_cannot_be_held(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	AUTO(image_free) struct image *image = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, NULL);
	image = store_image_find(&f->store, i.config, "amd64", &e);
	assert_non_null(image);
	fixture_write(f, "index.json",
		      "{\"schemaVersion\":2,\"manifests\":[]}");
	collect(f, false);
	assert_err(store_image_hold(&f->store, image, &e), &e, ERR_MISSING,
		   "removed meanwhile");
}

static void a_damaged_image_stops_it_and_can_be_removed(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *path = xasprintf("blobs/sha256/%s", i.digest + 7);
	const struct image_removal what = { .name = "x" };
	AUTO(strv_free) char **said = NULL;
	struct gc_result r;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	fixture_write(f, path, "damaged");
	assert_err(store_gc(&f->store, &nobody, false, &r, &e), &e, ERR_VERIFY,
		   "damaged");
	assert_true(has_layer(f, 1));
	assert_ok(store_image_remove(&f->store, &nobody, &what, &said, &e), &e);
	assert_false(has_layer(f, 1));
}

/* ---- removal by name and by id ---- */

static int removed(struct fixture *f, const char *name, bool force,
		   char **ret_said, struct err *e)
{
	const struct image_removal what = { .name = name, .force = force };
	AUTO(strv_free) char **said = NULL;
	int r = store_image_remove(&f->store, &nobody, &what, &said, e);

	*ret_said = strv_join(said, "|");
	return r;
}

static void the_last_name_takes_the_image_with_it(void **state)
{
	struct fixture *f = *state;
	struct fixture_image a = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct fixture_image b = fixture_unnamed(f, LAYERS(1, 3), "amd64");
	auto_free char *first = NULL, *second = NULL, *want = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &a, X);
	fixture_name(f, &a, "localhost:5000/x:1");
	fixture_name(f, &b, Y);
	assert_ok(removed(f, "x", false, &first, &e), &e);
	assert_string_equal(first, "Untagged: x:latest");
	assert_true(has_blob(f, a.digest) && has_layer(f, 2));
	assert_ok(removed(f, "localhost:5000/x:1", false, &second, &e), &e);
	want = xasprintf("Untagged: localhost:5000/x:1|Deleted: %s", a.config);
	assert_string_equal(second, want);
	assert_false(has_blob(f, a.digest) || has_layer(f, 2));
	/* what the other image shares with it stays */
	assert_true(has_layer(f, 1) && has_layer(f, 3));
	assert_true(has_blob(f, b.digest));
}

static void an_id_of_several_names_needs_force(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *first = NULL, *second = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	fixture_name(f, &i, Y);
	assert_err(removed(f, i.config, false, &first, &e), &e, ERR_CONFLICT,
		   "--force");
	assert_true(has_blob(f, i.digest));
	assert_ok(removed(f, i.config, true, &second, &e), &e);
	assert_false(has_blob(f, i.digest));
}

static void removing_nothing_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	auto_free char *said = NULL, *tmp = xasprintf("%s/tmp", f->path);
	struct err e = ERR_INIT;

	assert_err(removed(f, "nothing", false, &said, &e), &e, ERR_MISSING,
		   "no such image");
	assert_int_equal(rmdir(tmp), 0); /* it is empty */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(what_an_image_needs_stays),
		FIXTURE_TEST(what_no_image_needs_goes),
		FIXTURE_TEST(an_image_without_a_name_is_an_image),
		FIXTURE_TEST(left_over_temporaries_go),
		FIXTURE_TEST(however_many_hold_an_image_it_is_one_file),
		FIXTURE_TEST(the_layers_of_a_held_image_stay),
		FIXTURE_TEST(the_layers_of_a_kept_container_stay),
		FIXTURE_TEST(a_damaged_container_stops_it),
		FIXTURE_TEST(a_container_that_was_never_made_goes),
		FIXTURE_TEST(a_layer_that_has_gone_cannot_be_held),
		FIXTURE_TEST(a_damaged_image_stops_it_and_can_be_removed),
		FIXTURE_TEST(the_last_name_takes_the_image_with_it),
		FIXTURE_TEST(an_id_of_several_names_needs_force),
		FIXTURE_TEST(removing_nothing_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
