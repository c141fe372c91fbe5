/*
 * child.h - the children of immure-image: one function each, one report at
 * the end, nothing of the parent's but the fds they are given.
 */
#ifndef STORE_CHILD_H
#define STORE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/sha256.h"
#include "immure/err.h"
#include "store/unpack.h"

struct report {
	bool ok;
	struct err err; /* when not ok; ERR_NONE: another child knows why */
	char hex[SHA256_HEX + 1];
	struct unpack_dropped dropped;
};
struct child {
	pid_t pid;
	int pipe; /* where the report comes from */
};
typedef int child_fn(void *arg, struct report *r, struct err *e);

/*
 * Starts fn(arg). Of the open fds it keeps `keep` (-1 ends it), 0 to 2
 * excepted; `fn` confines itself.
 */
int child_start(struct child *c, child_fn *fn, void *arg, const int *keep,
		struct err *e);
/* Waits for its end; `what` names it when it died. */
int child_wait(struct child *c, const char *what, struct report *ret,
	       struct err *e);
/* The report of one that was already waited for (status of waitpid). */
int child_result(struct child *c, int status, const char *what,
		 struct report *ret, struct err *e);

#endif
