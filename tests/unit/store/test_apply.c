/*
 * test_apply.c - layer blobs into layers/, by children that confine
 * themselves for real (with one id). Root is needed for their capabilities.
 */
#include "bench.h"
#include "base/table.h"
#include "store/apply.h"

/* A blob as a layer that shall have this diff id (NULL: whatever it has). */
static struct apply_layer layer(struct bench *b, const struct buf *blob,
				enum compression kind, const char *diff_hex)
{
	struct apply_layer l = { .size = blob->len, .compression = kind };

	bench_blob(b, blob, l.hex);
	snprintf(l.diff_hex, sizeof(l.diff_hex), "%s",
		 diff_hex ? diff_hex : "");
	return l;
}

static int apply(struct bench *b, struct apply_layer *v, size_t n,
		 struct err *e)
{
	int was = bench_quiet(), r = apply_layers(&b->w, v, n, e);

	bench_loud(was);
	return r;
}

static char *text_of(struct bench *b, const char *hex, const char *path)
{
	auto_free char *full = xasprintf("layers/%s/%s", hex, path);
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;

	assert_ok(file_read_at(b->dir, full, 4096, &text, &e), &e);
	return buf_take(&text);
}

static bool has_layer(struct bench *b, const char *hex)
{
	auto_free char *path = xasprintf("layers/%s", hex);

	return bench_has(b, path);
}

static void a_layer_is_unpacked_under_its_diff_id(void **state)
{
	for (int kind = COMP_NONE; kind <= COMP_ZSTD; kind++) {
		AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
		auto_free char *text = NULL, *owners = NULL;
		struct bench *b = bench_anew(state);
		char diff_hex[SHA256_HEX + 1];
		struct apply_layer l;
		struct err e = ERR_INIT;

		bench_layer("text", &tar);
		sha256_of(tar.p, tar.len, diff_hex);
		if (kind != COMP_NONE)
			bench_squeeze(&tar, (enum compression)kind, &small);
		l = layer(b, kind == COMP_NONE ? &tar : &small,
			  (enum compression)kind, kind == 1 ? NULL : diff_hex);
		assert_ok(apply(b, &l, 1, &e), &e);
		/* it was filled in where nobody knew it */
		assert_string_equal(l.diff_hex, diff_hex);
		text = text_of(b, diff_hex, "root/file");
		assert_string_equal(text, "text");
		owners = text_of(b, diff_hex, "owners");
		assert_string_equal(owners, "single");
	}
}

static void another_content_than_the_config_says_gets_no_name(void **state)
{
	for (int kind = COMP_NONE; kind <= COMP_GZIP; kind++) {
		AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
		auto_free char *wrong = xasprintf("%064d", 1);
		struct bench *b = bench_anew(state);
		struct apply_layer l;
		struct err e = ERR_INIT;

		bench_layer("text", &tar);
		bench_squeeze(&tar, COMP_GZIP, &small);
		l = layer(b, kind ? &small : &tar, (enum compression)kind,
			  wrong);
		assert_err(apply(b, &l, 1, &e), &e, ERR_INPUT,
			   "it was tampered with");
		assert_false(has_layer(b, wrong));
		assert_non_null(strstr(e.msg, "layer "));
	}
}

/* The tree is there already; that this blob is its must be seen. */
static void a_check_unpacks_nothing(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
	auto_free char *wrong = xasprintf("%064d", 1);
	char diff_hex[SHA256_HEX + 1];
	struct apply_layer good, bad;
	struct err e = ERR_INIT;

	bench_layer("text", &tar);
	sha256_of(tar.p, tar.len, diff_hex);
	bench_squeeze(&tar, COMP_ZSTD, &small);
	good = layer(b, &small, COMP_ZSTD, diff_hex);
	bad = layer(b, &small, COMP_ZSTD, wrong);
	good.check_only = bad.check_only = true;
	assert_ok(apply(b, &good, 1, &e), &e);
	assert_false(has_layer(b, diff_hex));
	assert_err(apply(b, &bad, 1, &e), &e, ERR_INPUT,
		   "it was tampered with");
}

static void a_hostile_layer_is_refused_in_the_childs_words(void **state)
{
	static const struct {
		struct tar_entry entry;
		const char *why;
	} rows[] = {
		{ TAR_FILE("../x"), "leaves the layer" },
		{ TAR_LINK("h", "none"), "no such file" },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
		struct bench *b = bench_anew(state);
		struct apply_layer l;
		struct err e = ERR_INIT;

		tar_add(&tar, &rows[i / 2].entry);
		/* more than a pipe holds: the inflater is still at it then */
		for (int k = 0; k < 3000; k++)
			tar_add(&tar, &(struct tar_entry)TAR_FILE("f"));
		tar_end(&tar);
		bench_squeeze(&tar, COMP_GZIP, &small);
		l = i % 2 ? layer(b, &small, COMP_GZIP, NULL)
			  : layer(b, &tar, COMP_NONE, NULL);
		assert_err(apply(b, &l, 1, &e), &e, ERR_INPUT, rows[i / 2].why);
		assert_false(bench_has(b, "x"));
	}
}

