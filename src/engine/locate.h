/*
 * locate.h - where our own files are: installed (LIBEXECDIR, DATADIR), or
 * beside the program in a build tree.
 */
#ifndef ENGINE_LOCATE_H
#define ENGINE_LOCATE_H

#include "immure/err.h"

/* DATADIR/name, else <directory of the program>/../name. Heap, or NULL. */
char *locate_data(const char *name, struct err *e);

#endif
