/* test_strv.c - base/strv: vectors of strings. */
#include "unit.h"
#include "base/strv.h"

static void null_is_an_empty_vector(void **s)
{
	(void)s;
	assert_int_equal(strv_len(NULL), 0);
	assert_null(strv_copy(NULL));
	assert_false(strv_has(NULL, "x"));
	assert_null(strv_getenv(NULL, "x"));
	strv_free(NULL);
	strv_foreach (p, (char **)NULL)
		fail();
}

static void added_strings_keep_their_order(void **s)
{
	AUTO(strv_free) char **v = NULL;
	AUTO(strv_free) char **w = NULL;

	(void)s;
	strv_add(&v, "a");
	strv_take(&v, strdup("b"));
	strv_add(&v, "");
	w = strv_copy(v);
	assert_int_equal(strv_len(w), 3);
	assert_string_equal(w[0], "a");
	assert_string_equal(w[1], "b");
	assert_string_equal(w[2], "");
	assert_true(strv_has(w, "b"));
	assert_false(strv_has(w, "c"));
}

static void split_keeps_empty_parts_and_join_undoes_it(void **s)
{
	static const char *const texts[] = { "",   ":",	  "a",	 "a:b",
					     "a:", "::b", "a::b" };
	static const size_t lengths[] = { 1, 2, 1, 2, 2, 3, 3 };

	(void)s;
	for (size_t i = 0; i < 7; i++) {
		AUTO(strv_free) char **v = strv_split(texts[i], ':');
		auto_free char *joined = strv_join(v, ":");

		assert_int_equal(strv_len(v), lengths[i]);
		assert_string_equal(joined, texts[i]);
	}
}

static void an_empty_vector_joins_to_nothing(void **s)
{
	auto_free char *joined = strv_join(NULL, ", ");

	(void)s;
	assert_string_equal(joined, "");
}

static void environment_is_replaced_or_appended(void **s)
{
	AUTO(strv_free) char **env = NULL;

	(void)s;
	strv_setenv(&env, "PATH=/bin");
	strv_setenv(&env, "PATHS=x");
	strv_setenv(&env, "PATH=/usr/bin=y");
	strv_setenv(&env, "EMPTY=");
	assert_int_equal(strv_len(env), 3);
	assert_string_equal(strv_getenv(env, "PATH"), "/usr/bin=y");
	assert_string_equal(strv_getenv(env, "PATHS"), "x");
	assert_string_equal(strv_getenv(env, "EMPTY"), "");
	assert_null(strv_getenv(env, "PAT"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(null_is_an_empty_vector),
		cmocka_unit_test(added_strings_keep_their_order),
		cmocka_unit_test(split_keeps_empty_parts_and_join_undoes_it),
		cmocka_unit_test(an_empty_vector_joins_to_nothing),
		cmocka_unit_test(environment_is_replaced_or_appended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
