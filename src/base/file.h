/*
 * file.h - whole files: bounded reads, atomic writes (temporary name, fsync,
 * rename, fsync of the directory), removal of trees. Paths are ours (the
 * store's), never an image's.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "base/buf.h"
#include "immure/err.h"

/*
 * Reads a regular file of at most `max` bytes into `ret` (cleared first).
 * Not there: ERR_MISSING; not regular: ERR_INPUT; larger: ERR_LIMIT.
 */
int file_read_at(int dir, const char *name, size_t max, struct buf *ret,
		 struct err *e);
int file_read(const char *path, size_t max, struct buf *ret, struct err *e);
/* The same of an open one. */
int file_read_regular(int fd, size_t max, const char *what, struct buf *ret,
		      struct err *e);
/* Reads what an fd still has, at most `max` bytes. */
int file_read_fd(int fd, size_t max, const char *what, struct buf *ret,
		 struct err *e);
/* Replaces dir/name atomically, mode 0600. */
int file_write_at(int dir, const char *name, const void *p, size_t n,
		  struct err *e);
/* mkdir -p with mode 0700 for what is missing. */
int file_make_dirs(const char *path, struct err *e);
/* Opens (and makes, 0700) a subdirectory; refuses a symlink. -1 on error. */
int file_open_dir(int dir, const char *name, bool make, struct err *e);
/* Removes dir/name and all below it; not there is success. chmods what it
 * may not enter. Never follows a symlink, never crosses a mount. */
int file_remove_tree(int dir, const char *name, struct err *e);

#endif
