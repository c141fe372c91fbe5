/*
 * seccomp_builtin.h - what `immure-profile --emit-c` writes at build time:
 * the built-in profiles and their filters as plain data. Read by
 * seccomp_builtin.c alone.
 */
#ifndef KERNEL_SECCOMP_BUILTIN_H
#define KERNEL_SECCOMP_BUILTIN_H

#include <stddef.h>
#include "immure/spec.h"

struct seccomp_builtin {
	const char *profile; /* NULL: the last row */
	const char *machine; /* "amd64" */
	const struct blob *filters;
	size_t n;
	const char *json;
	size_t json_len;
};
extern const struct seccomp_builtin seccomp_builtin_table[];
extern const char *const seccomp_builtin_list[]; /* names; NULL-terminated */

#endif
