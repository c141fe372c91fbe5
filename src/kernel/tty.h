/*
 * tty.h - the sandbox's own terminal (R7): master from the sandbox's own
 * devpts, peer by TIOCGPTPEER, never by name. pty(7).
 */
#ifndef KERNEL_TTY_H
#define KERNEL_TTY_H

#include "immure/err.h"

/* Opens a pair in the devpts mounted at `pts` (O_PATH directory). */
int tty_open(int pts, int *ret_master, int *ret_peer, struct err *e);
/* The other end of a master of ours, for a moment; -1 and errno. */
int tty_peer(int master);
/* Makes `peer` the controlling terminal of this session leader and fds
 * 0, 1, 2. */
int tty_take(int peer, struct err *e);

#endif
