/*
 * stream.h - one direction of a relay: a bounded buffer between two
 * descriptors, with back-pressure (R32). No policy, no events; it closes
 * nothing: whoever gave the descriptors does.
 */
#ifndef MONITOR_STREAM_H
#define MONITOR_STREAM_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct stream {
	int from, to; /* -1: ended */
	bool broken;  /* nobody reads any more: writing failed */
	size_t start, len;
	char buf[16384];
};

void stream_init(struct stream *s, int from, int to);
/* What to poll for, one entry or none. Their number. */
int stream_poll(const struct stream *s, struct pollfd *ret);
/* Moves what can be moved without waiting after a poll with these entries. */
void stream_move(struct stream *s, const struct pollfd *p, int n);
/* Sends these few bytes as the last ones; after the end of `from`, when all
 * that came from there is written. */
void stream_put(struct stream *s, const void *p, size_t n);
/* Nothing more will come, and all that came is written (or is lost). */
bool stream_is_done(const struct stream *s);

#endif
