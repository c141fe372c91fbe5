/* test_buf.c - base/buf: growth, termination, escaping, quoting. */
#include "unit.h"
#include "base/buf.h"
#include "base/table.h"

static void it_grows_and_stays_terminated(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)s;
	for (int i = 0; i < 5000; i++) {
		buf_char(&b, 'x');
		assert_int_equal(b.p[b.len], '\0');
	}
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 5003);
	assert_memory_equal(b.p + 5000, "a\0b", 4);
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.p, "");
}

static void printf_takes_short_and_long_text(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	char text[1000];

	(void)s;
	memset(text, 'y', 999);
	text[999] = '\0';
	for (size_t n = 250; n < 260; n++) {
		buf_clear(&b);
		buf_printf(&b, "%.*s", (int)n, text);
		assert_int_equal(b.len, n);
		assert_int_equal(strlen(b.p), n);
	}
	buf_printf(&b, "%s", text);
	assert_int_equal(b.len, 259 + 999);
}

static void take_gives_the_string_away(void **s)
{
	struct buf b = BUF_INIT;
	char *p = buf_take(&b);

	(void)s;
	assert_string_equal(p, "");
	free(p);
	buf_str(&b, "abc");
	p = buf_take(&b);
	assert_string_equal(p, "abc");
	assert_null(b.p);
	free(p);
	buf_done(&b);
	buf_done(NULL);
}

static const struct row {
	const char *text, *escaped, *quoted;
} rows[] = {
	{ "", "", "''" },
	{ "plain/path-1.2:x=y", "plain/path-1.2:x=y", "plain/path-1.2:x=y" },
	{ "two words", "two words", "'two words'" },
	{ "it's", "it's", "'it'\\''s'" },
	{ "$HOME;*", "$HOME;*", "'$HOME;*'" },
	{ "caf\xc3\xa9", "caf\xc3\xa9", "'caf\xc3\xa9'" },
	{ "a\nb", "a\\x0ab", "$'a\\x0ab'" },
	{ "\x1b[31m", "\\x1b[31m", "$'\\x1b[31m'" },
	{ "a'\n\\", "a'\\x0a\\", "$'a\\'\\x0a\\\\'" },
	{ "\xff\xfe", "\\xff\\xfe", "$'\\xff\\xfe'" },
	{ "x\xe2\x80\xaey", "x\\xe2\\x80\\xaey", "$'x\\xe2\\x80\\xaey'" },
	{ "\xc2\x9b", "\\xc2\\x9b", "$'\\xc2\\x9b'" },
};

static void nothing_that_moves_a_terminal_gets_through(void **s)
{
	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		buf_escaped(&b, rows[i].text);
		assert_string_equal(b.p, rows[i].escaped);
	}
}

static void quoting_is_for_a_shell_and_only_when_needed(void **s)
{
	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;

		buf_quoted(&b, rows[i].text);
		assert_string_equal(b.p, rows[i].quoted);
	}
}

/* bash reads what buf_quoted wrote. */
static void bash_reads_back_what_was_quoted(void **s)
{
	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		char got[100] = "";
		FILE *f;

		setenv("WANT", rows[i].text, 1);
		buf_str(&b, "bash -c '[ \"$1\" = \"$WANT\" ] && echo same' "
			    "bash ");
		buf_quoted(&b, rows[i].text);
		if (strstr(b.p, "$'"))
			continue; /* popen's sh need not know $'…' */
		f = popen(b.p, "r");
		assert_non_null(f);
		assert_non_null(fgets(got, sizeof(got), f));
		assert_string_equal(got, "same\n");
		pclose(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_grows_and_stays_terminated),
		cmocka_unit_test(printf_takes_short_and_long_text),
		cmocka_unit_test(take_gives_the_string_away),
		cmocka_unit_test(nothing_that_moves_a_terminal_gets_through),
		cmocka_unit_test(quoting_is_for_a_shell_and_only_when_needed),
		cmocka_unit_test(bash_reads_back_what_was_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
