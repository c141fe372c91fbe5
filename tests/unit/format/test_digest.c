/*
 * test_digest.c - which strings are digests.
 */
#include "format/digest.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/table.h"

#define HEX16  "0123456789abcdef"
#define HEX64  HEX16 HEX16 HEX16 HEX16
#define HEX128 HEX64 HEX64

static void a_digest_is_sha256_or_sha512_in_lower_case(void **state)
{
	(void)state;
	assert_true(digest_is_valid("sha256:" HEX64));
	assert_true(digest_is_valid("sha512:" HEX128));
	assert_string_equal(digest_hex("sha256:" HEX64), HEX64);
	assert_string_equal(digest_hex("sha512:" HEX128), HEX128);
}

static void anything_else_is_no_digest(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		"sha256",
		"sha256:",
		HEX64,
		"sha256:" HEX16,
		"sha256:" HEX64 "0",
		"sha256:" HEX128,
		"sha512:" HEX64,
		"SHA256:" HEX64,
		"sha256:" HEX16 HEX16 HEX16 "0123456789ABCDEF",
		"sha256:" HEX16 HEX16 HEX16 "0123456789abcdeg",
		"sha256:" HEX16 HEX16 HEX16 "0123456789abcde/",
		"sha256:../../../../../../../../../../../../../../../../../etc",
		" sha256:" HEX64,
		"sha256:" HEX64 " ",
		"sha256:" HEX64 "\n",
		"sha384:" HEX64,
		"md5:" HEX16 HEX16,
		"sha256-" HEX64,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (digest_is_valid(bad[i]))
			fail_msg("accepted: %s", bad[i]);
}

static void a_refused_digest_is_named_without_its_control_bytes(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(digest_check("sha256:\033[2J", "layers[3]", &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.msg, "layers[3]"));
	assert_non_null(strstr(e.msg, "\\x1b[2J"));
	assert_null(strchr(e.msg, '\033'));
	assert_int_equal(digest_check("sha256:" HEX64, "x", &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_digest_is_sha256_or_sha512_in_lower_case),
		cmocka_unit_test(anything_else_is_no_digest),
		cmocka_unit_test(
			a_refused_digest_is_named_without_its_control_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
