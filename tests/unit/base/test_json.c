/*
 * test_json.c - base/json and base/json_scan: what is refused although json-c
 * would take it, messages, and the getters.
 */
#include "unit.h"
#include <inttypes.h>
#include "base/json.h"
#include "base/strv.h"
#include "base/table.h"

static const char *const good[] = {
	"{}",
	"[]",
	" \t\r\n{ \"a\" : [ 1 , -2.5e+3 , true , false , null ] } \n",
	"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"]",
	"[\"caf\xc3\xa9 \xf0\x9f\x98\x80\"]",
	"[9223372036854775807, -9223372036854775808, 18446744073709551615]",
	"[0, -0, 0.5, 1E5, 1e-400]",
	"{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":2}}",
	"{\"a\":1,\"A\":2,\"\":3,\"aa\":4}",
	"[\"\x7f\"]",
};

static const struct bad {
	const char *text;
	enum err_kind kind;
	const char *part; /* of the message */
} bad[] = {
	/* what json-c 0.16 takes, even when strict */
	{ "{\"a\":1,\"a\":2}", ERR_INPUT, "1:8: a key that stands twice" },
	{ "{\"a\":1,\"\\u0061\":2}", ERR_INPUT, "twice" },
	{ "{\"b\":1,\"a\":0,\"b\":2}", ERR_INPUT, "near \"b\"" },
	{ "[\"a\\u0000b\"]", ERR_INPUT, "NUL" },
	{ "{\"a\\u0000b\":1}", ERR_INPUT, "NUL" },
	{ "[NaN]", ERR_INPUT, "not a JSON value" },
	{ "[Infinity]", ERR_INPUT, "not a JSON value" },
	{ "[-Infinity]", ERR_INPUT, "not a JSON value" },
	{ "[18446744073709551616]", ERR_INPUT, "out of range" },
	{ "[-9223372036854775809]", ERR_INPUT, "out of range" },
	{ "[1e999]", ERR_INPUT, "out of range" },
	{ "['a']", ERR_INPUT, "not a JSON value" },
	{ "[\"a\nb\"]", ERR_INPUT, "control character" },
	{ "[\"\x1f\"]", ERR_INPUT, "control character" },
	{ "[\"\\ud800\"]", ERR_INPUT, "surrogate" },
	{ "[\"\\udc00\"]", ERR_INPUT, "surrogate" },
	{ "[\"\\ud800\\u0041\"]", ERR_INPUT, "surrogate" },
	{ "[\"\\ud800\\ud800\"]", ERR_INPUT, "surrogate" },
	{ "[\"\xff\"]", ERR_INPUT, "UTF-8" },
	{ "[\"\xed\xa0\x80\"]", ERR_INPUT, "UTF-8" },
	{ "[TRUE]", ERR_INPUT, "not a JSON value" },
	/* malformed */
	{ "", ERR_INPUT, "empty" },
	{ "  ", ERR_INPUT, "expected a JSON object or array" },
	{ "1", ERR_INPUT, "expected a JSON object or array" },
	{ "null", ERR_INPUT, "expected a JSON object or array" },
	{ "\"a\"", ERR_INPUT, "expected a JSON object or array" },
	{ "\xef\xbb\xbf{}", ERR_INPUT, "expected a JSON object or array" },
	{ "{} x", ERR_INPUT, "bytes after the end" },
	{ "{}{}", ERR_INPUT, "bytes after the end" },
	{ "[1,]", ERR_INPUT, "not a JSON value" },
	{ "[,1]", ERR_INPUT, "not a JSON value" },
	{ "[1 2]", ERR_INPUT, "expected \",\" or \"]\"" },
	{ "{\"a\":1,}", ERR_INPUT, "double quotes" },
	{ "{a:1}", ERR_INPUT, "double quotes" },
	{ "{\"a\" 1}", ERR_INPUT, "expected \":\"" },
	{ "{\"a\":}", ERR_INPUT, "not a JSON value" },
	{ "{\"a\":1]", ERR_INPUT, "expected \",\" or \"}\"" },
	{ "[1}", ERR_INPUT, "expected \",\" or \"]\"" },
	{ "[", ERR_INPUT, "not a JSON value" },
	{ "{", ERR_INPUT, "double quotes" },
	{ "[\"a", ERR_INPUT, "does not end" },
	{ "[\"a\\", ERR_INPUT, "unknown escape" },
	{ "[\"\\x41\"]", ERR_INPUT, "unknown escape" },
	{ "[\"\\u12g4\"]", ERR_INPUT, "four hex digits" },
	{ "[\"\\u12", ERR_INPUT, "four hex digits" },
	{ "[01]", ERR_INPUT, "not a JSON value" },
	{ "[-01]", ERR_INPUT, "not a JSON value" },
	{ "[-]", ERR_INPUT, "not a JSON value" },
	{ "[+1]", ERR_INPUT, "not a JSON value" },
	{ "[.5]", ERR_INPUT, "not a JSON value" },
	{ "[1.]", ERR_INPUT, "digits after the dot" },
	{ "[1e]", ERR_INPUT, "exponent" },
	{ "[0x10]", ERR_INPUT, "expected \",\"" },
	{ "[1] // x", ERR_INPUT, "bytes after" },
	{ "/**/[1]", ERR_INPUT, "expected a JSON object" },
	{ "[truefalse]", ERR_INPUT, "expected \",\"" },
	{ "[1e111111111111111111111111111111111111111111111111111111111111"
	  "111111]",
	  ERR_INPUT, "too long" },
};

