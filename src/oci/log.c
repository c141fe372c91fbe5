/*
 * log.c - messages where engines look for them: the bare text on standard
 * error, and a line of text or JSON in the file of --log. Without a file and
 * with --log-format json, the JSON line goes to standard error.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/path.h"
#include "oci/oci.h"

struct line {
	const char *level, *text;
};

static void add_time(char ret[64])
{
	struct timespec now;
	struct tm tm;

	if (clock_gettime(CLOCK_REALTIME, &now) < 0 ||
	    !gmtime_r(&now.tv_sec, &tm) ||
	    !strftime(ret, 64, "%Y-%m-%dT%H:%M:%SZ", &tm))
		*ret = '\0';
}

/* Between quotes: a quote of the text ends nothing. */
static void add_message(struct buf *b, const char *text)
{
	AUTO(buf_done) struct buf plain = BUF_INIT;

	buf_escaped(&plain, text);
	for (const char *p = plain.p; *p; p++) {
		if (*p == '"' || *p == '\\')
			buf_char(b, '\\');
		buf_char(b, *p);
	}
}

static void format(const struct line *l, bool json, struct buf *b)
{
	char now[64];
	struct json_out j;

	add_time(now);
	if (!json) {
		buf_printf(b, "time=\"%s\" level=%s msg=\"", now, l->level);
		add_message(b, l->text);
		buf_str(b, "\"\n");
		return;
	}
	json_out_init(&j, b, false);
	json_out_obj(&j, NULL);
	json_out_str(&j, "level", l->level);
	json_out_str(&j, "msg", l->text);
	json_out_str(&j, "time", now);
	json_out_obj_end(&j);
	buf_char(b, '\n');
}

static bool is_json(const struct oci_globals *g)
{
	return g->log_format && strcmp(g->log_format, "json") == 0;
}

/* Errors here have nowhere to go: the exit status tells. A FIFO that nobody
 * reads holds nobody up. */
static void append(const struct oci_globals *g, const struct buf *line)
{
	auto_fd file =
		path_open(AT_FDCWD, g->log, PATH_HOST,
			  O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, 0644);

	if (file >= 0)
		(void)fd_write_all(file, line->p, line->len);
}

/* To the file, and for who reads standard error. */
static void put(const struct oci_globals *g, const struct line *l)
{
	AUTO(buf_done) struct buf line = BUF_INIT, bare = BUF_INIT;

	format(l, is_json(g), &line);
	buf_escaped(&bare, l->text);
	buf_char(&bare, '\n');
	if (g->log)
		append(g, &line);
	if (is_json(g) && !g->log)
		(void)fd_write_all(STDERR_FILENO, line.p, line.len);
	else
		(void)fd_write_all(STDERR_FILENO, bare.p, bare.len);
}

void oci_log_error(const struct oci_globals *g, const struct err *e)
{
	const struct line l = { "error", *e->msg ? e->msg : err_word(e->kind) };

	put(g, &l);
}

/* Nothing on standard error: engines take what stands there for the reason of
 * a failure. */
void oci_log_warn(const struct oci_globals *g, const char *text)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	const struct line l = { "warning", text };

	if (!g->debug || !g->log)
		return;
	format(&l, is_json(g), &b);
	append(g, &b);
}

void oci_log_debug(const struct oci_globals *g, const char *fmt, ...)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct line l = { .level = "debug" };
	auto_free char *text = NULL;
	va_list ap;

	if (!g->debug)
		return;
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	l.text = text;
	format(&l, is_json(g), &b);
	if (g->log)
		append(g, &b);
	else
		(void)fd_write_all(STDERR_FILENO, b.p, b.len);
}
