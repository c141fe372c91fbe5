/*
 * test_landlock_rules.c - format/landlock_rules: paths and words, and what is
 * wrong with a file.
 */
#include "unit.h"
#include "base/cleanup.h"
#include "base/table.h"
#include "format/landlock_rules.h"

static int parse(const char *text, struct landlock_path **ret, size_t *n,
		 struct err *e)
{
	const struct buf b = { .p = (char *)(uintptr_t)text,
			       .len = strlen(text) };

	*e = (struct err)ERR_INIT;
	return landlock_rules_parse("f", &b, ret, n, e);
}

static void rules_are_paths_with_rights(void **state)
{
	struct landlock_path *v;
	struct err e;
	size_t n;

	(void)state;
	assert_ok(parse("{\"comment\":\"c\",\"rules\":["
			"{\"path\":\"/\",\"access\":[\"read_dir\"]},"
			"{\"path\":\"/a b\",\"access\":[\"execute\","
			"\"write_file\",\"ioctl_dev\"],\"comment\":\"c\"}]}",
			&v, &n, &e),
		  &e);
	assert_int_equal(n, 2);
	assert_string_equal(v[0].path, "/");
	assert_int_equal(v[0].access, 8);
	assert_string_equal(v[1].path, "/a b");
	assert_int_equal(v[1].access, 0x8003);
	landlock_rules_free(v, n);
	assert_ok(parse("{\"rules\":[]}", &v, &n, &e), &e);
	assert_int_equal(n, 0);
}

static void a_wrong_file_is_refused_and_says_where(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "[]", "expected an object" },
		{ "{}", "rules: expected an array" },
		{ "{\"rule\":[]}", "did you mean \"rules\"" },
		{ "{\"rules\":[1]}", "rules[0]: expected an object" },
		{ "{\"rules\":[{\"path\":\"a\",\"access\":[\"execute\"]}]}",
		  "rules[0]: path: expected an absolute path" },
		{ "{\"rules\":[{\"access\":[\"execute\"]}]}", "absolute path" },
		{ "{\"rules\":[{\"path\":\"/a/../b\",\"access\":[\"execute\"]}"
		  "]}",
		  "write it as /b" },
		{ "{\"rules\":[{\"path\":\"/a\",\"access\":[]}]}", "access" },
		{ "{\"rules\":[{\"path\":\"/a\"}]}", "access" },
		{ "{\"rules\":[{\"path\":\"/a\",\"access\":[\"reed_file\"]}]}",
		  "did you mean read_file" },
		{ "{\"rules\":[{\"path\":\"/a\",\"access\":[\"execute\"]},"
		  "{\"path\":\"/a\",\"access\":[\"execute\"]}]}",
		  "rules[1]: path /a stands twice" },
		{ "{\"rules\":[{\"path\":\"/a\",\"access\":[\"execute\"],"
		  "\"x\":1}]}",
		  "unknown member" },
	};
	struct landlock_path *v = NULL;
	struct err e;
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_err(parse(rows[i].text, &v, &n, &e), &e, ERR_INPUT,
			   rows[i].why);
		assert_null(v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_paths_with_rights),
		cmocka_unit_test(a_wrong_file_is_refused_and_says_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
