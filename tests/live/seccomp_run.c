/*
 * seccomp_run.c - puts a built-in profile on itself and executes a program.
 *
 *	seccomp_run PROFILE PROGRAM [ARGUMENT…]
 *	seccomp_run PROFILE -i386	calls getpid as a 32-bit program does
 *	seccomp_run PROFILE -x32	calls getpid as an x32 program does
 *
 * Nothing else of a sandbox: what changes is the filter's doing.
 */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "kernel/seccomp.h"

#define GETPID_I386 20
#define GETPID_X32  (0x40000000 | 39)

static long call_i386(void)
{
	long ret = -1;

#ifdef __x86_64__
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(GETPID_I386)
			 : "memory", "r8", "r9", "r10", "r11");
#endif
	return ret;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	const struct blob *b;
	size_t n;

	if (argc < 3) {
		fprintf(stderr, "usage: seccomp_run PROFILE PROGRAM...\n");
		return 125;
	}
	b = seccomp_builtin(argv[1], &n);
	if (!b || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		fprintf(stderr, "seccomp_run: no profile %s\n", argv[1]);
		return 125;
	}
	for (size_t i = 0; i < n; i++) {
		if (seccomp_install(&b[i], &e) < 0) {
			fprintf(stderr, "seccomp_run: %s\n", e.msg);
			return 125;
		}
	}
	if (!strcmp(argv[2], "-i386"))
		return call_i386() < 0;
	if (!strcmp(argv[2], "-x32"))
		return syscall(GETPID_X32) < 0;
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
