/*
 * copyup.c - copies a tree by descriptors, name by name, following nothing.
 */
#include "kernel/copyup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/retry.h"
#include "kernel/dirents.h"

#define DEPTH_MAX 64

/* One directory on the way down. */
struct level {
	int from, to, depth;
};

static int copy_tree(const struct level *l, struct err *e);

/* Owner first: a change of owner takes set-user-id away. */
static int set_owner(const struct level *l, const char *name,
		     const struct stat *st, struct err *e)
{
	if (fchownat(l->to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) <
	    0)
		return err_sys(e, "give the copy of %s to id %u", name,
			       st->st_uid);
	if (!S_ISLNK(st->st_mode) &&
	    fchmodat(l->to, name, st->st_mode & 07777, 0) < 0)
		return err_sys(e, "set the mode of the copy of %s", name);
	return 0;
}

static int copy_bytes(int from, int to)
{
	char block[16384];
	ssize_t n;

	while ((n = RETRY(read(from, block, sizeof(block)))) > 0)
		if (fd_write_all(to, block, (size_t)n) < 0)
			return -1;
	return (int)n;
}

static int copy_file(const struct level *l, const char *name, struct err *e)
{
	auto_fd from = path_open(l->from, name, PATH_STRICT,
				 O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	auto_fd to = path_open(l->to, name, PATH_STRICT,
			       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);

	if (from < 0 || to < 0 || copy_bytes(from, to) < 0)
		return err_sys(e, "copy %s", name);
	return 0;
}

static int copy_dir(const struct level *l, const char *name, struct err *e)
{
	auto_fd from = path_open(l->from, name, PATH_STRICT,
				 O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	auto_fd to = -1;
	struct level below = { .from = from, .depth = l->depth + 1 };

	bool is_mount = from < 0 && errno == EXDEV;

	if ((from < 0 && !is_mount) || mkdirat(l->to, name, 0700) < 0)
		return err_sys(e, "copy the directory %s", name);
	if (is_mount) /* not its content */
		return 0;
	to = path_open(l->to, name, PATH_STRICT,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (to < 0)
		return err_sys(e, "open the copy of %s", name);
	below.to = to;
	return copy_tree(&below, e);
}

static int copy_link(const struct level *l, const char *name, struct err *e)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(l->from, name, target, sizeof(target) - 1);

	if (n < 0)
		return err_sys(e, "read the link %s", name);
	target[n] = '\0';
	if (symlinkat(target, l->to, name) < 0)
		return err_sys(e, "copy the link %s", name);
	return 0;
}

static int copy_entry(void *arg, const char *name, struct err *e)
{
	const struct level *l = arg;
	struct stat st;
	int r;

	if (fstatat(l->from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(e, "stat %s", name);
	if (S_ISDIR(st.st_mode))
		r = copy_dir(l, name, e);
	else if (S_ISREG(st.st_mode))
		r = copy_file(l, name, e);
	else if (S_ISLNK(st.st_mode))
		r = copy_link(l, name, e);
	else if (S_ISFIFO(st.st_mode))
		r = mknodat(l->to, name, S_IFIFO | 0600, 0) < 0
			    ? err_sys(e, "copy %s", name)
			    : 0;
	else
		return 0; /* devices and sockets are not content */
	return r < 0 ? -1 : set_owner(l, name, &st, e);
}

static int copy_tree(const struct level *l, struct err *e)
{
	if (l->depth > DEPTH_MAX)
		return err_set(e, ERR_LIMIT,
			       "copy: more than %d directories deep",
			       DEPTH_MAX);
	return dirents_each(l->from, "a directory to copy", copy_entry,
			    (void *)(uintptr_t)l, e);
}

int copyup(int from, int to, struct err *e)
{
	const struct level top = { .from = from, .to = to };

	return copy_tree(&top, e);
}
