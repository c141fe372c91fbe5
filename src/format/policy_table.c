/*
 * policy_table.c - text of a table of policy cases -> rows.
 *
 * Knows neither rules nor changes: whoever runs the row parses them.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/num.h"
#include "base/table.h"
#include "base/utf8.h"
#include "format/policy_table.h"
#include "format/text.h"

#define ROWS_MAX 65536

struct table_line {
	const char *file;
	unsigned number;
	const char *start, *end;
};

#define FAIL(l, at, e, ...)                                                    \
	(err_set(e, ERR_INPUT, __VA_ARGS__),                                   \
	 err_prefix(e, "%.160s:%u:%u", (l)->file, (l)->number,                 \
		    (unsigned)((at) - (l)->start) + 1))

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* From *at to the next '|' or the end, without blanks around; heap. */
static char *next_column(const struct table_line *l, const char **at,
			 const char **ret_start)
{
	const char *from = *at, *to;

	to = memchr(from, '|', (size_t)(l->end - from));
	to = to ? to : l->end;
	*at = to < l->end ? to + 1 : l->end;
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	*ret_start = from;
	return xstrndup(from, (size_t)(to - from));
}

static int check_bytes(const struct table_line *l, struct err *e)
{
	uint32_t cp;
	size_t len;

	for (const char *p = l->start; p < l->end; p += len) {
		len = utf8_decode(p, (size_t)(l->end - p), &cp);
		if (!len || (cp != '\t' && !utf8_is_printable(cp)))
			return FAIL(l, p, e, "byte 0x%02x: not printable UTF-8",
				    (unsigned char)*p);
	}
	return 0;
}

static int parse_answer(const struct table_line *l, struct policy_row *r,
			char *text, const char *at, struct err *e)
{
	static const char *const words[] = { [ANSWER_PERMIT] = "permit",
					     [ANSWER_DENY] = "deny",
					     [ANSWER_NONE] = "none" };
	char *number = text + strcspn(text, " \t");
	uint32_t by;

	if (*number) {
		*number++ = '\0';
		number += strspn(number, " \t");
		if (num_u32(number, "rule", &by, NULL) < 0)
			return FAIL(l, at, e, "\"%s\": write a rule's number",
				    SHOW(number));
		r->has_by = true;
		r->by = by;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		r->want = (enum policy_answer)i;
		return 0;
	}
	return FAIL(l, at, e, "\"%s\": expected permit, deny or none",
		    SHOW(text));
}

static int parse_row(const struct table_line *l, struct policy_row *r,
		     struct err *e)
{
	const char *at = l->start, *from;
	auto_free char *want = NULL;

	r->line = l->number;
	r->rules = next_column(l, &at, &from);
	r->changes = next_column(l, &at, &from);
	want = next_column(l, &at, &from);
	if (from == l->end)
		return FAIL(l, l->end, e,
			    "three columns divided by | are expected");
	if (at != l->end)
		return FAIL(l, at, e, "a fourth column");
	if (r->rules[0] == '@') {
		r->is_name = true;
		memmove(r->rules, r->rules + 1, strlen(r->rules));
	}
	for (char *p = r->rules; !r->is_name && *p; p++)
		if (*p == ';')
			*p = '\n';
	return parse_answer(l, r, want, from, e);
}

static int parse_line(const struct table_line *l, struct policy_table *t,
		      struct err *e)
{
	const char *p = l->start;
	struct policy_row *r;

	while (p < l->end && is_blank(*p))
		p++;
	if (p == l->end || *p == '#')
		return 0;
	if (t->n == ROWS_MAX)
		return FAIL(l, p, e, "more than %d rows", ROWS_MAX);
	if (check_bytes(l, e) < 0)
		return -1;
	r = GROW(t->rows, t->n);
	t->n++;
	return parse_row(l, r, e);
}

int policy_table_parse(const char *file, const char *p, size_t n,
		       struct policy_table *ret, struct err *e)
{
	AUTO(policy_table_done) struct policy_table t = { 0 };
	struct table_line l = { .file = file };
	const char *end = p + n;

	if (n > POLICY_TABLE_MAX)
		return err_set(e, ERR_LIMIT,
			       "%.160s: %zu bytes: a table has at most %u",
			       file, n, POLICY_TABLE_MAX);
	for (; p < end; p = l.end < end ? l.end + 1 : end) {
		l.number++;
		l.start = p;
		l.end = memchr(p, '\n', (size_t)(end - p));
		l.end = l.end ? l.end : end;
		if (parse_line(&l, &t, e) < 0)
			return -1;
	}
	*ret = t;
	t = (struct policy_table){ 0 };
	return 0;
}

void policy_table_done(struct policy_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->rows[i].rules);
		free(t->rows[i].changes);
	}
	free(t->rows);
	*t = (struct policy_table){ 0 };
}
