/*
 * path.h - the one path module (R3). Every opening of a path that somebody
 * else may have shaped goes through these; nothing else in the project calls
 * open, mkdir, symlink, unlink … with a path string below a foreign root.
 *
 * The first part is text only; the second calls openat2(2) (Linux 5.6).
 * There is no fallback: without openat2 the call fails.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include "immure/err.h"

/* ---- text ---- */
/* Lexically cleaned absolute path: no "//", ".", ".."; ".." stops at "/". */
char *path_clean(const char *path); /* heap; a relative one is put below / */
/* The same, a relative one put below the working directory: heap, or NULL and
 * errno. */
char *path_absolute(const char *path);
char *path_join(const char *a, const char *b); /* heap, one slash between */
/* Is `path` equal to or below `dir`? Both clean. */
bool path_is_below(const char *path, const char *dir);
const char *path_base(const char *path); /* after the last slash */

/* ---- openat2 ---- */
enum path_mode {
	PATH_HOST,    /* a path the user gave: symlinks yes, magic links no */
	PATH_IN_ROOT, /* `dir` is the root: "/" and ".." stay inside */
	PATH_IN_ROOT_STRICT, /* the same, and a symlink in any place is ELOOP;
				but the last part with O_PATH|O_NOFOLLOW */
	PATH_BENEATH, /* must stay below `dir`, absolute symlinks refused */
	PATH_STRICT,  /* beneath, and no symlink at all, no mount crossing */
	PATH_MAGIC,   /* magic links, too: namespaces, our own program */
};
/* An fd (O_CLOEXEC always added), or -1 and errno. `flags` as open(2). */
int path_open(int dir, const char *path, enum path_mode mode, int flags,
	      mode_t perm);
/* What is at a path of the host (symlinks are followed), for identities that
 * are compared again when the object is opened: 0, or -1 and errno. */
int path_stat(const char *path, struct stat *ret);
/* After ENOENT of path_open: does stat(2) say so, too? Where "there is none"
 * means a weaker sandbox, one call's word is not enough. */
bool path_is_missing(int dir, const char *path);
/*
 * Is there something at `path` below `root`? Asked by another call than
 * openat2, for those who must not believe one ENOENT: 1, 0, or -1 and errno.
 * Follows what it finds on the way; opens nothing.
 */
int path_exists(int root, const char *path);
/*
 * Inside `root`: makes every missing directory of `path` (0755) and opens
 * the last one O_PATH|O_DIRECTORY. With `no_symlinks` a symlink in any place
 * is ELOOP; otherwise symlinks resolve inside the root. -1 and errno.
 */
int path_make_dirs(int root, const char *path, bool no_symlinks);
/*
 * Opens the parent of `path` inside `root`, and copies the last part to
 * `ret_name`. -1 and errno (EINVAL for "/" and ".." ends).
 */
enum path_parent {
	PARENT_MAKE = 1,   /* made when it is missing */
	PARENT_STRICT = 2, /* a symlink in any place is ELOOP */
};
int path_open_parent(int root, const char *path, int how, char ret_name[256]);

/*
 * Where `path` leads inside `root`, as a clean absolute path below it that
 * holds no symbolic link now (what is missing is taken as it is written):
 * heap, or NULL and errno. For plans: whoever uses it opens it strictly, so
 * that a link put there since is an error. `covered` (clean, absolute; NULL:
 * none) will be mounts: what the root has below one of them nobody will see,
 * and no link of it is followed. path_resolve.c
 */
char *path_resolve(int root, const char *path, char *const *covered);

/* ---- the running program and its fds ---- */
/* The name of what an fd is open on; heap, or NULL and errno (ENOENT when it
 * has no name any more). For messages and for programs of ours. */
char *path_of_fd(int fd);
/* The file of the running program: heap, or NULL and errno. */
char *path_of_program(void);
/* NAME in the directory that the running program was started from: heap, or
 * NULL and errno (ENOENT: not there). */
char *path_beside_program(const char *name);
bool path_is_there(const char *path); /* symlinks are followed */

#endif
