/*
 * scope.h - what systemd is asked for, by the program immure-scope: a scope for
 * a process, and later other limits of it. Trusts no answer: where the process
 * is afterwards is read from the kernel.
 */
#ifndef LAUNCH_SCOPE_H
#define LAUNCH_SCOPE_H

#include <sys/types.h>
#include "immure/err.h"

struct scope {
	const char *helper; /* immure-scope */
	const char *unit;   /* NAME.scope */
	const char *slice;  /* NULL: the usual one */
	/* limits that systemd must know of, or it would take them back some
	 * time: FILE=VALUE; those that it has no word for are left out. May be
	 * NULL */
	char *const *set;
};

/* Moves `pid` into a new scope; its cgroup, a clean path, heap. NULL: with what
 * systemd said. */
char *scope_start(const struct scope *s, pid_t pid, struct err *e);
/* Other limits for one that is there. */
int scope_set(const struct scope *s, struct err *e);

#endif
