/*
 * passwd.h - an image's own passwd(5) and group(5) text: hostile, bounded to
 * 1 MiB, never read through libc's NSS (R9). Pure.
 */
#ifndef FORMAT_PASSWD_H
#define FORMAT_PASSWD_H

#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"

#define PASSWD_MAX (1u << 20)

struct passwd_user {
	uint32_t uid, gid;
	uint32_t *groups; /* supplementary, gid included once; heap */
	size_t n_groups;
	char *home; /* heap, or NULL when unknown */
};
/*
 * Resolves "user[:group]" as image-spec config.md and R16 say: numbers are
 * copied and never looked up as names, and what only looks like a number
 * ("0x0", "+1", "-1") is refused; a name must exist; supplementary
 * groups come from `group` only for a named user without an explicit group
 * (and a numeric user that has a passwd line takes its gid and home).
 * `spec` "" or NULL: 0:0. passwd and group may be NULL (no such file).
 */
int passwd_resolve(const char *spec, const char *passwd, const char *group,
		   struct passwd_user *ret, struct err *e);
void passwd_user_done(struct passwd_user *u);
DEFINE_AUTO_DONE(struct passwd_user, passwd_user_done);

#endif
