/*
 * stream.c - opens a libarchive reader on an fd and reads from it.
 *
 * libarchive's warnings are errors here: a header that it could only read in
 * part must not become a file of another name.
 */
#include "store/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/retry.h"
#include "format/text.h"

#define BLOCK_SIZE (256u << 10)
#define RATIO_FREE (64ull << 20)

static ssize_t read_some(struct stream *s)
{
	ssize_t n;

	n = RETRY(read(s->fd, s->buf, BLOCK_SIZE));
	if (n < 0)
		s->errnum = errno;
	s->last = n > 0 ? (size_t)n : 0;
	s->given += s->last;
	return n;
}

static la_ssize_t on_read(struct archive *a, void *data, const void **ret)
{
	struct stream *s = data;
	ssize_t n = read_some(s);

	if (n < 0)
		archive_set_error(a, s->errnum, "read failed");
	*ret = s->buf;
	return n;
}

static int fail(struct stream *s, struct err *e)
{
	const char *text = archive_error_string(s->a);

	if (s->errnum)
		return err_sysno(e, s->errnum, "read the archive");
	return err_set(e, ERR_INPUT, "archive: %s",
		       text ? SHOW(text) : "it is damaged, or ends too early");
}

static int set_up(struct archive *a, enum stream_kind kind)
{
	bool raw = kind == STREAM_GZIP || kind == STREAM_ZSTD;
	int r = ARCHIVE_OK;

	if (kind == STREAM_GZIP || kind == STREAM_TAR_ANY)
		r |= archive_read_support_filter_gzip(a);
	if (kind == STREAM_ZSTD || kind == STREAM_TAR_ANY)
		r |= archive_read_support_filter_zstd(a);
	if (raw)
		r |= archive_read_support_format_raw(a);
	else
		r |= archive_read_support_format_tar(a);
	/* a stream of no bytes at all */
	return r | archive_read_support_format_empty(a);
}

/* libarchive takes a filter off wherever it finds one: none where there
 * should be one, or one within another, would give a digest of other bytes
 * than everybody else's. */
static int check_filters(struct stream *s, enum stream_kind kind, struct err *e)
{
	static const struct {
		int code;
		const char *name;
	} only[] = {
		[STREAM_GZIP] = { ARCHIVE_FILTER_GZIP, "gzip" },
		[STREAM_ZSTD] = { ARCHIVE_FILTER_ZSTD, "zstd" },
	};
	int n = archive_filter_count(s->a) - 1; /* the last is the input */

	if (n > 1)
		return err_set(e, ERR_INPUT,
			       "archive: it is compressed more than once");
	if ((kind == STREAM_GZIP || kind == STREAM_ZSTD) &&
	    (n != 1 || archive_filter_code(s->a, 0) != only[kind].code))
		return err_set(e, ERR_INPUT, "archive: it is not in %s",
			       only[kind].name);
	return 0;
}

int stream_open(struct stream *s, int fd, enum stream_kind kind, struct err *e)
{
	*s = (struct stream){ .a = archive_read_new(), .fd = fd };
	if (!s->a)
		return err_set(e, ERR_SYS, "libarchive: no memory");
	s->buf = xmalloc(BLOCK_SIZE);
	/* ARCHIVE_WARN: a filter by an external program, which does not exist
	 * here and could not be run */
	if (set_up(s->a, kind) ||
	    archive_read_open(s->a, s, NULL, on_read, NULL))
		return fail(s, e);
	return check_filters(s, kind, e);
}

void stream_done(struct stream *s)
{
	/* a failure here is of a reader that nobody needs any more */
	if (s->a)
		archive_read_free(s->a);
	free(s->buf);
	*s = (struct stream){ .fd = -1 };
}

int stream_next(struct stream *s, struct archive_entry **ret, struct err *e)
{
	int r = archive_read_next_header(s->a, ret);

	if (r == ARCHIVE_EOF)
		return 0;
	return r == ARCHIVE_OK ? 1 : fail(s, e);
}

int stream_block(struct stream *s, struct block *ret, struct err *e)
{
	la_int64_t offset = 0;
	int r = archive_read_data_block(s->a, &ret->p, &ret->n, &offset);

	ret->offset = offset;
	if (r == ARCHIVE_EOF)
		return 0;
	return r == ARCHIVE_OK ? 1 : fail(s, e);
}

static bool is_zero(const char *p, size_t n)
{
	return n == 0 || (p[0] == 0 && !memcmp(p, p + 1, n - 1));
}

int stream_drain(struct stream *s, struct err *e)
{
	uint64_t used = (uint64_t)archive_filter_bytes(s->a, 0);
	size_t rest = used < s->given ? (size_t)(s->given - used) : 0;
	const char *end = s->buf + s->last;
	bool zero;
	ssize_t n;

	/* what libarchive was given and did not use is the end of the latest
	 * block; only STREAM_TAR counts the same bytes on both sides */
	if (rest > s->last)
		rest = s->last;
	zero = is_zero(end - rest, rest);
	while (zero && (n = read_some(s)) != 0) {
		if (n < 0)
			return fail(s, e);
		zero = is_zero(s->buf, (size_t)n);
	}
	if (!zero)
		return err_set(e, ERR_INPUT,
			       "archive: there are bytes after its end mark");
	return 0;
}

uint64_t stream_used(const struct stream *s)
{
	return (uint64_t)archive_filter_bytes(s->a, -1);
}

int stream_check_ratio(uint64_t in, uint64_t out, uint64_t ratio, struct err *e)
{
	if (out <= RATIO_FREE || out / ratio <= in)
		return 0;
	return err_set(e, ERR_LIMIT,
		       "it unpacks to more than %llu times its size: a bomb?",
		       (unsigned long long)ratio);
}

int stream_sniff(int fd, enum compression *ret, struct err *e)
{
	unsigned char m[4] = { 0 };
	ssize_t n = pread(fd, m, sizeof(m), 0);

	if (n < 0)
		return err_sys(e, "read the first bytes");
	*ret = COMP_NONE;
	if (m[0] == 0x1f && m[1] == 0x8b)
		*ret = COMP_GZIP;
	else if (m[0] == 0x28 && m[1] == 0xb5 && m[2] == 0x2f && m[3] == 0xfd)
		*ret = COMP_ZSTD;
	/* a skippable frame in front: what zstd:chunked may begin with */
	else if ((m[0] & 0xf0) == 0x50 && m[1] == 0x2a && m[2] == 0x4d &&
		 m[3] == 0x18)
		*ret = COMP_ZSTD;
	return 0;
}
