/*
 * walk.c - payload: opens every file below the named directories for writing,
 * and says ESCAPED for each that lets itself be opened. RAN at the end.
 *
 *   walk DIRECTORY…
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int look(const char *path, const struct stat *st, int type,
		struct FTW *f)
{
	int fd;

	(void)f;
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	fd = open(path, O_WRONLY | O_NONBLOCK);
	if (fd < 0)
		return 0;
	printf("ESCAPED %s can be written\n", path);
	close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++)
		nftw(argv[i], look, 16, FTW_PHYS | FTW_MOUNT);
	puts("RAN");
	return 0;
}
