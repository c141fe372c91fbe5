/* test_context.c - SELinux contexts from what is asked and who asks. */
#include "unit.h"
#include "base/cleanup.h"
#include "base/table.h"
#include "plan/context.h"

#define OWN "staff_u:staff_r:staff_t:s0-s0:c0.c1023"

static void contexts_keep_user_and_role(void **state)
{
	static const struct {
		const char *asked, *process, *files;
	} rows[] = {
		{ "", "staff_u:staff_r:immure_t:s0:c1,c2",
		  "staff_u:object_r:immure_file_t:s0:c1,c2" },
		{ "type:mine_t", "staff_u:staff_r:mine_t:s0:c1,c2",
		  "staff_u:object_r:immure_file_t:s0:c1,c2" },
		{ "level:s0:c7", "staff_u:staff_r:immure_t:s0:c7",
		  "staff_u:object_r:immure_file_t:s0:c7" },
		{ "a_u:b_r:c_t:s0:c3,c4", "a_u:b_r:c_t:s0:c3,c4",
		  "a_u:object_r:immure_file_t:s0:c3,c4" },
		{ "a_u:b_r:c_t:s0", "a_u:b_r:c_t:s0",
		  "a_u:object_r:immure_file_t:s0" },
	};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct contexts c = { 0 };

		assert_ok(context_make(rows[i].asked, OWN, "s0:c1,c2", &c, &e),
			  &e);
		assert_string_equal(c.process, rows[i].process);
		assert_string_equal(c.files, rows[i].files);
		free(c.process);
		free(c.files);
	}
}

static void what_is_no_context_is_refused(void **state)
{
	static const char *const rows[] = {
		"t",	      "a:b",	     "a:b:c",	     "a:b:c:",
		":b:c:s0",    "type:",	     "level:",	     "type:a:b",
		"a:b:c:s0 x", "a:b:c:s0\n",  "type:a\"b",    "a:b:c:s0\"",
		"a::c:s0",    "level:s0;c1", "type:../../x",
	};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct contexts c = { 0 };

		assert_err(context_make(rows[i], OWN, "s0:c1,c2", &c, &e), &e,
			   ERR_USAGE, "USER:ROLE:TYPE:LEVEL");
		assert_null(c.process);
		assert_null(c.files);
	}
}

static void without_levels_sandboxes_could_not_be_told_apart(void **state)
{
	struct contexts c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(context_make("", "u:r:t", "s0:c1,c2", &c, &e), &e, ERR_HOST,
		   "no level");
}

static void what_is_shared_has_no_categories(void **state)
{
	static const struct {
		const char *files, *shared, *type;
	} rows[] = {
		{ "u:object_r:t:s0:c1,c2", "u:object_r:t:s0", "t" },
		{ "u:object_r:t:s0", "u:object_r:t:s0", "t" },
		{ "u:object_r:t:s0-s0:c1", "u:object_r:t:s0-s0", "t" },
		{ "odd", "odd", "odd" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *shared = context_shared(rows[i].files);
		auto_free char *type = context_type(rows[i].files);

		assert_string_equal(shared, rows[i].shared);
		assert_string_equal(type, rows[i].type);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contexts_keep_user_and_role),
		cmocka_unit_test(what_is_no_context_is_refused),
		cmocka_unit_test(
			without_levels_sandboxes_could_not_be_told_apart),
		cmocka_unit_test(what_is_shared_has_no_categories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
