/*
 * sockets.c - walks a directory in search of sockets. Opens directories only,
 * follows no symlink. What is made after the walk is not seen.
 */
#include "engine/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/strv.h"

struct walk {
	struct source_facts *f;
	bool recursive;
	size_t entries;
	char *path[SOCKETS_DEPTH]; /* names down to where it is */
	size_t depth;
};

static bool is_over(const struct walk *w)
{
	return w->f->unsearched || strv_len(w->f->sockets) >= SOCKETS_NAMES;
}

static void add_socket(struct walk *w, const char *name)
{
	char *path = xstrdup("");

	for (size_t i = 0; i <= w->depth; i++) {
		char *longer = xasprintf("%s%s%s", path, i ? "/" : "",
					 i < w->depth ? w->path[i] : name);

		free(path);
		path = longer;
	}
	strv_take(&w->f->sockets, path);
}

/*
 * A directory, or -1: passed over. Where mounts do not come along, what they
 * hide cannot be seen from here.
 */
static int open_below(struct walk *w, int dir, const char *name)
{
	int fd = path_open(dir, name, w->recursive ? PATH_HOST : PATH_STRICT,
			   O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);

	if (fd < 0 && errno != EACCES && errno != ENOENT && errno != ELOOP &&
	    errno != ENOTDIR)
		w->f->unsearched = true;
	return fd;
}

static void walk_dir(struct walk *w, int fd);

static void walk_entry(struct walk *w, int dir, const struct dirent *d)
{
	unsigned char type = d->d_type;
	struct stat st;
	int fd;

	if (type == DT_UNKNOWN) {
		/* gone by now: not there */
		if (fstatat(dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return;
		type = IFTODT(st.st_mode);
	}
	if (type == DT_SOCK)
		add_socket(w, d->d_name);
	if (type != DT_DIR)
		return;
	if (w->depth == SOCKETS_DEPTH) {
		w->f->unsearched = true;
		return;
	}
	fd = open_below(w, dir, d->d_name);
	if (fd < 0)
		return;
	w->path[w->depth++] = xstrdup(d->d_name);
	walk_dir(w, fd);
	free(w->path[--w->depth]);
}

/* The kernel's own trees have links to sockets, no sockets; and processes come
 * and go while one walks through them. */
static bool is_kernels(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 &&
	       (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC);
}

/* Takes the fd. */
static void walk_dir(struct walk *w, int fd)
{
	AUTO(closedir) DIR *dir = fdopendir(fd);
	struct dirent *d;

	if (!dir) {
		close(fd);
		w->f->unsearched = true;
		return;
	}
	if (is_kernels(dirfd(dir)))
		return;
	while (!is_over(w)) {
		errno = 0;
		d = readdir(dir);
		if (!d) {
			w->f->unsearched |= errno != 0;
			return;
		}
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (++w->entries > SOCKETS_ENTRIES)
			w->f->unsearched = true;
		else
			walk_entry(w, dirfd(dir), d);
	}
}

int sockets_find(const char *path, bool recursive, struct source_facts *f,
		 struct err *e)
{
	struct walk w = { .f = f, .recursive = recursive };
	struct stat st;
	int fd;

	if (!S_ISDIR(f->mode))
		return 0;
	fd = path_open(AT_FDCWD, path, PATH_HOST, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 && errno == EACCES)
		return 0;
	if (fd < 0)
		return err_sys(e, "open %s", path);
	if (fstat(fd, &st) < 0 || st.st_dev != f->id.dev ||
	    st.st_ino != f->id.ino) {
		close(fd);
		return err_set(e, ERR_VERIFY,
			       "%s was replaced while it was looked at: run "
			       "again",
			       path);
	}
	walk_dir(&w, fd);
	return 0;
}
