/*
 * test_policy_table.c - tables of policy cases: three columns, an answer, and
 * where it is said what is wrong.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/table.h"
#include "format/policy_table.h"

static int parse(const char *text, struct policy_table *t, struct err *e)
{
	/* on the heap, exactly this long: a read beyond is seen */
	size_t n = strlen(text);
	auto_free char *copy = xmemdup(text, n ? n : 1);

	return policy_table_parse("t", copy, n, t, e);
}

static void a_row_is_rules_changes_and_an_answer(void **state)
{
	static const struct {
		const char *text, *rules, *changes;
		bool is_name, has_by;
		enum policy_answer want;
		unsigned by, line;
	} rows[] = {
		{ "a|b|permit", "a", "b", false, false, ANSWER_PERMIT, 0, 1 },
		{ " a ; b \t|\tc  d | deny 3 ", "a \n b", "c  d", false, true,
		  ANSWER_DENY, 3, 1 },
		{ "@default | x | none", "default", "x", true, false,
		  ANSWER_NONE, 0, 1 },
		{ "@ | x | permit\t 0", "", "x", true, true, ANSWER_PERMIT, 0,
		  1 },
		{ "||permit", "", "", false, false, ANSWER_PERMIT, 0, 1 },
		{ "# one\n\n \t\na|b|deny\n", "a", "b", false, false,
		  ANSWER_DENY, 0, 4 },
		/* only at the beginning of a line */
		{ "a # b|c|permit", "a # b", "c", false, false, ANSWER_PERMIT,
		  0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(policy_table_done) struct policy_table t = { 0 };
		struct err e = ERR_INIT;

		assert_ok(parse(rows[i].text, &t, &e), &e);
		assert_int_equal(t.n, 1);
		assert_string_equal(t.rows[0].rules, rows[i].rules);
		assert_string_equal(t.rows[0].changes, rows[i].changes);
		assert_int_equal(t.rows[0].is_name, rows[i].is_name);
		assert_int_equal(t.rows[0].has_by, rows[i].has_by);
		assert_int_equal(t.rows[0].want, rows[i].want);
		assert_int_equal(t.rows[0].by, rows[i].by);
		assert_int_equal(t.rows[0].line, rows[i].line);
	}
}

static void what_is_no_row_is_told_by_line_and_column(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "a", "t:1:2: three columns" },
		{ "a|b", "t:1:4: three columns" },
		{ "a|b|", "t:1:5: three columns" },
		{ "a|b|  ", "three columns" },
		{ "a|b|permit|c", "t:1:12: a fourth column" },
		{ "a|b|allow", "t:1:5: \"allow\": expected permit" },
		{ "a|b|Permit", "expected permit, deny or none" },
		{ "a|b|permit x", "\"x\": write a rule's number" },
		{ "a|b|permit -1", "write a rule's number" },
		{ "a|b|permit 4294967296", "write a rule's number" },
		{ "a|b|permit 1 2", "write a rule's number" },
		{ "a|b|permit\na|b|x", "t:2:5: \"x\"" },
		{ "a|\x01|permit", "t:1:3: byte 0x01" },
		{ "a|\xff|permit", "t:1:3: byte 0xff" },
		{ "a|b|permit\r\n", "t:1:11: byte 0x0d" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(policy_table_done) struct policy_table t = { 0 };
		struct err e = ERR_INIT;

		assert_err(parse(rows[i].text, &t, &e), &e, ERR_INPUT,
			   rows[i].want);
		assert_int_equal(t.n, 0); /* nothing is taken of it */
	}
}

static void a_table_may_be_empty_and_has_an_end(void **state)
{
	AUTO(policy_table_done) struct policy_table t = { 0 };
	auto_free char *blank = xcalloc(POLICY_TABLE_MAX + 1, 1);
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse("", &t, &e), &e);
	assert_ok(parse("# nothing", &t, &e), &e);
	assert_int_equal(t.n, 0);
	memset(blank, '\n', POLICY_TABLE_MAX + 1);
	assert_ok(policy_table_parse("t", blank, POLICY_TABLE_MAX, &t, &e), &e);
	assert_err(policy_table_parse("t", blank, POLICY_TABLE_MAX + 1, &t, &e),
		   &e, ERR_LIMIT, "a table has at most");
}

static void a_table_has_at_most_65536_rows(void **state)
{
	AUTO(policy_table_done) struct policy_table t = { 0 };
	AUTO(buf_done) struct buf many = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	if (UNIT_SANITIZED)
		skip(); /* each row moves all of them there: minutes */
	for (int i = 0; i <= 65536; i++)
		buf_str(&many, "||none\n");
	assert_err(policy_table_parse("t", many.p, many.len, &t, &e), &e,
		   ERR_INPUT, "t:65537:1: more than 65536 rows");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_rules_changes_and_an_answer),
		cmocka_unit_test(what_is_no_row_is_told_by_line_and_column),
		cmocka_unit_test(a_table_may_be_empty_and_has_an_end),
		cmocka_unit_test(a_table_has_at_most_65536_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
