/*
 * replay.c - runs a fuzz target on every file of a corpus, so that each input
 * that was ever worth keeping is tried in every test run.
 *
 * Does not search for new inputs; libFuzzer does (make fuzz-NAME). A finding
 * ends the process, and the name printed last is the input that did it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"

#define INPUT_MAX (64u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(int dir, const char *name)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	uint8_t *copy;

	if (file_read_at(dir, name, INPUT_MAX, &b, &e)) {
		printf("not ok %s: %s\n", name, e.msg);
		return -1;
	}
	printf("# %s\n", name);
	fflush(stdout);
	/* exactly as large as the input: reading past it is seen by ASan */
	copy = malloc(b.len ? b.len : 1);
	if (!copy)
		return -1;
	for (size_t i = 0; i < b.len; i++)
		copy[i] = (uint8_t)b.p[i];
	LLVMFuzzerTestOneInput(copy, b.len);
	free(copy);
	return 0;
}

int main(int argc, char **argv)
{
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	unsigned n = 0;
	int fd;

	fd = argc == 2 ? path_open(AT_FDCWD, argv[1], PATH_HOST,
				   O_RDONLY | O_DIRECTORY, 0)
		       : -1;
	d = fd >= 0 ? fdopendir(fd) : NULL;
	if (!d) {
		fprintf(stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		if (replay(dirfd(d), entry->d_name))
			return 1;
		n++;
	}
	if (n == 0) {
		printf("not ok %s: the corpus is empty\n", argv[1]);
		return 1;
	}
	printf("ok %s: %u inputs\n", path_base(argv[1]), n);
	return 0;
}
