/*
 * json_out.c - the JSON writer.
 *
 * Pure. The output is ASCII. A byte that is not UTF-8 becomes \udcNN, which
 * no valid text gives, so that two different inputs never print alike.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/table.h"
#include "base/utf8.h"

void json_out_init(struct json_out *j, struct buf *b, bool pretty)
{
	*j = (struct json_out){ .b = b, .pretty = pretty };
	j->first[0] = true;
}

static void newline(struct json_out *j)
{
	if (j->pretty)
		buf_printf(j->b, "\n%*s", j->depth * 2, "");
}

static void unit(struct buf *b, uint32_t v)
{
	buf_printf(b, "\\u%04" PRIx32, v);
}

static void add_char(struct buf *b, uint32_t cp)
{
	static const char from[] = "\"\\\n\r\t\b\f";
	static const char to[] = "\"\\nrtbf";
	const char *at = cp && cp < 0x80 ? strchr(from, (int)cp) : NULL;

	if (at) {
		buf_char(b, '\\');
		buf_char(b, to[at - from]);
	} else if (cp >= 0x20 && cp < 0x7f) {
		buf_char(b, (char)cp);
	} else if (cp < 0x10000) {
		unit(b, cp);
	} else {
		unit(b, 0xd800 + ((cp - 0x10000) >> 10));
		unit(b, 0xdc00 + ((cp - 0x10000) & 0x3ff));
	}
}

static void string(struct buf *b, const char *s)
{
	size_t n = strlen(s), len;
	uint32_t cp;

	buf_char(b, '"');
	for (; n; s += len, n -= len) {
		len = utf8_decode(s, n, &cp);
		if (len) {
			add_char(b, cp);
			continue;
		}
		unit(b, 0xdc00u | (unsigned char)*s);
		len = 1;
	}
	buf_char(b, '"');
}

/* Comma, new line and key before a value. */
static void begin(struct json_out *j, const char *key)
{
	if (!j->first[j->depth])
		buf_char(j->b, ',');
	j->first[j->depth] = false;
	if (j->depth)
		newline(j);
	if (!key)
		return;
	string(j->b, key);
	buf_str(j->b, j->pretty ? ": " : ":");
}

static void open_level(struct json_out *j, const char *key, char bracket)
{
	begin(j, key);
	buf_char(j->b, bracket);
	/* a writer's nesting is fixed in its code: too deep is a bug */
	if (++j->depth == (int)ARRAY_SIZE(j->first))
		abort();
	j->first[j->depth] = true;
}

static void close_level(struct json_out *j, char bracket)
{
	bool empty = j->first[j->depth];

	j->depth--;
	if (!empty)
		newline(j);
	buf_char(j->b, bracket);
}

void json_out_obj(struct json_out *j, const char *key)
{
	open_level(j, key, '{');
}

void json_out_obj_end(struct json_out *j)
{
	close_level(j, '}');
}

void json_out_array(struct json_out *j, const char *key)
{
	open_level(j, key, '[');
}

void json_out_array_end(struct json_out *j)
{
	close_level(j, ']');
}

void json_out_str(struct json_out *j, const char *key, const char *s)
{
	begin(j, key);
	if (s)
		string(j->b, s);
	else
		buf_str(j->b, "null");
}

void json_out_u64(struct json_out *j, const char *key, uint64_t v)
{
	begin(j, key);
	buf_printf(j->b, "%" PRIu64, v);
}

void json_out_i64(struct json_out *j, const char *key, int64_t v)
{
	begin(j, key);
	buf_printf(j->b, "%" PRId64, v);
}

void json_out_bool(struct json_out *j, const char *key, bool v)
{
	begin(j, key);
	buf_str(j->b, v ? "true" : "false");
}

void json_out_strv(struct json_out *j, const char *key, char *const *v)
{
	json_out_array(j, key);
	for (; v && *v; v++)
		json_out_str(j, NULL, *v);
	json_out_array_end(j);
}
