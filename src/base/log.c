/*
 * log.c - what programs print on standard error.
 *
 * Keeps no state: the name is libc's program name, and a progress line is
 * ended by whoever began it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"

void log_name(const char *program)
{
	program_invocation_short_name = (char *)(uintptr_t)program;
}

/* One write, so that lines of several processes do not mix. */
static void put(const struct buf *b)
{
	/* ignored: when standard error is gone there is nowhere to say so */
	if (fd_write_all(STDERR_FILENO, b->p, b->len))
		return;
}

static void put_line(const char *mark, const char *text)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_escaped(&b, program_invocation_short_name);
	buf_str(&b, ": ");
	buf_str(&b, mark);
	buf_escaped(&b, text);
	buf_char(&b, '\n');
	put(&b);
}

void log_error(const struct err *e)
{
	put_line("", *e->msg ? e->msg : err_word(e->kind));
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	auto_free char *text = xvasprintf(fmt, ap);
	va_end(ap);
	put_line("warning: ", text);
}

#define CLEAR_LINE "\r\033[K"

void log_progress(const char *fmt, ...)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	va_list ap;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	auto_free char *text = xvasprintf(fmt, ap);
	va_end(ap);
	buf_str(&b, CLEAR_LINE);
	buf_escaped(&b, text);
	put(&b);
}

void log_progress_end(void)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (!isatty(STDERR_FILENO))
		return;
	buf_str(&b, CLEAR_LINE);
	put(&b);
}
