/*
 * test_intake.c - an outer archive into blobs: which paths it tells of, and
 * what a hostile one may not do. The reading child confines itself for real.
 */
#include "bench.h"
#include "base/table.h"
#include "store/intake.h"

/* Takes in what `archive` holds. */
static int take_in(struct bench *b, const struct buf *archive, struct err *e)
{
	auto_fd fd = tar_file(archive);

	/* where immure-image has it: a child keeps 0 to 2 */
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	b->w.in = STDIN_FILENO;
	return intake_archive(&b->w, e);
}

static int take_entries(struct bench *b, const struct tar_entry *v, size_t n,
			struct err *e)
{
	AUTO(buf_done) struct buf archive = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		tar_add(&archive, &v[i]);
	tar_end(&archive);
	return take_in(b, &archive, e);
}

/* "path=text" or "path->link", a line each. Heap. */
static char *files(struct bench *b)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < b->w.n_files; i++) {
		const struct staged *s = &b->w.files[i];
		AUTO(buf_done) struct buf text = BUF_INIT;
		struct err e = ERR_INIT;

		if (s->link) {
			buf_printf(&list, "%s->%s\n", s->path, s->link);
			continue;
		}
		assert_ok(file_read_at(b->w.blobs, s->hex, 4096, &text, &e),
			  &e);
		assert_int_equal(text.len, s->size);
		buf_printf(&list, "%s=%s\n", s->path, text.p ? text.p : "");
	}
	return buf_take(&list);
}

/* These entries are taken in as these files. */
static void assert_taken(struct bench *b, const struct tar_entry *v, size_t n,
			 const char *want)
{
	auto_free char *got = NULL;
	struct err e = ERR_INIT;

	assert_ok(take_entries(b, v, n, &e), &e);
	got = files(b);
	assert_string_equal(got, want);
}

static void files_and_links_are_told_of_and_directories_not(void **state)
{
	static const struct tar_entry v[] = {
		TAR_DIR("d/"),
		TAR_DATA("d/layer.tar", "one"),
		TAR_DATA("empty", NULL),
		TAR_SYMLINK("e/layer.tar", "../d/layer.tar"),
		TAR_LINK("hard", "d/layer.tar"),
	};

	assert_taken(*state, v, ARRAY_SIZE(v),
		     "d/layer.tar=one\nempty=\n"
		     "e/layer.tar->d/layer.tar\n"
		     "hard->d/layer.tar\n");
}

/* Names are keys of a table: none of them is ever opened. */
static void hostile_names_are_only_names(void **state)
{
	static const struct tar_entry v[] = {
		TAR_DATA("../../etc/cron.d/x", "a"),
		TAR_DATA("./b//./c", "b"),
		TAR_DATA("/abs", "c"),
		TAR_SYMLINK("up", "../../../etc/passwd"),
		TAR_SYMLINK("abs-link", "/etc/../etc/shadow"),
		TAR_LINK("h", "../../root/.ssh/id"),
	};

	assert_taken(*state, v, ARRAY_SIZE(v),
		     "etc/cron.d/x=a\nb/c=b\nabs=c\n"
		     "up->etc/passwd\nabs-link->etc/shadow\n"
		     "h->root/.ssh/id\n");
}

static void the_same_file_twice_is_one_and_two_are_refused(void **state)
{
	static const struct tar_entry same[] = { TAR_DATA("f", "x"),
						 TAR_DATA("./f", "x"),
						 TAR_SYMLINK("l", "f"),
						 TAR_SYMLINK("l", "./f") };
	static const struct tar_entry differ[][2] = {
		{ TAR_DATA("a", "x"), TAR_DATA("/a", "y") },
		{ TAR_DATA("c", "x"), TAR_SYMLINK("c", "a") },
		{ TAR_SYMLINK("d", "a"), TAR_DATA("d", "x") },
		{ TAR_SYMLINK("e", "a"), TAR_SYMLINK("e", "b") },
	};
	struct bench *b = *state;
	struct err e = ERR_INIT;

	assert_ok(take_entries(b, same, ARRAY_SIZE(same), &e), &e);
	assert_int_equal(b->w.n_files, 4); /* twins, to whoever looks first */
	for (size_t i = 0; i < ARRAY_SIZE(differ); i++)
		assert_err(take_entries(b, differ[i], 2, &e), &e, ERR_INPUT,
			   "twice, with different content");
}

static void anything_but_files_and_links_is_refused(void **state)
{
	static const char types[] = { '3', '4', '6' };
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const struct tar_entry v = TAR_TYPE("dev", types[i]);
		struct err e = ERR_INIT;

		assert_err(take_entries(b, &v, 1, &e), &e, ERR_INPUT,
			   "is no file, directory or link");
	}
}

static void compressed_archives_are_read(void **state)
{
	static const enum compression kinds[] = { COMP_GZIP, COMP_ZSTD };
	struct bench *b = *state;
	AUTO(buf_done) struct buf plain = BUF_INIT;
	auto_free char *got = NULL;

	bench_layer("text", &plain);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		AUTO(buf_done) struct buf small = BUF_INIT;
		struct err e = ERR_INIT;

		bench_squeeze(&plain, kinds[i], &small);
		assert_ok(take_in(b, &small, &e), &e);
	}
	got = files(b);
	assert_string_equal(got, "file=text\nfile=text\n");
}

