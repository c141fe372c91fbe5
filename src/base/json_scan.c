/*
 * json_scan.c - the strict scan that every JSON text must pass before json-c
 * sees it.
 *
 * Pure: no json-c, no system call. Builds no tree; it keeps the keys of the
 * open objects only, to find one that stands there twice.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

#define DEPTH_MAX  32
#define NUMBER_MAX 64 /* characters of one number */

struct key {
	size_t at; /* of its text in scan.text */
	size_t len;
	size_t pos;	  /* of its quote in the document */
	const char *text; /* set while sorting */
};

struct scan {
	const char *name, *p;
	size_t n, pos;
	int depth;
	struct key *keys; /* of all open objects, outermost first */
	size_t n_keys, cap_keys;
	struct buf text; /* decoded */
	struct err *e;
};

/* An error at byte `pos`: name:line:column: why (near "key"). */
static int fail_at(struct scan *s, size_t pos, enum err_kind kind,
		   const char *why)
{
	AUTO(buf_done) struct buf near = BUF_INIT;
	size_t line = 1, column = 1, i;

	for (i = 0; i < pos; i++) {
		column = s->p[i] == '\n' ? 1 : column + 1;
		line += s->p[i] == '\n';
	}
	if (s->n_keys) {
		struct key *k = &s->keys[s->n_keys - 1];
		size_t len = k->len < 40 ? k->len : 40;
		auto_free char *key = xstrndup(s->text.p + k->at, len);

		buf_str(&near, " (near \"");
		buf_escaped(&near, key);
		buf_str(&near, "\")");
	}
	return err_set(s->e, kind, "%s:%zu:%zu: %s%s", s->name, line, column,
		       why, near.p ? near.p : "");
}

static int fail(struct scan *s, const char *why)
{
	return fail_at(s, s->pos, ERR_INPUT, why);
}

static int peek(const struct scan *s)
{
	return s->pos < s->n ? (unsigned char)s->p[s->pos] : -1;
}

static int skip_space(struct scan *s)
{
	while (s->pos < s->n && s->p[s->pos] && strchr(" \t\r\n", s->p[s->pos]))
		s->pos++;
	return peek(s);
}

/* Four hex digits at pos, or -1. */
static int hex4(const struct scan *s, size_t pos)
{
	int v = 0, c, i;

	if (s->n - pos < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		c = s->p[pos + (size_t)i];
		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			v = v * 16 + (c | 32) - 'a' + 10;
		else
			return -1;
	}
	return v;
}

/* After "\u": one code point, from two escapes when the first is a high
 * surrogate. */
static int scan_unicode(struct scan *s, uint32_t *ret)
{
	int hi = hex4(s, s->pos), lo;

	if (hi < 0)
		return fail(s, "\\u needs four hex digits");
	if (hi == 0)
		return fail(s, "a NUL character");
	if (hi < 0xd800 || hi > 0xdfff) {
		s->pos += 4;
		*ret = (uint32_t)hi;
		return 0;
	}
	lo = -1;
	if (s->n - s->pos >= 10 && s->p[s->pos + 4] == '\\' &&
	    s->p[s->pos + 5] == 'u')
		lo = hex4(s, s->pos + 6);
	if (hi > 0xdbff || lo < 0xdc00 || lo > 0xdfff)
		return fail(s, "half of a surrogate pair");
	s->pos += 10;
	*ret = 0x10000u + (((uint32_t)hi & 0x3ff) << 10) +
	       ((uint32_t)lo & 0x3ff);
	return 0;
}

static int scan_escape(struct scan *s, uint32_t *ret)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	int c = peek(s);
	const char *at = c > 0 ? strchr(from, c) : NULL;

	if (c == 'u') {
		s->pos++;
		return scan_unicode(s, ret);
	}
	if (!at)
		return fail(s, "an unknown escape in a string");
	s->pos++;
	*ret = (unsigned char)to[at - from];
	return 0;
}

/* A string; its decoded text goes to `out` when that is not NULL. */
static int scan_string(struct scan *s, struct buf *out)
{
	char utf8[4];
	uint32_t cp;
	size_t len;
	int c;

	if (peek(s) != '"')
		return fail(s, "expected a string in double quotes");
	for (s->pos++; (c = peek(s)) != '"';) {
		if (c < 0)
			return fail(s, "a string that does not end");
		if (c < 0x20)
			return fail(s, "a control character in a string");
		if (c == '\\') {
			s->pos++;
			if (scan_escape(s, &cp))
				return -1;
		} else {
			len = utf8_decode(s->p + s->pos, s->n - s->pos, &cp);
			if (len == 0)
				return fail(s, "bytes that are not UTF-8");
			s->pos += len;
		}
		if (out)
			buf_add(out, utf8, utf8_encode(cp, utf8));
	}
	s->pos++;
	return 0;
}

static size_t scan_digits(struct scan *s)
{
	size_t start = s->pos;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->pos++;
	return s->pos - start;
}

/* Does the integer text fit int64 or uint64? */
static bool fits(const char *text)
{
	bool minus = *text == '-';
	uint64_t v = 0;

	for (text += minus; *text; text++)
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*text - '0'), &v))
			return false;
	return !minus || v <= (uint64_t)INT64_MAX + 1;
}

