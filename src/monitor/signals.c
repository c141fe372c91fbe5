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

int signals_open(uint64_t ignored, struct err *e)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	/* a blocked signal is queued although it is ignored */
	for (size_t i = 0; i < ARRAY_SIZE(forwarded); i++)
		if (!(ignored >> (forwarded[i] - 1) & 1))
			sigaddset(&set, forwarded[i]);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return err_sys(e, "ignore SIGPIPE");
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_sys(e, "block signals");
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_sys(e, "make a signalfd");
	return fd;
}

bool signals_is_end(int sig)
{
	return sig != SIGWINCH;
}

int signals_forward(int pidfd, int sig, struct err *e)
{
	if (pidfd_signal(pidfd, sig) == 0 || errno == ESRCH)
		return 0;
	return err_sys(e, "send %s to the sandbox", strsignal(sig));
}
