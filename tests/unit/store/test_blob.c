/*
 * test_blob.c - content by digest: read only when it is what it is called.
 */
#include "fixture.h"
#include "store/blob.h"

static void a_blob_is_read(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	char digest[DIGEST_MAX];
	struct err e = ERR_INIT;

	fixture_blob(f, "text", digest);
	assert_ok(blob_read(&f->store, digest, 100, &b, &e), &e);
	assert_string_equal(b.p, "text");
	assert_true(blob_is_there(&f->store, digest, 4));
	assert_true(blob_is_there(&f->store, digest, UINT64_MAX));
	assert_false(blob_is_there(&f->store, digest, 5));
}

static void an_empty_blob_is_read(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	char digest[DIGEST_MAX];
	struct err e = ERR_INIT;

	fixture_blob(f, "", digest);
	assert_ok(blob_read(&f->store, digest, 100, &b, &e), &e);
	assert_int_equal(b.len, 0);
}

static void a_changed_blob_is_not_read(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	char digest[DIGEST_MAX];
	auto_free char *path = NULL;
	struct err e = ERR_INIT;

	fixture_blob(f, "text", digest);
	path = xasprintf("blobs/sha256/%s", digest + strlen("sha256:"));
	fixture_write(f, path, "tex!");
	assert_err(blob_read(&f->store, digest, 100, &b, &e), &e, ERR_VERIFY,
		   "changed on disk");
}

static void a_blob_that_is_too_large_is_not_read(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	char digest[DIGEST_MAX];
	struct err e = ERR_INIT;

	fixture_blob(f, "text", digest);
	assert_err(blob_read(&f->store, digest, 3, &b, &e), &e, ERR_LIMIT, "");
}

static void only_sha256_digests_are_names(void **state)
{
	static const char *const bad[] = {
		"",
		"sha256:",
		"sha256:../../../etc/passwd",
		"md5:00",
		("sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
		 "0123456789"),
	};
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *sha512 = xasprintf("sha512:%0128d", 1);
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_err(blob_read(&f->store, bad[i], 100, &b, &e), &e,
			   ERR_INPUT, "blob");
	assert_err(blob_read(&f->store, sha512, 100, &b, &e), &e, ERR_INPUT,
		   "only sha256");
}

static void a_symlink_is_no_blob(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *digest = xasprintf("sha256:%064d", 1);
	auto_free char *path = xasprintf("%s/blobs/sha256/%064d", f->path, 1);
	struct err e = ERR_INIT;

	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_false(blob_is_there(&f->store, digest, UINT64_MAX));
	assert_int_equal(blob_read(&f->store, digest, 9999, &b, &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_blob_is_read),
		FIXTURE_TEST(an_empty_blob_is_read),
		FIXTURE_TEST(a_changed_blob_is_not_read),
		FIXTURE_TEST(a_blob_that_is_too_large_is_not_read),
		FIXTURE_TEST(only_sha256_digests_are_names),
		FIXTURE_TEST(a_symlink_is_no_blob),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
