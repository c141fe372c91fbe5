/*
 * err.c - filling and reading struct err.
 *
 * Does not allocate, print or exit, so that a child between fork and exec
 * may use it. Text that is too long is cut and ends in "...".
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/table.h"
#include "immure/err.h"

static const struct {
	const char *word;
	int exit_status;
	int http_status;
} kinds[] = {
#define X(kind, word, exit, http) { word, exit, http },
	ERR_KINDS(X)
#undef X
};

static void cut(char *msg, size_t size, int want)
{
	size_t at = size - 4;

	if (want >= 0 && (size_t)want < size)
		return;
	if (want < 0)
		memset(msg, '?', size);
	/* never leave half a UTF-8 sequence before the dots */
	while (at > 0 && ((unsigned char)msg[at] & 0xc0) == 0x80)
		at--;
	memcpy(msg + at, "...", 4);
}

ERR_PRINTF(4, 0)
static void fill(struct err *e, enum err_kind kind, int errnum, const char *fmt,
		 va_list ap)
{
	char msg[ERR_MSG_SIZE];
	int n;

	if (!e)
		return;
	/* through a second buffer: an argument may be e->msg itself */
	n = vsnprintf(msg, sizeof(msg), fmt, ap);
	cut(msg, sizeof(msg), n);
	e->kind = kind;
	e->errnum = errnum;
	e->step = -1;
	memcpy(e->msg, msg, sizeof(msg));
}

static void add_reason(struct err *e, int errnum)
{
	size_t len;
	int n;

	if (!e)
		return;
	len = strlen(e->msg);
	n = snprintf(e->msg + len, sizeof(e->msg) - len, ": %s",
		     strerror(errnum));
	cut(e->msg, sizeof(e->msg), n < 0 ? n : (int)len + n);
}

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, kind, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int err_sys(struct err *e, const char *fmt, ...)
{
	int errnum = errno;
	va_list ap;

	va_start(ap, fmt);
	fill(e, ERR_SYS, errnum, fmt, ap);
	va_end(ap);
	add_reason(e, errnum);
	errno = errnum;
	return -1;
}

int err_sysno(struct err *e, int errnum, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(e, ERR_SYS, errnum, fmt, ap);
	va_end(ap);
	add_reason(e, errnum);
	return -1;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	char msg[ERR_MSG_SIZE];
	va_list ap;
	int n, m;

	if (!e)
		return -1;
	va_start(ap, fmt);
	n = vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	cut(msg, sizeof(msg), n);
	n = (int)strlen(msg);
	m = snprintf(msg + n, sizeof(msg) - (size_t)n, ": %s", e->msg);
	cut(msg, sizeof(msg), m < 0 ? m : n + m);
	memcpy(e->msg, msg, sizeof(msg));
	return -1;
}

static enum err_kind known(enum err_kind kind)
{
	return (size_t)kind < ARRAY_SIZE(kinds) ? kind : ERR_BUG;
}

const char *err_word(enum err_kind kind)
{
	return kinds[known(kind)].word;
}

int err_exit_status(enum err_kind kind)
{
	return kinds[known(kind)].exit_status;
}

int err_http_status(enum err_kind kind)
{
	return kinds[known(kind)].http_status;
}
