/*
 * strv.h - NULL-terminated vectors of heap strings (argv, environ).
 * A NULL vector is an empty one.
 */
#ifndef BASE_STRV_H
#define BASE_STRV_H

#include <stddef.h>
#include <stdbool.h>
#include "base/cleanup.h"

size_t strv_len(char *const *v);
/* Appends a copy of `s`. */
void strv_add(char ***v, const char *s);
/* Appends `s` itself; the vector owns it now. */
void strv_take(char ***v, char *s);
char **strv_copy(char *const *v);
void strv_free(char **v);
bool strv_has(char *const *v, const char *s);
/* Splits at each `sep`; empty parts are kept. */
char **strv_split(const char *s, char sep);
/* Joined with `sep` between; heap. */
char *strv_join(char *const *v, const char *sep);
/* env: the value of KEY in a vector of KEY=VALUE, or NULL. */
const char *strv_getenv(char *const *env, const char *key);
/* env: replaces KEY=… or appends. `assignment` is "KEY=VALUE". */
void strv_setenv(char ***env, const char *assignment);
DEFINE_AUTO(char **, strv_free);

#define strv_foreach(s, v) for (char *const *s = (v); s && *s; s++)

#endif
