/*
 * context.h - SELinux contexts, "USER:ROLE:TYPE:RANGE", as text. Pure: whether
 * a policy knows them is kernel/selinux.
 */
#ifndef PLAN_CONTEXT_H
#define PLAN_CONTEXT_H

#include "immure/err.h"

#define CONTEXT_TYPE	  "immure_t"	  /* profiles/selinux/immure.cil */
#define CONTEXT_FILE_TYPE "immure_file_t" /* of what is in a sandbox */

struct contexts {
	char *process, *files; /* heap */
};

/*
 * What is asked for: "" (ours), "type:T", "level:L", or a whole context.
 * `own`: the caller's context: its user and role stay, as a policy lets nobody
 * but a few change them. `level`: of this sandbox ("s0:c1,c2"), unless one is
 * asked for. ERR_USAGE for what is no context.
 */
int context_make(const char *asked, const char *own, const char *level,
		 struct contexts *ret, struct err *e);
/* The file context of all sandboxes: without categories. Heap. */
char *context_shared(const char *files);
/* The type in a context; heap. */
char *context_type(const char *context);

#endif
