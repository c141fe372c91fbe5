/*
 * locate.h - where our own files are: installed (LIBEXECDIR, DATADIR), or
 * beside the program in a build tree.
 */
#ifndef ENGINE_LOCATE_H
#define ENGINE_LOCATE_H

#include "immure/err.h"

/* <directory of the program>/../name where that exists (a build tree uses what
 * it was built with), else DATADIR/name. Heap. */
char *locate_data(const char *name);

#endif
