/*
 * test_policy_line.c - a line of a policy file becomes words: where each
 * begins, which was quoted, and what is no line.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/table.h"
#include "format/policy_line.h"

/* Reads the n bytes as line 7 of "f". */
static int read_bytes(struct policy_line *l, const char *p, size_t n,
		      struct err *e)
{
	*l = (struct policy_line){
		.file = "f", .number = 7, .start = p, .at = p, .end = p + n
	};
	return policy_line_read(l, e);
}

/* "1:word 6:'quoted'", or NULL with *e. Heap. */
static char *words(const char *p, size_t n, struct err *e)
{
	/* on the heap, exactly this long: a read beyond is seen */
	auto_free char *copy = xmemdup(p, n ? n : 1);
	AUTO(policy_line_done) struct policy_line l = { 0 };
	struct buf b = BUF_INIT;

	if (read_bytes(&l, copy, n, e))
		return NULL;
	for (size_t i = 0; i < l.n; i++)
		buf_printf(&b, "%s%u:%s%s%s", i ? " " : "", l.words[i].column,
			   l.words[i].quoted ? "'" : "", l.words[i].s,
			   l.words[i].quoted ? "'" : "");
	return buf_take(&b);
}

static void a_line_is_cut_at_its_blanks(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "", "" },
		{ "  \t ", "" },
		{ "# all of it", "" },
		{ "   # all of it", "" },
		{ "a", "1:a" },
		{ "permit bind ro", "1:permit 8:bind 13:ro" },
		{ "\ta\t\tb ", "2:a 5:b" },
		{ "a #b c", "1:a" },
		/* only at the start of a word */
		{ "a#b c#", "1:a#b 5:c#" },
		{ "\"a b\" c", "1:'a b' 7:c" },
		{ "\"# no comment\"", "1:'# no comment'" },
		{ "\"\\\\ \\\" \\x41\"", "1:'\\ \" A'" },
		{ "\"a\" \"b\"", "1:'a' 5:'b'" },
		{ "\xc3\xa4 b", "1:\xc3\xa4 4:b" }, /* columns are bytes */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		auto_free char *got =
			words(rows[i].line, strlen(rows[i].line), &e);

		if (!got)
			fail_msg("%s: %s", rows[i].line, e.msg);
		assert_string_equal(got, rows[i].want);
	}
}

static void what_is_wrong_is_told_by_file_line_and_column(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "a \"b", "f:7:3: the quote that begins here" },
		{ "\"", "f:7:1: the quote that begins here" },
		{ "\"a\\\"", "f:7:1: the quote that begins here" },
		{ "\"a\"b", "f:7:4: a blank must follow" },
		{ "\"a\"#", "f:7:4: a blank must follow" },
		{ "\"a\"\"b\"", "f:7:4: a blank must follow" },
		{ "a\"b\"", "f:7:2: \" inside a word" },
		{ "a\\b", "f:7:2: \\ inside a word" },
		{ "\"\\n\"", "f:7:3: unknown escape" },
		{ "\"\\", "f:7:3: unknown escape" },
		{ "\"\\x4\"", "f:7:3: \\x: two digits" },
		{ "\"\\x", "f:7:3: unknown escape" },
		{ "\"\\xAA\"", "f:7:3: \\x: two digits" },
		{ "\"\\x00\"", "f:7:3: \\x: two digits" },
		{ "x \"\"", "f:7:3: a word has 1 to 4095 bytes" },
		{ "a\rb", "f:7:2: byte 0x0d: end lines with \\n alone" },
		{ "a\x1b", "f:7:2: byte 0x1b: not printable" },
		{ "a\x7f", "f:7:2: byte 0x7f: not printable" },
		{ "ab\xff", "f:7:3: byte 0xff: not printable" },
		{ "\xc3", "f:7:1: byte 0xc3: not printable" },
		/* it turns the direction of writing: a reader is misled */
		{ "a \xe2\x80\xae", "f:7:3: byte 0xe2: not printable" },
		{ "# \x01 in a comment", "f:7:3: byte 0x01" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		auto_free char *got =
			words(rows[i].line, strlen(rows[i].line), &e);

		assert_err(got ? 0 : -1, &e, ERR_INPUT, rows[i].want);
	}
}

static void a_nul_byte_ends_nothing(void **state)
{
	struct err e = ERR_INIT;
	auto_free char *got = words("a\0b", 3, &e);

	(void)state;
	assert_err(got ? 0 : -1, &e, ERR_INPUT, "f:7:2: byte 0x00");
}

static void a_word_has_at_most_4095_bytes(void **state)
{
	static const size_t lengths[] = { 4095, 4096 };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(lengths); i++) {
		auto_free char *line = xcalloc(5000, 1);
		size_t n = lengths[i / 2];
		struct err e = ERR_INIT;
		auto_free char *got = NULL;

		memset(line, 'w', n + 2);
		if (i % 2)
			line[0] = line[n + 1] = '"';
		got = words(line, i % 2 ? n + 2 : n, &e);
		assert_int_equal(got != NULL, n == 4095);
		if (!got)
			assert_err(-1, &e, ERR_INPUT, "f:7:1: a word has");
	}
}

static void a_rule_has_at_most_64_words(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(policy_line_done) struct policy_line l = { 0 };
	AUTO(policy_line_done) struct policy_line more = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < WORDS_MAX; i++)
		buf_str(&b, "w ");
	assert_ok(read_bytes(&l, b.p, b.len, &e), &e);
	assert_int_equal(l.n, WORDS_MAX);
	buf_str(&b, "w");
	assert_err(read_bytes(&more, b.p, b.len, &e), &e, ERR_INPUT,
		   "f:7:129: more than 64 words");
	/* and nothing is left of it once it is done */
	policy_line_done(&more);
	assert_int_equal(more.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_cut_at_its_blanks),
		cmocka_unit_test(what_is_wrong_is_told_by_file_line_and_column),
		cmocka_unit_test(a_nul_byte_ends_nothing),
		cmocka_unit_test(a_word_has_at_most_4095_bytes),
		cmocka_unit_test(a_rule_has_at_most_64_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
