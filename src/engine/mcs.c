/*
 * mcs.c - which pairs are taken: locks on the bytes of one file. A lock goes
 * with the process that holds it, so nothing is left over.
 */
#include "engine/mcs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"

#define CATEGORIES 1024 /* c0 … c1023, in every policy with MCS */
#define TRIES	   1000

/* 1 ours, 0 somebody else's. */
static int try_pair(int fd, unsigned a, unsigned b, struct err *e)
{
	struct flock l = { .l_type = F_WRLCK,
			   .l_whence = SEEK_SET,
			   .l_start = (off_t)a * CATEGORIES + b,
			   .l_len = 1 };

	if (fcntl(fd, F_OFD_SETLK, &l) == 0)
		return 1;
	if (errno == EAGAIN || errno == EACCES)
		return 0;
	return err_sys(e, "take a pair of categories");
}

int mcs_take(const char *runtime_dir, char **ret_level, int *ret_fd,
	     struct err *e)
{
	auto_free char *path = path_join(runtime_dir, "mcs");
	auto_fd fd = -1;

	if (file_make_dirs(runtime_dir, e) < 0)
		return -1;
	fd = path_open(AT_FDCWD, path, PATH_HOST, O_RDWR | O_CREAT | O_NOFOLLOW,
		       0600);
	if (fd < 0)
		return err_sys(e, "open %s", path);
	for (int i = 0; i < TRIES; i++) {
		uint16_t pair[2];
		unsigned a, b;
		int r;

		if (getrandom(pair, sizeof(pair), 0) != sizeof(pair))
			return err_sys(e, "random numbers");
		a = pair[0] % CATEGORIES;
		b = pair[1] % CATEGORIES;
		if (a == b)
			continue;
		r = try_pair(fd, a < b ? a : b, a < b ? b : a, e);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		*ret_level =
			xasprintf("s0:c%u,c%u", a < b ? a : b, a < b ? b : a);
		*ret_fd = TAKE_FD(fd);
		return 0;
	}
	return err_set(e, ERR_LIMIT,
		       "no pair of SELinux categories is free after %d tries",
		       TRIES);
}
