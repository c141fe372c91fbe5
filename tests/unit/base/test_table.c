/* test_table.c - base/table: words, and the nearest one. */
#include "unit.h"
#include "base/table.h"

static const struct word colours[] = {
	{ "red", 1 }, { "green", 2 }, { "blue", UINT64_MAX }, { NULL, 0 }
};

static void words_are_found_in_both_directions(void **s)
{
	uint64_t v = 77;

	(void)s;
	assert_true(word_find(colours, "blue", &v));
	assert_true(v == UINT64_MAX);
	assert_string_equal(word_name(colours, 2), "green");
	assert_null(word_name(colours, 0));
}

static void an_unknown_word_leaves_the_value_alone(void **s)
{
	uint64_t v = 77;

	(void)s;
	assert_false(word_find(colours, "Red", &v));
	assert_false(word_find(colours, "", &v));
	assert_int_equal(v, 77);
}

static void the_nearest_word_is_the_one_that_was_meant(void **s)
{
	static const char *const flags[] = { "--privileged", "--publish",
					     "--pid",	     "--rm",
					     "--user",	     "--userns" };
	static const struct {
		const char *got, *want;
	} rows[] = {
		{ "--priviledged", "--privileged" },
		{ "--privilegde", "--privileged" },
		{ "--usre", "--user" },
		{ "--mr", "--rm" },
		{ "--pids", "--pid" },
		{ "--user", "--user" },
		{ "--something-else", NULL },
		{ "", NULL },
	};

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *near =
			word_nearest(rows[i].got, flags, ARRAY_SIZE(flags));

		if (rows[i].want)
			assert_string_equal(near, rows[i].want);
		else
			assert_null(near);
	}
}

static void a_word_of_any_length_may_be_asked_for(void **s)
{
	static const char *const one[] = { "x", NULL };
	char text[5000];

	(void)s;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_null(word_nearest(text, one, 2));
	text[64] = '\0';
	assert_null(word_nearest(text, one, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_in_both_directions),
		cmocka_unit_test(an_unknown_word_leaves_the_value_alone),
		cmocka_unit_test(the_nearest_word_is_the_one_that_was_meant),
		cmocka_unit_test(a_word_of_any_length_may_be_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
