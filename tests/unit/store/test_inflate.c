/*
 * test_inflate.c - a layer out of gzip or zstd: its diff id, its limits, and
 * what is not quite a compressed layer.
 */
#include "bench.h"
#include "base/table.h"
#include "store/inflate.h"

static const enum compression kinds[] = { COMP_GZIP, COMP_ZSTD };

/* Inflates `in`; what comes out, in *out. */
static int inflate(struct bench *b, const struct buf *in, struct inflate *i,
		   struct buf *out, struct err *e)
{
	char got[SHA256_HEX + 1], want[SHA256_HEX + 1];
	auto_fd from = tar_file(in), to = tar_file(&(struct buf)BUF_INIT);
	struct err ignored = ERR_INIT;
	int r;

	i->in = from;
	i->out = to;
	i->size = i->size ? i->size : in->len;
	i->max = i->max ? i->max : 1 << 20;
	i->ratio = 200;
	r = inflate_layer(i, b->w.hash, got, e);
	assert_int_equal(lseek(to, 0, SEEK_SET), 0);
	assert_ok(file_read_fd(to, 100 << 20, "out", out, &ignored), &ignored);
	if (r == 0) {
		sha256_of(out->p, out->len, want);
		assert_string_equal(got, want);
	}
	return r;
}

static void the_digest_is_of_what_comes_out(void **state)
{
	static const size_t sizes[] = { 1, 511, 10240, 300000 };

	for (size_t k = 0; k < ARRAY_SIZE(kinds) * ARRAY_SIZE(sizes); k++) {
		AUTO(buf_done) struct buf plain = BUF_INIT, out = BUF_INIT;
		AUTO(buf_done) struct buf small = BUF_INIT;
		struct inflate i = { .compression = kinds[k % 2] };
		struct err e = ERR_INIT;

		for (size_t n = 0; n < sizes[k / 2]; n++)
			buf_char(&plain, (char)(n * n / 7));
		bench_squeeze(&plain, kinds[k % 2], &small);
		assert_ok(inflate(*state, &small, &i, &out, &e), &e);
		assert_int_equal(out.len, plain.len);
		assert_memory_equal(out.p, plain.p, plain.len);
	}
}

/* They would be a part of the blob's digest that nobody ever sees. */
static void bytes_after_the_compressed_ones_are_refused(void **state)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		AUTO(buf_done) struct buf plain = BUF_INIT, out = BUF_INIT;
		AUTO(buf_done) struct buf small = BUF_INIT;
		struct inflate i = { .compression = kinds[k] };
		struct err e = ERR_INIT;

		buf_str(&plain, "a layer");
		bench_squeeze(&plain, kinds[k], &small);
		buf_str(&small, "hidden, and not compressed at all");
		assert_int_equal(inflate(*state, &small, &i, &out, &e), -1);
		assert_int_equal(e.kind, ERR_INPUT);
	}
}

static void what_is_cut_off_or_nothing_of_its_kind_is_refused(void **state)
{
	AUTO(buf_done) struct buf plain = BUF_INIT;

	for (int n = 0; n < 5000; n++)
		buf_char(&plain, (char)(n * n / 7));
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		AUTO(buf_done) struct buf small = BUF_INIT;

		bench_squeeze(&plain, kinds[k], &small);
		for (size_t n = 0; n < small.len; n += small.len / 13) {
			AUTO(buf_done) struct buf out = BUF_INIT;
			const struct buf part = { small.p, n, n };
			struct inflate i = { .compression = kinds[k],
					     .size = small.len };
			struct err e = ERR_INIT;

			if (inflate(*state, &part, &i, &out, &e) == 0)
				fail_msg("%zu of %zu bytes", n, small.len);
			assert_int_equal(e.kind, ERR_INPUT);
		}
	}
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		AUTO(buf_done) struct buf out = BUF_INIT;
		struct inflate i = { .compression = kinds[k] };
		struct err e = ERR_INIT;

		assert_int_equal(inflate(*state, &plain, &i, &out, &e), -1);
		assert_int_equal(e.kind, ERR_INPUT);
		assert_int_equal(out.len, 0);
	}
}

