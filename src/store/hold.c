/*
 * hold.c - says which layers running containers need: a file in holds/ for
 * each image that ever ran, with their digests, under a shared lock as long
 * as a container lives. However many run or are killed, it is one file.
 *
 * One whose lock is free is left over and removed by the next gc. It decides
 * under the store's exclusive lock, a hold is made under the shared one.
 */
#include "store/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "format/digest.h"
#include "store/blob.h"
#include "store/parts.h"
#include "store/staging.h"

#define HOLD_MAX (1u << 20)

static int check_layers(const struct image *i, struct err *e)
{
	for (size_t k = 0; k < i->n_layers; k++) {
		struct stat st;

		if (stat(i->layers[k].path, &st) ||
		    st.st_dev != i->layers[k].id.dev ||
		    st.st_ino != i->layers[k].id.ino)
			return err_set(e, ERR_MISSING,
				       "image %s: layer %s was removed "
				       "meanwhile; load the image again",
				       *i->name ? i->name : i->digest,
				       i->layers[k].diff_id);
	}
	return 0;
}

/* Nothing to do when it is written already; it is the same for all that run
 * the image. Of another length: whoever made it was killed meanwhile. */
static int write_layers(int fd, const struct image *i, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct stat st;

	for (size_t k = 0; k < i->n_layers; k++)
		buf_printf(&b, "%s\n", digest_hex(i->layers[k].diff_id));
	if (fstat(fd, &st))
		return err_sys(e, "stat the hold");
	if ((uint64_t)st.st_size == b.len)
		return 0;
	if (fd_write_all(fd, b.p, b.len) || ftruncate(fd, (off_t)b.len))
		return err_sys(e, "write the hold");
	return 0;
}

/* Where nothing can be written, the file of an earlier run serves. */
static int open_hold(int dir, const char *name)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int fd = path_open(dir, name, PATH_STRICT, O_RDWR | O_CREAT | flags,
			   0600);

	if (fd < 0 && errno == EROFS)
		fd = path_open(dir, name, PATH_STRICT, O_RDONLY | flags, 0);
	return fd;
}

int store_image_hold(struct store *s, const struct image *i, struct err *e)
{
	/* shared: gc decides under the exclusive lock, before or after */
	auto_fd lock = store_lock(s, LOCK_SHARED, e);
	const char *name = digest_hex(i->digest);
	auto_fd dir = -1, fd = -1;

	if (lock < 0 || blob_check_digest(i->digest, "image", e))
		return -1;
	dir = file_open_dir(s->dir, PART_HOLDS, true, e);
	if (dir < 0)
		return -1;
	fd = open_hold(dir, name);
	if (fd < 0)
		return err_sys(e, "hold an image: make %s/" PART_HOLDS "/%s",
			       s->path, name);
	if (flock(fd, LOCK_SH | LOCK_NB))
		return err_sys(e, "lock the hold");
	if (write_layers(fd, i, e) || check_layers(i, e))
		return -1;
	return TAKE_FD(fd);
}

static int read_hold(int dir, const char *name, char ***held, struct err *e)
{
	auto_fd fd = path_open(dir, name, PATH_STRICT,
			       O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(strv_free) char **lines = NULL;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(e, "open the hold %s", name);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		/* nobody has it: left over (ENOENT: another gc was here) */
		unlinkat(dir, name, 0);
		return 0;
	}
	if (file_read_fd(fd, HOLD_MAX, name, &b, e))
		return -1;
	lines = strv_split(b.p ? b.p : "", '\n');
	strv_foreach (line, lines)
		if (**line)
			strv_add(held, *line);
	return 0;
}

int hold_list(struct store *s, char ***ret, struct err *e)
{
	auto_fd dir = file_open_dir(s->dir, PART_HOLDS, true, e);
	AUTO(strv_free) char **names = NULL, **held = NULL;

	if (dir < 0 || staging_list(dir, PART_HOLDS, &names, e))
		return -1;
	strv_foreach (name, names)
		if (read_hold(dir, *name, &held, e))
			return -1;
	*ret = TAKE(held);
	return 0;
}
