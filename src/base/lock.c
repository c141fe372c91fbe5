/*
 * lock.c - flock(2) on named files.
 *
 * Does not remove the file: whoever does, holds the lock; a waiter notices
 * and locks the new file of that name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include "base/cleanup.h"
#include "base/lock.h"
#include "base/retry.h"

/* Is the locked file still the one that has the name? */
static bool is_current(int fd, int dir, const char *name)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 &&
	       fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static int lock_fd(int fd, enum lock_mode mode)
{
	static const int how[] = {
		[LOCK_SHARED] = LOCK_SH,
		[LOCK_EXCLUSIVE] = LOCK_EX,
		[LOCK_TRY_EXCLUSIVE] = LOCK_EX | LOCK_NB,
	};
	int rc;

	rc = RETRY(flock(fd, how[mode]));
	return rc;
}

/* On a read-only filesystem readers still have a file to lock. */
static int open_file(int dir, const char *name, enum lock_mode mode)
{
	const int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(dir, name, O_RDWR | O_CREAT | flags, 0600);

	if (fd < 0 && errno == EROFS && mode == LOCK_SHARED)
		fd = openat(dir, name, O_RDONLY | flags);
	return fd;
}

int lock_open_at(int dir, const char *name, enum lock_mode mode, struct err *e)
{
	for (;;) {
		auto_fd fd = open_file(dir, name, mode);

		if (fd < 0)
			return err_sys(e, "lock %s: open", name);
		if (lock_fd(fd, mode)) {
			if (errno == EWOULDBLOCK)
				return err_set(e, ERR_CONFLICT,
					       "%s: in use by another process",
					       name);
			return err_sys(e, "lock %s", name);
		}
		if (is_current(fd, dir, name))
			return TAKE_FD(fd);
	}
}