/* Taking both off would give another digest than everybody else's. */
static void what_is_compressed_twice_is_refused(void **state)
{
	AUTO(buf_done) struct buf plain = BUF_INIT;

	buf_str(&plain, "a layer");
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		AUTO(buf_done) struct buf once = BUF_INIT, twice = BUF_INIT;
		AUTO(buf_done) struct buf out = BUF_INIT;
		struct inflate i = { .compression = kinds[k] };
		struct err e = ERR_INIT;

		bench_squeeze(&plain, kinds[k], &once);
		bench_squeeze(&once, kinds[k], &twice);
		assert_err(inflate(*state, &twice, &i, &out, &e), &e, ERR_INPUT,
			   "compressed more than once");
	}
}

static void the_limit_is_the_last_byte_that_is_passed_on(void **state)
{
	AUTO(buf_done) struct buf plain = BUF_INIT, small = BUF_INIT;
	AUTO(buf_done) struct buf all = BUF_INIT, none = BUF_INIT;
	struct inflate exact = { .compression = COMP_GZIP, .max = 1000 };
	struct inflate less = { .compression = COMP_GZIP, .max = 999 };
	struct err e = ERR_INIT;

	for (int n = 0; n < 1000; n++)
		buf_char(&plain, 'x');
	bench_squeeze(&plain, COMP_GZIP, &small);
	assert_ok(inflate(*state, &small, &exact, &all, &e), &e);
	assert_int_equal(all.len, 1000);
	assert_err(inflate(*state, &small, &less, &none, &e), &e, ERR_LIMIT,
		   "more than 999 bytes");
	assert_int_equal(none.len, 0);
}

static void a_bomb_is_stopped_by_its_ratio(void **state)
{
	AUTO(buf_done) struct buf zeros = BUF_INIT, small = BUF_INIT;
	AUTO(buf_done) struct buf out = BUF_INIT;
	struct inflate i = { .compression = COMP_ZSTD, .max = UINT64_MAX };
	struct err e = ERR_INIT;

	zeros.len = zeros.cap = 66 << 20;
	zeros.p = xcalloc(zeros.len, 1);
	bench_squeeze(&zeros, COMP_ZSTD, &small);
	assert_err(inflate(*state, &small, &i, &out, &e), &e, ERR_LIMIT,
		   "a bomb?");
	assert_true(out.len <= 64 << 20);
}

/* The reader has its reason, which is the one to tell. */
static void a_reader_that_is_gone_is_no_reason(void **state)
{
	struct bench *b = *state;
	AUTO(buf_done) struct buf plain = BUF_INIT, small = BUF_INIT;
	struct inflate i = { .compression = COMP_GZIP,
			     .max = 1 << 20,
			     .ratio = 200 };
	char got[SHA256_HEX + 1];
	struct err e = ERR_INIT;
	auto_fd in = -1, out = -1;
	int p[2];

	buf_str(&plain, "a layer");
	bench_squeeze(&plain, COMP_GZIP, &small);
	assert_ok(fd_pipe(p, &e), &e);
	close(p[0]);
	i.in = in = tar_file(&small);
	i.out = out = p[1];
	i.size = small.len;
	assert_int_equal(inflate_layer(&i, b->w.hash, got, &e), -1);
	assert_int_equal(e.kind, ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(the_digest_is_of_what_comes_out),
		BENCH_TEST(bytes_after_the_compressed_ones_are_refused),
		BENCH_TEST(what_is_cut_off_or_nothing_of_its_kind_is_refused),
		BENCH_TEST(what_is_compressed_twice_is_refused),
		BENCH_TEST(the_limit_is_the_last_byte_that_is_passed_on),
		BENCH_TEST(a_bomb_is_stopped_by_its_ratio),
		BENCH_TEST(a_reader_that_is_gone_is_no_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
