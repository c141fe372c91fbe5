/*
 * test_stream.c - libarchive as a reader: what is read, what is seen at the
 * end, what a file is.
 */
#include "tar.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "store/stream.h"

/* Reads all entries, then drains. */
static int read_all(const struct buf *b, enum stream_kind kind,
		    struct buf *names, struct err *e)
{
	AUTO(stream_done) struct stream s = { .fd = -1 };
	struct archive_entry *a;
	auto_fd fd = tar_file(b);
	int r;

	if (stream_open(&s, fd, kind, e))
		return -1;
	while ((r = stream_next(&s, &a, e)) > 0)
		buf_printf(names, "%s ", archive_entry_pathname(a));
	return r < 0 ? -1 : stream_drain(&s, e);
}

static void make(struct buf *b, const char *data)
{
	tar_add(b, &(struct tar_entry)TAR_DATA("a", data));
	tar_add(b, &(struct tar_entry)TAR_DATA("b", data));
	tar_end(b);
}

static void entries_are_read_and_zeros_may_follow(void **state)
{
	static const size_t zeros[] = { 0, 1, 511, 8192, 300000, 3000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT, names = BUF_INIT;
		auto_free char *more = xcalloc(zeros[i] + 1, 1);
		struct err e = ERR_INIT;

		make(&b, "data");
		buf_add(&b, more, zeros[i]);
		assert_ok(read_all(&b, STREAM_TAR, &names, &e), &e);
		assert_string_equal(names.p, "a b ");
	}
}

/* Wherever it lies: beside the end mark, or in a later block. */
static void bytes_after_the_end_are_seen(void **state)
{
	static const size_t at[] = { 0, 1, 511, 8192, 262143, 262144, 3000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT, names = BUF_INIT;
		auto_free char *zeros = xcalloc(at[i] + 1, 1);
		struct err e = ERR_INIT;

		make(&b, "data");
		buf_add(&b, zeros, at[i]);
		buf_char(&b, 'x');
		assert_err(read_all(&b, STREAM_TAR, &names, &e), &e, ERR_INPUT,
			   "after its end mark");
	}
}

static void what_is_cut_off_is_an_error(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	size_t whole;

	(void)state;
	make(&b, "some data");
	whole = b.len - 1024;
	for (size_t n = 1; n < whole; n += 97) {
		AUTO(buf_done) struct buf names = BUF_INIT;
		struct buf part = { .p = b.p, .len = n, .cap = n };
		struct err e = ERR_INIT;

		/* between two entries it is only the end mark that lacks */
		if (n % 512 && read_all(&part, STREAM_TAR, &names, &e) == 0)
			fail_msg("%zu of %zu bytes were an archive", n, whole);
	}
}

static void other_formats_are_not_read(void **state)
{
	static const char *const bad[] = {
		"PK\3\4 a zip file, or its beginning at least, so long that "
		"nobody can say it is only too short",
		"070701 a cpio archive of the newer kind, or its beginning, "
		"which must not be read by any of the other readers",
		"!<arch>\n an ar archive                                    "
		"                                                           ",
		"7z\xbc\xaf\x27\x1c and so on and so on and so on and so on",
		"#!/bin/sh\necho no archive at all\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT, names = BUF_INIT;
		struct err e = ERR_INIT;

		buf_str(&b, bad[i]);
		for (int k = 0; k < 600; k++)
			buf_char(&b, (char)('a' + k % 26));
		assert_int_equal(read_all(&b, STREAM_TAR_ANY, &names, &e), -1);
		assert_int_equal(e.kind, ERR_INPUT);
	}
}

static void a_file_says_what_it_is(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum compression want;
	} rows[] = {
		{ "", 0, COMP_NONE },
		{ "\x1f", 1, COMP_NONE },
		{ "\x1f\x8b\x08\x00", 4, COMP_GZIP },
		{ "\x28\xb5\x2f\xfd", 4, COMP_ZSTD },
		{ "\x50\x2a\x4d\x18", 4, COMP_ZSTD },
		{ "\x28\xb5\x2f", 3, COMP_NONE },
		{ "etc/", 4, COMP_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		enum compression is;
		struct err e = ERR_INIT;
		auto_fd fd = -1;

		buf_add(&b, rows[i].bytes, rows[i].n);
		fd = tar_file(&b);
		assert_ok(stream_sniff(fd, &is, &e), &e);
		assert_int_equal(is, rows[i].want);
		assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	}
}

static void a_ratio_counts_after_64_mib(void **state)
{
	static const struct {
		uint64_t in, out, ratio;
		bool fine;
	} rows[] = {
		{ 1, 64 << 20, 200, true },
		{ 1, (64 << 20) + 1, 200, false },
		{ 1 << 20, 200 << 20, 200, true },
		{ 1 << 20, (200 << 20) + (1 << 20), 200, false },
		{ 0, 65 << 20, 200, false },
		{ 1, UINT64_MAX, 200, false },
		{ UINT64_MAX, UINT64_MAX, 1, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;
		int r = stream_check_ratio(rows[i].in, rows[i].out,
					   rows[i].ratio, &e);

		if ((r == 0) != rows[i].fine)
			fail_msg("row %zu: %s", i, e.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_read_and_zeros_may_follow),
		cmocka_unit_test(bytes_after_the_end_are_seen),
		cmocka_unit_test(what_is_cut_off_is_an_error),
		cmocka_unit_test(other_formats_are_not_read),
		cmocka_unit_test(a_file_says_what_it_is),
		cmocka_unit_test(a_ratio_counts_after_64_mib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
