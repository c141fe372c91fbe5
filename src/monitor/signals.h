/* signals.h - the signals that are passed on to a sandbox. signalfd(2). */
#ifndef MONITOR_SIGNALS_H
#define MONITOR_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>
#include "immure/err.h"

/*
 * Blocks them in this process, but those that the caller ignores (nohup, a
 * job in the background; bit n-1 is signal n), and ignores SIGPIPE: a reader
 * that went away is EPIPE. A non-blocking signalfd, or -1.
 */
int signals_open(uint64_t ignored, struct err *e);
/* Sends one by pidfd; a sandbox that has just ended is no error. */
int signals_forward(int pidfd, int sig, struct err *e);
/* Would it have ended us? */
bool signals_is_end(int sig);

#endif
