/*
 * unpack.h - one layer archive becomes a tree. The rules are in unpack.c.
 * (immure-image only.)
 */
#ifndef STORE_UNPACK_H
#define STORE_UNPACK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "immure/err.h"

/* What a load may cost, and what it has cost so far: shared by the processes
 * that unpack its layers. */
struct unpack_use {
	_Atomic uint64_t bytes, entries;
};
struct unpack_limits {
	uint64_t bytes, entries, ratio, seconds;
	uint32_t uids, gids; /* ids there are; 0: single, all are taken */
};
struct unpack {
	int in;	  /* a tar archive */
	int root; /* an empty directory */
	const struct unpack_limits *limits;
	struct unpack_use *use;
};
/* What was left out. */
struct unpack_dropped {
	uint64_t devices, fifos, sockets, setid, xattrs;
};
/* Reads `in` to its end. On an error the tree is worthless. */
int unpack_layer(const struct unpack *u, struct unpack_dropped *ret,
		 struct err *e);

#endif
