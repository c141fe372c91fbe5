/*
 * pidfd.h - ending and waiting for a child without a race. pidfd_open(2).
 */
#ifndef KERNEL_PIDFD_H
#define KERNEL_PIDFD_H

#include <sys/types.h>

/* SIGKILLs a child of ours that is not yet reaped (by pidfd, else by pid, which
 * cannot be another's before) and reaps it. */
void pidfd_end(pid_t pid, int pidfd);
/* pidfd_send_signal(2): 0, or -1 and errno. */
int pidfd_signal(int pidfd, int sig);

#endif
