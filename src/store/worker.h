/*
 * worker.h - starts immure-image, the confined worker.
 */
#ifndef STORE_WORKER_H
#define STORE_WORKER_H

#include <sys/types.h>
#include "immure/err.h"
#include "immure/host.h"

/* Which fd the worker finds where. */
#define WORKER_FD_IN   0 /* the archive, or /dev/null */
#define WORKER_FD_SOCK 3 /* msg.h */
#define WORKER_FD_TREE 4 /* the directory it works in */
#define WORKER_FD_OCI  5 /* an OCI layout directory, read-only */

/*
 * `argv` after the program's name; `tree` is handed over writable, `oci`
 * (or NULL) readable. The pid, or -1; wait with spawn_wait.
 */
struct worker {
	char *const *words;
	int in, sock; /* -1: none */
	const char *tree, *oci;
};
pid_t worker_start(const struct host *h, const struct worker *w, struct err *e);
/* Removes everything below the directory `path`. */
int worker_remove(const struct host *h, const char *path, struct err *e);

#endif
