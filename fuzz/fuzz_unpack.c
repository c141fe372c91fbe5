/*
 * fuzz_unpack.c - store/unpack: an archive of whatever bytes, read by
 * libarchive and made into a tree in a temporary directory, makes nothing
 * beside that tree and nothing in it that the rules leave out.
 *
 * Does not confine itself as immure-image does: what is looked for here is a
 * way out of the rules, not out of the walls around them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "format/layer.h"
#include "store/unpack.h"

#define BLOCK	    512
#define BYTES_MAX   (1u << 20)
#define ENTRIES_MAX 200
#define UIDS	    65535 /* root unpacks with owners, others with one id */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

/* ---- the archive ---- */

static uint64_t octal(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v * 8 + p[i] - '0';
	return v;
}

static bool is_blank(const uint8_t *p)
{
	return p[0] == 0 && !memcmp(p, p + 1, BLOCK - 1);
}

static void repair(uint8_t *h)
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
}

/*
 * A checksum keeps nobody out who can add. It is made right in whatever
 * stands where a header is expected, or every changed byte would end in the
 * same refusal; not in archives of an odd length, so that one is seen, too.
 */
static void repair_all(uint8_t *p, size_t size)
{
	uint64_t at = 0, data;

	while (size % 2 == 0 && at + BLOCK <= size) {
		if (!is_blank(p + at))
			repair(p + at);
		data = octal(p + at + 124, 11);
		at += BLOCK;
		if (data <= size)
			at += (data + BLOCK - 1) / BLOCK * BLOCK;
	}
}

static int archive_of(const uint8_t *data, size_t size)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);
	uint8_t *copy = malloc(size + 1);

	must(fd >= 0 && copy);
	memcpy(copy, data, size);
	repair_all(copy, size);
	must(fd_write_all(fd, copy, size) == 0);
	must(lseek(fd, 0, SEEK_SET) == 0);
	free(copy);
	return fd;
}

/* ---- what it was made into ---- */

/* The rule once more, in other words than format/layer's. */
static bool may_have(const char *name, bool is_dir)
{
	if (!strncmp(name, "user.overlay.", 13))
		return is_dir && !strcmp(name + 13, "opaque");
	if (!strncmp(name, "user.immure.", 12))
		return !strcmp(name + 12, "owner");
	return strncmp(name, "trusted.", 8) &&
	       strcmp(name, "security.capability");
}

static void look_at_xattrs(int fd, bool is_dir)
{
	auto_free char *names = malloc(XATTR_LIST_MAX);
	ssize_t n = flistxattr(fd, names, XATTR_LIST_MAX);

	for (ssize_t i = 0; i < n; i += (ssize_t)strlen(names + i) + 1)
		must(may_have(names + i, is_dir));
}

struct seen {
	uint64_t files, bytes;
	unsigned depth;
};

static void look_at_dir(int fd, struct seen *s);

static void look_at(int dir, const char *name, struct seen *s)
{
	auto_fd fd = -1;
	struct stat st;

	must(fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
	must(!(st.st_mode & (S_ISUID | S_ISGID)));
	must(st.st_uid <= UIDS + 1 && st.st_gid <= UIDS + 1);
	must(strlen(name) <= LAYER_NAME_MAX && strncmp(name, ".wh.", 4));
	s->files++;
	if (S_ISREG(st.st_mode))
		s->bytes += (uint64_t)st.st_blocks * 512 / st.st_nlink;
	else
		must(S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode) ||
		     (S_ISCHR(st.st_mode) && st.st_rdev == 0));
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return; /* its mode does not let us */
	look_at_xattrs(fd, S_ISDIR(st.st_mode));
	if (S_ISDIR(st.st_mode))
		look_at_dir(fd, s);
}

static void look_at_dir(int fd, struct seen *s)
{
	struct dirent *entry;
	DIR *d = fdopendir(dup(fd));

	must(d && s->depth++ <= LAYER_DEPTH_MAX);
	while ((entry = readdir(d)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			look_at(fd, entry->d_name, s);
	closedir(d);
	s->depth--;
}

static unsigned count_entries(int dir)
{
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));
	unsigned n = 0;

	must(d != NULL);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

/* Beside the root lies "canary/file", where "../canary" leads. */
static void look_beside(int dir)
{
	auto_fd canary = openat(dir, "canary", O_RDONLY | O_DIRECTORY);
	auto_fd fd = openat(canary, "file", O_RDONLY | O_NOFOLLOW);
	char text[8] = "";
	struct stat st;

	must(count_entries(dir) == 2 && count_entries(canary) == 1);
	must(fd >= 0 && fstat(fd, &st) == 0);
	must(st.st_mode == (S_IFREG | 0600) && st.st_nlink == 1);
	must(read(fd, text, sizeof(text)) == 6 && !memcmp(text, "canary", 6));
	must(fstat(canary, &st) == 0 && st.st_mode == (S_IFDIR | 0700));
}

/* ---- a directory of our own ---- */

/* In memory, where there is such a file system. */
static int make_place(char path[32])
{
	int dir, fd;

	strcpy(path, "/dev/shm/immure-fuzz-XXXXXX");
	if (!mkdtemp(path)) {
		strcpy(path, "/tmp/immure-fuzz-XXXXXX");
		must(mkdtemp(path) != NULL);
	}
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(dir >= 0);
	must(mkdirat(dir, "canary", 0700) == 0);
	fd = openat(dir, "canary/file", O_WRONLY | O_CREAT | O_EXCL, 0600);
	must(fd >= 0 && fd_write_all(fd, "canary", 6) == 0);
	close(fd);
	must(mkdirat(dir, "root", 0755) == 0);
	return dir;
}

static void remove_place(int dir, const char *path)
{
	struct err e = ERR_INIT;

	must(file_remove_tree(dir, "root", &e) == 0);
	must(file_remove_tree(dir, "canary", &e) == 0);
	close(dir);
	must(rmdir(path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[32];
	const uint32_t ids = geteuid() ? 0 : UIDS;
	const struct unpack_limits limits = { .bytes = BYTES_MAX,
					      .entries = ENTRIES_MAX,
					      .ratio = 200,
					      .seconds = 60,
					      .uids = ids,
					      .gids = ids };
	struct unpack_use use = { 0 };
	struct unpack_dropped dropped = { 0 };
	struct unpack u = { .limits = &limits, .use = &use };
	struct seen seen = { 0 };
	struct err e = ERR_INIT;
	mode_t mask;
	int dir, r;

	if (size > BYTES_MAX)
		return 0;
	mask = umask(0);
	dir = make_place(path);
	u.in = archive_of(data, size);
	u.root = openat(dir, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = unpack_layer(&u, &dropped, &e);
	must(r == 0 || *e.msg);
	must(r < 0 || (use.bytes <= BYTES_MAX && use.entries <= ENTRIES_MAX));
	look_beside(dir);
	/* the rules hold of what a refused archive leaves behind as well */
	look_at(dir, "root", &seen);
	must(seen.bytes <= 2 * BYTES_MAX);
	close(u.in);
	close(u.root);
	remove_place(dir, path);
	umask(mask);
	return 0;
}
