/*
 * path.c - the one path module: text of paths, and openat2(2).
 *
 * Does not fall back: where openat2 is missing or refuses, the call fails.
 * Never joins a foreign root and a path into one string for the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/program.h"

char *path_clean(const char *path)
{
	char *ret = xmalloc(strlen(path) + 2);
	size_t len = 0, n;

	for (; *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 0 || (n == 1 && path[0] == '.'))
			continue;
		if (n == 2 && path[0] == '.' && path[1] == '.') {
			while (len && ret[--len] != '/')
				;
			continue;
		}
		ret[len++] = '/';
		memcpy(ret + len, path, n);
		len += n;
	}
	if (len == 0)
		ret[len++] = '/';
	ret[len] = '\0';
	return ret;
}

char *path_join(const char *a, const char *b)
{
	size_t n = strlen(a);

	while (n && a[n - 1] == '/')
		n--;
	b += strspn(b, "/");
	return xasprintf("%.*s/%s", (int)n, a, b);
}

char *path_absolute(const char *path)
{
	char here[PATH_MAX];

	if (*path == '/')
		return path_clean(path);
	if (!getcwd(here, sizeof(here)))
		return NULL;
	auto_free char *joined = path_join(here, path);

	return path_clean(joined);
}

bool path_is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n && dir[n - 1] == '/')
		n--; /* only "/" itself: the paths are clean */
	return !strncmp(path, dir, n) && (path[n] == '/' || path[n] == '\0');
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* How often a lookup that raced with a rename is tried again. */
#define RACES_MAX 64

static int open_resolved(int dir, const char *path, struct open_how *how)
{
	int fd, i;

	for (i = 0; i < RACES_MAX; i++) {
		fd = (int)syscall(SYS_openat2, dir, path, how, sizeof(*how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return fd;
}

int path_open(int dir, const char *path, enum path_mode mode, int flags,
	      mode_t perm)
{
	static const uint64_t resolve[] = {
		[PATH_HOST] = RESOLVE_NO_MAGICLINKS,
		[PATH_IN_ROOT] = RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT,
		[PATH_IN_ROOT_STRICT] = RESOLVE_NO_MAGICLINKS |
					RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
		[PATH_BENEATH] = RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH,
		[PATH_STRICT] = RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH |
				RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
		[PATH_MAGIC] = 0,
	};
	bool makes = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
	struct open_how how = {
		.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
		.mode = makes ? perm : 0,
		.resolve = resolve[mode],
	};

	return open_resolved(dir, path, &how);
}

int path_stat(const char *path, struct stat *ret)
{
	return stat(path, ret);
}

bool path_is_missing(int dir, const char *path)
{
	struct stat st;

	return fstatat(dir, path, &st, 0) < 0 && errno == ENOENT;
}

int path_exists(int root, const char *path)
{
	struct stat st;

	path += strspn(path, "/");
	if (fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

/* A directory inside root, O_PATH. */
static int open_dir_in(int root, const char *path, bool no_symlinks)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT |
			   (no_symlinks ? RESOLVE_NO_SYMLINKS : 0),
	};

	return open_resolved(root, path, &how);
}

/* Opens `prefix`, whose last part is `name`; makes it in `parent` first when
 * it is not there. */
static int make_dir_in(int root, int parent, const char *prefix,
		       const char *name, bool no_symlinks)
{
	int fd = open_dir_in(root, prefix, no_symlinks);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	/* EEXIST: somebody was quicker, or a symlink that leads nowhere; the
	 * second lookup tells, and fails for the latter */
	if (mkdirat(parent, name, 0755) && errno != EEXIST)
		return -1;
	return open_dir_in(root, prefix, no_symlinks);
}

int path_make_dirs(int root, const char *path, bool no_symlinks)
{
	auto_fd dir = open_dir_in(root, "/", no_symlinks);
	char prefix[PATH_MAX] = "", *name;
	size_t len = 0, n;
	int next;

	if (strlen(path) >= sizeof(prefix) - 1) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (; dir >= 0 && *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 0)
			break;
		name = prefix + len + 1;
		prefix[len++] = '/';
		memcpy(name, path, n);
		len += n;
		prefix[len] = '\0';
		next = make_dir_in(root, dir, prefix, name, no_symlinks);
		close(dir);
		dir = next;
	}
	return TAKE_FD(dir);
}

int path_open_parent(int root, const char *path, int how, char ret_name[256])
{
	size_t len = strlen(path), start;
	char parent[PATH_MAX];
	int fd;

	while (len && path[len - 1] == '/')
		len--;
	for (start = len; start && path[start - 1] != '/'; start--)
		;
	if (len - start > NAME_MAX || start >= sizeof(parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (len == start || (len - start == 1 && path[start] == '.') ||
	    (len - start == 2 && !strncmp(path + start, "..", 2))) {
		errno = EINVAL;
		return -1;
	}
	memcpy(parent, path, start);
	parent[start] = '\0';
	if (how & PARENT_MAKE)
		fd = path_make_dirs(root, parent, how & PARENT_STRICT);
	else
		fd = open_dir_in(root, start ? parent : "/",
				 how & PARENT_STRICT);
	if (fd < 0)
		return -1;
	memcpy(ret_name, path + start, len - start);
	ret_name[len - start] = '\0';
	return fd;
}

/* What a link of our own /proc/self says. */
static char *proc_link(const char *link)
{
	char path[PATH_MAX];
	ssize_t n = readlink(link, path, sizeof(path));

	if (n < 0)
		return NULL;
	if (n == (ssize_t)sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	path[n] = '\0';
	/* pipes and sockets have no slash, what was removed a remark */
	if (path[0] != '/' ||
	    (n > 10 && !strcmp(path + n - 10, " (deleted)"))) {
		errno = ENOENT;
		return NULL;
	}
	return xstrdup(path);
}

char *path_of_fd(int fd)
{
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return proc_link(link);
}

/* Of a sealed copy (base/program.h): what it was told. */
char *path_of_program(void)
{
	char *self = proc_link("/proc/self/exe");
	const char *told = self ? NULL : getenv(PROGRAM_FILE);

	if (!told || *told != '/')
		return self;
	return xstrdup(told);
}

char *path_beside_program(const char *name)
{
	auto_free char *self = path_of_program();
	auto_free char *beside = NULL;

	if (!self)
		return NULL;
	*strrchr(self, '/') = '\0';
	beside = path_join(self, name);
	return path_is_there(beside) ? TAKE(beside) : NULL;
}

bool path_is_there(const char *path)
{
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST, O_PATH, 0);

	return fd >= 0;
}
