/*
 * test_gc.c - what nothing refers to goes, everything else stays.
 */
#include "fixture.h"
#include "base/strv.h"
#include "base/table.h"

#define X "docker.io/library/x:latest"

static struct gc_result collect(struct fixture *f, bool dry)
{
	struct gc_result r;
	struct err e = ERR_INIT;

	assert_ok(store_gc(&f->store, &fixture_host, dry, &r, &e), &e);
	return r;
}

static void what_an_image_needs_stays(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct gc_result r;

	fixture_name(f, &i, X);
	r = collect(f, false);
	assert_int_equal(r.blobs + r.layers + r.temporaries, 0);
	assert_true(fixture_has_layer(f, 1) && fixture_has_layer(f, 2));
	assert_true(fixture_has_blob(f, i.digest) &&
		    fixture_has_blob(f, i.config));
}

static void what_no_image_needs_goes(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct gc_result r = collect(f, true);

	assert_int_equal(r.blobs, 4); /* manifest, config, two layers */
	assert_int_equal(r.layers, 2);
	assert_true(fixture_has_layer(f, 1) && fixture_has_blob(f, i.digest));
	r = collect(f, false);
	assert_int_equal(r.blobs, 4);
	assert_int_equal(r.layers, 2);
	assert_false(fixture_has_layer(f, 1) || fixture_has_layer(f, 2));
	assert_false(fixture_has_blob(f, i.digest) ||
		     fixture_has_blob(f, i.config));
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
	assert_ok(
		store_image_remove(&f->store, &fixture_host, &what, &said, &e),
		&e);
	assert_true(fixture_has_layer(f, 1));
	assert_int_equal(collect(f, false).layers, 0);
	close(hold);
	assert_int_equal(collect(f, false).layers, 1);
	assert_false(fixture_has_layer(f, 1));
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
	assert_ok(
		store_image_remove(&f->store, &fixture_host, &what, &said, &e),
		&e);
	assert_false(fixture_has_blob(f, i.digest));
	assert_true(fixture_has_layer(f, 1) && fixture_has_layer(f, 2));
	assert_int_equal(collect(f, false).layers, 0);
	assert_ok(store_container_remove(&f->store, &fixture_host, ID, &e), &e);
	assert_int_equal(collect(f, false).layers, 2);
	assert_false(fixture_has_layer(f, 1) || fixture_has_layer(f, 2));
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
		assert_true(store_gc(&f->store, &fixture_host, false, &r, &e) <
			    0);
		assert_non_null(strstr(e.msg, "container " ID));
		assert_true(fixture_has_layer(f, 1));
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
	assert_err(store_gc(&f->store, &fixture_host, false, &r, &e), &e,
		   ERR_VERIFY, "damaged");
	assert_true(fixture_has_layer(f, 1));
	assert_ok(
		store_image_remove(&f->store, &fixture_host, &what, &said, &e),
		&e);
	assert_false(fixture_has_layer(f, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(what_an_image_needs_stays),
		FIXTURE_TEST(what_no_image_needs_goes),
		FIXTURE_TEST(an_image_without_a_name_is_an_image),
		FIXTURE_TEST(left_over_temporaries_go),
		FIXTURE_TEST(the_layers_of_a_held_image_stay),
		FIXTURE_TEST(the_layers_of_a_kept_container_stay),
		FIXTURE_TEST(a_damaged_container_stops_it),
		FIXTURE_TEST(a_container_that_was_never_made_goes),
		FIXTURE_TEST(a_damaged_image_stops_it_and_can_be_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
