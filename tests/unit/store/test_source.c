/*
 * test_source.c - files by their path in an archive or an OCI directory:
 * links, sizes and digests that are not what is promised.
 */
#include "bench.h"
#include "base/table.h"
#include "format/digest.h"
#include "store/source.h"

/* Does the path lead to content of this text? */
static int leads_to(struct bench *b, const char *path, const char *text,
		    struct err *e)
{
	AUTO(buf_done) struct buf got = BUF_INIT;
	int r = source_document(&b->w, path, &got, e);

	if (r == 1)
		assert_string_equal(got.p, text);
	return r;
}

static void a_path_is_found_through_its_links(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;

	bench_text(b, "a/file", "text");
	bench_text(b, "other", "another");
	bench_link(b, "one", "a/file");
	bench_link(b, "two", "one");
	bench_link(b, "lost", "nowhere");
	assert_int_equal(leads_to(b, "a/file", "text", &e), 1);
	assert_int_equal(leads_to(b, "two", "text", &e), 1);
	assert_int_equal(leads_to(b, "lost", "", &e), 0);
	assert_int_equal(leads_to(b, "file", "", &e), 0);
	assert_int_equal(leads_to(b, "", "", &e), 0);
}

static void eight_links_are_followed_and_no_circle(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;
	char from[2] = "0", to[2] = "1";

	bench_text(b, "9", "text");
	for (int i = 0; i < 9; i++, from[0]++, to[0]++)
		bench_link(b, from, to);
	bench_link(b, "self", "self");
	assert_int_equal(leads_to(b, "1", "text", &e), 1);
	assert_err(leads_to(b, "0", "", &e), &e, ERR_INPUT, "too many links");
	assert_err(leads_to(b, "self", "", &e), &e, ERR_INPUT,
		   "too many links");
}

static void a_document_has_a_largest_size(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf got = BUF_INIT;
	struct err e = ERR_INIT;

	bench_text(b, "index.json", "{}")->size = MANIFEST_MAX + 1;
	assert_err(source_document(&b->w, "index.json", &got, &e), &e,
		   ERR_LIMIT, "index.json");
	assert_int_equal(got.len, 0);
}

/* ---- an OCI directory ---- */

static void open_oci(struct bench *b)
{
	struct err e = ERR_INIT;

	b->w.oci = file_open_dir(b->dir, "oci", true, &e);
	assert_ok(b->w.oci, &e);
}

