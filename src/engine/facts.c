/*
 * facts.c - dev:ino, type, owner, mount flags and parents of bind sources.
 */
#include "engine/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/table.h"
#include "engine/sockets.h"

#define PARENTS_MAX 256

static uint64_t mount_flags(int fd)
{
	static const struct {
		unsigned long st;
		uint64_t attr;
	} rows[] = {
		{ ST_RDONLY, MOUNT_ATTR_RDONLY },
		{ ST_NOSUID, MOUNT_ATTR_NOSUID },
		{ ST_NODEV, MOUNT_ATTR_NODEV },
		{ ST_NOEXEC, MOUNT_ATTR_NOEXEC },
	};
	struct statvfs v;
	uint64_t attr = 0;

	if (fstatvfs(fd, &v) < 0)
		return 0; /* for show only: a clone keeps its flags anyway */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (v.f_flag & rows[i].st)
			attr |= rows[i].attr;
	return attr;
}

static int add_parents(int dir, struct source_facts *f, struct err *e)
{
	auto_fd at = dir;
	struct stat st, last = { 0 };

	for (;;) {
		int up;

		if (fstat(at, &st) < 0)
			return err_sys(e, "stat a parent of %s", f->resolved);
		if (st.st_dev == last.st_dev && st.st_ino == last.st_ino)
			return 0; /* ".." of the root is the root */
		*GROW(f->parents, f->n_parents) =
			(struct object_id){ .dev = st.st_dev,
					    .ino = st.st_ino };
		if (++f->n_parents > PARENTS_MAX)
			return err_set(e, ERR_LIMIT,
				       "below more than %d directories: %s",
				       PARENTS_MAX, f->resolved);
		last = st;
		up = path_open(at, "..", PATH_HOST, O_PATH | O_DIRECTORY, 0);
		if (up < 0)
			return err_sys(e, "open a parent of %s", f->resolved);
		close(at);
		at = up;
	}
}

static int open_parent(const struct source_facts *f, int fd)
{
	auto_free char *copy = NULL;
	char *slash;

	if (S_ISDIR(f->mode))
		return path_open(fd, "..", PATH_HOST, O_PATH | O_DIRECTORY, 0);
	copy = xstrdup(f->resolved);
	slash = strrchr(copy, '/');
	slash[slash == copy] = '\0';
	return path_open(AT_FDCWD, copy, PATH_HOST, O_PATH | O_DIRECTORY, 0);
}

/* A directory is found by "..", what is in one by name only: is it there? */
static int check_parent(int dir, const struct source_facts *f, struct err *e)
{
	auto_fd fd = -1;
	struct stat st;

	if (S_ISDIR(f->mode))
		return 0;
	fd = path_open(dir, path_base(f->resolved), PATH_STRICT,
		       O_PATH | O_NOFOLLOW, 0);
	/* EXDEV: a mount of its own, as files of /dev in a container are */
	if (fd < 0 && errno != EXDEV)
		return err_sys(e, "find %s again", f->resolved);
	if (fd >= 0 && (fstat(fd, &st) < 0 || st.st_dev != f->id.dev ||
			st.st_ino != f->id.ino))
		return err_set(e, ERR_VERIFY,
			       "%s was replaced while it was looked at: run "
			       "again",
			       f->resolved);
	return 0;
}

static void measure(const struct stat *st, struct source_facts *f)
{
	f->id = (struct object_id){ .dev = st->st_dev, .ino = st->st_ino };
	f->mode = st->st_mode;
	f->uid = st->st_uid;
	f->gid = st->st_gid;
	f->rdev = st->st_rdev;
}

static int open_error(const char *path, struct err *e)
{
	if (errno == ENOENT)
		return err_set(e, ERR_MISSING,
			       "%s: no such file or directory on the host: "
			       "make it first, it is never made for you",
			       path);
	return err_sys(e, "open %s", path);
}

int facts_of_object(const char *path, struct source_facts *ret, struct err *e)
{
	struct source_facts f = { 0 };
	struct stat st;

	if (path_stat(path, &st) < 0)
		return open_error(path, e);
	measure(&st, &f);
	*ret = f;
	return 0;
}

int facts_of(const char *path, struct source_facts *ret, struct err *e)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST, O_PATH, 0);
	struct stat st;
	int up;

	if (fd < 0)
		return open_error(path, e);
	if (fstat(fd, &st) < 0)
		return err_sys(e, "stat %s", path);
	measure(&st, &f);
	f.locked_attr = mount_flags(fd);
	f.resolved = path_of_fd(fd);
	if (!f.resolved)
		return err_sys(e, "the name of %s", path);
	up = open_parent(&f, fd);
	if (up < 0)
		return err_sys(e, "open the directory above %s", path);
	if (check_parent(up, &f, e) < 0) {
		close(up);
		return -1;
	}
	if (add_parents(up, &f, e) < 0)
		return -1;
	*ret = f;
	f = (struct source_facts){ 0 };
	return 0;
}

static int fill_bind(struct spec_mount *m, struct err *e)
{
	bool unsearched = m->facts.unsearched;

	if (facts_of(m->source, &m->facts, e) < 0)
		return -1;
	m->facts.unsearched = unsearched;
	return unsearched ? 0
			  : sockets_find(m->source, m->recursive, &m->facts, e);
}

int facts_fill(struct spec *s, struct err *e)
{
	for (size_t i = 0; i < s->n_mounts; i++)
		if (s->mounts[i].source && !strcmp(s->mounts[i].type, "bind") &&
		    !s->mounts[i].made && fill_bind(&s->mounts[i], e) < 0)
			return err_prefix(e, "bind");
	for (size_t i = 0; i < s->n_devices; i++)
		if (facts_of_object(s->devices[i].source, &s->devices[i].facts,
				    e) < 0)
			return err_prefix(e, "device");
	return 0;
}
