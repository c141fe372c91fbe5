/*
 * seccomp.h - profiles to BPF (libseccomp), and seccomp(2). One profile
 * becomes one or two stacked filters: an allow-list, and the denials that
 * libseccomp would lose beside an unconditional allow (the kernel takes the
 * strictest). Compiled before launch; installing allocates nothing.
 */
#ifndef KERNEL_SECCOMP_H
#define KERNEL_SECCOMP_H

#include <stddef.h>
#include "immure/err.h"
#include "immure/seccomp.h"
#include "immure/spec.h"

/* At most this many stacked filters a profile. */
#define SECCOMP_STACK_MAX 2

/*
 * Filters of a built-in profile ("default", "strict", "build"), compiled at
 * build time for this architecture and no capabilities. NULL when there is
 * no such profile. Static.
 */
const struct blob *seccomp_builtin(const char *name, size_t *ret_n);

/* Compiles; ret[0…*ret_n-1] are filled (heap data; blob_done each). */
int seccomp_compile(const char *name, const struct seccomp_profile *p,
		    struct blob ret[SECCOMP_STACK_MAX], size_t *ret_n,
		    struct err *e);
/* seccomp(SECCOMP_SET_MODE_FILTER). Needs no_new_privs or CAP_SYS_ADMIN. */
int seccomp_install(const struct blob *filter, struct err *e);
void blob_done(struct blob *b);

#endif
