/* test_json_out.c - base/json_out: commas, escapes, and reading it back. */
#include "unit.h"
#include "base/json.h"
#include "base/table.h"

static void write_sample(struct json_out *j)
{
	static char *const words[] = { (char *)"x", (char *)"y", NULL };

	json_out_obj(j, NULL);
	json_out_str(j, "s", "a\"b");
	json_out_str(j, "n", NULL);
	json_out_u64(j, "u", UINT64_MAX);
	json_out_i64(j, "i", INT64_MIN);
	json_out_bool(j, "t", true);
	json_out_strv(j, "v", words);
	json_out_strv(j, "e", NULL);
	json_out_obj(j, "o");
	json_out_obj_end(j);
	json_out_array(j, "a");
	json_out_obj(j, NULL);
	json_out_bool(j, "f", false);
	json_out_obj_end(j);
	json_out_array_end(j);
	json_out_obj_end(j);
}

static void commas_stand_where_they_belong(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct json_out j;

	(void)s;
	json_out_init(&j, &b, false);
	write_sample(&j);
	assert_string_equal(b.p, "{\"s\":\"a\\\"b\",\"n\":null,"
				 "\"u\":18446744073709551615,"
				 "\"i\":-9223372036854775808,\"t\":true,"
				 "\"v\":[\"x\",\"y\"],\"e\":[],\"o\":{},"
				 "\"a\":[{\"f\":false}]}");
	assert_ok(json_scan("t", b.p, b.len, &e), &e);
}

static void pretty_indents_by_two(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct json_out j;

	(void)s;
	json_out_init(&j, &b, true);
	write_sample(&j);
	assert_non_null(strstr(b.p, "{\n  \"s\": \"a\\\"b\",\n"));
	assert_non_null(strstr(b.p, "  \"v\": [\n    \"x\",\n    \"y\"\n  ],"));
	assert_non_null(strstr(b.p, "  \"e\": [],\n  \"o\": {},\n"));
	assert_string_equal(b.p + b.len - 3, "]\n}");
	assert_ok(json_scan("t", b.p, b.len, &e), &e);
}

static void strings_come_out_in_ascii(void **s)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{ "", "[\"\"]" },
		{ "a/b\\", "[\"a/b\\\\\"]" },
		{ "\n\r\t\b\f", "[\"\\n\\r\\t\\b\\f\"]" },
		{ "\x01\x7f", "[\"\\u0001\\u007f\"]" },
		{ "caf\xc3\xa9", "[\"caf\\u00e9\"]" },
		{ "\xf0\x9f\x98\x80", "[\"\\ud83d\\ude00\"]" },
		{ "a\xff"
		  "b",
		  "[\"a\\udcffb\"]" },
		{ "\xed\xb3\xbf", "[\"\\udced\\udcb3\\udcbf\"]" },
	};

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct json_out j;

		json_out_init(&j, &b, false);
		json_out_array(&j, NULL);
		json_out_str(&j, NULL, rows[i].text);
		json_out_array_end(&j);
		assert_string_equal(b.p, rows[i].json);
	}
}

/* Every string of up to two bytes that is UTF-8, as key and as value. */
static void what_is_written_is_read_back(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct json_object *o;
	const char *got;
	struct json_out j;
	char text[3] = "";

	(void)s;
	for (int c = 0x0101; c <= 0xffff; c++) {
		text[0] = (char)(c >> 8);
		text[1] = (char)c;
		if ((text[0] & 0x80 || text[1] & 0x80) &&
		    (c < 0xc280 || c >= 0xe000 || (c & 0xc0) != 0x80))
			continue; /* not UTF-8 */
		buf_clear(&b);
		json_out_init(&j, &b, false);
		json_out_obj(&j, NULL);
		json_out_str(&j, text, text);
		json_out_obj_end(&j);
		o = json_parse("t", b.p, b.len, &e);
		if (!o)
			fail_msg("%s: %s", b.p, e.msg);
		assert_ok(json_get_str(o, text, &got, &e), &e);
		assert_string_equal(got, text);
		json_free(o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_stand_where_they_belong),
		cmocka_unit_test(pretty_indents_by_two),
		cmocka_unit_test(strings_come_out_in_ascii),
		cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
