/* vsock.c - payload: prints what the kernel answers to socket(AF_VSOCK). */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void)
{
	int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

	printf("socket %d\n", fd < 0 ? errno : 0);
	return 0;
}
