/*
 * test_option.c - flags as docker's and podman's users type them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "base/strv.h"
#include "base/table.h"
#include "base/option.h"
#include "immure/request.h"

struct target {
	bool in, tty, deep;
	enum tristate init;
	char *name, *mode;
	char **env;
};
#define IN(field) offsetof(struct target, field)

static const struct option rows[] = {
	{ "interactive", 'i', OPTION_BOOL, NULL, IN(in), "One", "x", NULL,
	  NULL },
	{ "tty", 't', OPTION_BOOL, NULL, IN(tty), "One", "x", NULL, NULL },
	{ "init", 0, OPTION_TRI, NULL, IN(init), "Two", "x", NULL, NULL },
	{ "name", 'n', OPTION_STRING, "NAME", IN(name), "One", "x", NULL,
	  NULL },
	{ "env", 'e', OPTION_LIST, "KEY=VALUE", IN(env), "Two", "x", NULL,
	  NULL },
	{ "detach", 'd', OPTION_REFUSED, NULL, 0, NULL, "because", NULL, NULL },
	{ "publish", 'p', OPTION_REFUSED, "PORT", 0, NULL, "no ports", NULL,
	  NULL },
	{ 0 },
};
static const struct option more_rows[] = {
	{ "mode", 0, OPTION_STRING, "MODE", IN(mode), "Two", "x",
	  "private|host", NULL },
	{ "deep", 0, OPTION_BOOL, NULL, IN(deep), NULL, "x", NULL, NULL },
	{ 0 },
};

/* What came of it, in one line: "i t init=1 name=x env=A=1,B mode=host deep
 * | WORDS", or the error's message. */
static char *outcome(const char *line, bool stop)
{
	const struct option_table t = { "run", rows, more_rows, stop, NULL };
	AUTO(strv_free) char **args = *line ? strv_split(line, ' ') : NULL;
	AUTO(strv_free) char **words = NULL;
	char *const none[] = { NULL };
	struct target g = { 0 };
	struct err e = ERR_INIT;
	AUTO(buf_done) struct buf b = BUF_INIT;
	enum option_result r =
		option_parse(&t, args ? args : none, &g, &words, &e);
	char *env = strv_join(g.env, ","), *rest = strv_join(words, " ");

	if (r == OPTION_ERROR) {
		assert_int_equal(e.kind, ERR_USAGE);
		buf_str(&b, e.msg);
	} else if (r == OPTION_HELP) {
		buf_str(&b, "help");
	} else {
		buf_printf(&b, "%s%s%s", g.in ? "i " : "", g.tty ? "t " : "",
			   g.deep ? "deep " : "");
		if (g.init)
			buf_printf(&b, "init=%d ", g.init == YES);
		if (g.name)
			buf_printf(&b, "name=%s ", g.name);
		if (g.mode)
			buf_printf(&b, "mode=%s ", g.mode);
		if (g.env)
			buf_printf(&b, "env=%s ", env);
		buf_printf(&b, "| %s", rest);
	}
	free(env);
	free(rest);
	free(g.name);
	free(g.mode);
	strv_free(g.env);
	return buf_take(&b);
}

struct row {
	const char *line, *want;
};

static void check_rows(const struct row *v, size_t n, bool stop)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char *got = outcome(v[i].line, stop);

		if (strcmp(got, v[i].want))
			fail_msg("%s: got \"%s\", not \"%s\"", v[i].line, got,
				 v[i].want);
		free(got);
	}
}

static void flags_are_read_as_dockers(void **state)
{
	static const struct row v[] = {
		{ "", "| " },
		{ "a b", "| a b" },
		{ "-i", "i | " },
		{ "-it", "i t | " },
		{ "-ti img", "i t | img" },
		{ "-i=false -t=true", "t | " },
		{ "-it=false", "i | " },
		{ "--tty", "t | " },
		{ "--tty=true", "t | " },
		{ "--tty --tty=0", "| " },
		{ "--tty false", "t | false" },
		{ "--init", "init=1 | " },
		{ "--init=false", "init=0 | " },
		{ "--init=F", "init=0 | " },
		{ "--name x", "name=x | " },
		{ "--name=x", "name=x | " },
		{ "--name=", "name= | " },
		{ "--name=a=b", "name=a=b | " },
		{ "--name x --name y", "name=y | " },
		{ "-n x", "name=x | " },
		{ "-nx", "name=x | " },
		{ "-n=x", "name=x | " },
		{ "-itnx", "i t name=x | " },
		{ "-itn x", "i t name=x | " },
		{ "-n -1", "name=-1 | " },
		{ "-n --", "name=-- | " },
		{ "-eA=1", "env=A=1 | " },
		{ "-e=A=1", "env=A=1 | " },
		{ "-e A=1 --env B --env=C=", "env=A=1,B,C= | " },
		{ "--mode host", "mode=host | " },
		{ "--deep", "deep | " },
		{ "-", "| -" },
		{ "-- -i", "| -i" },
		{ "-i -- --tty --", "i | --tty --" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v), true);
}

