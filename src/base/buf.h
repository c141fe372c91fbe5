/*
 * buf.h - a growing byte buffer. Always NUL-terminated after the last byte
 * (not counted in len), so b.p can be used as a string once non-empty.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include "base/cleanup.h"

struct buf {
	char *p; /* NULL while empty */
	size_t len;
	size_t cap;
};
#define BUF_INIT                                                               \
	{                                                                      \
		.p = NULL, .len = 0, .cap = 0                                  \
	}

void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds `s` with control characters, bidi and invalid UTF-8 as \xNN (R40). */
void buf_escaped(struct buf *b, const char *s);
/* Adds `s` quoted for a shell when it needs it, control characters escaped. */
void buf_quoted(struct buf *b, const char *s);
void buf_clear(struct buf *b);
void buf_done(struct buf *b);
/* The content as a heap string ("" when empty); the buffer is empty after. */
char *buf_take(struct buf *b);
DEFINE_AUTO_DONE(struct buf, buf_done);

#endif
