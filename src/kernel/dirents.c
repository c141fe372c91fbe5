/*
 * dirents.c - a loop around getdents64(2). Opens and follows nothing.
 */
#include "kernel/dirents.h"

#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct entry { /* struct linux_dirent64 */
	uint64_t ino, off;
	uint16_t len;
	uint8_t type;
	char name[];
};

int dirents_each(int dir, const char *what,
		 int (*fn)(void *arg, const char *name, struct err *e),
		 void *arg, struct err *e)
{
	_Alignas(8) char buf[2048];
	long n;

	while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0)
		for (long i = 0; i < n;) {
			const struct entry *d = (const struct entry *)(buf + i);

			i += d->len;
			if (strcmp(d->name, ".") == 0 ||
			    strcmp(d->name, "..") == 0)
				continue;
			if (fn(arg, d->name, e) < 0)
				return -1;
		}
	return n < 0 ? err_sys(e, "list %s", what) : 0;
}
