/* test_sha256.c - base/sha256 against FIPS 180-4's examples and libcrypto. */
#include "unit.h"
#include <openssl/sha.h>
#include "base/sha256.h"
#include "base/table.h"

static void the_examples_of_the_standard_hold(void **s)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039"
		  "a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[SHA256_HEX + 1];

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		sha256_of(rows[i].text, strlen(rows[i].text), hex);
		assert_string_equal(hex, rows[i].hex);
	}
}

static void every_length_agrees_with_libcrypto(void **s)
{
	uint8_t data[300], ours[SHA256_LEN], theirs[SHA256_LEN];
	struct sha256 h;

	(void)s;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof(data); n++) {
		sha256_init(&h);
		sha256_add(&h, data, n);
		sha256_final(&h, ours);
		SHA256(data, n, theirs);
		assert_memory_equal(ours, theirs, SHA256_LEN);
	}
}

static void how_the_bytes_are_cut_does_not_matter(void **s)
{
	uint8_t data[1000], whole[SHA256_LEN], parts[SHA256_LEN];
	struct sha256 h;

	(void)s;
	memset(data, 'q', sizeof(data));
	SHA256(data, sizeof(data), whole);
	for (size_t step = 1; step < 200; step++) {
		sha256_init(&h);
		for (size_t at = 0; at < sizeof(data); at += step)
			sha256_add(&h, data + at,
				   sizeof(data) - at < step ? sizeof(data) - at
							    : step);
		sha256_final(&h, parts);
		assert_memory_equal(parts, whole, SHA256_LEN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_standard_hold),
		cmocka_unit_test(every_length_agrees_with_libcrypto),
		cmocka_unit_test(how_the_bytes_are_cut_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