static void flags_end_at_the_first_word_where_the_command_says_so(void **state)
{
	static const struct row stops[] = {
		{ "-i img -t", "i | img -t" },
		{ "img --nonsense -- x", "| img --nonsense -- x" },
		{ "-- img -- x", "| img -- x" },
	};
	static const struct row mixes[] = {
		{ "-i img -t", "i t | img" },
		{ "img --name x more", "name=x | img more" },
		{ "a -- -t", "| a -t" },
	};

	(void)state;
	check_rows(stops, ARRAY_SIZE(stops), true);
	check_rows(mixes, ARRAY_SIZE(mixes), false);
}

static void a_wrong_flag_is_refused_with_the_nearest(void **state)
{
	static const struct row v[] = {
		{ "--nmae x", "unknown flag --nmae; did you mean --name?" },
		{ "--interactiv", "unknown flag --interactiv; did you mean "
				  "--interactive?" },
		/* no abbreviations */
		{ "--inter",
		  "unknown flag --inter; did you mean --interactive?" },
		{ "--zzzzzz", "unknown flag --zzzzzz; see 'immure run "
			      "--help'" },
		{ "--=x", "unknown flag --; see 'immure run --help'" },
		{ "-z", "unknown flag -z in -z; see 'immure run --help'" },
		{ "-itz", "unknown flag -z in -itz; see 'immure run --help'" },
		{ "--name", "--name needs a value: --name NAME" },
		{ "-n", "--name needs a value: --name NAME" },
		{ "-ie", "--env needs a value: --env KEY=VALUE" },
		{ "--tty=yes", "--tty=yes: neither true nor false" },
		{ "--tty=", "--tty=: neither true nor false" },
		{ "--init=2", "--init=2: neither true nor false" },
		{ "--mode hots",
		  "--mode: hots: unknown value; did you mean host?" },
		{ "--mode none",
		  "--mode: none: unknown value; known are private, host" },
		{ "-d", "--detach: not offered: because" },
		{ "-itd", "--detach: not offered: because" },
		{ "--detach=false", "--detach: not offered: because" },
		{ "-p 80:80", "--publish: not offered: no ports" },
		{ "-p80:80", "--publish: not offered: no ports" },
		{ "--publish=80", "--publish: not offered: no ports" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v), true);
}

static void help_is_asked_for_by_either_word(void **state)
{
	static const struct row v[] = {
		{ "--help", "help" },
		{ "-h", "help" },
		{ "-i --help img", "help" },
		{ "img --help", "| img --help" },
	};

	(void)state;
	check_rows(v, ARRAY_SIZE(v), true);
}

static void the_help_text_groups_the_shown_rows_of_both_tables(void **state)
{
	const struct option_table t = { "run", rows, more_rows, true, NULL };
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	option_help(&t, &b);
	assert_string_equal(b.p, "\nOne:\n"
				 "  -i, --interactive             x\n"
				 "  -t, --tty                     x\n"
				 "  -n, --name NAME               x\n"
				 "\nTwo:\n"
				 "      --init                    x\n"
				 "  -e, --env KEY=VALUE           x\n"
				 "      --mode MODE               x\n");
}

static void long_help_is_broken_at_eighty_columns(void **state)
{
	static const struct option one[] = {
		{ "a-flag-with-a-rather-long-name", 0, OPTION_BOOL, NULL, 0,
		  "G",
		  "words words words words words words words words words "
		  "words words words",
		  NULL, NULL },
		{ 0 },
	};
	const struct option_table t = { "x", one, NULL, false, NULL };
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(strv_free) char **lines = NULL;

	(void)state;
	option_help(&t, &b);
	lines = strv_split(b.p, '\n');
	assert_int_equal(strv_len(lines), 6);
	strv_foreach (line, lines)
		assert_in_range(strlen(*line), 0, 80);
	assert_string_equal(lines[2], "      --a-flag-with-a-rather-long-name");
	assert_int_equal(strspn(lines[4], " "), 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_read_as_dockers),
		cmocka_unit_test(
			flags_end_at_the_first_word_where_the_command_says_so),
		cmocka_unit_test(a_wrong_flag_is_refused_with_the_nearest),
		cmocka_unit_test(help_is_asked_for_by_either_word),
		cmocka_unit_test(
			the_help_text_groups_the_shown_rows_of_both_tables),
		cmocka_unit_test(long_help_is_broken_at_eighty_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
