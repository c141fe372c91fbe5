/*
 * test_root.c - the store's directory: made, checked, found again.
 */
#include "fixture.h"

static void a_new_store_is_an_oci_layout(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(index_done) struct index i = { 0 };
	struct err e = ERR_INIT;

	assert_ok(file_read_at(f->store.dir, "oci-layout", 100, &b, &e), &e);
	assert_string_equal(b.p, "{\"imageLayoutVersion\":\"1.0.0\"}\n");
	assert_ok(index_load(&f->store, &i, &e), &e);
	assert_int_equal(i.n, 0);
	assert_true(fixture_has(f, "blobs/sha256"));
	assert_true(fixture_has(f, "layers"));
}

static void all_its_directories_are_closed_to_others(void **state)
{
	static const char *const names[] = { "",       "blobs", "blobs/sha256",
					     "layers", "tmp",	"containers",
					     "holds" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		auto_free char *path = xasprintf("%s/%s", f->path, names[i]);
		struct stat st;

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0700);
	}
}

static void a_store_is_opened_again_with_its_images(void **state)
{
	struct fixture *f = *state;
	struct fixture_image i = fixture_unnamed(f, LAYERS(1), "amd64");
	AUTO(index_done) struct index index = { 0 };
	struct err e = ERR_INIT;

	fixture_name(f, &i, "docker.io/library/x:latest");
	store_close(&f->store);
	assert_ok(store_open(f->path, &f->store, &e), &e);
	assert_ok(index_load(&f->store, &index, &e), &e);
	assert_int_equal(index.n, 1);
}

static void a_store_that_others_may_write_is_refused(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct store s;

	assert_int_equal(chmod(f->path, 0770), 0);
	assert_err(store_open(f->path, &s, &e), &e, ERR_HOST, "may write");
}

static void a_store_that_others_may_read_is_closed(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct store s;
	struct stat st;

	assert_int_equal(chmod(f->path, 0755), 0);
	assert_ok(store_open(f->path, &s, &e), &e);
	store_close(&s);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void a_store_of_another_user_is_refused(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct store s;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(f->path, 1, 1), 0);
	assert_err(store_open(f->path, &s, &e), &e, ERR_HOST,
		   "belongs to uid 1");
}

static void a_part_that_is_a_symlink_is_refused(void **state)
{
	struct fixture *f = *state;
	auto_free char *layers = xasprintf("%s/layers", f->path);
	struct err e = ERR_INIT;
	struct store s;

	assert_int_equal(rmdir(layers), 0);
	assert_int_equal(symlink("/tmp", layers), 0);
	assert_err(store_open(f->path, &s, &e), &e, ERR_SYS, "layers");
}

static void a_relative_path_is_refused(void **state)
{
	struct err e = ERR_INIT;
	struct store s;

	(void)state;
	assert_err(store_open("store", &s, &e), &e, ERR_USAGE, "absolute");
	assert_int_not_equal(access("/store", F_OK), 0);
}

static void closing_twice_is_harmless(void **state)
{
	struct fixture *f = *state;

	store_close(&f->store);
	store_close(&f->store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_new_store_is_an_oci_layout),
		FIXTURE_TEST(all_its_directories_are_closed_to_others),
		FIXTURE_TEST(a_store_is_opened_again_with_its_images),
		FIXTURE_TEST(a_store_that_others_may_write_is_refused),
		FIXTURE_TEST(a_store_that_others_may_read_is_closed),
		FIXTURE_TEST(a_store_of_another_user_is_refused),
		FIXTURE_TEST(a_part_that_is_a_symlink_is_refused),
		cmocka_unit_test(a_relative_path_is_refused),
		FIXTURE_TEST(closing_twice_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
