/*
 * id.h - names and identifiers: container ids, container names, and uid and
 * gid numbers (R16: [0-9]{1,10}, 0..4294967294, never looked up as a name).
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stdint.h>
#include "immure/err.h"

#define ID_LEN 64 /* hex digits of a container id */

/* 64 random hex digits from getrandom(2). */
int id_new(char ret[ID_LEN + 1], struct err *e);
/* [a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}, as docker's container names. */
bool id_is_name(const char *s);
bool id_is_number(const char *s); /* digits only: never a name */
int id_parse_uid(const char *s, const char *what, uint32_t *ret, struct err *e);

#endif
