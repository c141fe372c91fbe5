/*
 * option_help.c - the help text of a table of flags: grouped, aligned, 80
 * columns. Rows without a group are accepted but not shown.
 */
#include <string.h>
#include "base/alloc.h"
#include "base/option.h"

#define TEXT_COLUMN 32
#define COLUMNS	    80

/* Adds `text`, broken at spaces, from column `at` on; indented below. */
static void add_wrapped(struct buf *b, const char *text, size_t at)
{
	size_t n;

	while (*text) {
		n = strcspn(text, " ");
		if (at > TEXT_COLUMN && at + 1 + n > COLUMNS) {
			buf_printf(b, "\n%*s", TEXT_COLUMN, "");
			at = TEXT_COLUMN;
		} else if (at > TEXT_COLUMN) {
			buf_char(b, ' ');
			at++;
		}
		buf_add(b, text, n);
		at += n;
		text += n + strspn(text + n, " ");
	}
	buf_char(b, '\n');
}

static void add_row(struct buf *b, const struct option *o)
{
	size_t start = b->len, at;

	if (o->letter)
		buf_printf(b, "  -%c, --%s", o->letter, o->name);
	else
		buf_printf(b, "      --%s", o->name);
	if (o->arg)
		buf_printf(b, " %s", o->arg);
	at = b->len - start;
	if (at + 2 > TEXT_COLUMN) {
		buf_char(b, '\n');
		at = 0;
	}
	buf_printf(b, "%*s", (int)(TEXT_COLUMN - at), "");
	add_wrapped(b, o->text, TEXT_COLUMN);
}

static bool is_first_of_group(const struct option_table *t,
			      const struct option *o)
{
	const struct option *before = NULL;

	while ((before = option_next(t, before))) {
		if (before == o)
			return true;
		if (before->group && !strcmp(before->group, o->group))
			break;
	}
	return false;
}

void option_help(const struct option_table *t, struct buf *b)
{
	const struct option *head = NULL, *o;

	while ((head = option_next(t, head))) {
		if (!head->group || !is_first_of_group(t, head))
			continue;
		buf_printf(b, "\n%s:\n", head->group);
		for (o = NULL; (o = option_next(t, o));)
			if (o->group && !strcmp(o->group, head->group))
				add_row(b, o);
	}
}
