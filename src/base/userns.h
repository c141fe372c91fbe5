/*
 * userns.h - what our ids are called outside of our user namespace.
 */
#ifndef BASE_USERNS_H
#define BASE_USERNS_H

#include <sys/types.h>
#include "immure/err.h"

/* In the namespace above ours; in the first one: the same. ERR_HOST: it has no
 * name there, or /proc cannot be read. */
int userns_uid_above(uid_t uid, uid_t *ret, struct err *e);
/* The same of the text of a uid_map(5). Pure. */
int userns_map_above(const char *map, uid_t uid, uid_t *ret, struct err *e);

#endif
