/*
 * file.c - whole files of ours: bounded reads, atomic writes, directories.
 *
 * Never follows a symlink in the last part of a name below a directory fd;
 * removal of trees is in remove.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/retry.h"

int file_read_fd(int fd, size_t max, const char *what, struct buf *ret,
		 struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	auto_free char *chunk = xmalloc(16384);
	ssize_t n;

	for (;;) {
		n = RETRY(read(fd, chunk, 16384));
		if (n < 0)
			return err_sys(e, "read %s", what);
		if (n == 0)
			break;
		if ((size_t)n > max - b.len)
			return err_set(e, ERR_LIMIT,
				       "%s: larger than %zu bytes", what, max);
		buf_add(&b, chunk, (size_t)n);
	}
	buf_clear(ret);
	buf_add(ret, b.p, b.len);
	return 0;
}

static int open_error(int dir, const char *name, struct err *e)
{
	if (errno != ENOENT)
		return err_sys(e, "open %s", name);
	if (!path_is_missing(dir, name))
		return err_set(e, ERR_SYS, "%s is there and is not", name);
	return err_set(e, ERR_MISSING, "%s: no such file", name);
}

int file_read_regular(int fd, size_t max, const char *what, struct buf *ret,
		      struct err *e)
{
	auto_free char *content = NULL;
	struct stat st;

	if (fstat(fd, &st))
		return err_sys(e, "stat %s", what);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INPUT, "%s: not a regular file", what);
	if (st.st_size > 0 && (uint64_t)st.st_size > max)
		return err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", what,
			       max);
	if (st.st_size == 0)
		return file_read_fd(fd, max, what, ret, e);
	content = xmalloc((size_t)st.st_size);
	if (fd_read_exact(fd, content, (size_t)st.st_size) == 0) {
		buf_clear(ret);
		buf_add(ret, content, (size_t)st.st_size);
		return 0;
	}
	if (errno != ENODATA)
		return err_sys(e, "read %s", what);
	/* an empty /etc/subuid, say, means less than one that was not read */
	return err_set(e, ERR_SYS,
		       "%s: less than %lld bytes: it changed while it was read",
		       what, (long long)st.st_size);
}

/* O_NONBLOCK: opening a fifo must not wait for its writer. */
#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY)

int file_read_at(int dir, const char *name, size_t max, struct buf *ret,
		 struct err *e)
{
	auto_fd fd =
		path_open(dir, name, PATH_BENEATH, READ_FLAGS | O_NOFOLLOW, 0);

	if (fd < 0)
		return open_error(dir, name, e);
	return file_read_regular(fd, max, name, ret, e);
}

int file_read(const char *path, size_t max, struct buf *ret, struct err *e)
{
	auto_fd fd = path_open(AT_FDCWD, path, PATH_HOST, READ_FLAGS, 0);

	if (fd < 0)
		return open_error(AT_FDCWD, path, e);
	return file_read_regular(fd, max, path, ret, e);
}

static int check_name(const char *name, struct err *e)
{
	if (!*name || strchr(name, '/') || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return err_set(e, ERR_BUG, "%s: not the name of one file",
			       name);
	return 0;
}

/* Makes the names in `dir` durable; dir may be an O_PATH fd. */
static int sync_dir(int dir, struct err *e)
{
	auto_fd fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, "open the directory to sync it");
	if (fsync(fd))
		return err_sys(e, "sync the directory");
	return 0;
}

static int write_temp(int dir, const char *temp, const void *p, size_t n,
		      struct err *e)
{
	auto_fd fd = openat(
		dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		0600);

	if (fd < 0)
		return err_sys(e, "create");
	if (fd_write_all(fd, p, n))
		return err_sys(e, "write %zu bytes", n);
	if (fsync(fd))
		return err_sys(e, "sync");
	return 0;
}

int file_write_at(int dir, const char *name, const void *p, size_t n,
		  struct err *e)
{
	uint64_t salt;
	char temp[32];
	struct err why = ERR_INIT;

	if (check_name(name, e))
		return -1;
	if (getrandom(&salt, sizeof(salt), 0) != sizeof(salt))
		return err_sys(e, "%s: getrandom", name);
	snprintf(temp, sizeof(temp), ".tmp-%016llx", (unsigned long long)salt);
	if (write_temp(dir, temp, p, n, &why) ||
	    (renameat(dir, temp, dir, name) && err_sys(&why, "rename"))) {
		/* ENOENT: it was never made. Others: the name is ours alone
		 * and the next clean-up of the directory takes it */
		unlinkat(dir, temp, 0);
		if (e)
			*e = why;
		return err_prefix(e, "%s", name);
	}
	if (sync_dir(dir, e))
		return err_prefix(e, "%s", name);
	return 0;
}

static bool is_dir(const char *path)
{
	auto_fd fd =
		path_open(AT_FDCWD, path, PATH_HOST, O_PATH | O_DIRECTORY, 0);

	return fd >= 0;
}

int file_make_dirs(const char *path, struct err *e)
{
	auto_free char *prefix = xstrdup(path);
	size_t len = strlen(prefix), done = len;

	/* from the end: what is there may be read-only or not ours */
	while (done && !is_dir(prefix)) {
		while (done && prefix[--done] != '/')
			;
		prefix[done] = '\0';
	}
	while (done < len) {
		prefix[done] = path[done];
		done += strlen(prefix + done);
		if (mkdir(prefix, 0700) && (errno != EEXIST || !is_dir(prefix)))
			return err_sys(e, "mkdir %s", prefix);
	}
	return 0;
}

int file_open_dir(int dir, const char *name, bool make, struct err *e)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd;

	if (check_name(name, e))
		return -1;
	fd = openat(dir, name, flags);
	if (fd < 0 && errno == ENOENT && make) {
		if (mkdirat(dir, name, 0700) && errno != EEXIST)
			return err_sys(e, "mkdir %s", name);
		fd = openat(dir, name, flags);
	}
	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_MISSING, "%s: no such directory", name);
	if (fd < 0)
		return err_sys(e, "open directory %s", name);
	return fd;
}
