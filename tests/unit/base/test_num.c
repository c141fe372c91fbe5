/* test_num.c - base/num: strict numbers, sizes, modes, durations. */
#include "unit.h"
#include "base/num.h"
#include "base/table.h"

#define BAD UINT64_MAX

struct row {
	const char *text;
	uint64_t want; /* BAD: refused */
};

typedef int parse(const char *s, uint64_t *ret, struct err *e);

static void check_rows(const struct row *rows, size_t n, parse *fn)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = ERR_INIT;
		uint64_t v = 4711;
		int rc = fn(rows[i].text, &v, &e);

		if (rows[i].want == BAD) {
			assert_err(rc, &e, ERR_USAGE, "what: ");
			assert_int_equal(v, 4711);
			continue;
		}
		assert_ok(rc, &e);
		if (v != rows[i].want)
			fail_msg("\"%s\" gives %llu", rows[i].text,
				 (unsigned long long)v);
	}
}

static int parse_u64(const char *s, uint64_t *ret, struct err *e)
{
	return num_u64(s, UINT64_MAX - 1, "what", ret, e);
}

static void whole_numbers_are_digits_and_nothing_else(void **s)
{
	static const struct row rows[] = {
		{ "0", 0 },
		{ "007", 7 },
		{ "18446744073709551614", UINT64_MAX - 1 },
		{ "18446744073709551615", BAD },
		{ "18446744073709551616", BAD },
		{ "99999999999999999999999", BAD },
		{ "", BAD },
		{ "-1", BAD },
		{ "+1", BAD },
		{ " 1", BAD },
		{ "1 ", BAD },
		{ "0x10", BAD },
		{ "1e3", BAD },
		{ "1.0", BAD },
		{ "\xd9\xa1", BAD },
	};

	(void)s;
	check_rows(rows, ARRAY_SIZE(rows), parse_u64);
}

static int parse_u32(const char *s, uint64_t *ret, struct err *e)
{
	uint32_t v;

	if (num_u32(s, "what", &v, e))
		return -1;
	*ret = v;
	return 0;
}

static void thirty_two_bits_are_the_limit_of_u32(void **s)
{
	static const struct row rows[] = {
		{ "4294967295", UINT32_MAX },
		{ "4294967296", BAD },
	};

	(void)s;
	check_rows(rows, ARRAY_SIZE(rows), parse_u32);
}

static void a_sign_is_taken_only_where_it_makes_sense(void **s)
{
	struct err e = ERR_INIT;
	int v = 4711;

	(void)s;
	assert_ok(num_int("-1", -1, 5, "what", &v, &e), &e);
	assert_int_equal(v, -1);
	assert_ok(num_int("-2147483648", INT32_MIN, 5, "what", &v, &e), &e);
	assert_int_equal(v, INT32_MIN);
	v = 4711;
	assert_err(num_int("-2", -1, 5, "what", &v, &e), &e, ERR_USAGE,
		   "from -1 to 5");
	assert_err(num_int("6", -1, 5, "what", &v, &e), &e, ERR_USAGE, "6");
	assert_err(num_int("-0", 0, 5, "what", &v, &e), &e, ERR_USAGE, "-0");
	assert_err(num_int("-", -1, 5, "what", &v, &e), &e, ERR_USAGE, "-");
	assert_err(num_int("--1", -9, 5, "what", &v, &e), &e, ERR_USAGE, "-");
	assert_err(num_int("4294967295", -9, 5, "what", &v, &e), &e, ERR_USAGE,
		   "4294967295");
	assert_int_equal(v, 4711);
}

static int parse_mode(const char *s, uint64_t *ret, struct err *e)
{
	uint32_t v;

	if (num_mode(s, "what", &v, e))
		return -1;
	*ret = v;
	return 0;
}

static void modes_are_octal(void **s)
{
	static const struct row rows[] = {
		{ "0644", 0644 },  { "755", 0755 },  { "01777", 01777 },
		{ "7777", 07777 }, { "10000", BAD }, { "8", BAD },
		{ "0o7", BAD },	   { "", BAD },	     { "u+x", BAD },
	};

	(void)s;
	check_rows(rows, ARRAY_SIZE(rows), parse_mode);
}

static int parse_size(const char *s, uint64_t *ret, struct err *e)
{
	return num_size(s, "what", ret, e);
}

static void sizes_have_one_unit_of_1024(void **s)
{
	static const struct row rows[] = {
		{ "0", 0 },
		{ "10b", 10 },
		{ "1k", 1024 },
		{ "1KB", 1024 },
		{ "2kib", 2048 },
		{ "512m", 512u << 20 },
		{ "3G", 3ull << 30 },
		{ "1tb", 1ull << 40 },
		{ "16777215t", 16777215ull << 40 },
		{ "16777216t", BAD },
		{ "1kk", BAD },
		{ "k", BAD },
		{ "", BAD },
		{ "1.5g", BAD },
		{ "-1", BAD },
		{ "1 m", BAD },
		{ "1p", BAD },
	};

	(void)s;
	check_rows(rows, ARRAY_SIZE(rows), parse_size);
}

static int parse_duration(const char *s, uint64_t *ret, struct err *e)
{
	return num_duration_ms(s, "what", ret, e);
}

static void durations_add_up_largest_unit_first(void **s)
{
	static const struct row rows[] = {
		{ "90", 90000 },
		{ "0", 0 },
		{ "500ms", 500 },
		{ "1m30s", 90000 },
		{ "2h", 7200000 },
		{ "1h1m1s1ms", 3661001 },
		{ "1s500ms", 1500 },
		{ "30s1m", BAD },
		{ "1m1m", BAD },
		{ "", BAD },
		{ "s", BAD },
		{ "1m30", BAD },
		{ "1.5s", BAD },
		{ "1d", BAD },
		{ "1sms", BAD },
		{ "18446744073709551s", 18446744073709551000ull },
		{ "18446744073709552s", BAD },
		{ "99999999999999999999", BAD },
	};

	(void)s;
	check_rows(rows, ARRAY_SIZE(rows), parse_duration);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_are_digits_and_nothing_else),
		cmocka_unit_test(thirty_two_bits_are_the_limit_of_u32),
		cmocka_unit_test(a_sign_is_taken_only_where_it_makes_sense),
		cmocka_unit_test(modes_are_octal),
		cmocka_unit_test(sizes_have_one_unit_of_1024),
		cmocka_unit_test(durations_add_up_largest_unit_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
