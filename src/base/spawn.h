/*
 * spawn.h - runs a helper program: argument vector, empty environment (R25)
 * unless another is given, chosen fds, no shell (R26).
 */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <sys/types.h>
#include "base/buf.h"
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
/* What a program says on one of its descriptors. */
struct spawn_heard {
	int fd;		 /* 1 or 2: instead of that of `fds` */
	int ms;		 /* how long it may be silent, and then take to end */
	size_t max;	 /* bytes; more is ERR_LIMIT */
	struct buf *ret; /* gets them */
};
/* Runs it to its end, and hears it out. As spawn_wait; who is killed for its
 * silence is ERR_HOST. */
int spawn_hear(const struct spawn *s, const struct spawn_heard *h,
	       struct err *e);

#endif