static void what_is_cut_off_is_refused(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf plain = BUF_INIT;
	struct err e = ERR_INIT;

	bench_layer("text", &plain);
	plain.len = 514;
	assert_int_equal(take_in(b, &plain, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
}

/* A GNU long name in front of an entry. */
static void add_long(struct buf *archive, size_t n)
{
	auto_free char *name = xcalloc(n + 1, 1);

	memset(name, 'n', n);
	tar_add(archive, &(struct tar_entry){ "././@LongLink", 'L', NULL, name,
					      0, 0, 0 });
	tar_add(archive, &(struct tar_entry)TAR_DATA("short", "x"));
}

static void a_name_has_at_most_4095_bytes(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf fits = BUF_INIT, longer = BUF_INIT;
	struct err e = ERR_INIT;

	add_long(&fits, 4095);
	tar_end(&fits);
	assert_ok(take_in(b, &fits, &e), &e);
	assert_int_equal(strlen(b->w.files[0].path), 4095);
	add_long(&longer, 4096);
	tar_end(&longer);
	assert_err(take_in(b, &longer, &e), &e, ERR_INPUT, "name too long");
}

static void the_budget_counts_all_files_together(void **state)
{
	static const struct tar_entry v[] = { TAR_DATA("a", "1234"),
					      TAR_DATA("b", "5678") };
	struct bench *b = *state;
	struct err e = ERR_INIT;

	b->w.limits.bytes = 8;
	assert_ok(take_entries(b, v, ARRAY_SIZE(v), &e), &e);
	b->w.limits.bytes = 7;
	assert_err(take_entries(b, v, ARRAY_SIZE(v), &e), &e, ERR_LIMIT,
		   "more than 7 bytes");
}

static void an_archive_has_at_most_16384_files(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf archive = BUF_INIT;
	struct err e = ERR_INIT;
	char name[16];

	for (int i = 0; i <= 16384; i++) {
		snprintf(name, sizeof(name), "%d", i);
		tar_add(&archive, &(struct tar_entry)TAR_SYMLINK(name, "x"));
	}
	tar_end(&archive);
	assert_err(take_in(b, &archive, &e), &e, ERR_LIMIT,
		   "more than 16384 files");
	assert_int_equal(b->w.n_files, 16384);
}

/* ---- a single file ---- */

static void a_copy_is_named_by_its_content(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf data = BUF_INIT;
	struct staged s = { 0 };
	char hex[SHA256_HEX + 1];
	struct err e = ERR_INIT;

	for (int i = 0; i < 600000; i++)
		buf_char(&data, (char)(i * i / 5));
	for (int i = 0; i < 2; i++) { /* the second time it is there already */
		auto_fd fd = tar_file(&data);

		assert_ok(intake_copy(&b->w, fd, data.len, &s, &e), &e);
	}
	sha256_of(data.p, data.len, hex);
	assert_string_equal(s.hex, hex);
	assert_int_equal(s.size, data.len);
	assert_int_equal(faccessat(b->w.blobs, hex, F_OK, 0), 0);
	assert_int_equal(faccessat(b->w.blobs, ".part", F_OK, 0), -1);
}

static void a_copy_that_is_too_large_gets_no_name(void **state)
{
	static const uint64_t less[] = { 0, 3 };
	struct bench *b = *state;
	AUTO(buf_done) struct buf data = BUF_INIT;
	char hex[SHA256_HEX + 1];

	buf_str(&data, "text");
	sha256_of("text", 4, hex);
	for (size_t i = 0; i < ARRAY_SIZE(less); i++) {
		auto_fd fd = tar_file(&data);
		struct staged s = { 0 };
		struct err e = ERR_INIT;

		assert_err(intake_copy(&b->w, fd, less[i], &s, &e), &e,
			   ERR_LIMIT, "larger than");
		assert_int_equal(faccessat(b->w.blobs, hex, F_OK, 0), -1);
	}
}

/* Whoever was killed left its half; a symlink there leads nowhere. */
static void what_an_earlier_copy_left_is_no_trouble(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf data = BUF_INIT;
	auto_fd fd = -1;
	struct staged s = { 0 };
	struct err e = ERR_INIT;

	buf_str(&data, "text");
	fd = tar_file(&data);
	assert_int_equal(symlinkat("../canary", b->w.blobs, ".part"), 0);
	assert_ok(intake_copy(&b->w, fd, UINT64_MAX, &s, &e), &e);
	assert_false(bench_has(b, "canary"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(files_and_links_are_told_of_and_directories_not),
		BENCH_TEST(hostile_names_are_only_names),
		BENCH_TEST(the_same_file_twice_is_one_and_two_are_refused),
		BENCH_TEST(anything_but_files_and_links_is_refused),
		BENCH_TEST(compressed_archives_are_read),
		BENCH_TEST(what_is_cut_off_is_refused),
		BENCH_TEST(a_name_has_at_most_4095_bytes),
		BENCH_TEST(the_budget_counts_all_files_together),
		BENCH_TEST(an_archive_has_at_most_16384_files),
		BENCH_TEST(a_copy_is_named_by_its_content),
		BENCH_TEST(a_copy_that_is_too_large_gets_no_name),
		BENCH_TEST(what_an_earlier_copy_left_is_no_trouble),
	};

	if (bench_skips("intake"))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
