/*
 * terminal.c - raw mode, window size, the end of typed input.
 */
#include "monitor/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/tty.h"

int terminal_raw(struct terminal *t, struct err *e)
{
	struct termios raw;

	t->is_raw = false;
	if (!isatty(0))
		return 0;
	if (tcgetattr(0, &t->saved) < 0)
		return err_sys(e, "read the terminal's settings");
	raw = t->saved;
	cfmakeraw(&raw);
	if (tcsetattr(0, TCSADRAIN, &raw) < 0)
		return err_sys(e, "put the terminal into raw mode");
	t->is_raw = true;
	return 0;
}

void terminal_restore(struct terminal *t)
{
	if (t->is_raw)
		tcsetattr(0, TCSADRAIN, &t->saved);
	t->is_raw = false;
}

int terminal_plain_lines(int pty, struct err *e)
{
	struct termios t;

	if (isatty(1))
		return 0;
	if (tcgetattr(pty, &t) < 0)
		return err_sys(e, "read the settings of the terminal");
	t.c_oflag &= ~(tcflag_t)ONLCR;
	if (tcsetattr(pty, TCSANOW, &t) < 0)
		return err_sys(e, "set how lines of the terminal end");
	return 0;
}

int terminal_copy_size(int pty)
{
	struct winsize w;

	for (int fd = 0; fd < 3; fd++)
		if (ioctl(fd, TIOCGWINSZ, &w) == 0) {
			ioctl(pty, TIOCSWINSZ, &w);
			break;
		}
	return 0;
}

bool terminal_eof(int pty, char *ret)
{
	auto_fd peer = tty_peer(pty);
	struct pollfd p = { .fd = peer, .events = POLLIN };
	struct termios t;

	if (peer < 0 || tcgetattr(peer, &t) < 0 || poll(&p, 1, 0) != 0)
		return false;
	*ret = (char)t.c_cc[VEOF];
	return *ret != _POSIX_VDISABLE;
}
