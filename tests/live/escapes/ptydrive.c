/*
 * ptydrive.c - runs a program on a terminal of its own, as a shell would, and
 * tells what the terminal holds afterwards: what the program printed, and
 * "INJECTED TEXT" when something was typed that nobody typed.
 *
 *   ptydrive SECONDS PROGRAM [WORD…]    its exit status
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static _Noreturn void child(int slave, char **argv)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	if (slave > 2)
		close(slave);
	execvp(argv[0], argv);
	_exit(127);
}

/* Copies what is printed until the program has ended. */
static int drain(int master, pid_t pid, int seconds)
{
	time_t end = time(NULL) + seconds;
	char buf[4096];
	int status, ended = 0;

	for (;;) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, ended ? 50 : 100) > 0) {
			n = read(master, buf, sizeof(buf));
			if (n > 0) {
				fwrite(buf, 1, (size_t)n, stdout);
				continue;
			}
		}
		if (ended)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
		if (waitpid(pid, &status, WNOHANG) == pid)
			ended = 1;
		else if (time(NULL) > end)
			kill(-pid, SIGKILL), kill(pid, SIGKILL);
	}
}

/* What the next program on this terminal would read. */
static void show_injected(int slave)
{
	struct termios t;
	char buf[4096];
	ssize_t n;

	tcgetattr(slave, &t);
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	t.c_cc[VMIN] = t.c_cc[VTIME] = 0;
	tcsetattr(slave, TCSANOW, &t);
	n = read(slave, buf, sizeof(buf));
	if (n > 0)
		printf("\nINJECTED %.*s\n", (int)n, buf);
}

int main(int argc, char **argv)
{
	int master, slave, status;
	pid_t pid;

	if (argc < 3 || openpty(&master, &slave, NULL, NULL, NULL) < 0)
		return 2;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		child(slave, argv + 2);
	status = drain(master, pid, atoi(argv[1]));
	show_injected(slave);
	return status;
}
