/*
 * stream.c - moving bytes. An error of the reading side is its end (a
 * terminal's master says EIO when the last peer is closed); an error of the
 * writing side ends both.
 */
#include "monitor/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void stream_init(struct stream *s, int from, int to, bool closes_to)
{
	s->from = from;
	s->to = to;
	s->closes_to = closes_to;
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

static void end_reading(struct stream *s)
{
	s->from = -1;
	if (s->closes_to && s->len == 0 && s->to >= 0) {
		close(s->to);
		s->to = -1;
	}
}

static void fill(struct stream *s)
{
	ssize_t n = read(s->from, s->buf, sizeof(s->buf));

	if (n > 0) {
		s->start = 0;
		s->len = (size_t)n;
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		end_reading(s);
	}
}

static void drain(struct stream *s)
{
	ssize_t n = write(s->to, s->buf + s->start, s->len);

	if (n > 0) {
		s->start += (size_t)n;
		s->len -= (size_t)n;
		if (s->len == 0 && s->from < 0)
			end_reading(s);
	} else if (n < 0 && errno != EINTR && errno != EAGAIN) {
		s->len = 0;
		s->to = s->from = -1; /* nobody reads any more */
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

bool stream_is_done(const struct stream *s)
{
	return s->to < 0 || (s->from < 0 && s->len == 0);
}
