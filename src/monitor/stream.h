/*
 * stream.h - one direction of a relay: a bounded buffer between two
 * descriptors, with back-pressure (R32). No policy, no events.
 */
#ifndef MONITOR_STREAM_H
#define MONITOR_STREAM_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct stream {
	int from, to;	/* -1: ended */
	bool closes_to; /* close `to` when `from` has ended */
	size_t start, len;
	char buf[16384];
};

void stream_init(struct stream *s, int from, int to, bool closes_to);
/* What to poll for: at most two entries. Their number. */
int stream_poll(const struct stream *s, struct pollfd *ret);
/* Moves what can be moved after a poll with these entries. */
void stream_move(struct stream *s, const struct pollfd *p, int n);
bool stream_is_done(const struct stream *s);

#endif
