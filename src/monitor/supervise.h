/*
 * supervise.h - stays with a started sandbox until it ends: relays standard
 * streams or the terminal, forwards signals, enforces the time-out, collects
 * the status. When it dies the sandbox dies (PDEATHSIG and the pid namespace).
 */
#ifndef MONITOR_SUPERVISE_H
#define MONITOR_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "immure/container.h"
#include "immure/err.h"

struct supervise {
	pid_t pid; /* pid 1 of the sandbox, our child */
	int pidfd;
	bool is_init;	 /* pid 1 is immure-init: it passes statuses on */
	int exec_status; /* read end: empty when the payload was executed,
			    else two ints: errno and stage; -1: none */
	int signals;	 /* of signals_open() */
	/* recorded: `listen` is called when a call waits on `listener` (-1:
	 * not recorded), which is closed when nobody can call any more */
	int listener;
	int (*listen)(void *arg, int listener, struct err *e);
	void *listen_arg;
	/* Our ends of what the payload has; those that ended are closed and
	 * -1 afterwards. */
	int pty;	     /* master of the sandbox's terminal, or -1 */
	int relay[3];	     /* pipes for its 0, 1, 2, or -1 */
	bool interactive;    /* pass stdin on */
	uint64_t timeout_ms; /* 0: none */
	int stop_signal;     /* sent at the time-out, SIGKILL 10 s later */
};
#define SUPERVISE_INIT                                                         \
	{                                                                      \
		.pid = -1, .pidfd = -1, .exec_status = -1, .signals = -1,      \
		.listener = -1, .pty = -1, .relay = {                          \
			-1,                                                    \
			-1,                                                    \
			-1                                                     \
		}                                                              \
	}
/* 0 with *ret filled, or -1 (the sandbox is dead then, too). */
int supervise(struct supervise *s, struct run_result *ret, struct err *e);

#endif
