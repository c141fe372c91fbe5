/*
 * test_doc.c - what the JSON documents of an image share: sizes, shapes,
 * spelling of members, strings without control characters.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/doc.h"
#include "format/manifest.h"

static struct json_object *parse(const char *text)
{
	struct err e = ERR_INIT;
	struct json_object *o =
		doc_parse("doc", text, strlen(text), *text == '[', &e);

	if (!o)
		fail_msg("%s: %s", text, e.msg);
	return o;
}

static void the_top_is_what_was_asked_for(void **state)
{
	static const struct {
		const char *text;
		bool array;
		const char *part; /* NULL: fine */
	} rows[] = {
		{ "{}", false, NULL },
		{ "[]", true, NULL },
		{ "[]", false, "doc: expected an object at the top" },
		{ "{}", true, "doc: expected an array at the top" },
		{ "", false, "doc" },
		{ "1", false, "doc" },
		{ "\"{}\"", false, "doc" },
		{ "{\"a\":1,\"a\":2}", false, "doc" },
		{ "{} {}", false, "doc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		AUTO(json_free)
		struct json_object *o =
			doc_parse("doc", rows[i].text, strlen(rows[i].text),
				  rows[i].array, &e);

		if (!rows[i].part)
			assert_non_null(o);
		else
			assert_err(o ? 0 : -1, &e, ERR_INPUT, rows[i].part);
	}
}

static void a_document_has_four_mebibytes_at_most(void **state)
{
	auto_free char *text = xcalloc(MANIFEST_MAX + 2, 1);
	struct err e = ERR_INIT;
	AUTO(json_free) struct json_object *fits = NULL;

	(void)state;
	memset(text, ' ', MANIFEST_MAX + 1);
	memcpy(text, "{}", 2);
	fits = doc_parse("doc", text, MANIFEST_MAX, false, &e);
	assert_non_null(fits);
	assert_null(doc_parse("doc", text, MANIFEST_MAX + 1, false, &e));
	assert_err(-1, &e, ERR_LIMIT, "doc: 4194305 bytes");
}

