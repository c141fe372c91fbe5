/*
 * stream.h - libarchive as a reader of tar, gzip and zstd from an fd, and
 * nothing else of it: other formats and filters are not compiled in, and
 * files are never written by it.
 */
#ifndef STORE_STREAM_H
#define STORE_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <archive.h>
#include <archive_entry.h>
#include "base/cleanup.h"
#include "format/manifest.h"
#include "immure/err.h"

enum stream_kind {
	STREAM_TAR,	/* tar, not compressed */
	STREAM_TAR_ANY, /* tar, perhaps in gzip or zstd */
	STREAM_GZIP,	/* the bytes inside gzip */
	STREAM_ZSTD,	/* the bytes inside zstd */
};
struct stream {
	struct archive *a;
	int fd;
	char *buf;
	size_t last;	/* bytes of the latest read */
	uint64_t given; /* bytes handed to libarchive */
	int errnum;	/* of a failed read */
};
int stream_open(struct stream *s, int fd, enum stream_kind kind, struct err *e);
void stream_done(struct stream *s);
DEFINE_AUTO_DONE(struct stream, stream_done);

/* The next entry: 1, 0 at the end, -1. */
int stream_next(struct stream *s, struct archive_entry **ret, struct err *e);
/* A block of the entry's data: 1, 0 at its end, -1. */
struct block {
	const void *p;
	size_t n;
	int64_t offset; /* in the file: holes are skipped */
};
int stream_block(struct stream *s, struct block *ret, struct err *e);
/*
 * After the last entry: reads on to the end of the input. Anything but zeros
 * there is ERR_INPUT: it would be a part of the digest that nobody sees.
 */
int stream_drain(struct stream *s, struct err *e);
/* Bytes read so far, before decompression, and how far it has used them. */
uint64_t stream_used(const struct stream *s);
/* More than `ratio` bytes out of one, and more than 64 MiB: a bomb. */
int stream_check_ratio(uint64_t in, uint64_t out, uint64_t ratio,
		       struct err *e);

/* What the first bytes of a file say it is; the offset is left at 0. */
int stream_sniff(int fd, enum compression *ret, struct err *e);

#endif
