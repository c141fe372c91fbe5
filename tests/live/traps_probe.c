/*
 * traps_probe.c - opens sockets of four families and says what came of each.
 *
 * Static, for a rootfs that holds nothing else. Prints "FAMILY 0" or "FAMILY
 * ERRNO", a line each.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
	static const struct {
		int family, type;
	} tries[] = { { 1, SOCK_STREAM },
		      { 2, SOCK_STREAM },
		      { 38, SOCK_SEQPACKET }, /* AF_ALG */
		      { 40, SOCK_STREAM } };  /* AF_VSOCK */

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int fd = socket(tries[i].family, tries[i].type, 0);

		printf("%d %d\n", tries[i].family, fd < 0 ? errno : 0);
	}
	return 0;
}
