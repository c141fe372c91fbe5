/*
 * test_record.c - format/record: what a recording wrote is read back, and
 * nothing else is taken for one.
 */
#include "unit.h"
#include "base/table.h"
#include "format/record.h"

#define START                                                                  \
	"{\"event\":\"start\",\"version\":1,\"note\":\"x\",\"profile\":"       \
	"\"default\",\"mode\":\"deny\",\"calls\":\"all\",\"arch\":\"amd64\","  \
	"\"caps\":0,\"command\":[\"id\",\"-u\"]}\n"
#define CALL(n, rest)                                                          \
	"{\"event\":\"call\",\"n\":" #n ",\"call\":\"openat\",\"nr\":257,"     \
	"\"args\":[18446744073709551516,2,3,4,5,6],\"denied\":false" rest      \
	"}\n"

static int parse(const char *text, struct record *ret, struct err *e)
{
	const struct buf b = { .p = (char *)(uintptr_t)text,
			       .len = strlen(text) };

	*e = (struct err)ERR_INIT;
	return record_parse("f", &b, ret, e);
}

static void a_record_is_read_whole(void **state)
{
	AUTO(record_done) struct record r = { 0 };
	struct err e;

	(void)state;
	assert_ok(parse(START CALL(1,
				   ",\"path\":\"/a\",\"program\":\"/p\","
				   "\"needs\":[{\"path\":\"/a\","
				   "\"access\":4}]") "{\"event\":\"program\","
						     "\"n\":2,\"program\":"
						     "\"/"
						     "p\"}\n{\"event\":"
						     "\"total\",\"n\":1,"
						     "\"count\":7}\n{\"event\":"
						     "\"end\",\"calls\":8,"
						     "\"dropped\":0}\n",
			&r, &e),
		  &e);
	assert_true(r.all && r.ended && r.mode == RECORD_DENY);
	assert_string_equal(r.command[1], "-u");
	assert_int_equal(r.n, 2);
	assert_string_equal(r.v[0].call, "openat");
	assert_true(r.v[0].args[0] == 18446744073709551516ull);
	assert_int_equal(r.v[0].count, 7);
	assert_string_equal(r.v[0].needs[0].path, "/a");
	assert_null(r.v[1].call);
	assert_int_equal(r.calls, 8);
}

static void a_record_that_was_cut_off_is_read_as_far_as_it_goes(void **state)
{
	AUTO(record_done) struct record r = { 0 };
	struct err e;

	(void)state;
	assert_ok(parse(START CALL(1, "") "{\"event\":\"call\",\"n\":2,\"ca",
			&r, &e),
		  &e);
	assert_int_equal(r.n, 1);
	assert_false(r.ended);
}

static void what_is_no_record_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "it is empty" },
		{ CALL(1, ""), "line 1: no record" },
		{ START START, "line 2: a second start" },
		{ START CALL(2, ""), "line 2: n: expected 1" },
		{ START CALL(1, ",\"paht\":\"/\""), "did you mean \"path\"" },
		{ START CALL(1, ",\"errno\":5000"), "too large" },
		{ START CALL(1, ",\"needs\":[{\"path\":\"a\",\"access\":1}]"),
		  "needs[0]" },
		{ START CALL(1, ",\"needs\":[{\"path\":\"/a\",\"access\":"
				"65536}]"),
		  "needs[0]" },
		{ START "{\"event\":\"call\",\"n\":1,\"call\":\"a b\",\"nr\":1,"
			"\"args\":[0,0,0,0,0,0]}\n",
		  "a call's name" },
		{ START "{\"event\":\"call\",\"n\":1,\"call\":\"a\",\"nr\":1,"
			"\"args\":[0,0,0,0,0]}\n",
		  "6 numbers" },
		{ START "{\"event\":\"call\",\"n\":1,\"call\":\"a\",\"nr\":1,"
			"\"args\":[0,0,0,0,0,\"0\"]}\n",
		  "args[5]" },
		{ START "{\"event\":\"total\",\"n\":1,\"count\":2}\n",
		  "out of range" },
		{ START "{\"event\":\"end\"}\n{\"event\":\"end\"}\n",
		  "something follows" },
		{ START "{\"event\":\"exit\"}\n", "unknown" },
		{ START "[]\n", "line 2: expected an object" },
		{ START "{\"event\":\"end\",\"event\":\"end\"}\n", "line 2" },
		{ "{\"event\":\"start\",\"version\":2}\n", "version 2" },
		{ "{\"event\":\"start\",\"version\":1,\"profile\":\"a\","
		  "\"mode\":\"x\",\"calls\":\"all\",\"arch\":\"a\"}\n",
		  "mode (deny, allow)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct record r = { 0 };
		struct err e;

		assert_err(parse(rows[i].text, &r, &e), &e, ERR_INPUT,
			   rows[i].why);
		assert_null(r.v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_read_whole),
		cmocka_unit_test(
			a_record_that_was_cut_off_is_read_as_far_as_it_goes),
		cmocka_unit_test(what_is_no_record_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
