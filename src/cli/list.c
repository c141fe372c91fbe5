/*
 * list.c - prints rows: aligned columns, JSON a line, or a template.
 */
#include <json-c/json.h>
#include <string.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/list.h"
#include "cli/template.h"

#define COLUMNS_MAX 16
#define GAP	    3

/* Characters on the screen, near enough: UTF-8 starts. */
static size_t width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void measure(char *const *line, size_t widths[COLUMNS_MAX])
{
	size_t i, w;

	for (i = 0; line[i] && line[i + 1] && i < COLUMNS_MAX; i++) {
		w = width(line[i]);
		if (w > widths[i])
			widths[i] = w;
	}
}

static void add_line(char *const *line, const size_t widths[COLUMNS_MAX],
		     struct buf *b)
{
	size_t i, w;

	for (i = 0; line[i]; i++) {
		buf_str(b, line[i]);
		if (!line[i + 1])
			break;
		w = width(line[i]);
		if (i < COLUMNS_MAX && widths[i] > w)
			w = widths[i] - w;
		else
			w = 0;
		buf_printf(b, "%*s", (int)(w + GAP), "");
	}
	buf_char(b, '\n');
}

void list_align(char *text, struct buf *b)
{
	AUTO(strv_free) char **lines = strv_split(text, '\n');
	size_t widths[COLUMNS_MAX] = { 0 };

	strv_foreach (line, lines) {
		AUTO(strv_free) char **cells = strv_split(*line, '\t');

		measure(cells, widths);
	}
	strv_foreach (line, lines) {
		AUTO(strv_free) char **cells = strv_split(*line, '\t');

		if (!line[1] && !**line)
			break; /* after the last newline */
		add_line(cells, widths, b);
	}
}

void list_size(uint64_t bytes, struct buf *b)
{
	static const char *const units[] = {
		"B", "kB", "MB", "GB", "TB", "PB"
	};
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 999.5 && i + 1 < ARRAY_SIZE(units)) {
		v /= 1000;
		i++;
	}
	buf_printf(b, "%.3g%s", v, units[i]);
}

/* Every row by the template, a newline after each. */
static int render_rows(const char *text, struct json_object *rows,
		       struct buf *b, struct err *e)
{
	size_t i, n = json_object_array_length(rows);

	for (i = 0; i < n; i++) {
		if (template_render(text, json_at(rows, i), b, e))
			return -1;
		buf_char(b, '\n');
	}
	return 0;
}

int list_print(const char *format, const char *table, const struct buf *json,
	       struct buf *b, struct err *e)
{
	AUTO(json_free)
	struct json_object *rows = json_parse("list", json->p, json->len, e);
	AUTO(buf_done) struct buf raw = BUF_INIT;

	if (!rows)
		return -1;
	if (format && !strcmp(format, "json"))
		return render_rows("{{json .}}", rows, b, e);
	if (format && strcmp(format, "table") && strncmp(format, "table ", 6))
		return render_rows(format, rows, b, e);
	if (format && format[5])
		table = format + 6;
	if (template_heading(table, &raw, e))
		return -1;
	buf_char(&raw, '\n');
	if (render_rows(table, rows, &raw, e))
		return -1;
	list_align(raw.p, b);
	return 0;
}

int list_print_one(const char *format, const struct buf *json, struct buf *b,
		   struct err *e)
{
	AUTO(json_free) struct json_object *o = NULL;

	if (!format || !strcmp(format, "json")) {
		buf_add(b, json->p, json->len);
		buf_char(b, '\n');
		return 0;
	}
	o = json_parse("document", json->p, json->len, e);
	if (!o || template_render(format, o, b, e))
		return -1;
	buf_char(b, '\n');
	return 0;
}

void list_since(int64_t seconds, struct buf *b)
{
	static const struct {
		int64_t seconds;
		const char *one, *many;
	} units[] = {
		{ 365 * 86400, "year", "years" },
		{ 30 * 86400, "month", "months" },
		{ 7 * 86400, "week", "weeks" },
		{ 86400, "day", "days" },
		{ 3600, "hour", "hours" },
		{ 60, "minute", "minutes" },
		{ 1, "second", "seconds" },
	};
	int64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		n = seconds / units[i].seconds;
		if (n < 1)
			continue;
		buf_printf(b, "%lld %s ago", (long long)n,
			   n == 1 ? units[i].one : units[i].many);
		return;
	}
	buf_str(b, "just now");
}
