/*
 * inflate.c - decompresses and hashes; parses no tar, opens no file.
 */
#include "store/inflate.h"

#include <errno.h>

#include "base/fd.h"
#include "store/stream.h"

struct progress {
	const struct inflate *job;
	struct stream *stream;
	struct hash *hash;
	uint64_t done;
};

static int pass_on(struct progress *p, const struct block *b, struct err *e)
{
	p->done += b->n;
	if (p->done > p->job->max)
		return err_set(e, ERR_LIMIT,
			       "it unpacks to more than %llu bytes",
			       (unsigned long long)p->job->max);
	if (stream_check_ratio(stream_used(p->stream), p->done, p->job->ratio,
			       e) ||
	    hash_add(p->hash, b->p, b->n, e))
		return -1;
	if (fd_write_all(p->job->out, b->p, b->n) == 0)
		return 0;
	if (errno != EPIPE)
		return err_sys(e, "pass the layer on");
	if (e)
		e->kind = ERR_NONE;
	return -1;
}

/* Trailing bytes would be in the blob's digest and in nobody's sight. */
static int check_used(const struct progress *p, struct err *e)
{
	if (stream_used(p->stream) == p->job->size)
		return 0;
	return err_set(e, ERR_INPUT,
		       "the compressed layer ends after %llu of %llu bytes",
		       (unsigned long long)stream_used(p->stream),
		       (unsigned long long)p->job->size);
}

int inflate_layer(const struct inflate *i, struct hash *h,
		  char ret[SHA256_HEX + 1], struct err *e)
{
	AUTO(stream_done) struct stream stream = { .fd = -1 };
	struct progress p = { .job = i, .stream = &stream, .hash = h };
	struct archive_entry *entry;
	struct block b;
	int r;

	if (stream_open(&stream, i->in,
			i->compression == COMP_GZIP ? STREAM_GZIP : STREAM_ZSTD,
			e) ||
	    hash_start(h, e))
		return -1;
	r = stream_next(&stream, &entry, e);
	while (r > 0 && (r = stream_block(&stream, &b, e)) > 0)
		if (pass_on(&p, &b, e))
			return -1;
	if (r < 0 || check_used(&p, e))
		return -1;
	return hash_end(h, ret, e);
}
