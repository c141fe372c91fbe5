/*
 * test_template.c - --format: fields, the few words, tables, and hostile
 * text in what is shown.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/table.h"
#include "cli/image_json.h"
#include "cli/list.h"
#include "cli/template.h"

#define DOC                                                                    \
	"{\"Name\":\"x\",\"N\":3,\"On\":true,\"None\":null,\"Bad\":"           \
	"\"a\\u001b[2J\\u202eb\",\"L\":[\"a\",\"b\"],\"M\":{\"K\":\"v\","      \
	"\"D\":{\"E\":\"deep\"}}}"

static struct json_object *parse(const char *text)
{
	struct err e = ERR_INIT;
	struct json_object *o = json_parse("test", text, strlen(text), &e);

	if (!o)
		fail_msg("%s", e.msg);
	return o;
}

static void templates_are_rendered(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "{{.Name}}", "x" },
		{ "{{ .Name }}", "x" },
		{ "a{{.Name}}b{{.N}}c", "axb3c" },
		{ "{{.On}} {{.None}}.", "true ." },
		{ "{{.Name}}\\t{{.N}}\\n", "x\t3\n" },
		{ "back\\slash { {{.N}} }", "back\\slash { 3 }" },
		{ "{{.L}}", "[a b]" },
		{ "{{.M}}", "map[K:v D:map[E:deep]]" },
		{ "{{.M.D.E}}", "deep" },
		{ "{{json .L}}", "[\"a\",\"b\"]" },
		{ "{{json .Name}}", "\"x\"" },
		{ "{{json .N}}{{json .On}}", "3true" },
		{ "{{json .M}}", "{\"K\":\"v\",\"D\":{\"E\":\"deep\"}}" },
		{ "{{upper .Name}}{{lower .M.D.E}}", "Xdeep" },
		{ "{{len .L}}{{len .M}}{{len .Name}}{{len .None}}", "2210" },
		{ "{{println .Name}}", "x\n" },
		{ "{{join .L \", \"}}", "a, b" },
	};
	AUTO(json_free) struct json_object *o = parse(DOC);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		if (template_render(rows[i].text, o, &b, &e))
			fail_msg("%s: %s", rows[i].text, e.msg);
		assert_string_equal(b.p ? b.p : "", rows[i].want);
	}
}

static void hostile_strings_are_escaped(void **state)
{
	static const char *const texts[] = { "{{.Bad}}", "{{json .Bad}}",
					     "{{upper .Bad}}", "{{.}}",
					     "{{json .}}" };
	AUTO(json_free) struct json_object *o = parse(DOC);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		assert_int_equal(template_render(texts[i], o, &b, NULL), 0);
		assert_null(strchr(b.p, '\033'));
		assert_null(strstr(b.p, "\u202e"));
	}
}

static void what_is_not_offered_is_an_error(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "{{.Nmae}}", "no field .Nmae; did you mean .Name?" },
		{ "{{.M.X.Y}}", "no field .X; did you mean .K?" },
		{ "{{.Name.X}}", "no field .X" },
		{ "{{.Name", "{{ without }}" },
		{ "{{}}", "{{}} is empty" },
		{ "{{range .L}}{{.}}{{end}}", "{{range}}: not offered" },
		{ "{{if .On}}x{{end}}", "{{if}}: not offered" },
		{ "{{jsno .L}}", "{{jsno}}: unknown word; did you mean json?" },
		{ "{{json}}", "{{json}} takes one field" },
		{ "{{json .L .M}}", "{{json}} takes one field" },
		{ "{{.L | json}}", "{{.L}} takes one field" },
		{ "{{json L}}", "{{L}}: a field begins with a dot" },
		{ "{{join .L}}", "takes one field and a \"separator\"" },
		{ "{{join .Name \",\"}}", "join of what is no list" },
		{ "{{len .N}}", "len of a number" },
	};
	AUTO(json_free) struct json_object *o = parse(DOC);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		assert_int_equal(template_render(rows[i].text, o, &b, &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		if (!strstr(e.msg, rows[i].want))
			fail_msg("%s: %s", rows[i].text, e.msg);
	}
}

static char *listed(const char *format)
{
	static const char text[] =
		"[{\"A\":\"long word\",\"B\":\"1\"},{\"A\":\"\303\244\","
		"\"B\":\"22\"}]";
	AUTO(buf_done) struct buf json = BUF_INIT, b = BUF_INIT;
	struct err e = ERR_INIT;

	buf_str(&json, text);
	if (list_print(format, "{{.A}}\t{{.B}}", &json, &b, &e))
		fail_msg("%s", e.msg);
	return buf_take(&b);
}

static void lists_are_aligned_or_a_row_a_line(void **state)
{
	static const struct {
		const char *format, *want;
	} rows[] = {
		{ NULL, "A           B\nlong word   1\n\303\244           "
			"22\n" },
		{ "table", "A           B\nlong word   1\n\303\244           "
			   "22\n" },
		{ "table {{.B}}\\t{{.A}}",
		  "B    A\n1    long word\n22   \303\244\n" },
		{ "{{.B}}", "1\n22\n" },
		{ "json", "{\"A\":\"long word\",\"B\":\"1\"}\n"
			  "{\"A\":\"\303\244\",\"B\":\"22\"}\n" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got = listed(rows[i].format);

		/* the writer may say \u00e4 for ä */
		if (rows[i].format && !strcmp(rows[i].format, "json")) {
			assert_non_null(strstr(got, "\"long word\""));
			continue;
		}
		assert_string_equal(got, rows[i].want);
	}
}

static void sizes_are_decimal_with_three_digits(void **state)
{
	static const struct {
		uint64_t n;
		const char *want;
	} rows[] = {
		{ 0, "0B" },
		{ 999, "999B" },
		{ 1000, "1kB" },
		{ 1234567, "1.23MB" },
		{ 999999, "1MB" },
		{ 428000000, "428MB" },
		{ UINT64_MAX, "1.84e+04PB" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		list_size(rows[i].n, &b);
		assert_string_equal(b.p, rows[i].want);
	}
}

static void ages_are_told_in_the_largest_unit(void **state)
{
	static const struct {
		const char *created, *want;
	} rows[] = {
		{ "2024-01-01T00:00:00Z", "1 year ago" },
		{ "2025-01-01T00:00:00.123Z", "2 weeks ago" },
		{ "2025-01-15T00:00:00Z", "just now" },
		{ "2025-01-14T23:59:58Z", "2 seconds ago" },
		{ "2031-01-01T00:00:00Z", "just now" },
		{ "yesterday", "" },
		{ "", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		image_since(rows[i].created, 1736899200, &b);
		assert_string_equal(b.p ? b.p : "", rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_rendered),
		cmocka_unit_test(hostile_strings_are_escaped),
		cmocka_unit_test(what_is_not_offered_is_an_error),
		cmocka_unit_test(lists_are_aligned_or_a_row_a_line),
		cmocka_unit_test(sizes_are_decimal_with_three_digits),
		cmocka_unit_test(ages_are_told_in_the_largest_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
