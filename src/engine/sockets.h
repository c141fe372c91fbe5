/*
 * sockets.h - sockets below a directory that is to be bound: read-only or
 * not, whoever sees one can connect to it.
 */
#ifndef ENGINE_SOCKETS_H
#define ENGINE_SOCKETS_H

#include "immure/err.h"
#include "immure/spec.h"

/* Entries that are looked at, directories deep, sockets that are named. */
#define SOCKETS_ENTRIES 131072
#define SOCKETS_DEPTH	64
#define SOCKETS_NAMES	8

/*
 * Fills f->sockets and f->unsearched for the directory at `path`, which
 * facts_of has measured; any other kind of object has none. What the caller
 * cannot enter is passed over: no sandbox of his gets in either, but for what
 * his own sandboxes made. `recursive`: with the mounts below. The walk ends
 * when it has found enough, or has seen too much: then it is unsearched, as
 * for every error on the way. ERR_VERIFY when it is another object by now.
 */
int sockets_find(const char *path, bool recursive, struct source_facts *f,
		 struct err *e);

#endif
