/*
 * tree.h - one layer's tree on disk, as it is being written: the only code
 * that makes files from an archive. Every path is relative, cleaned by
 * format/layer, and opened from the root of the tree with openat2 (beneath,
 * no symlink, no magic link, no mount crossing); files are made with O_EXCL
 * by one name in a directory that is held by fd.
 */
#ifndef STORE_TREE_H
#define STORE_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include "base/cleanup.h"
#include "immure/err.h"

struct tree_late; /* a directory whose time is set at the end */
struct tree {
	int root;
	bool single;	/* one id: owners become an attribute */
	int dir;	/* the directory of the latest entry, or -1 */
	char *dir_path; /* its path */
	struct tree_late *late;
	size_t n_late, late_bytes;
};
/* What an entry has beside its name. Owners are the image's. */
struct tree_node {
	mode_t mode; /* permissions only */
	uint32_t uid, gid;
	struct timespec mtime;
};
void tree_init(struct tree *t, int root, bool single);
void tree_done(struct tree *t);
DEFINE_AUTO_DONE(struct tree, tree_done);

int tree_directory(struct tree *t, const char *path, const struct tree_node *n,
		   struct err *e);
/* The root's own entry. */
int tree_root(struct tree *t, const struct tree_node *n, struct err *e);
/* Makes an empty file and opens it for writing; tree_close when filled. */
int tree_open(struct tree *t, const char *path, const struct tree_node *n,
	      struct err *e);
/* Sets its length and its time, and closes it. */
int tree_close(int fd, const char *path, uint64_t size,
	       const struct tree_node *n, struct err *e);
int tree_symlink(struct tree *t, const char *path, const char *target,
		 const struct tree_node *n, struct err *e);
/* A second name of a regular file or symlink of this tree. */
int tree_link(struct tree *t, const char *path, const char *target,
	      struct err *e);
/* Hides `path` of the layers below, if this layer has nothing there. */
int tree_whiteout(struct tree *t, const char *path, struct err *e);
/* Hides all that the layers below have in the directory `path`. */
int tree_opaque(struct tree *t, const char *path, struct err *e);
/* Nothing shall be at `path`: of an entry that is left out. */
int tree_absent(struct tree *t, const char *path, struct err *e);
/* Opens a file or directory for its extended attributes. */
int tree_reopen(struct tree *t, const char *path, struct err *e);
/* Sets the times of all directories. */
int tree_finish(struct tree *t, struct err *e);

#endif