static void what_the_standard_allows_is_taken(void **s)
{
	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct err e = ERR_INIT;
		AUTO(json_free)
		struct json_object *o =
			json_parse("t", good[i], strlen(good[i]), &e);

		if (!o)
			fail_msg("%s: %s", good[i], e.msg);
	}
}

static void what_is_ambiguous_or_wrong_is_refused(void **s)
{
	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = ERR_INIT;
		struct json_object *o =
			json_parse("t", bad[i].text, strlen(bad[i].text), &e);

		if (o)
			fail_msg("taken: %s", bad[i].text);
		assert_err(-1, &e, bad[i].kind, bad[i].part);
		assert_memory_equal(e.msg, "t:", 2);
	}
}

static void a_nul_byte_is_refused_everywhere(void **s)
{
	static const char text[] = "{ \"ab\" : [ 1, true ] }";
	struct err e = ERR_INIT;
	char copy[sizeof(text)];

	(void)s;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		memcpy(copy, text, sizeof(text));
		copy[i] = '\0';
		assert_int_equal(json_scan("t", copy, sizeof(text) - 1, &e),
				 -1);
	}
}

static void every_truncation_is_refused(void **s)
{
	static const char text[] = "{\"a\":[1.5e3,\"\\u00e9x\",{\"b\":null}],"
				   "\"c\":true}";
	struct err e = ERR_INIT;

	(void)s;
	assert_ok(json_scan("t", text, sizeof(text) - 1, &e), &e);
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		/* on the heap, exactly this long: ASan sees a read beyond */
		char *copy = malloc(n ? n : 1);

		memcpy(copy, text, n);
		assert_int_equal(json_scan("t", copy, n, &e), -1);
		free(copy);
	}
}

static void the_message_says_where(void **s)
{
	static const char text[] = "{\n  \"linux\": {\n    \"uid\": 01\n  }\n}";
	struct err e = ERR_INIT;

	(void)s;
	assert_int_equal(json_scan("config.json", text, sizeof(text) - 1, &e),
			 -1);
	assert_string_equal(e.msg, "config.json:3:12: not a JSON value "
				   "(near \"uid\")");
}

static void depth_is_limited_to_32(void **s)
{
	struct err e = ERR_INIT;
	char text[200];

	(void)s;
	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	assert_ok(json_scan("t", text + 1, 64, &e), &e);
	assert_err(json_scan("t", text, 66, &e), &e, ERR_LIMIT, "32 levels");
	memset(text, '[', sizeof(text));
	assert_err(json_scan("t", text, sizeof(text), &e), &e, ERR_LIMIT,
		   "1:33: nested");
}

static void many_keys_are_checked_in_little_time(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)s;
	buf_char(&b, '{');
	for (int i = 0; i < 200000; i++)
		buf_printf(&b, "\"%d\":0,", i);
	buf_str(&b, "\"x\":0}");
	assert_ok(json_scan("t", b.p, b.len, &e), &e);
	b.len -= 6;
	buf_str(&b, "\"177777\":0}");
	assert_err(json_scan("t", b.p, b.len, &e), &e, ERR_INPUT,
		   "near \"177777\"");
}

static struct json_object *parse(const char *text)
{
	struct err e = ERR_INIT;
	struct json_object *o = json_parse("t", text, strlen(text), &e);

	if (!o)
		fail_msg("%s", e.msg);
	return o;
}

static void getters_give_the_value(void **s)
{
	AUTO(json_free)
	struct json_object *o =
		parse("{\"s\":\"x\",\"i\":-7,\"u\":18446744073709551615,"
		      "\"b\":true,\"o\":{\"k\":\"v\"},\"a\":[\"p\",\"q\"]}");
	AUTO(strv_free) char **v = NULL;
	struct json_object *sub;
	struct err e = ERR_INIT;
	const char *str;
	uint64_t u;
	int64_t i;
	size_t n;
	bool b;

	(void)s;
	assert_ok(json_get_str(o, "s", &str, &e), &e);
	assert_string_equal(str, "x");
	assert_ok(json_get_i64(o, "i", 0, &i, &e), &e);
	assert_int_equal(i, -7);
	assert_ok(json_get_u64(o, "u", 0, &u, &e), &e);
	assert_true(u == UINT64_MAX);
	assert_ok(json_get_bool(o, "b", false, &b, &e), &e);
	assert_true(b);
	assert_ok(json_get_obj(o, "o", &sub, &e), &e);
	assert_ok(json_get_str(sub, "k", &str, &e), &e);
	assert_string_equal(str, "v");
	assert_ok(json_get_array(o, "a", &sub, &n, &e), &e);
	assert_int_equal(n, 2);
	assert_ok(json_get_strv(o, "a", &v, &e), &e);
	assert_int_equal(strv_len(v), 2);
	assert_string_equal(v[1], "q");
}

