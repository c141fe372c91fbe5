/*
 * test_hash.c - SHA-256 by libcrypto: published values, the same as our own
 * code gives, and nothing left of what was hashed before.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/table.h"
#include "store/hash.h"

/* The digest of p, added in pieces of `step` bytes. */
static void digest(struct hash *h, const char *p, size_t n, size_t step,
		   char ret[SHA256_HEX + 1])
{
	struct err e = ERR_INIT;

	assert_ok(hash_start(h, &e), &e);
	for (size_t at = 0; at < n; at += step)
		assert_ok(
			hash_add(h, p + at, n - at < step ? n - at : step, &e),
			&e);
	assert_ok(hash_end(h, ret, &e), &e);
}

/* FIPS 180-4 examples, and the empty message. */
static void published_values_come_out(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		      "7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410"
			 "ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db"
		  "06c1" },
	};
	struct err e = ERR_INIT;
	AUTO(hash_free) struct hash *h = hash_new(&e);
	char got[SHA256_HEX + 1];

	(void)state;
	assert_non_null(h);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		digest(h, rows[i].text, strlen(rows[i].text), 64, got);
		assert_string_equal(got, rows[i].want);
	}
}

/* Two pieces of code that share nothing; lengths around a block's. */
static void it_agrees_with_our_own_code(void **state)
{
	struct err e = ERR_INIT;
	AUTO(hash_free) struct hash *h = hash_new(&e);
	char data[300], got[SHA256_HEX + 1], want[SHA256_HEX + 1];

	(void)state;
	assert_non_null(h);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7 + i / 256);
	for (size_t n = 0; n <= sizeof(data); n++) {
		sha256_of(data, n, want);
		for (size_t step = 1; step <= n; step = step * 3 + 1) {
			digest(h, data, n, step, got);
			assert_string_equal(got, want);
		}
	}
}

static void beginning_anew_forgets_what_was_added(void **state)
{
	struct err e = ERR_INIT;
	AUTO(hash_free) struct hash *h = hash_new(&e);
	char got[SHA256_HEX + 1], want[SHA256_HEX + 1];

	(void)state;
	assert_non_null(h);
	/* a new one has begun already */
	assert_ok(hash_add(h, "of another file", 15, &e), &e);
	digest(h, "abc", 3, 3, got);
	sha256_of("abc", 3, want);
	assert_string_equal(got, want);
}

static void two_at_once_do_not_meet(void **state)
{
	struct err e = ERR_INIT;
	AUTO(hash_free) struct hash *a = hash_new(&e);
	AUTO(hash_free) struct hash *b = hash_new(&e);
	char got[SHA256_HEX + 1], want[SHA256_HEX + 1];

	(void)state;
	assert_true(a && b);
	assert_ok(hash_add(a, "ab", 2, &e), &e);
	assert_ok(hash_add(b, "x", 1, &e), &e);
	assert_ok(hash_add(a, "c", 1, &e), &e);
	assert_ok(hash_end(b, got, &e), &e);
	sha256_of("x", 1, want);
	assert_string_equal(got, want);
	assert_ok(hash_end(a, got, &e), &e);
	sha256_of("abc", 3, want);
	assert_string_equal(got, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_values_come_out),
		cmocka_unit_test(it_agrees_with_our_own_code),
		cmocka_unit_test(beginning_anew_forgets_what_was_added),
		cmocka_unit_test(two_at_once_do_not_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