static void write_oci(struct bench *b, const char *name, const char *text)
{
	auto_fd fd = openat(b->w.oci, name, O_WRONLY | O_CREAT, 0644);

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void a_file_of_a_directory_is_copied_once(void **state)
{
	struct bench *b = *state;
	struct staged s, again;
	char hex[SHA256_HEX + 1];
	struct err e = ERR_INIT;

	open_oci(b);
	write_oci(b, "file", "text");
	assert_int_equal(source_find(&b->w, "file", 4, &s, &e), 1);
	sha256_of("text", 4, hex);
	assert_string_equal(s.hex, hex);
	assert_int_equal(s.size, 4);
	/* what was read is what will be used, whatever is there now */
	write_oci(b, "file", "TEXT");
	assert_int_equal(source_find(&b->w, "file", 4, &again, &e), 1);
	assert_string_equal(again.hex, hex);
	assert_int_equal(b->w.n_files, 1);
	assert_int_equal(leads_to(b, "file", "text", &e), 1);
	assert_int_equal(source_find(&b->w, "none", 4, &s, &e), 0);
}

static void a_file_larger_than_promised_is_not_copied(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;
	struct staged s;

	open_oci(b);
	write_oci(b, "file", "text");
	assert_err(source_find(&b->w, "file", 3, &s, &e), &e, ERR_LIMIT,
		   "file");
	assert_int_equal(b->w.n_files, 0);
}

static void a_directory_gives_nothing_but_its_own_files(void **state)
{
	static const struct {
		const char *path;
		enum err_kind kind;
	} rows[] = {
		{ "fifo", ERR_INPUT }, /* and nobody waits for a writer */
		{ "dir", ERR_INPUT },	    { "away", ERR_SYS },
		{ "above", ERR_SYS },	    { "../secret", ERR_SYS },
		{ "/etc/passwd", ERR_SYS },
	};
	struct bench *b = *state;

	open_oci(b);
	close(openat(b->dir, "secret", O_WRONLY | O_CREAT, 0644));
	assert_int_equal(mkfifoat(b->w.oci, "fifo", 0644), 0);
	assert_int_equal(mkdirat(b->w.oci, "dir", 0755), 0);
	assert_int_equal(symlinkat("/etc/passwd", b->w.oci, "away"), 0);
	assert_int_equal(symlinkat("../secret", b->w.oci, "above"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		struct staged s;

		assert_err(source_find(&b->w, rows[i].path, 99, &s, &e), &e,
			   rows[i].kind, rows[i].path);
	}
}

/* ---- blobs ---- */

/* Asks for the blob of a descriptor that promises this. */
static int promised(struct bench *b, const char *digest, uint64_t size,
		    struct err *e)
{
	struct descriptor d = { .size = size };
	struct staged s;

	snprintf(d.digest, sizeof(d.digest), "%s", digest);
	return source_blob(&b->w, &d, &s, e);
}

static void a_blob_is_what_its_descriptor_promises(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;
	auto_free char *good = NULL, *path = NULL, *lie = NULL;
	auto_free char *sha512 = xasprintf("sha512:%0128d", 0);
	auto_free char *none = xasprintf("sha256:%064d", 5);
	char hex[SHA256_HEX + 1];

	sha256_of("text", 4, hex);
	good = xasprintf("sha256:%s", hex);
	path = xasprintf("blobs/sha256/%s", hex);
	bench_text(b, path, "text");
	lie = xasprintf("sha256:%064d", 6);
	free(TAKE(path));
	path = xasprintf("blobs/sha256/%s", digest_hex(lie));
	bench_text(b, path, "text");
	assert_ok(promised(b, good, 4, &e), &e);
	assert_err(promised(b, good, 5, &e), &e, ERR_INPUT,
		   "it has 4 bytes, but 5 are promised");
	assert_err(promised(b, lie, 4, &e), &e, ERR_INPUT, "tampered");
	assert_err(promised(b, none, 4, &e), &e, ERR_INPUT, "not in it");
	assert_int_equal(promised(b, sha512, 4, &e), -1);
	assert_int_equal(promised(b, "sha256:../../etc/passwd", 4, &e), -1);
}

static void what_is_written_can_be_read(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf text = BUF_INIT, got = BUF_INIT;
	AUTO(buf_done) struct buf nothing = BUF_INIT;
	struct err e = ERR_INIT;
	struct staged s;

	buf_str(&text, "{\"a\":1}");
	assert_ok(source_write(&b->w, &text, &s, &e), &e);
	assert_int_equal(s.size, 7);
	assert_ok(source_read(&b->w, &s, &got, &e), &e);
	assert_string_equal(got.p, text.p);
	/* it is a blob, not a file of the archive */
	assert_int_equal(b->w.n_files, 0);
	assert_ok(source_write(&b->w, &nothing, &s, &e), &e);
	assert_int_equal(s.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(a_path_is_found_through_its_links),
		BENCH_TEST(eight_links_are_followed_and_no_circle),
		BENCH_TEST(a_document_has_a_largest_size),
		BENCH_TEST(a_file_of_a_directory_is_copied_once),
		BENCH_TEST(a_file_larger_than_promised_is_not_copied),
		BENCH_TEST(a_directory_gives_nothing_but_its_own_files),
		BENCH_TEST(a_blob_is_what_its_descriptor_promises),
		BENCH_TEST(what_is_written_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
