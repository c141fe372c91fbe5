/*
 * policy_diff.c - `immure policy diff A B`: what B permits that A does not,
 * and the other way. Exit status 0 the same, 1 not.
 */
#include "base/json.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/policy_cases.h"
#include "engine/policy_diff.h"
#include "format/policy_text.h"

struct diff_args {
	char *format;
};

static const struct option rows[] = {
	{ "format", 0, OPTION_STRING, "FORM",
	  offsetof(struct diff_args, format), "Flags", "text (default) or json",
	  "text|json", NULL },
	{ 0 },
};

static size_t count(const struct policy_differences *d, bool by_b)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->v[i].is_permitted_by_b == by_b;
	return n;
}

static void add_side(const struct policy_differences *d, bool by_b,
		     struct buf *b)
{
	buf_printf(b, "%s permits what %s does not: %zu of %zu requests\n",
		   by_b ? "B" : "A", by_b ? "A" : "B", count(d, by_b),
		   d->asked);
	for (size_t i = 0; i < d->n; i++) {
		const struct policy_difference *one = &d->v[i];

		if (one->is_permitted_by_b != by_b)
			continue;
		buf_printf(b, "  %s: ", one->changes);
		buf_escaped(b, one->what);
		buf_printf(b, "\n    %s ", by_b ? "A" : "B");
		buf_escaped(b, one->denied);
		buf_printf(b, "\n    %s ", by_b ? "B" : "A");
		buf_escaped(b, one->permitted);
		buf_char(b, '\n');
	}
}

static void add_rules(char sign, char *const *rules, struct buf *b)
{
	strv_foreach (r, rules) {
		buf_printf(b, "%c ", sign);
		buf_escaped(b, *r);
		buf_char(b, '\n');
	}
}

static void add_text(const struct policy_differences *d, struct buf *b)
{
	add_side(d, true, b);
	add_side(d, false, b);
	buf_str(b, "rules that only A (-) or B (+) has\n");
	add_rules('-', d->only_a, b);
	add_rules('+', d->only_b, b);
}

static void add_json(const struct policy_differences *d, struct buf *b)
{
	struct json_out j;

	json_out_init(&j, b, true);
	json_out_obj(&j, NULL);
	json_out_u64(&j, "asked", d->asked);
	json_out_array(&j, "differences");
	for (size_t i = 0; i < d->n; i++) {
		json_out_obj(&j, NULL);
		json_out_str(&j, "changes", d->v[i].changes);
		json_out_str(&j, "permitted_by",
			     d->v[i].is_permitted_by_b ? "B" : "A");
		json_out_str(&j, "what", d->v[i].what);
		json_out_str(&j, "permitted", d->v[i].permitted);
		json_out_str(&j, "denied", d->v[i].denied);
		json_out_obj_end(&j);
	}
	json_out_array_end(&j);
	json_out_strv(&j, "only_a", d->only_a);
	json_out_strv(&j, "only_b", d->only_b);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static int diff(const struct command *c, char *const *args, struct err *e)
{
	AUTO(policy_differences_done) struct policy_differences d = { 0 };
	AUTO(policy_done) struct policy first = { 0 }, second = { 0 };
	AUTO(strv_free) char **words = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct diff_args a = { 0 };
	int r = cli_parse(c, args, &a, &words, e);
	auto_free char *format = a.format;

	if (r)
		return r;
	if (policy_by_name(words[0], NULL, &first, e) < 0 ||
	    policy_by_name(words[1], NULL, &second, e) < 0 ||
	    policy_diff(&first, &second, &d, e) < 0)
		return -1;
	(format && format[0] == 'j' ? add_json : add_text)(&d, &b);
	if (cli_print(&b, e))
		return -1;
	return d.n || d.only_a || d.only_b ? 1 : 0;
}

const struct command command_policy_diff = {
	.name = "policy diff",
	.words = "[flags] A B",
	.text = "what B permits that A does not, and the other way",
	.more = "Asked on a made-up host, over a corpus of requests, and rule "
		"by rule. Exit status\n0 when there is no difference, 1 when "
		"there is.\n",
	.options = { .command = "policy diff", .rows = rows },
	.min = 2,
	.max = 2,
	.run = diff,
};
