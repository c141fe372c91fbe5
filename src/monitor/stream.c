/*
 * stream.c - moving bytes. An error of the reading side is its end (a
 * terminal's master says EIO when the last peer is closed); an error of the
 * writing side ends both.
 */
#include "monitor/stream.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/retry.h"

void stream_init(struct stream *s, int from, int to)
{
	s->from = from;
	s->to = to;
	s->broken = false;
	s->start = s->len = 0;
}

int stream_poll(const struct stream *s, struct pollfd *ret)
{
	if (s->len > 0 && s->to >= 0) {
		*ret = (struct pollfd){ .fd = s->to, .events = POLLOUT };
		return 1;
	}
	if (s->from >= 0 && s->to >= 0) {
		*ret = (struct pollfd){ .fd = s->from, .events = POLLIN };
		return 1;
	}
	return 0;
}

static void fill(struct stream *s)
{
	ssize_t n = RETRY(read(s->from, s->buf, sizeof(s->buf)));

	if (n > 0) {
		s->start = 0;
		s->len = (size_t)n;
	} else if (n == 0 || errno != EAGAIN) {
		s->from = -1;
	}
}

/* The caller's descriptors block, and signals and the time-out must not wait:
 * so at a time no more than what a pipe that is writable has room for. */
static void drain(struct stream *s)
{
	size_t some = s->len < PIPE_BUF ? s->len : PIPE_BUF;
	ssize_t n = RETRY(write(s->to, s->buf + s->start, some));

	if (n > 0) {
		s->start += (size_t)n;
		s->len -= (size_t)n;
	} else if (n < 0 && errno != EAGAIN) {
		s->len = 0;
		s->to = s->from = -1;
		s->broken = true;
	}
}

void stream_move(struct stream *s, const struct pollfd *p, int n)
{
	for (int i = 0; i < n; i++) {
		if (!p[i].revents)
			continue;
		if (p[i].fd == s->to && p[i].events == POLLOUT)
			drain(s);
		else if (p[i].fd == s->from)
			fill(s);
	}
}

void stream_put(struct stream *s, const void *p, size_t n)
{
	s->from = -1;
	s->start = 0;
	s->len = n < sizeof(s->buf) ? n : sizeof(s->buf);
	memcpy(s->buf, p, s->len);
}

bool stream_is_done(const struct stream *s)
{
	return s->to < 0 || (s->from < 0 && s->len == 0);
}
