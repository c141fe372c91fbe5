/*
 * work.h - what immure-image does: the coordinator of one load. It reads no
 * archive itself (its children do) and sees no file but the staging
 * directory, which is its root.
 */
#ifndef STORE_WORK_H
#define STORE_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "format/manifest.h"
#include "immure/err.h"
#include "store/hash.h"
#include "store/msg.h"
#include "store/unpack.h"

/* A file of the archive. */
struct staged {
	char *path; /* cleaned, without a slash in front */
	char *link; /* a symlink or hard link: the path it means */
	char hex[SHA256_HEX + 1]; /* of the content: its name in blobs/ */
	uint64_t size;
};
struct work {
	bool import;
	const char *arch;
	struct unpack_limits limits;
	int in, sock, oci; /* fds, or -1 */
	int root, blobs, layers, probe;
	int cpus;
	struct hash *hash;
	struct unpack_use *use; /* shared with the children */
	struct staged *files;
	size_t n_files;
};
/* `words` as load.c gives them. 0, or -1 with *e. */
int work_load(char *const *words, struct err *e);
int work_remove(struct err *e);

/* ---- for the parts of it ---- */
int work_say(struct work *w, enum msg_what what, const char *text,
	     struct err *e);
int work_say_digest(struct work *w, enum msg_what what, const char *digest,
		    uint64_t size, struct err *e);
/* Asks the store: 1, 0, or -1. */
int work_ask(struct work *w, enum msg_what what, const char *digest,
	     uint64_t size, struct err *e);

#endif
