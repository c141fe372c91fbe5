/*
 * netns.c - the loopback interface. Interfaces to the outside are made by
 * helpers, not here.
 */
#include "kernel/netns.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"

int netns_loopback_up(struct err *e)
{
	struct ifreq r = { .ifr_name = "lo" };
	auto_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_sys(e, "open a socket to bring lo up");
	r.ifr_flags = IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &r) < 0)
		return err_sys(e, "bring lo up");
	r.ifr_flags = 0;
	if (ioctl(fd, SIOCGIFFLAGS, &r) < 0)
		return err_sys(e, "read the flags of lo");
	if (!(r.ifr_flags & IFF_UP))
		return err_set(e, ERR_VERIFY, "lo is not up after bringing up");
	return 0;
}
