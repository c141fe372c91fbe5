/*
 * test_text.c - how strings from outside are shown and checked.
 */
#include "format/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/table.h"

static void a_shown_string_is_escaped_and_cut_between_characters(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a\nb", "a\\x0ab" },
		{ "a\033[0mb", "a\\x1b[0mb" },
		{ "\xff", "\\xff" },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "\xe2\x80\xae"
		  "x",
		  "\\xe2\\x80\\xaex" },
		{ "1234567890123456789012345678901234567890123456789012345678"
		  "90",
		  "1234567890123456789012345678901234567890123456789012345678"
		  "90" },
		{ "1234567890123456789012345678901234567890123456789012345678"
		  "901",
		  "1234567890123456789012345678901234567890123456789012345678"
		  "90..." },
		{ "123456789012345678901234567890123456789012345678901234567"
		  "89\xc3\xa9z",
		  "123456789012345678901234567890123456789012345678901234567"
		  "89..." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(SHOW(rows[i].in), rows[i].out);
}

static void the_longest_escaped_string_fits(void **state)
{
	char in[200];

	(void)state;
	memset(in, '\x01', sizeof(in) - 1);
	in[sizeof(in) - 1] = '\0';
	assert_int_equal(strlen(SHOW(in)), 60 * 4 + 3);
	memset(in, '\x81', sizeof(in) - 1); /* no character begins anywhere */
	assert_true(strlen(SHOW(in)) < TEXT_SHOW_MAX);
}

static void only_values_may_hold_tabs_and_newlines(void **state)
{
	static const struct {
		const char *s;
		bool plain, value;
	} rows[] = {
		{ "", true, true },	    { "a b", true, true },
		{ "\xc3\xa9", true, true }, { "a\tb", false, true },
		{ "a\nb", false, true },    { "a\rb", false, true },
		{ "a\033b", false, false }, { "a\177b", false, false },
		{ "a\001b", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(text_is_plain(rows[i].s), rows[i].plain);
		assert_int_equal(text_is_value(rows[i].s), rows[i].value);
	}
}

static void a_word_is_letters_digits_and_what_is_allowed_beside(void **state)
{
	(void)state;
	assert_true(text_is_word("abZ09", ""));
	assert_true(text_is_word("a_b", "_"));
	assert_false(text_is_word("a_b", ""));
	assert_false(text_is_word("", "_"));
	assert_false(text_is_word("\xc3\xa9", "_"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_shown_string_is_escaped_and_cut_between_characters),
		cmocka_unit_test(the_longest_escaped_string_fits),
		cmocka_unit_test(only_values_may_hold_tabs_and_newlines),
		cmocka_unit_test(
			a_word_is_letters_digits_and_what_is_allowed_beside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
