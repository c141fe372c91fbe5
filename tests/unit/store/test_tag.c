/*
 * test_tag.c - more names for an image.
 */
#include "fixture.h"

#define X "docker.io/library/x:latest"

static size_t names_of(struct fixture *f, const char *digest)
{
	AUTO(index_done) struct index index = { 0 };
	struct err e = ERR_INIT;

	assert_ok(index_load(&f->store, &index, &e), &e);
	return index_count(&index, digest);
}

static void an_image_gets_one_more_name(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	AUTO(image_free) struct image *image = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	assert_ok(store_tag(&f->store, "x", "localhost:5000/y:2", &e), &e);
	image = store_image_find(&f->store, "localhost:5000/y:2", "amd64", &e);
	assert_non_null(image);
	assert_string_equal(image->digest, i.digest);
	assert_int_equal(names_of(f, i.digest), 2);
}

static void an_image_without_a_name_gets_one(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	struct err e = ERR_INIT;

	fixture_name(f, &i, NULL);
	assert_ok(store_tag(&f->store, i.config, "y", &e), &e);
	assert_int_equal(names_of(f, i.digest), 1);
}

static void the_same_name_again_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	assert_ok(store_tag(&f->store, "x", "x", &e), &e);
	assert_int_equal(names_of(f, i.digest), 1);
}

static void a_name_that_is_taken_moves(void **state)
{
	struct fixture *f = *state;
	struct fixture_image a = fixture_unnamed(f, LAYERS(1), "amd64");
	struct fixture_image b = fixture_unnamed(f, LAYERS(2), "amd64");
	AUTO(image_free) struct image *image = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &a, X);
	fixture_name(f, &b, "docker.io/library/y:latest");
	assert_ok(store_tag(&f->store, "y", "x", &e), &e);
	image = store_image_find(&f->store, "x", "amd64", &e);
	assert_non_null(image);
	assert_string_equal(image->digest, b.digest);
	/* the other one is still there, without a name */
	assert_int_equal(names_of(f, a.digest), 1);
}

static void what_cannot_be_a_name_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"UPPER",
		"a b",
		"x:",
		"../x",
		"x\n",
		("y@sha256:0000000000000000000000000000000000000000000000000000"
		 "000000000000"),
	};
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");

	fixture_name(f, &i, X);
	for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		struct err e = ERR_INIT;

		if (store_tag(&f->store, "x", bad[k], &e) == 0)
			fail_msg("\"%s\" became a name", bad[k]);
	}
	assert_int_equal(names_of(f, i.digest), 1);
}

static void an_image_that_is_not_there_gets_no_name(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	assert_err(store_tag(&f->store, "nothing", "y", &e), &e, ERR_MISSING,
		   "no such image");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_image_gets_one_more_name),
		FIXTURE_TEST(an_image_without_a_name_gets_one),
		FIXTURE_TEST(the_same_name_again_changes_nothing),
		FIXTURE_TEST(a_name_that_is_taken_moves),
		FIXTURE_TEST(what_cannot_be_a_name_is_refused),
		FIXTURE_TEST(an_image_that_is_not_there_gets_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
