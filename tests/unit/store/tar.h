/*
 * tar.h - tar archives by hand, byte for byte, for tests of what reads them.
 */
#ifndef TESTS_STORE_TAR_H
#define TESTS_STORE_TAR_H

#include "unit.h"
#include "base/buf.h"

struct tar_entry {
	const char *name;
	char type; /* '0' file, '5' directory, '2' symlink, '1' link … */
	const char *link, *data;
	unsigned mode, uid, gid;
};

/* A file with data, a file, a directory, a link, any other type. */
#define TAR_DATA(name, data)                                                   \
	{                                                                      \
		name, '0', NULL, data, 0, 0, 0                                 \
	}
#define TAR_FILE(name)                                                         \
	{                                                                      \
		name, '0', NULL, NULL, 0, 0, 0                                 \
	}
#define TAR_DIR(name)                                                          \
	{                                                                      \
		name, '5', NULL, NULL, 0755, 0, 0                              \
	}
#define TAR_SYMLINK(name, to)                                                  \
	{                                                                      \
		name, '2', to, NULL, 0777, 0, 0                                \
	}
#define TAR_LINK(name, to)                                                     \
	{                                                                      \
		name, '1', to, NULL, 0, 0, 0                                   \
	}
#define TAR_TYPE(name, type)                                                   \
	{                                                                      \
		name, type, NULL, NULL, 0, 0, 0                                \
	}
#define TAR_OWNED(name, uid, gid)                                              \
	{                                                                      \
		name, '0', NULL, NULL, 0, uid, gid                             \
	}

static inline void tar_pad(struct buf *b)
{
	while (b->len % 512)
		buf_char(b, '\0');
}

/* Octal digits and a NUL, `width` bytes together. */
static inline void tar_octal(char *at, int width, uint64_t n)
{
	at[--width] = '\0';
	for (; width-- > 0; n /= 8)
		at[width] = (char)('0' + n % 8);
}

/* An entry whose data may hold zeros. */
static inline void tar_add_bytes(struct buf *b, const struct tar_entry *t,
				 const void *data, size_t n)
{
	char h[512] = { 0 };
	unsigned sum = 0;

	snprintf(h, 100, "%s", t->name);
	tar_octal(h + 100, 8, t->mode ? t->mode : 0644);
	tar_octal(h + 108, 8, t->uid);
	tar_octal(h + 116, 8, t->gid);
	tar_octal(h + 124, 12, n);
	tar_octal(h + 136, 12, 1000000000);
	memset(h + 148, ' ', 8);
	h[156] = t->type;
	snprintf(h + 157, 100, "%s", t->link ? t->link : "");
	memcpy(h + 257,
	       "ustar\0"
	       "00",
	       8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	tar_octal(h + 148, 7, sum);
	buf_add(b, h, sizeof(h));
	buf_add(b, data, n);
	tar_pad(b);
}

static inline void tar_add(struct buf *b, const struct tar_entry *t)
{
	tar_add_bytes(b, t, t->data, t->data ? strlen(t->data) : 0);
}

static inline void tar_end(struct buf *b)
{
	char zeros[1024] = { 0 };

	buf_add(b, zeros, sizeof(zeros));
}

/* A file that holds these bytes, at its beginning. */
static inline int tar_file(const struct buf *b)
{
	int fd = fileno(tmpfile());

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->p, b->len), (ssize_t)b->len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

#endif
