/*
 * pidfd.c - signals by pidfd, and the end of a child.
 */
#include "kernel/pidfd.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/retry.h"

int pidfd_signal(int pidfd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0);
}

void pidfd_end(pid_t pid, int pidfd)
{
	/* It is our child and not yet reaped: the pid cannot be another's. */
	if (pidfd < 0 || pidfd_signal(pidfd, SIGKILL) < 0)
		kill(pid, SIGKILL);
	(void)RETRY(waitpid(pid, NULL, 0));
}
