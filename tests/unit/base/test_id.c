/* test_id.c - base/id: container ids, names, uid and gid numbers. */
#include "unit.h"
#include "base/id.h"
#include "base/table.h"

static void new_ids_are_64_hex_digits_and_differ(void **s)
{
	char a[ID_LEN + 1], b[ID_LEN + 1];
	struct err e = ERR_INIT;

	(void)s;
	assert_ok(id_new(a, &e), &e);
	assert_ok(id_new(b, &e), &e);
	assert_int_equal(strlen(a), 64);
	assert_int_equal(strspn(a, "0123456789abcdef"), 64);
	assert_string_not_equal(a, b);
	assert_true(id_is_name(a));
}

static void names_are_as_dockers(void **s)
{
	static const char *const good[] = { "a", "0", "web-1", "a_b.c-d",
					    "A9" };
	static const char *const bad[] = { "",	  "-a",		".a", "_a",
					   "a b", "a/b",	"..", "a\n",
					   "a:b", "caf\xc3\xa9" };
	char text[140];

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_true(id_is_name(good[i]));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(id_is_name(bad[i]));
	memset(text, 'a', sizeof(text));
	text[128] = '\0';
	assert_true(id_is_name(text));
	text[128] = 'a';
	text[129] = '\0';
	assert_false(id_is_name(text));
}

static void a_numeric_string_is_a_number_and_no_name(void **s)
{
	(void)s;
	assert_true(id_is_number("0"));
	assert_true(id_is_number("99999999999999999999"));
	assert_false(id_is_number(""));
	assert_false(id_is_number("1a"));
	assert_false(id_is_number("-1"));
	assert_false(id_is_number(" 1"));
}

static void a_uid_has_ten_digits_at_most_and_is_never_minus_one(void **s)
{
	static const char *const bad[] = {
		"4294967295", "4294967296", "99999999999", "00000000000", "",
		"-1",	      "+1",	    "1 ",	   "0x1",	  "root"
	};
	struct err e = ERR_INIT;
	uint32_t v = 4711;

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_err(id_parse_uid(bad[i], "--user", &v, &e), &e,
			   ERR_USAGE, "--user: ");
	assert_int_equal(v, 4711);
	assert_ok(id_parse_uid("4294967294", "--user", &v, &e), &e);
	assert_true(v == 4294967294u);
	assert_ok(id_parse_uid("0000000001", "--user", &v, &e), &e);
	assert_int_equal(v, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_ids_are_64_hex_digits_and_differ),
		cmocka_unit_test(names_are_as_dockers),
		cmocka_unit_test(a_numeric_string_is_a_number_and_no_name),
		cmocka_unit_test(
			a_uid_has_ten_digits_at_most_and_is_never_minus_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
