/*
 * spawn.h - runs a helper program: argument vector, empty environment (R25)
 * unless another is given, chosen fds, no shell (R26).
 */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <sys/types.h>
#include "immure/err.h"

struct spawn {
	const char *path; /* absolute */
	char *const *argv;
	char *const *env; /* NULL: none */
	int fds[8];	  /* become 0, 1, 2, …; -1 is /dev/null */
	int n_fds;	  /* at least 3 */
};
/* Starts it (vfork speed). Its pid, or -1. All other fds are closed there. */
pid_t spawn_start(const struct spawn *s, struct err *e);
/* Waits; the exit status, 128+n for a signal, or -1. */
int spawn_wait(pid_t pid, struct err *e);
/* The same for at most so many milliseconds: then it is killed, which is
 * ERR_HOST and names `what`. */
int spawn_wait_within(pid_t pid, int ms, const char *what, struct err *e);

#endif
