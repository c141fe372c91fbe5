/*
 * policy_line.c - a line of a policy file, cut into words.
 *
 * Words are separated by blanks; "…" quotes a word, with \\, \" and \xNN in
 * it; '#' at the start of a word begins a comment. Knows no word.
 */
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/utf8.h"
#include "format/policy_line.h"

#define WORD_BYTES 4096 /* of one word, as a path */

void policy_line_done(struct policy_line *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->words[i].s);
	l->n = 0;
}
static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* After a backslash in quotes: one byte into *ret. */
static int read_escape(struct policy_line *l, char *ret, struct err *e)
{
	int high, low;

	if (l->at < l->end && (*l->at == '\\' || *l->at == '"')) {
		*ret = *l->at++;
		return 0;
	}
	if (l->end - l->at < 3 || *l->at != 'x')
		return FAIL(l, policy_line_column(l), e,
			    "unknown escape in quotes; known are \\\\, \\\" "
			    "and \\xNN");
	high = hex_digit(l->at[1]);
	low = hex_digit(l->at[2]);
	if (high < 0 || low < 0 || high + low == 0)
		return FAIL(l, policy_line_column(l), e,
			    "\\x: two digits 0-9a-f must follow, not 00");
	*ret = (char)(high << 4 | low);
	l->at += 3;
	return 0;
}

static int read_quoted(struct policy_line *l, struct buf *b, struct err *e)
{
	unsigned column = policy_line_column(l);
	char c;

	for (l->at++; l->at < l->end && *l->at != '"';) {
		c = *l->at++;
		if (c == '\\' && read_escape(l, &c, e) < 0)
			return -1;
		buf_char(b, c);
	}
	if (l->at == l->end)
		return FAIL(l, column, e,
			    "the quote that begins here has no "
			    "end on this line");
	l->at++;
	if (l->at < l->end && *l->at != ' ' && *l->at != '\t')
		return FAIL(l, policy_line_column(l), e,
			    "a blank must follow the closing quote");
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int read_bare(struct policy_line *l, struct buf *b, struct err *e)
{
	for (; l->at < l->end && !is_blank(*l->at); l->at++) {
		if (*l->at == '"' || *l->at == '\\')
			return FAIL(l, policy_line_column(l), e,
				    "%c inside a word; quote the whole word",
				    *l->at);
		buf_char(b, *l->at);
	}
	return 0;
}

/* Splits the line into words. */
static int read_words(struct policy_line *l, struct err *e)
{
	for (;;) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		unsigned column;
		bool quoted;

		while (l->at < l->end && is_blank(*l->at))
			l->at++;
		if (l->at == l->end || *l->at == '#')
			return 0;
		column = policy_line_column(l);
		quoted = *l->at == '"';
		if (l->n == WORDS_MAX)
			return FAIL(l, column, e,
				    "more than %d words in a "
				    "rule",
				    WORDS_MAX);
		if ((quoted ? read_quoted : read_bare)(l, &b, e) < 0)
			return -1;
		if (b.len == 0 || b.len >= WORD_BYTES)
			return FAIL(l, column, e, "a word has 1 to %d bytes",
				    WORD_BYTES - 1);
		l->words[l->n++] = (struct policy_word){ .s = buf_take(&b),
							 .column = column,
							 .quoted = quoted };
	}
}

/* No control characters, valid UTF-8: what an editor shows is what counts.
 * Bytes of other names are written as \xNN. */
static int check_bytes(struct policy_line *l, struct err *e)
{
	const char *p = l->start;
	uint32_t cp;
	size_t len;

	for (; p < l->end; p += len) {
		len = utf8_decode(p, (size_t)(l->end - p), &cp);
		l->at = p;
		if (len && (cp == '\t' || utf8_is_printable(cp)))
			continue;
		return FAIL(l, policy_line_column(l), e, "byte 0x%02x: %s",
			    (unsigned char)*p,
			    *p == '\r' ? "end lines with \\n alone"
				       : "not printable UTF-8; write it as "
					 "\"\\xNN\"");
	}
	l->at = l->start;
	return 0;
}

int policy_line_read(struct policy_line *l, struct err *e)
{
	return check_bytes(l, e) < 0 ? -1 : read_words(l, e);
}