static void what_is_not_there_or_null_is_the_default(void **s)
{
	AUTO(json_free) struct json_object *o = parse("{\"n\":null,\"e\":[]}");
	struct json_object *sub = o;
	struct err e = ERR_INIT;
	const char *str = "";
	char **v = NULL;
	int64_t i = 0;
	size_t n = 9;

	(void)s;
	assert_ok(json_get_str(o, "none", &str, &e), &e);
	assert_null(str);
	str = "";
	assert_ok(json_get_str(o, "n", &str, &e), &e);
	assert_null(str);
	assert_ok(json_get_str(NULL, "n", &str, &e), &e);
	assert_null(str);
	assert_ok(json_get_i64(o, "n", 42, &i, &e), &e);
	assert_int_equal(i, 42);
	assert_ok(json_get_obj(o, "n", &sub, &e), &e);
	assert_null(sub);
	assert_ok(json_get_array(o, "n", &sub, &n, &e), &e);
	assert_int_equal(n, 0);
	assert_ok(json_get_strv(o, "n", &v, &e), &e);
	assert_null(v);
	assert_ok(json_get_strv(o, "e", &v, &e), &e);
	assert_non_null(v);
	assert_null(v[0]);
	strv_free(v);
}

static void a_wrong_type_is_an_error_that_names_the_key(void **s)
{
	AUTO(json_free)
	struct json_object *o =
		parse("{\"s\":1,\"i\":\"1\",\"d\":1.5,\"b\":0,\"o\":[],"
		      "\"a\":{},\"v\":[\"x\",1],\"n\":[null],"
		      "\"u\":9223372036854775808}");
	AUTO(json_free) struct json_object *array = parse("[]");
	struct json_object *sub = o;
	struct err e = ERR_INIT;
	const char *str = "kept";
	char **v = NULL;
	uint64_t u = 5;
	int64_t i = 5;
	bool b = true;
	size_t n = 5;

	(void)s;
	assert_err(json_get_str(o, "s", &str, &e), &e, ERR_INPUT,
		   "s: expected a string");
	assert_err(json_get_i64(o, "i", 0, &i, &e), &e, ERR_INPUT,
		   "i: expected a whole number");
	assert_err(json_get_i64(o, "d", 0, &i, &e), &e, ERR_INPUT, "d: ");
	assert_err(json_get_i64(o, "u", 0, &i, &e), &e, ERR_INPUT,
		   "u: 9223372036854775808 is too large");
	assert_err(json_get_u64(array, "x", 0, &u, &e), &e, ERR_INPUT,
		   "x: what should hold it");
	assert_err(json_get_bool(o, "b", false, &b, &e), &e, ERR_INPUT,
		   "b: expected true or false");
	assert_err(json_get_obj(o, "o", &sub, &e), &e, ERR_INPUT,
		   "o: expected an object");
	assert_err(json_get_array(o, "a", &sub, &n, &e), &e, ERR_INPUT,
		   "a: expected an array");
	assert_err(json_get_strv(o, "v", &v, &e), &e, ERR_INPUT,
		   "v[1]: expected a string");
	assert_err(json_get_strv(o, "n", &v, &e), &e, ERR_INPUT, "n[0]");
	assert_string_equal(str, "kept");
	assert_true(i == 5 && u == 5 && b && n == 5 && sub == o && !v);
}

static void a_negative_number_is_not_unsigned(void **s)
{
	AUTO(json_free) struct json_object *o = parse("{\"u\":-1}");
	struct err e = ERR_INIT;
	uint64_t u;

	(void)s;
	assert_err(json_get_u64(o, "u", 0, &u, &e), &e, ERR_INPUT,
		   "u: -1 is negative");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_standard_allows_is_taken),
		cmocka_unit_test(what_is_ambiguous_or_wrong_is_refused),
		cmocka_unit_test(a_nul_byte_is_refused_everywhere),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(the_message_says_where),
		cmocka_unit_test(depth_is_limited_to_32),
		cmocka_unit_test(many_keys_are_checked_in_little_time),
		cmocka_unit_test(getters_give_the_value),
		cmocka_unit_test(what_is_not_there_or_null_is_the_default),
		cmocka_unit_test(a_wrong_type_is_an_error_that_names_the_key),
		cmocka_unit_test(a_negative_number_is_not_unsigned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