static int scan_number(struct scan *s)
{
	size_t start = s->pos, digits;
	char text[NUMBER_MAX + 1];
	bool whole = true;

	s->pos += peek(s) == '-';
	digits = scan_digits(s);
	if (digits == 0 || (digits > 1 && s->p[s->pos - digits] == '0'))
		return fail_at(s, start, ERR_INPUT, "not a JSON value");
	if (peek(s) == '.') {
		whole = false;
		s->pos++;
		if (scan_digits(s) == 0)
			return fail(s, "a number without digits after the dot");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		whole = false;
		s->pos++;
		s->pos += peek(s) == '+' || peek(s) == '-';
		if (scan_digits(s) == 0)
			return fail(s, "a number without digits in its "
				       "exponent");
	}
	if (s->pos - start > NUMBER_MAX)
		return fail_at(s, start, ERR_INPUT, "a number too long");
	memcpy(text, s->p + start, s->pos - start);
	text[s->pos - start] = '\0';
	if (whole ? !fits(text) : !isfinite(strtod(text, NULL)))
		return fail_at(s, start, ERR_INPUT, "a number out of range");
	return 0;
}

static int scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, len;

	for (i = 0; i < 3; i++) {
		len = strlen(words[i]);
		if (s->n - s->pos >= len &&
		    !memcmp(s->p + s->pos, words[i], len)) {
			s->pos += len;
			return 0;
		}
	}
	return fail(s, "not a JSON value");
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int c = memcmp(x->text, y->text, n);

	if (c)
		return c;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->pos < y->pos ? -1 : 1;
}

/* The object whose first key is keys[first] ends: no key twice? */
static int close_object(struct scan *s, size_t first)
{
	size_t i, n = s->n_keys - first, at = s->text.len;
	struct key *k;

	if (n == 0)
		return 0;
	k = s->keys + first;
	for (i = 0; i < n; i++)
		k[i].text = s->text.p + k[i].at;
	qsort(k, n, sizeof(*k), compare_keys);
	for (i = 1; i < n; i++) {
		if (k[i].len != k[i - 1].len ||
		    memcmp(k[i].text, k[i - 1].text, k[i].len))
			continue;
		s->n_keys = first + i + 1;
		return fail_at(s, k[i].pos, ERR_INPUT,
			       "a key that stands twice in one object");
	}
	for (i = 0; i < n; i++)
		at = k[i].at < at ? k[i].at : at;
	s->text.len = at;
	s->n_keys = first;
	return 0;
}

static int scan_key(struct scan *s)
{
	struct key *k;

	if (s->n_keys == s->cap_keys) {
		s->cap_keys = s->cap_keys ? s->cap_keys * 2 : 64;
		s->keys = xrealloc(s->keys, s->cap_keys, sizeof(*s->keys));
	}
	k = &s->keys[s->n_keys];
	*k = (struct key){ .at = s->text.len, .pos = s->pos };
	buf_add(&s->text, "", 0);
	if (scan_string(s, &s->text))
		return -1;
	k->len = s->text.len - k->at;
	s->n_keys++;
	if (skip_space(s) != ':')
		return fail(s, "expected \":\" after a key");
	s->pos++;
	skip_space(s);
	return 0;
}

static int scan_value(struct scan *s);

/* The members up to the closing bracket, which is `end`. */
static int scan_members(struct scan *s, bool is_object, int end)
{
	int c;

	s->pos++;
	if (skip_space(s) == end) {
		s->pos++;
		return 0;
	}
	for (;;) {
		if (is_object && scan_key(s))
			return -1;
		if (scan_value(s))
			return -1;
		c = skip_space(s);
		if (c != ',' && c != end)
			return fail(s, is_object ? "expected \",\" or \"}\""
						 : "expected \",\" or \"]\"");
		s->pos++;
		if (c == end)
			return 0;
		skip_space(s);
	}
}

static int scan_value(struct scan *s)
{
	size_t first = s->n_keys;
	int c = peek(s);

	if (c == '"')
		return scan_string(s, NULL);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	if (c != '{' && c != '[')
		return scan_word(s);
	if (s->depth == DEPTH_MAX)
		return fail_at(s, s->pos, ERR_LIMIT,
			       "nested more than 32 levels deep");
	s->depth++;
	if (scan_members(s, c == '{', c == '{' ? '}' : ']'))
		return -1;
	s->depth--;
	return c == '{' ? close_object(s, first) : 0;
}

static int scan_document(struct scan *s)
{
	int c = skip_space(s);

	if (c != '{' && c != '[')
		return fail(s, s->n ? "expected a JSON object or array"
				    : "the document is empty");
	if (scan_value(s))
		return -1;
	if (skip_space(s) >= 0)
		return fail(s, "bytes after the end of the document");
	return 0;
}

int json_scan(const char *name, const char *p, size_t n, struct err *e)
{
	struct scan s = { .name = name, .p = p, .n = n, .e = e };
	int rc = scan_document(&s);

	free(s.keys);
	buf_done(&s.text);
	return rc;
}
