/*
 * root.c - the store's directory: made, checked, opened, closed.
 *
 * Does not look into what others put there (index.c, blob.c, layers by
 * publish.c); it only completes what a killed load had committed.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/path.h"
#include "base/table.h"
#include "store/index.h"
#include "store/parts.h"
#include "store/publish.h"

#define LAYOUT_FILE "oci-layout"
#define LAYOUT_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}\n"

static int check_owner(int dir, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(dir, &st))
		return err_sys(e, "stat %s", path);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_HOST,
			       "store %s: it belongs to uid %u, not to you; "
			       "set XDG_DATA_HOME to a directory of yours",
			       path, st.st_uid);
	if (st.st_mode & 022)
		return err_set(e, ERR_HOST,
			       "store %s: others may write to it (mode %04o); "
			       "run: chmod 700 %s",
			       path, st.st_mode & 07777u, path);
	if ((st.st_mode & 077) && fchmod(dir, 0700))
		return err_sys(e, "chmod 700 %s", path);
	return 0;
}

/* 1 or 0; -1: it cannot be told, and then nothing is written over it. */
static int is_there(struct store *s, const char *name, struct err *e)
{
	int there = path_exists(s->dir, name);

	return there < 0 ? err_sys(e, "look for %s", name) : there;
}

/* Under the lock, so that of two first commands the second does not put an
 * empty index over what the first has loaded. */
static int make_files(struct store *s, struct err *e)
{
	int layout = is_there(s, LAYOUT_FILE, e);
	int index = layout < 0 ? -1 : is_there(s, INDEX_FILE, e);
	auto_fd lock = -1;

	if (index < 0 || (layout && index))
		return index < 0 ? -1 : 0;
	lock = store_lock(s, LOCK_EXCLUSIVE, e);
	if (lock < 0)
		return -1;
	index = is_there(s, INDEX_FILE, e);
	if (index < 0 || (!index && index_save(s, &(struct index){ 0 }, e)))
		return -1;
	return file_write_at(s->dir, LAYOUT_FILE, LAYOUT_TEXT,
			     strlen(LAYOUT_TEXT), e);
}

static int open_parts(struct store *s, struct err *e)
{
	static const char *const others[] = { PART_TMP, PART_CONTAINERS,
					      PART_HOLDS };
	auto_fd blobs = file_open_dir(s->dir, "blobs", true, e);

	if (blobs < 0)
		return -1;
	s->blobs = file_open_dir(blobs, "sha256", true, e);
	s->layers =
		s->blobs < 0 ? -1 : file_open_dir(s->dir, PART_LAYERS, true, e);
	if (s->layers < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		auto_fd dir = file_open_dir(s->dir, others[i], true, e);

		if (dir < 0)
			return -1;
	}
	return 0;
}

static int open_all(struct store *s, const char *path, struct err *e)
{
	s->path = path_clean(path);
	if (path[0] != '/')
		return err_set(e, ERR_USAGE,
			       "store \"%s\": the path must be absolute", path);
	if (file_make_dirs(s->path, e))
		return -1;
	s->dir = path_open(AT_FDCWD, s->path, PATH_HOST, O_RDONLY | O_DIRECTORY,
			   0);
	if (s->dir < 0)
		return err_sys(e, "open the store %s", s->path);
	if (check_owner(s->dir, s->path, e))
		return -1;
	if (open_parts(s, e) || make_files(s, e) || publish_recover(s, e))
		return err_prefix(e, "store %s", s->path);
	return 0;
}

int store_open(const char *path, struct store *ret, struct err *e)
{
	struct store s = { .dir = -1, .blobs = -1, .layers = -1 };

	if (open_all(&s, path, e)) {
		store_close(&s);
		return -1;
	}
	*ret = s;
	return 0;
}

void store_close(struct store *s)
{
	if (!s->path)
		return; /* never opened, or closed */
	if (s->dir >= 0)
		close(s->dir);
	if (s->blobs >= 0)
		close(s->blobs);
	if (s->layers >= 0)
		close(s->layers);
	free(s->path);
	*s = (struct store){ .dir = -1, .blobs = -1, .layers = -1 };
}

int store_lock(struct store *s, enum lock_mode mode, struct err *e)
{
	int fd = lock_open_at(s->dir, "lock", mode, e);

	return fd < 0 ? err_prefix(e, "store %s", s->path) : fd;
}
