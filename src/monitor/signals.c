/*
 * signals.c - which signals, and sending them. Not SIGTSTP and SIGCONT: they
 * stop and go on with the launcher in its shell, as the shell's user means.
 */
#include "monitor/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "base/table.h"
#include "kernel/pidfd.h"

static const int forwarded[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				 SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH };

int signals_open(struct err *e)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++)
		sigaddset(&set, forwarded[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_sys(e, "block signals");
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_sys(e, "make a signalfd");
	return fd;
}

int signals_forward(int pidfd, int sig, struct err *e)
{
	if (pidfd_signal(pidfd, sig) == 0 || errno == ESRCH)
		return 0;
	return err_sys(e, "send %s to the sandbox", strsignal(sig));
}
