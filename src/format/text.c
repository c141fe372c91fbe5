/*
 * text.c - strings from outside: checked for control characters, shown in
 * messages. Whether a string is valid UTF-8 is the JSON scanner's business.
 */
#include "format/text.h"

#include <stdio.h>
#include <string.h>
#include "base/buf.h"

#define SHOW_BYTES 60 /* four bytes each when all are escaped */

bool text_is_plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

bool text_is_value(const char *s)
{
	for (; *s; s++) {
		if (*s == '\t' || *s == '\n' || *s == '\r')
			continue;
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	}
	return true;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

bool text_is_word(const char *s, const char *extra)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (!is_alnum(*s) && !strchr(extra, *s))
			return false;
	return true;
}

const char *text_show(char ret[TEXT_SHOW_MAX], const char *s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	char head[SHOW_BYTES + 1];
	size_t n = strnlen(s, SHOW_BYTES + 1);
	bool cut = n > SHOW_BYTES;

	if (cut)
		n = SHOW_BYTES;
	while (cut && n && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--; /* not in the middle of a character */
	memcpy(head, s, n);
	head[n] = '\0';
	buf_escaped(&b, head);
	snprintf(ret, TEXT_SHOW_MAX, "%s%s", b.len ? b.p : "",
		 cut ? "..." : "");
	return ret;
}
