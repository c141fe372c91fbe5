/*
 * source.c - finds staged files; of an OCI layout directory they are copied
 * when they are asked for. Every file is hashed on the way into blobs/, so
 * what is compared here is what will be used.
 */
#include "store/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "format/digest.h"
#include "format/text.h"
#include "store/blob.h"
#include "store/intake.h"

#define LINKS_MAX 8

static const struct staged *look_up(const struct work *w, const char *path)
{
	for (size_t i = 0; i < w->n_files; i++)
		if (!strcmp(w->files[i].path, path))
			return &w->files[i];
	return NULL;
}

/* A file of the OCI directory, copied. O_NONBLOCK: a FIFO must not stop us. */
static int copy_in(struct work *w, const char *path, uint64_t max,
		   struct staged *ret, struct err *e)
{
	auto_fd fd = path_open(w->oci, path, PATH_BENEATH,
			       O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct staged *s;
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st))
		return err_sys(e, "open %s", SHOW(path));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INPUT, "%s: not a regular file",
			       SHOW(path));
	s = GROW(w->files, w->n_files);
	if (intake_copy(w, fd, max, s, e))
		return err_prefix(e, "%s", SHOW(path));
	s->path = xstrdup(path);
	w->n_files++;
	*ret = *s;
	return 1;
}

int source_find(struct work *w, const char *path, uint64_t max,
		struct staged *ret, struct err *e)
{
	const struct staged *s = look_up(w, path);

	for (int i = 0; s && s->link; i++) {
		if (i == LINKS_MAX)
			return err_set(e, ERR_INPUT,
				       "archive: \"%s\": too many links",
				       SHOW(path));
		s = look_up(w, s->link);
	}
	if (s) {
		*ret = *s;
		return 1;
	}
	return w->oci >= 0 ? copy_in(w, path, max, ret, e) : 0;
}

int source_read(struct work *w, const struct staged *s, struct buf *ret,
		struct err *e)
{
	if (s->size > MANIFEST_MAX)
		return err_set(e, ERR_LIMIT, "larger than %u bytes",
			       MANIFEST_MAX);
	return file_read_at(w->blobs, s->hex, MANIFEST_MAX, ret, e);
}

int source_document(struct work *w, const char *path, struct buf *ret,
		    struct err *e)
{
	struct staged s;
	int r = source_find(w, path, MANIFEST_MAX, &s, e);

	if (r <= 0)
		return r;
	if (source_read(w, &s, ret, e))
		return err_prefix(e, "%s", SHOW(path));
	return 1;
}

int source_blob(struct work *w, const struct descriptor *d, struct staged *ret,
		struct err *e)
{
	auto_free char *path = NULL;
	struct staged s;
	int r;

	if (blob_check_digest(d->digest, "blob", e))
		return -1;
	path = xasprintf("blobs/sha256/%s", digest_hex(d->digest));
	r = source_find(w, path, d->size, &s, e);
	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_INPUT, "blob %s: it is not in it",
			       d->digest);
	if (s.size != d->size)
		return err_set(e, ERR_INPUT,
			       "blob %s: it has %llu bytes, but %llu are "
			       "promised",
			       d->digest, (unsigned long long)s.size,
			       (unsigned long long)d->size);
	if (strcmp(s.hex, digest_hex(d->digest)))
		return err_set(e, ERR_INPUT,
			       "blob %s: its content is sha256:%s: it was "
			       "tampered with",
			       d->digest, s.hex);
	*ret = s;
	return 0;
}

int source_write(struct work *w, const struct buf *b, struct staged *ret,
		 struct err *e)
{
	char hex[SHA256_HEX + 1];

	sha256_of(b->p, b->len, hex);
	if (file_write_at(w->blobs, hex, b->p, b->len, e))
		return -1;
	*ret = (struct staged){ .size = b->len };
	memcpy(ret->hex, hex, sizeof(hex));
	return 0;
}
