/*
 * test_man.c - the manual pages and the tables of flags say the same.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "base/file.h"
#include "base/strv.h"
#include "cli/cli.h"

#define FLAG_HEAD "\n.TP\n\\fB\\-"

/* The page, from the directory of the tree that this test was built in. */
static void read_page(const char *name, struct buf *b)
{
	struct err e = ERR_INIT;
	auto_free char *here =
		strndup(__FILE__, strlen(__FILE__) - strlen("tests/unit/cli/"
							    "test_man.c"));
	AUTO(buf_done) struct buf path = BUF_INIT;

	buf_printf(&path, "%ssrc/man/%s", here, name);
	if (file_read(path.p, 1u << 20, b, &e))
		fail_msg("%s (run it in the top directory)", e.msg);
}

/* roff's minus for every dash. */
static void add_dashed(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '-')
			buf_char(b, '\\');
		buf_char(b, *s);
	}
}

/* The heading that a flag has in a page, with its line breaks. */
static void flag_head(const struct option *o, struct buf *b)
{
	buf_str(b, "\n.TP\n");
	if (o->letter)
		buf_printf(b, "\\fB\\-%c\\fR, ", o->letter);
	buf_str(b, "\\fB\\-\\-");
	add_dashed(b, o->name);
	buf_str(b, "\\fR");
	if (o->arg) {
		buf_str(b, " \\fI");
		add_dashed(b, o->arg);
		buf_str(b, "\\fR");
	}
	buf_char(b, '\n');
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		n++;
		text += strlen(what);
	}
	return n;
}

/* Every shown flag of the tables is in the text, once; their number. */
static size_t check_flags(const struct option_table *t, const char *text)
{
	const struct option *o = NULL;
	size_t n = 0;

	while ((o = option_next(t, o))) {
		AUTO(buf_done) struct buf head = BUF_INIT;

		if (!o->group)
			continue;
		flag_head(o, &head);
		if (count(text, head.p) != 1)
			fail_msg("--%s of %s is not headed%s", o->name,
				 t->command, head.p);
		n++;
	}
	return n;
}

static void every_flag_of_run_is_in_its_page_and_no_other(void **state)
{
	const struct option_table shared = { "run", run_rows, run_only_rows,
					     true, NULL };
	const struct option_table plans = { "plan", plan_only_rows, NULL, true,
					    NULL };
	const struct option_table checks = { "check", check_only_rows, NULL,
					     true, NULL };
	AUTO(buf_done) struct buf page = BUF_INIT;
	size_t n;

	(void)state;
	read_page("immure-run.1", &page);
	n = check_flags(&shared, page.p) + check_flags(&plans, page.p);
	/* --format, --bundle and --docker are what plan has, too */
	n += check_flags(&checks, page.p) - 3;
	assert_int_equal(count(page.p, FLAG_HEAD), n);
}

static void every_flag_of_audit_is_in_its_page_and_no_other(void **state)
{
	const struct option_table own = { "audit", audit_only_rows,
					  audit_process_rows, true, NULL };
	AUTO(buf_done) struct buf page = BUF_INIT;

	(void)state;
	read_page("immure-audit.1", &page);
	assert_int_equal(count(page.p, FLAG_HEAD), check_flags(&own, page.p));
}

/* The part of the page below ".SS NAME", heap. */
static char *section_of(const char *page, const char *name)
{
	AUTO(buf_done) struct buf head = BUF_INIT;
	const char *at, *end;

	buf_printf(&head, "\n.SS %s", name);
	for (at = page; (at = strstr(at, head.p)); at++)
		if (strchr(" \n,", at[head.len]))
			break;
	if (!at)
		fail_msg("immure.1 has no section of %s", name);
	at += head.len;
	end = strstr(at, "\n.S");
	return strndup(at, end ? (size_t)(end - at) + 1 : strlen(at));
}

static bool is_of_run(const char *name)
{
	static const char *const names[] = { "run",  "plan",  "check",
					     "diff", "audit", NULL };

	return strv_has((char *const *)names, name);
}

static void check_section(const char *page, const struct command *c)
{
	auto_free char *text = section_of(page, c->name);
	size_t n = check_flags(&c->options, text);

	if (count(text, FLAG_HEAD) != n)
		fail_msg("immure.1: %s has flags there that it does not take",
			 c->name);
}

static void every_command_is_in_the_page_with_its_flags(void **state)
{
	AUTO(buf_done) struct buf page = BUF_INIT;
	const struct command *const *c;

	(void)state;
	read_page("immure.1", &page);
	for (c = cli_commands(); *c; c++) {
		for (const struct command *const *s = (*c)->subs; s && *s; s++)
			check_section(page.p, *s);
		if (!is_of_run((*c)->name))
			check_section(page.p, *c);
	}
}

static void no_letter_and_no_name_is_used_twice(void **state)
{
	const struct command *const *c;

	(void)state;
	for (c = cli_commands(); *c; c++) {
		const struct option_table *t = &(*c)->options;
		const struct option *o = NULL, *p;

		while ((o = option_next(t, o)))
			for (p = o; (p = option_next(t, p));) {
				assert_string_not_equal(o->name, p->name);
				assert_false(o->letter &&
					     o->letter == p->letter);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flag_of_run_is_in_its_page_and_no_other),
		cmocka_unit_test(
			every_flag_of_audit_is_in_its_page_and_no_other),
		cmocka_unit_test(every_command_is_in_the_page_with_its_flags),
		cmocka_unit_test(no_letter_and_no_name_is_used_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
