/*
 * remove.c - removal of trees, however deep and however locked.
 *
 * Never follows a symlink, never crosses a mount (openat2 says so, bind
 * mounts included), holds a fixed number of fds: what lies too deep is first
 * moved up to the top of the tree.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"

#define LEVELS_MAX 24 /* fds held at once */
#define OPEN_DIR   (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452 /* Linux 6.6; one number on every architecture */
#endif
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

struct removal {
	int top;       /* the directory that is being removed */
	unsigned next; /* number for the next name in it */
	size_t done;   /* entries removed or moved up */
};

/* chmod u+rwx of the directory behind an O_PATH fd: by fd, so that nothing
 * that is put at its name meanwhile is touched. Before Linux 6.6 that takes a
 * /proc, and there is no other way that does. */
static int chmod_handle(int fd)
{
	char link[32];

	if (syscall(SYS_fchmodat2, fd, "", 0700, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != ENOSYS)
		return -1;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return chmod(link, 0700);
}

/* One that we may not even read. */
static int unlock(int dir, const char *name)
{
	auto_fd handle = path_open(dir, name, PATH_STRICT,
				   O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);

	if (handle < 0)
		return -1;
	if (chmod_handle(handle)) {
		errno = EACCES; /* what stands in the way, whatever failed */
		return -1;
	}
	return path_open(dir, name, PATH_STRICT, OPEN_DIR, 0);
}

/* Opens a subdirectory for reading and changing. */
static int enter(int dir, const char *name)
{
	auto_fd fd = path_open(dir, name, PATH_STRICT, OPEN_DIR, 0);
	struct stat st;

	if (fd < 0)
		return errno == EACCES ? unlock(dir, name) : -1;
	if (fstat(fd, &st))
		return -1;
	/* EPERM: another id's, which a privileged caller may change anyway;
	 * one that is not finds out when it does */
	if ((st.st_mode & 0700) != 0700 && fchmod(fd, 0700) && errno != EPERM)
		return -1;
	return TAKE_FD(fd);
}

static int move_up(struct removal *r, int dir, const char *name)
{
	auto_fd opened = enter(dir, name);
	char to[32];
	int rc;

	if (opened < 0)
		return -1;
	do {
		snprintf(to, sizeof(to), ".deep-%u", r->next++);
		rc = (int)syscall(SYS_renameat2, dir, name, r->top, to,
				  RENAME_NOREPLACE);
	} while (rc && errno == EEXIST);
	return rc;
}

static int remove_entries(struct removal *r, int dir, int level);

static int remove_dir(struct removal *r, int dir, const char *name, int level)
{
	auto_fd sub = -1;

	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return -1;
	if (level >= LEVELS_MAX)
		return move_up(r, dir, name);
	sub = enter(dir, name);
	if (sub < 0 || remove_entries(r, sub, level + 1))
		return -1;
	return unlinkat(dir, name, AT_REMOVEDIR);
}

static int remove_entry(struct removal *r, int dir, const char *name, int level)
{
	struct stat st;
	int rc;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		rc = -1;
	else if (S_ISDIR(st.st_mode))
		rc = remove_dir(r, dir, name, level);
	else
		rc = unlinkat(dir, name, 0);
	if (rc && errno == ENOENT)
		rc = 0; /* somebody else removed it */
	r->done += rc == 0;
	return rc;
}

static int remove_entries(struct removal *r, int dir, int level)
{
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return -1;
	}
	while ((errno = 0, entry = readdir(d))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (remove_entry(r, dir, entry->d_name, level))
			return -1;
	}
	return errno ? -1 : 0;
}

static int remove_top(int dir, const char *name)
{
	auto_fd top = enter(dir, name);
	struct removal r = { .top = top };

	if (top < 0)
		return -1;
	for (;;) {
		r.done = 0;
		if (remove_entries(&r, top, 1))
			return -1;
		if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
			return 0;
		/* not empty: what was moved up is removed in the next round */
		if ((errno != ENOTEMPTY && errno != EEXIST) || r.done == 0)
			return -1;
	}
}

int file_remove_tree(int dir, const char *name, struct err *e)
{
	int rc;

	if (!*name || strchr(name, '/') || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return err_set(e, ERR_BUG, "remove %s: not one name", name);
	rc = unlinkat(dir, name, 0);
	if (rc && (errno == EISDIR || errno == EPERM))
		rc = remove_top(dir, name);
	if (rc && errno == ENOENT)
		return 0;
	return rc ? err_sys(e, "remove %s", name) : 0;
}
