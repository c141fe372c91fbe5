/* test_utf8.c - base/utf8: what is UTF-8 and what may be shown. */
#include "unit.h"
#include "base/table.h"
#include "base/utf8.h"

static void every_code_point_survives_a_round_trip(void **s)
{
	uint32_t got;
	char c[4];
	size_t n;

	(void)s;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		if (cp == 0xd800)
			cp = 0xe000;
		n = utf8_encode(cp, c);
		if (utf8_decode(c, n, &got) != n || got != cp)
			fail_msg("U+%04X", cp);
		if (n > 1 && utf8_decode(c, n - 1, &got) != 0)
			fail_msg("U+%04X cut short is taken", cp);
	}
}

static void what_is_not_utf8_is_refused(void **s)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xc2",
		"\xc2\x41",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
	};
	uint32_t cp;

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &cp), 0);
	assert_int_equal(utf8_decode("", 0, &cp), 0);
}

static void what_deceives_a_reader_is_not_printable(void **s)
{
	static const uint32_t hidden[] = {
		0,	0x1b,	0x7f,	0x9b,	0x202e,	 0x2066,
		0x200b, 0x200f, 0xfeff, 0x2028, 0xe0041,
	};
	static const uint32_t shown[] = { ' ',	  '~',	  0xe9,
					  0x20ac, 0x4e2d, 0x1f600 };

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		assert_false(utf8_is_printable(hidden[i]));
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		assert_true(utf8_is_printable(shown[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_survives_a_round_trip),
		cmocka_unit_test(what_is_not_utf8_is_refused),
		cmocka_unit_test(what_deceives_a_reader_is_not_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