/* Other readers take "Layers" for "layers", and the last of two wins. */
static void a_member_that_differs_in_case_is_refused(void **state)
{
	static const char *const keys[] = { "layers", "mediaType" };
	static const struct {
		const char *text, *part; /* NULL: fine */
	} rows[] = {
		{ "{\"layers\":1,\"mediaType\":2}", NULL },
		{ "{\"other\":1,\"layer\":2,\"layerss\":3,\"\":4}", NULL },
		{ "{}", NULL },
		{ "{\"Layers\":1}", "\"Layers\"" },
		{ "{\"layers\":1,\"LAYERS\":1}", "read it as \"layers\"" },
		{ "{\"mediatype\":1}", "read it as \"mediaType\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(json_free) struct json_object *o = parse(rows[i].text);
		struct err e = ERR_INIT;
		int r = doc_check_keys(o, keys, ARRAY_SIZE(keys), &e);

		if (!rows[i].part)
			assert_ok(r, &e);
		else
			assert_err(r, &e, ERR_INPUT, rows[i].part);
	}
}

static void a_member_is_there_even_when_it_is_null(void **state)
{
	AUTO(json_free)
	struct json_object *o = parse("{\"a\":null,\"b\":{}}");

	(void)state;
	assert_true(doc_has(o, "a"));
	assert_true(doc_has(o, "b"));
	assert_false(doc_has(o, "c"));
	assert_false(doc_has(o, "A"));
}

static void elements_that_are_no_objects_are_told_by_number(void **state)
{
	AUTO(json_free)
	struct json_object *a = parse("[{\"x\":1},null,[],\"s\",7]");
	struct json_object *o = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(doc_length(a), 5);
	assert_ok(doc_object_at(a, 0, "rows", &o, &e), &e);
	assert_true(doc_is_object(o));
	assert_true(doc_has(o, "x"));
	for (size_t i = 1; i < 5; i++) {
		auto_free char *part =
			xasprintf("rows[%zu]: expected an object", i);

		assert_err(doc_object_at(a, i, "rows", &o, &e), &e, ERR_INPUT,
			   part);
	}
	assert_string_equal(doc_string(json_at(a, 3)), "s");
	assert_null(doc_string(json_at(a, 4)));
	assert_null(doc_string(json_at(a, 0)));
}

static void a_string_has_no_control_characters(void **state)
{
	static const struct {
		const char *text;
		const char *got; /* NULL: none is there */
		const char *part;
	} rows[] = {
		{ "{\"k\":\"text\"}", "text", NULL },
		{ "{\"k\":\"\"}", "", NULL },
		{ "{\"k\":\"\xc3\xa4\"}", "\xc3\xa4", NULL },
		{ "{\"k\":null}", NULL, NULL },
		{ "{}", NULL, NULL },
		{ "{\"k\":\"a\\nb\"}", NULL, "control character" },
		{ "{\"k\":\"\\u001b[2J\"}", NULL, "control character" },
		{ "{\"k\":\"a\\u007f\"}", NULL, "control character" },
		{ "{\"k\":1}", NULL, "expected a string" },
		{ "{\"k\":[\"a\"]}", NULL, "expected a string" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(json_free) struct json_object *o = parse(rows[i].text);
		auto_free char *got = NULL;
		struct err e = ERR_INIT;
		int r = doc_get_plain(o, "k", &got, &e);

		if (rows[i].part) {
			assert_err(r, &e, ERR_INPUT, rows[i].part);
			assert_null(got);
			continue;
		}
		assert_ok(r, &e);
		assert_int_equal(!got, !rows[i].got);
		if (got)
			assert_string_equal(got, rows[i].got);
	}
}

static void what_is_needed_is_there_and_not_empty(void **state)
{
	static const char *const bad[] = { "{}", "{\"k\":null}",
					   "{\"k\":\"\"}" };
	AUTO(json_free) struct json_object *good = parse("{\"k\":\"v\"}");
	auto_free char *got = NULL;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(doc_need_plain(good, "k", &got, &e), &e);
	assert_string_equal(got, "v");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		AUTO(json_free) struct json_object *o = parse(bad[i]);
		auto_free char *none = NULL;

		assert_err(doc_need_plain(o, "k", &none, &e), &e, ERR_INPUT,
			   "k: it is missing");
		assert_null(none);
	}
}

/* ---- maps ---- */

static char *row(const char *key, struct json_object *value, struct err *e)
{
	const char *text = doc_string(value);

	if (text)
		return xasprintf("%s=%s", key, text);
	err_set(e, ERR_INPUT, "%s: no text", key);
	return NULL;
}

static void a_map_becomes_rows_in_its_order(void **state)
{
	static const struct doc_map map = { "m", 2, row };
	static const struct {
		const char *text, *want, *part;
		enum err_kind kind;
	} rows[] = {
		{ "{\"m\":{\"b\":\"1\",\"a\":\"2\"}}", "b=1|a=2", NULL, 0 },
		{ "{\"m\":{}}", "", NULL, 0 },
		{ "{}", "", NULL, 0 },
		{ "{\"m\":null}", "", NULL, 0 },
		{ "{\"m\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}}", NULL,
		  "m: 3 members: more than 2", ERR_LIMIT },
		{ "{\"m\":{\"a\":\"1\",\"b\":2}}", NULL, "m: b: no text",
		  ERR_INPUT },
		{ "{\"m\":[]}", NULL, "m", ERR_INPUT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(json_free) struct json_object *o = parse(rows[i].text);
		AUTO(strv_free) char **v = NULL;
		auto_free char *got = NULL;
		struct err e = ERR_INIT;
		int r = doc_get_map(o, &map, &v, &e);

		if (rows[i].part) {
			assert_err(r, &e, rows[i].kind, rows[i].part);
			assert_null(v);
			continue;
		}
		assert_ok(r, &e);
		got = strv_join(v, "|");
		assert_string_equal(got, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_top_is_what_was_asked_for),
		cmocka_unit_test(a_document_has_four_mebibytes_at_most),
		cmocka_unit_test(a_member_that_differs_in_case_is_refused),
		cmocka_unit_test(a_member_is_there_even_when_it_is_null),
		cmocka_unit_test(
			elements_that_are_no_objects_are_told_by_number),
		cmocka_unit_test(a_string_has_no_control_characters),
		cmocka_unit_test(what_is_needed_is_there_and_not_empty),
		cmocka_unit_test(a_map_becomes_rows_in_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
