/*
 * test_staging.c - temporary directories: claimed, swept, removed.
 */
#include "fixture.h"
#include "base/strv.h"
#include "store/staging.h"

static size_t sweep(struct fixture *f)
{
	struct err e = ERR_INIT;
	size_t n = 99;

	assert_ok(staging_sweep(&f->store, &fixture_host, &n, &e), &e);
	return n;
}

static void a_new_one_is_empty_closed_and_claimed(void **state)
{
	struct fixture *f = *state;
	AUTO(staging_done) struct staging g = { .dir = -1 };
	AUTO(strv_free) char **names = NULL;
	struct err e = ERR_INIT;
	struct stat st;

	assert_ok(staging_new(&f->store, &g, &e), &e);
	assert_int_equal(strlen(g.name), 32);
	assert_int_equal(stat(g.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_ok(staging_list(g.dir, "it", &names, &e), &e);
	assert_int_equal(strv_len(names), 0);
	assert_int_equal(staging_claim(&f->store, g.name), -1);
}

static void what_is_in_use_is_not_swept(void **state)
{
	struct fixture *f = *state;
	struct staging g = { .dir = -1 };
	struct err e = ERR_INIT;

	assert_ok(staging_new(&f->store, &g, &e), &e);
	assert_int_equal(sweep(f), 0);
	staging_done(&g);
	assert_int_equal(sweep(f), 1);
	assert_int_equal(sweep(f), 0);
}

static void whatever_is_in_it_goes(void **state)
{
	struct fixture *f = *state;
	auto_free char *locked = xasprintf("%s/tmp/a/locked", f->path);
	auto_free char *canary = xasprintf("%s/canary", f->dir);
	auto_free char *link = xasprintf("%s/tmp/a/link", f->path);

	assert_int_equal(mkdir(canary, 0755), 0);
	fixture_mkdir(f, "tmp/a/b/c/d");
	fixture_write(f, "tmp/a/b/c/file", "x");
	fixture_mkdir(f, "tmp/a/locked/below");
	assert_int_equal(chmod(locked, 0), 0);
	assert_int_equal(symlink(canary, link), 0);
	assert_int_equal(sweep(f), 1);
	assert_false(fixture_has(f, "tmp/a"));
	assert_int_equal(access(canary, F_OK), 0);
}

static void a_committed_one_is_not_swept(void **state)
{
	struct fixture *f = *state;

	fixture_mkdir(f, "tmp/a");
	fixture_write(f, "tmp/a/commit", "end\n");
	assert_int_equal(sweep(f), 0);
	assert_true(fixture_has(f, "tmp/a"));
}

static void a_file_among_them_is_no_trouble(void **state)
{
	struct fixture *f = *state;

	fixture_write(f, "tmp/file", "x");
	fixture_mkdir(f, "tmp/a");
	assert_int_equal(sweep(f), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_new_one_is_empty_closed_and_claimed),
		FIXTURE_TEST(what_is_in_use_is_not_swept),
		FIXTURE_TEST(whatever_is_in_it_goes),
		FIXTURE_TEST(a_committed_one_is_not_swept),
		FIXTURE_TEST(a_file_among_them_is_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
