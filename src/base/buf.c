/*
 * buf.c - a growing byte buffer.
 *
 * Does not limit its size: whoever fills it from outside counts bytes first.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/utf8.h"

/* Room for n more bytes and the NUL. */
static void reserve(struct buf *b, size_t n)
{
	size_t want, cap = b->cap ? b->cap : 64;

	if (__builtin_add_overflow(b->len, n, &want) || want >= SIZE_MAX / 2)
		want = SIZE_MAX / 2; /* xrealloc ends the process */
	if (want < b->cap)
		return;
	while (cap <= want)
		cap *= 2;
	b->p = xrealloc(b->p, cap, 1);
	b->cap = cap;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	reserve(b, n);
	if (n)
		memcpy(b->p + b->len, p, n);
	b->len += n;
	b->p[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(small)) {
		buf_add(b, small, (size_t)n);
		return;
	}
	va_start(ap, fmt);
	auto_free char *big = xvasprintf(fmt, ap);
	va_end(ap);
	buf_str(b, big);
}

/* The length of the next printable character, or 0. */
static size_t printable(const char *s, size_t n)
{
	uint32_t cp;
	size_t len = utf8_decode(s, n, &cp);

	return len && utf8_is_printable(cp) ? len : 0;
}

/* Adds s, each byte of what is not printable as \xNN; in a $'…' string ('
 * and \ are escaped too) when `dollar` is set. */
static void add_escaped(struct buf *b, const char *s, bool dollar)
{
	size_t n = strlen(s), len, i;
	uint32_t cp;

	for (; n; s += len, n -= len) {
		len = printable(s, n);
		if (len) {
			if (dollar && (*s == '\'' || *s == '\\'))
				buf_char(b, '\\');
			buf_add(b, s, len);
			continue;
		}
		len = utf8_decode(s, n, &cp);
		len = len ? len : 1;
		for (i = 0; i < len; i++)
			buf_printf(b, "\\x%02x", (unsigned char)s[i]);
	}
}

void buf_escaped(struct buf *b, const char *s)
{
	reserve(b, 0);
	b->p[b->len] = '\0';
	add_escaped(b, s, false);
}

static bool all_printable(const char *s)
{
	size_t n = strlen(s), len;

	for (; n; s += len, n -= len) {
		len = printable(s, n);
		if (!len)
			return false;
	}
	return true;
}

void buf_quoted(struct buf *b, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_@%+=:,./-";

	if (*s && !s[strspn(s, plain)]) {
		buf_str(b, s);
	} else if (!all_printable(s)) {
		buf_str(b, "$'");
		add_escaped(b, s, true);
		buf_char(b, '\'');
	} else {
		buf_char(b, '\'');
		for (; *s; s++) {
			if (*s == '\'')
				buf_str(b, "'\\''");
			else
				buf_char(b, *s);
		}
		buf_char(b, '\'');
	}
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->p)
		b->p[0] = '\0';
}

void buf_done(struct buf *b)
{
	if (!b)
		return;
	free(b->p);
	*b = (struct buf)BUF_INIT;
}

char *buf_take(struct buf *b)
{
	char *p = b->p ? b->p : xstrdup("");

	*b = (struct buf)BUF_INIT;
	return p;
}
