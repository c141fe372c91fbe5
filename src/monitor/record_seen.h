/*
 * record_seen.h - which events were written already, and how often each
 * came: a table of digests, bounded.
 */
#ifndef MONITOR_RECORD_SEEN_H
#define MONITOR_RECORD_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/sha256.h"

#define SEEN_MAX 32768

struct seen_entry {
	uint8_t key[16];
	uint64_t count; /* 0: free */
	uint32_t n;	/* number of its line, from 1 */
};
struct seen {
	struct seen_entry *v; /* a power of two */
	size_t size, n;
};
enum seen_what { SEEN_NEW, SEEN_AGAIN, SEEN_FULL };

/* Counts one; *ret_n is the line's number. FULL: new, and no room for it. */
enum seen_what seen_count(struct seen *s, struct sha256 *key, uint32_t *ret_n);
void seen_done(struct seen *s);

#endif
