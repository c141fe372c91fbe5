/*
 * procfs.c - reads and writes below a procfs descriptor. Allocates nothing.
 */
#include "kernel/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/retry.h"
#include "kernel/mount.h"

pid_t procfs_own_pid(int proc, struct err *e)
{
	char text[16];
	ssize_t n = readlinkat(proc, "self", text, sizeof(text) - 1);
	pid_t pid = 0;

	if (n <= 0)
		return err_sys(e, "read /proc/self");
	for (ssize_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return err_set(e, ERR_VERIFY,
				       "/proc/self is no number");
		pid = pid * 10 + (text[i] - '0');
	}
	return pid;
}

int procfs_check(int fd, struct err *e)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return err_sys(e, "statfs of procfs");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return err_set(e, ERR_VERIFY,
			       "/proc is not a procfs (type 0x%lx)",
			       (unsigned long)fs.f_type);
	return 0;
}

int procfs_open(struct err *e)
{
	auto_fd fd = mount_new(
		"proc", NULL,
		MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, e);

	if (fd < 0)
		return err_prefix(e, "a procfs for the launcher");
	if (procfs_check(fd, e) < 0)
		return -1;
	return TAKE_FD(fd);
}

int procfs_open_host(struct err *e)
{
	auto_fd fd = path_open(AT_FDCWD, "/proc", PATH_HOST,
			       O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return err_sys(e, "open /proc");
	if (procfs_check(fd, e) < 0)
		return -1;
	return TAKE_FD(fd);
}

static int open_below(int proc, const char *path, int flags, struct err *e)
{
	int fd = path_open(proc, path, PATH_STRICT, flags, 0);

	if (fd < 0)
		return err_sys(e, "open /proc/%s", path);
	return fd;
}

static ssize_t too_long(const char *path, size_t size, struct err *e)
{
	return err_set(e, ERR_LIMIT, "/proc/%s is longer than %zu bytes", path,
		       size - 1);
}

ssize_t procfs_read(int proc, const char *path, char *ret, size_t size,
		    struct err *e)
{
	auto_fd fd = open_below(proc, path, O_RDONLY, e);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = RETRY(read(fd, ret, size));
	if (n < 0)
		return err_sys(e, "read /proc/%s", path);
	if ((size_t)n >= size)
		return too_long(path, size, e);
	ret[n] = '\0';
	return n;
}

ssize_t procfs_read_all(int proc, const char *path, char *ret, size_t size,
			struct err *e)
{
	auto_fd fd = open_below(proc, path, O_RDONLY, e);
	size_t n = 0;
	ssize_t r;

	if (fd < 0)
		return -1;
	while ((r = RETRY(read(fd, ret + n, size - n))) != 0) {
		if (r < 0)
			return err_sys(e, "read /proc/%s", path);
		n += (size_t)r;
		if (n >= size)
			return too_long(path, size, e);
	}
	ret[n] = '\0';
	return (ssize_t)n;
}

int procfs_write(int proc, const char *path, const char *value, struct err *e)
{
	auto_fd fd = open_below(proc, path, O_WRONLY, e);
	size_t n = strlen(value);
	ssize_t r;

	if (fd < 0)
		return -1;
	r = write(fd, value, n);
	if (r < 0)
		return err_sys(e, "write \"%.40s\" to /proc/%s", value, path);
	if ((size_t)r != n)
		return err_set(e, ERR_SYS, "short write to /proc/%s", path);
	return 0;
}

/* The kernel puts a tab between numbers, people a space. */
static bool are_same_words(const char *a, const char *b)
{
	static const char blank[] = " \t\n";

	for (;;) {
		size_t n;

		a += strspn(a, blank);
		b += strspn(b, blank);
		n = strcspn(a, blank);
		if (n != strcspn(b, blank) || strncmp(a, b, n) != 0)
			return false;
		if (n == 0)
			return true;
		a += n;
		b += n;
	}
}

int procfs_set(int proc, const char *path, const char *value, struct err *e)
{
	char got[512];
	ssize_t n;

	if (procfs_write(proc, path, value, e) < 0)
		return -1;
	n = procfs_read(proc, path, got, sizeof(got), e);
	if (n < 0)
		return -1;
	if (!are_same_words(got, value))
		return err_set(e, ERR_VERIFY,
			       "/proc/%s reads \"%.60s\" after \"%.60s\" was "
			       "written",
			       path, got, value);
	return 0;
}
