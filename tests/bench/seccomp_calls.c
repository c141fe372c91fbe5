/*
 * seccomp_calls.c - what a filter costs a system call.
 *
 *	seccomp_calls ROUNDS [FILE.bpf…]
 *
 * Puts the filters of the files on itself, in their order; without any it
 * times calls as it stands, under whatever filter it was started. Every call
 * does as little as it can. Prints, for each, the least nanoseconds a call of
 * many short rounds: "NAME NS".
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CALLS 200 /* a round: short, so that some are not interrupted */

static const struct {
	const char *name;
	long nr, a0, a1, a2;
} rows[] = {
	/* always allowed, whatever its arguments */
	{ "allowed: getppid", SYS_getppid, 0, 0, 0 },
	{ "allowed: close", SYS_close, -1, 0, 0 },
	/* allowed after a look at its arguments */
	{ "by arguments: personality", SYS_personality, 0xffffffff, 0, 0 },
	{ "by arguments: clone", SYS_clone, 0x00000100 | 0x10000, 0, 0 },
	/* denied */
	{ "denied: setns", SYS_setns, -1, 0, 0 },
	{ "denied: bpf", SYS_bpf, -1, 0, 0 },
	{ "denied: unknown", 1000, 0, 0, 0 },
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static double once(size_t row)
{
	uint64_t begun = now();

	for (int i = 0; i < CALLS; i++)
		syscall(rows[row].nr, rows[row].a0, rows[row].a1, rows[row].a2,
			0L, 0L);
	return (double)(now() - begun) / CALLS;
}

static int put_on(const char *file)
{
	static struct sock_filter insn[BPF_MAXINSNS];
	struct sock_fprog prog = { .filter = insn };
	FILE *f = fopen(file, "rb");

	if (!f)
		return -1;
	prog.len =
		(unsigned short)fread(insn, sizeof(insn[0]), BPF_MAXINSNS, f);
	fclose(f);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 200;

	for (int i = 2; i < argc; i++) {
		if (put_on(argv[i])) {
			perror(argv[i]);
			return 1;
		}
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double least = 1e9;

		for (int k = 0; k < rounds; k++) {
			double ns = once(i);

			least = ns < least ? ns : least;
		}
		printf("%s %.1f\n", rows[i].name, least);
	}
	return 0;
}