/* "truncated" is what the unpacker sees; the inflater knows why. */
static void the_inflaters_reason_goes_first(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf tar = BUF_INIT, small = BUF_INIT;
	struct apply_layer l;
	struct err e = ERR_INIT;

	bench_layer("text", &tar);
	bench_squeeze(&tar, COMP_GZIP, &small);
	buf_str(&small, "trailing bytes");
	l = layer(b, &small, COMP_GZIP, NULL);
	assert_int_equal(apply(b, &l, 1, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_null(strstr(e.msg, "unpack"));
	assert_int_equal(e.step, -1);
}

static void the_budget_is_one_for_all_layers(void **state)
{
	struct bench *b = *state;
	struct apply_layer v[3];
	struct err e = ERR_INIT;

	b->w.limits.bytes = 10;
	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		AUTO(buf_done) struct buf tar = BUF_INIT;
		char text[] = "000i";

		text[3] = (char)('0' + i);
		bench_layer(text, &tar);
		v[i] = layer(b, &tar, COMP_NONE, NULL);
	}
	assert_err(apply(b, v, 3, &e), &e, ERR_LIMIT, "more than 10 bytes");
}

static void many_layers_come_out_each_as_itself(void **state)
{
	static const int cpus[] = { 1, 3 };

	for (size_t c = 0; c < ARRAY_SIZE(cpus); c++) {
		struct bench *b = bench_anew(state);
		struct apply_layer v[7];
		struct err e = ERR_INIT;
		struct msg m;
		size_t progress = 0;

		b->w.cpus = cpus[c];
		for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
			AUTO(buf_done) struct buf tar = BUF_INIT;
			AUTO(buf_done) struct buf small = BUF_INIT;
			char text[] = { (char)('0' + i), '\0' };

			bench_layer(text, &tar);
			bench_squeeze(&tar, COMP_GZIP, &small);
			v[i] = i % 2 ? layer(b, &small, COMP_GZIP, NULL)
				     : layer(b, &tar, COMP_NONE, NULL);
		}
		assert_ok(apply(b, v, ARRAY_SIZE(v), &e), &e);
		for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
			auto_free char *text =
				text_of(b, v[i].diff_hex, "root/file");

			assert_int_equal(text[0], '0' + i);
		}
		while (bench_hear(b, &m)) {
			auto_free char *want = xasprintf(
				"unpacked %zu of 7 layers", ++progress);

			assert_int_equal(m.what, MSG_PROGRESS);
			assert_string_equal(m.text, want);
		}
		assert_int_equal(progress, 7);
	}
}

static void what_was_left_out_is_said_once_for_all(void **state)
{
	struct bench *b = *state;
	struct apply_layer v[2];
	auto_free char *said = NULL;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		AUTO(buf_done) struct buf tar = BUF_INIT;

		tar_add(&tar, &(struct tar_entry)TAR_TYPE("c", '3'));
		tar_add(&tar, &(struct tar_entry)TAR_TYPE(i ? "p" : "q", '6'));
		tar_end(&tar);
		v[i] = layer(b, &tar, COMP_NONE, NULL);
	}
	assert_ok(apply(b, v, 2, &e), &e);
	said = bench_said(b);
	assert_string_equal(said, "warn  left out of the image: 2 devices, 2 "
				  "FIFOs, 0 sockets\n");
}

static void a_blob_that_is_not_there_is_told(void **state)
{
	struct bench *b = *state;
	struct apply_layer l = { .hex = "none" };
	struct err e = ERR_INIT;

	assert_err(apply(b, &l, 1, &e), &e, ERR_SYS, "open blob none");
	l.check_only = true;
	assert_err(apply(b, &l, 1, &e), &e, ERR_SYS, "open blob none");
	assert_ok(apply(b, NULL, 0, &e), &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(a_layer_is_unpacked_under_its_diff_id),
		BENCH_TEST(another_content_than_the_config_says_gets_no_name),
		BENCH_TEST(a_check_unpacks_nothing),
		BENCH_TEST(a_hostile_layer_is_refused_in_the_childs_words),
		BENCH_TEST(the_inflaters_reason_goes_first),
		BENCH_TEST(the_budget_is_one_for_all_layers),
		BENCH_TEST(many_layers_come_out_each_as_itself),
		BENCH_TEST(what_was_left_out_is_said_once_for_all),
		BENCH_TEST(a_blob_that_is_not_there_is_told),
	};

	if (bench_skips("apply"))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
