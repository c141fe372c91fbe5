/*
 * tty.c - opening and taking a pseudo-terminal.
 */
#include "kernel/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

int tty_peer(int master)
{
	return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int tty_open(int pts, int *ret_master, int *ret_peer, struct err *e)
{
	auto_fd master =
		path_open(pts, "ptmx", PATH_STRICT, O_RDWR | O_NOCTTY, 0);
	auto_fd peer = -1;
	int unlock = 0;

	if (master < 0)
		return err_sys(e, "open ptmx of the sandbox's devpts");
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return err_sys(e, "unlock the sandbox's terminal");
	peer = tty_peer(master);
	if (peer < 0)
		return err_sys(e, "open the sandbox's terminal");
	*ret_master = TAKE_FD(master);
	*ret_peer = TAKE_FD(peer);
	return 0;
}

int tty_take(int peer, struct err *e)
{
	if (ioctl(peer, TIOCSCTTY, 0) < 0)
		return err_sys(e, "take the sandbox's terminal");
	for (int fd = 0; fd < 3; fd++)
		if (dup2(peer, fd) != fd)
			return err_sys(e, "put the terminal on fd %d", fd);
	return 0;
}
