/*
 * landlock_rules.h - a file of Landlock rules:
 *
 *	{ "comment": "…", "rules": [
 *	    { "path": "/usr/lib", "access": [ "read_file", "execute" ],
 *	      "comment": "…" } ] }
 *
 * Pure. The words are those of the plan: read_file, write_file, execute …
 */
#ifndef FORMAT_LANDLOCK_RULES_H
#define FORMAT_LANDLOCK_RULES_H

#include <stddef.h>
#include "base/buf.h"
#include "immure/err.h"
#include "immure/spec.h"

#define LANDLOCK_RULES_MAX (1u << 20) /* bytes of a file */

/*
 * `name` is the file's in messages. *ret: heap, paths clean and absolute, no
 * path twice. Unknown members and words are ERR_INPUT, naming the nearest.
 */
int landlock_rules_parse(const char *name, const struct buf *text,
			 struct landlock_path **ret, size_t *ret_n,
			 struct err *e);
void landlock_rules_free(struct landlock_path *v, size_t n);

#endif
