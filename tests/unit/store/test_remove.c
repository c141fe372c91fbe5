/*
 * test_remove.c - removing images by name and by id: what goes, what stays,
 * what is said.
 */
#include "fixture.h"
#include "base/strv.h"

#define X "docker.io/library/x:latest"
#define Y "docker.io/library/y:latest"

static int removed(struct fixture *f, const char *name, bool force,
		   char **ret_said, struct err *e)
{
	const struct image_removal what = { .name = name, .force = force };
	AUTO(strv_free) char **said = NULL;
	int r = store_image_remove(&f->store, &fixture_host, &what, &said, e);

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
	assert_true(fixture_has_blob(f, a.digest) && fixture_has_layer(f, 2));
	assert_ok(removed(f, "localhost:5000/x:1", false, &second, &e), &e);
	want = xasprintf("Untagged: localhost:5000/x:1|Deleted: %s", a.config);
	assert_string_equal(second, want);
	assert_false(fixture_has_blob(f, a.digest) || fixture_has_layer(f, 2));
	/* what the other image shares with it stays */
	assert_true(fixture_has_layer(f, 1) && fixture_has_layer(f, 3));
	assert_true(fixture_has_blob(f, b.digest));
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
	assert_true(fixture_has_blob(f, i.digest));
	assert_ok(removed(f, i.config, true, &second, &e), &e);
	assert_false(fixture_has_blob(f, i.digest));
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

static void by_its_digest_all_names_of_an_image_go(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	struct fixture_image other = fixture_unnamed(f, LAYERS(2), "amd64");
	auto_free char *said = NULL, *again = NULL, *want = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	fixture_name(f, &other, "docker.io/library/z:latest");
	fixture_name(f, &i, Y);
	assert_ok(removed(f, i.digest, true, &said, &e), &e);
	want = xasprintf("Untagged: y:latest|Untagged: x:latest|Deleted: %s",
			 i.config);
	assert_string_equal(said, want);
	assert_true(fixture_has_blob(f, other.digest));
	assert_err(removed(f, "x", false, &again, &e), &e, ERR_MISSING, "x");
}

static void an_image_without_a_name_goes_by_its_id(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *said = NULL;
	auto_free char *want = xasprintf("Deleted: %s", i.config);
	struct err e = ERR_INIT;

	fixture_name(f, &i, NULL);
	assert_ok(removed(f, i.config, false, &said, &e), &e);
	assert_string_equal(said, want);
	assert_false(fixture_has_layer(f, 1));
}

/* Its config cannot be known any more: it goes by its manifest's digest. */
static void a_damaged_image_goes_too(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	auto_free char *path = xasprintf("blobs/sha256/%s", i.digest + 7);
	auto_free char *said = NULL, *want = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	fixture_write(f, path, "damaged");
	assert_ok(removed(f, "x", false, &said, &e), &e);
	want = xasprintf("Untagged: x:latest|Deleted: %s", i.digest);
	assert_string_equal(said, want);
	assert_false(fixture_has_blob(f, i.digest));
}

/* What the collection cannot read stops it, but the name is gone. */
static void another_damaged_image_does_not_keep_a_name(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	struct fixture_image bad = fixture_unnamed(f, LAYERS(2), "amd64");
	auto_free char *path = xasprintf("blobs/sha256/%s", bad.digest + 7);
	auto_free char *said = NULL, *again = NULL;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	fixture_name(f, &bad, Y);
	fixture_write(f, path, "damaged");
	assert_ok(removed(f, "x", false, &said, &e), &e);
	assert_err(removed(f, "x", false, &again, &e), &e, ERR_MISSING,
		   "no such image");
	assert_true(fixture_has_layer(f, 2)); /* it may be in use */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_last_name_takes_the_image_with_it),
		FIXTURE_TEST(an_id_of_several_names_needs_force),
		FIXTURE_TEST(removing_nothing_leaves_nothing),
		FIXTURE_TEST(by_its_digest_all_names_of_an_image_go),
		FIXTURE_TEST(an_image_without_a_name_goes_by_its_id),
		FIXTURE_TEST(a_damaged_image_goes_too),
		FIXTURE_TEST(another_damaged_image_does_not_keep_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
