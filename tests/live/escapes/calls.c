/*
 * calls.c - payload: makes the calls of surface.h and tells which of them the
 * kernel itself answered.
 *
 *   calls GROUP…    compat: calls of other architectures, which must kill
 *
 * Says ESCAPED and what, or RAN.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "surface.h"

/* The errors by which a filter answers. */
static int is_refusal(int error, const char *group)
{
	return error == EPERM || error == ENOSYS || error == EAFNOSUPPORT ||
	       (error == ENOENT && strcmp(group, "ulp") == 0);
}

/* In a child: some of them would change who we are. */
static void make(const struct call *c)
{
	const uint64_t *a = c->arg;
	pid_t pid = fork();
	int status = 0;
	long r;

	if (pid < 0) {
		printf("WRONG no fork: %s\n", strerror(errno));
		exit(1);
	}
	if (pid == 0) {
		r = syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
		_exit(r < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && is_refusal(WEXITSTATUS(status), c->group))
		return;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return;
	printf("ESCAPED %s: the kernel answered %s\n", c->name,
	       WEXITSTATUS(status) ? strerror(WEXITSTATUS(status)) : "yes");
}

#ifdef __x86_64__
static long call_i386(long nr, long a, long b)
{
	long r;

	__asm__ volatile("int $0x80"
			 : "=a"(r)
			 : "a"(nr), "b"(a), "c"(b), "d"(0), "S"(0), "D"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return r;
}

static void make_foreign(const char *name, int which)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (which == 0)
			call_i386(20, 0, 0); /* getpid */
		else if (which == 1)
			call_i386(102, 1, 0); /* socketcall: socket */
		else
			syscall(0x40000000 | SYS_getpid);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	/* SIGSEGV: the kernel itself has no such entry */
	if (!WIFSIGNALED(status) ||
	    (WTERMSIG(status) != SIGSYS && WTERMSIG(status) != SIGSEGV))
		printf("ESCAPED %s: not killed (status 0x%x)\n", name, status);
}

static void foreign(void)
{
	make_foreign("int 0x80 getpid", 0);
	make_foreign("int 0x80 socketcall", 1);
	make_foreign("x32 getpid", 2);
}
#else
static void foreign(void)
{
}
#endif

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "compat") == 0)
			foreign();
		for (size_t j = 0; j < CALLS(surface); j++)
			if (strcmp(surface[j].group, argv[i]) == 0)
				make(&surface[j]);
	}
	for (size_t j = 0; j < CALLS(everyday); j++)
		if (everyday[j].nr == SYS_socket) {
			const uint64_t *a = everyday[j].arg;

			if (syscall(SYS_socket, a[0], a[1], a[2]) < 0)
				printf("WRONG %s: %s\n", everyday[j].name,
				       strerror(errno));
		}
	puts("RAN");
	return 0;
}
