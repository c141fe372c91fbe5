/*
 * intake.c - reads a `docker save` or OCI archive as a stream and puts every
 * file in it into blobs/ under its own SHA-256. Names in the archive are only
 * keys of a table: no path is made of them.
 *
 * The child that reads. Should: read the archive, write below blobs/, report
 * what it found. Must not: see any other file, start anything, talk.
 */
#include "store/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/retry.h"
#include "format/layer.h"
#include "format/text.h"
#include "kernel/confine.h"
#include "store/child.h"
#include "store/stream.h"

#define PART	  ".part"
#define FILES_MAX 16384
#define COPY_SIZE (256u << 10)

/* How the child tells of one file: this, then the path, then the link. */
struct found {
	uint32_t path_len, link_len;
	uint64_t size;
	char hex[SHA256_HEX + 1];
};

/* ---- files into blobs/ ---- */

struct part {
	struct work *w;
	int fd;
	uint64_t size;
};

static int part_open(struct part *p, struct work *w, struct err *e)
{
	*p = (struct part){ .w = w };
	/* ENOENT: there is none; EEXIST comes below if it could not go */
	unlinkat(w->blobs, PART, 0);
	p->fd = path_open(w->blobs, PART, PATH_STRICT,
			  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (p->fd < 0)
		return err_sys(e, "make a blob");
	return hash_start(w->hash, e);
}

static int part_add(struct part *p, const void *data, size_t n, struct err *e)
{
	p->size += n;
	if (hash_add(p->w->hash, data, n, e))
		return -1;
	if (fd_write_all(p->fd, data, n))
		return err_sys(e, "write a blob");
	return 0;
}

/* Its name is its digest; the same content a second time is one file. */
static int part_end(struct part *p, struct staged *ret, struct err *e)
{
	ret->size = p->size;
	if (hash_end(p->w->hash, ret->hex, e))
		return -1;
	if (renameat(p->w->blobs, PART, p->w->blobs, ret->hex))
		return err_sys(e, "name a blob");
	return 0;
}

static void part_done(struct part *p)
{
	if (p->fd >= 0)
		close(p->fd);
}
DEFINE_AUTO_DONE(struct part, part_done);

int intake_copy(struct work *w, int fd, uint64_t max, struct staged *ret,
		struct err *e)
{
	AUTO(part_done) struct part p = { .fd = -1 };
	auto_free char *buf = xmalloc(COPY_SIZE);
	ssize_t n;

	if (part_open(&p, w, e))
		return -1;
	for (;;) {
		n = RETRY(read(fd, buf, COPY_SIZE));
		if (n < 0)
			return err_sys(e, "read the image");
		if (n == 0)
			return part_end(&p, ret, e);
		if ((uint64_t)n > max - p.size)
			return err_set(e, ERR_LIMIT, "larger than %llu bytes",
				       (unsigned long long)max);
		if (part_add(&p, buf, (size_t)n, e))
			return -1;
	}
}

/* ---- the child ---- */

struct reader {
	struct work *w;
	int out; /* struct found … */
	struct stream stream;
	uint64_t bytes;
	size_t files;
};

static int tell(struct reader *r, const char *path, const char *link,
		const struct staged *s, struct err *e)
{
	struct found f = { .path_len = (uint32_t)strlen(path),
			   .link_len = link ? (uint32_t)strlen(link) : 0,
			   .size = s->size };

	memcpy(f.hex, s->hex, sizeof(f.hex));
	if (fd_write_all(r->out, &f, sizeof(f)) ||
	    fd_write_all(r->out, path, f.path_len) ||
	    (link && fd_write_all(r->out, link, f.link_len)))
		return err_sys(e, "tell of %s", SHOW(path));
	return 0;
}

static int check_budget(struct reader *r, size_t n, struct err *e)
{
	r->bytes += n;
	if (r->bytes > r->w->limits.bytes)
		return err_set(e, ERR_LIMIT,
			       "the archive holds more than %llu bytes",
			       (unsigned long long)r->w->limits.bytes);
	return stream_check_ratio(stream_used(&r->stream), r->bytes,
				  r->w->limits.ratio, e);
}

static int take_file(struct reader *r, const char *path, struct err *e)
{
	AUTO(part_done) struct part p = { .fd = -1 };
	struct staged s = { 0 };
	struct block b;
	int more;

	if (part_open(&p, r->w, e))
		return -1;
	while ((more = stream_block(&r->stream, &b, e)) > 0) {
		if ((uint64_t)b.offset != p.size)
			return err_set(e, ERR_INPUT,
				       "archive: \"%s\" has holes", SHOW(path));
		if (check_budget(r, b.n, e) || part_add(&p, b.p, b.n, e))
			return -1;
	}
	if (more < 0 || part_end(&p, &s, e))
		return -1;
	return tell(r, path, NULL, &s, e);
}

/* The path that a link means: relative to its own directory for a symlink,
 * to the archive for a hard link. Cleaned, so it never leaves the table. */
static char *link_meaning(const char *path, const char *target, bool hard)
{
	auto_free char *dir = xstrdup(path), *joined = NULL;
	char *slash = strrchr(dir, '/');

	*(slash ? slash : dir) = '\0';
	joined = hard || *target == '/' ? xstrdup(target)
					: path_join(dir, target);
	return path_clean(joined);
}

static int take_entry(struct reader *r, struct archive_entry *a, struct err *e)
{
	const char *name = archive_entry_pathname(a);
	const char *hard = archive_entry_hardlink(a);
	const char *soft = archive_entry_symlink(a);
	auto_free char *path = NULL, *link = NULL;
	mode_t type = archive_entry_filetype(a);

	if (!name || strlen(name) > LAYER_PATH_MAX)
		return err_set(e, ERR_INPUT, "archive: a name too long");
	path = path_clean(name);
	if (!hard && type == S_IFDIR)
		return 0;
	if (++r->files > FILES_MAX)
		return err_set(e, ERR_LIMIT, "archive: more than %d files",
			       FILES_MAX);
	if (!hard && type == S_IFREG)
		return take_file(r, path + 1, e);
	if (!hard && (type != S_IFLNK || !soft))
		return err_set(e, ERR_INPUT,
			       "archive: \"%s\" is no file, directory or link",
			       SHOW(name));
	link = link_meaning(path, hard ? hard : soft, hard);
	return tell(r, path + 1, link + 1, &(struct staged){ 0 }, e);
}

static int read_archive(struct reader *r, struct err *e)
{
	struct archive_entry *a;
	int more;

	if (stream_open(&r->stream, r->w->in, STREAM_TAR_ANY, e))
		return -1;
	while ((more = stream_next(&r->stream, &a, e)) > 0)
		if (take_entry(r, a, e))
			return -1;
	return more;
}

static int intake_child(void *arg, struct report *ret, struct err *e)
{
	static const char *const calls[] = { "openat2", "unlinkat", "renameat",
					     "renameat2", NULL };
	struct reader *r = arg;
	struct confine c = { CONFINE_INIT,
			     .landlock_optional = true,
			     .syscalls = calls,
			     .max_memory = 1ull << 30,
			     .max_cpu = r->w->limits.seconds,
			     .max_fds = 64 };
	int rc;

	(void)ret;
	c.writable_dir = r->w->blobs;
	if (confine_self(&c, e))
		return -1;
	rc = read_archive(r, e);
	stream_done(&r->stream);
	return rc;
}

/* ---- the parent ---- */

/* A twin with the same content is harmless; another would be a choice. */
static int check_twin(struct work *w, const struct staged *s, struct err *e)
{
	for (size_t i = 0; i < w->n_files; i++) {
		const struct staged *o = &w->files[i];

		if (strcmp(o->path, s->path))
			continue;
		if (!strcmp(o->hex, s->hex) && !o->link == !s->link &&
		    (!s->link || !strcmp(o->link, s->link)))
			return 0;
		return err_set(e, ERR_INPUT,
			       "archive: \"%s\" is in it twice, with "
			       "different content",
			       SHOW(s->path));
	}
	return 0;
}

/* 1: one more, 0: the end, -1. What comes is checked: the child has read
 * hostile bytes. */
static int hear(struct work *w, int fd, struct err *e)
{
	struct staged *s;
	struct found f;

	if (fd_read_exact(fd, &f, sizeof(f)))
		return errno == ENODATA ? 0 : err_sys(e, "read what it found");
	if (f.path_len > LAYER_PATH_MAX || f.link_len > 2 * LAYER_PATH_MAX ||
	    w->n_files >= FILES_MAX)
		return err_set(e, ERR_VERIFY, "the archive's reader lies");
	s = GROW(w->files, w->n_files);
	s->path = xcalloc(f.path_len + 1, 1);
	s->size = f.size;
	memcpy(s->hex, f.hex, SHA256_HEX);
	if (fd_read_exact(fd, s->path, f.path_len))
		return err_sys(e, "read what it found");
	if (f.link_len) {
		s->link = xcalloc(f.link_len + 1, 1);
		if (fd_read_exact(fd, s->link, f.link_len))
			return err_sys(e, "read what it found");
	}
	if (check_twin(w, s, e))
		return -1;
	w->n_files++;
	return 1;
}

int intake_archive(struct work *w, struct err *e)
{
	struct reader r = { .w = w };
	struct report report;
	struct child child;
	struct err why = ERR_INIT;
	int p[2], heard;

	if (fd_pipe(p, e))
		return -1;
	r.out = p[1];
	if (child_start(&child, intake_child, &r, (int[]){ w->blobs, p[1], -1 },
			e)) {
		close(p[0]);
		close(p[1]);
		return -1;
	}
	close(p[1]);
	while ((heard = hear(w, p[0], &why)) > 0)
		;
	close(p[0]); /* the child ends on EPIPE if we gave up */
	if (child_wait(&child, "the archive's reader", &report, e))
		return -1;
	if (heard < 0)
		*e = why;
	else if (!report.ok)
		*e = report.err;
	return heard < 0 || !report.ok ? -1 : 0;
}
