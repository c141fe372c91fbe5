/*
 * audit_log.c - `immure audit log`: the decisions that were made for this
 * user, oldest first. Changes nothing.
 */
#include <string.h>
#include "base/json.h"
#include "base/num.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"

struct log_args {
	char *verdict, *plan, *since, *match, *format;
	uint64_t last;
};
#define IN(field) offsetof(struct log_args, field)

static void log_args_done(struct log_args *a)
{
	free(a->verdict);
	free(a->plan);
	free(a->since);
	free(a->match);
	free(a->format);
}
DEFINE_AUTO_DONE(struct log_args, log_args_done);

static int set_last(void *target, const struct option *o, const char *value,
		    struct err *e)
{
	return num_u64(value, UINT32_MAX, o->name,
		       &((struct log_args *)target)->last, e);
}

static const struct option rows[] = {
	{ "verdict", 0, OPTION_STRING, "WORD", IN(verdict), "Flags",
	  "only what was permitted, or denied", "permit|deny", NULL },
	{ "since", 0, OPTION_STRING, "TIME", IN(since), "Flags",
	  "from this time on: 2026-11-25, or 2026-11-25T14:00:00", NULL, NULL },
	{ "plan", 0, OPTION_STRING, "HASH", IN(plan), "Flags",
	  "only of plans whose hash begins so", NULL, NULL },
	{ "match", 0, OPTION_STRING, "TEXT", IN(match), "Flags",
	  "only with this text in subject, fact or rule", NULL, NULL },
	{ "last", 'n', OPTION_CALL, "N", IN(last), "Flags",
	  "only the last N of them", NULL, set_last },
	{ "format", 0, OPTION_STRING, "FORM", IN(format), "Flags",
	  "text (default) or json: the lines as they are", "text|json", NULL },
	{ 0 },
};

/* What is shown of a line; strings belong to the document. */
struct entry {
	const char *time, *verdict, *plan, *subject, *what, *rule, *file;
	uint64_t line, denied;
};

static int read_entry(struct json_object *o, struct entry *t, struct err *e)
{
	const struct {
		const char *key, **value;
	} texts[] = {
		{ "time", &t->time }, { "verdict", &t->verdict },
		{ "plan", &t->plan }, { "subject", &t->subject },
		{ "what", &t->what }, { "rule", &t->rule },
		{ "file", &t->file },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (json_get_str(o, texts[i].key, texts[i].value, e) < 0)
			return -1;
		if (!*texts[i].value)
			*texts[i].value = "";
	}
	return json_get_u64(o, "line", 0, &t->line, e) < 0 ||
			       json_get_u64(o, "denied", 0, &t->denied, e) < 0
		       ? -1
		       : 0;
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool is_wanted(const struct entry *t, const struct log_args *a)
{
	if (a->verdict && strcmp(t->verdict, a->verdict) != 0)
		return false;
	if (a->plan && !begins(t->plan, a->plan))
		return false;
	/* times of one form are in the order of their text */
	if (a->since && strcmp(t->time, a->since) < 0)
		return false;
	return !a->match || strstr(t->subject, a->match) ||
	       strstr(t->what, a->match) || strstr(t->rule, a->match);
}

static void add_text(const struct entry *t, struct buf *b)
{
	buf_printf(b, "%.23s %-6s %.12s ", t->time, t->verdict, t->plan);
	buf_escaped(b, t->subject);
	if (t->denied) {
		buf_str(b, "\n        ");
		buf_escaped(b, t->what);
		buf_str(b, "\n        ");
		buf_escaped(b, *t->file ? t->file : "there is no policy");
		if (*t->rule) {
			buf_printf(b, ":%llu: ", (unsigned long long)t->line);
			buf_escaped(b, t->rule);
		} else if (*t->file) {
			buf_str(b, ": no rule permits it");
		}
	}
	if (t->denied > 1)
		buf_printf(b, " (and %llu more)",
			   (unsigned long long)t->denied - 1);
	buf_char(b, '\n');
}

/* One line: added to *ret as a text of its own when it is wanted. */
static int take(const char *line, size_t n, const struct log_args *a,
		char ***ret, struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct entry t = { 0 };

	o = json_parse("audit log", line, n, e);
	if (!o || read_entry(o, &t, e) < 0)
		return -1;
	if (!is_wanted(&t, a))
		return 0;
	if (a->format && a->format[0] == 'j') {
		buf_add(&b, line, n);
		buf_char(&b, '\n');
	} else {
		add_text(&t, &b);
	}
	strv_take(ret, buf_take(&b));
	return 0;
}

/* A line that a full disk cut is told of, and does not hide the others. */
static int take_all(const struct buf *log, const struct log_args *a,
		    char ***ret)
{
	const char *p = log->p, *end = p ? p + log->len : p, *eol;
	int bad = 0;

	for (; p < end; p = eol < end ? eol + 1 : end) {
		struct err unused = ERR_INIT;

		eol = memchr(p, '\n', (size_t)(end - p));
		eol = eol ? eol : end;
		bad += take(p, (size_t)(eol - p), a, ret, &unused) < 0;
	}
	return bad;
}

static int audit_log(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL, **lines = NULL;
	AUTO(buf_done) struct buf log = BUF_INIT, out = BUF_INIT;
	AUTO(log_args_done) struct log_args a = { 0 };
	AUTO(engine_free) struct engine *g = NULL;
	int r = cli_parse(c, args, &a, &words, e), bad;
	size_t n;

	if (r)
		return r;
	g = engine_open(e);
	if (!g || engine_audit_log(g, &log, e) < 0)
		return -1;
	bad = take_all(&log, &a, &lines);
	n = strv_len(lines);
	for (size_t i = a.last && a.last < n ? n - a.last : 0; i < n; i++)
		buf_str(&out, lines[i]);
	if (cli_print(&out, e))
		return -1;
	return bad ? err_set(e, ERR_INPUT, "audit log: %d lines are not whole",
			     bad)
		   : 0;
}

const struct command command_audit_log = {
	.name = "audit log",
	.words = "[flags]",
	.text = "the decisions that were made, oldest first",
	.options = { .command = "audit log", .rows = rows },
	.run = audit_log,
};
