/*
 * wire.c - sending and receiving one message between parent and child.
 */
#include "launch/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

int wire_send(int sock, const struct wire *w, int fd, struct err *e)
{
	if (fd_send(sock, w, sizeof(*w), fd) < 0)
		return err_sys(e, "send to the other half of the launcher");
	return 0;
}

int wire_recv(int sock, struct wire *ret, int *ret_fd, struct err *e)
{
	int fd = -1;
	ssize_t n;

	memset(ret, 0, sizeof(*ret));
	n = fd_recv(sock, ret, sizeof(*ret), &fd);
	if (ret_fd)
		*ret_fd = fd;
	else if (fd >= 0)
		close(fd);
	if (n < 0)
		return err_sys(e, "receive from the other half of the "
				  "launcher");
	if (n == 0)
		return err_set(e, ERR_SYS,
			       "the other half of the launcher ended early");
	if (n != (ssize_t)sizeof(*ret))
		return err_set(e, ERR_BUG, "a launcher message of %zd bytes",
			       n);
	return 0;
}
