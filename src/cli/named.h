/*
 * named.h - a word that may be the name of a running sandbox (--name).
 */
#ifndef CLI_NAMED_H
#define CLI_NAMED_H

#include "store/running.h"

/* 1 with *ret, 0 when none of that name runs, -1 with *e. */
int named_find(const char *word, struct running *ret, struct err *e);

#endif
