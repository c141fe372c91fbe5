/*
 * program.h - how every program of the command line begins: its name, fds 0,
 * 1, 2, no more rights than its caller, exit statuses of its children.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include "immure/err.h"

/* `name` is static. ERR_HOST: installed set-user-id or the like (R37). */
int program_begin(const char *name, struct err *e);

#endif
