/*
 * filter.c - fetches the seccomp filters that a process has, from the kernel
 * (PTRACE_SECCOMP_GET_FILTER), and asks them about the calls of surface.h
 * with an interpreter of its own. Run as root, outside the sandbox.
 *
 *   filter PID [GROUP…]    no group: all
 *
 * Says ESCAPED and what would pass, and at the end "FILTERS n".
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "surface.h"

#ifdef __x86_64__
#define NATIVE	AUDIT_ARCH_X86_64
#define FOREIGN AUDIT_ARCH_I386
#else
#define NATIVE	AUDIT_ARCH_AARCH64
#define FOREIGN AUDIT_ARCH_ARM
#endif
#define FILTERS_MAX 16

struct filter {
	struct sock_filter code[BPF_MAXINSNS];
	size_t n;
};

static struct filter filters[FILTERS_MAX];
static size_t n_filters;

static uint32_t load(const struct seccomp_data *d, uint32_t at)
{
	uint32_t v;

	if (at > sizeof(*d) - sizeof(v))
		exit(3);
	memcpy(&v, (const char *)d + at, sizeof(v));
	return v;
}

static int holds(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	case BPF_JSET:
		return (a & k) != 0;
	}
	exit(3);
}

/* The instructions that a seccomp filter is made of here; others end us. */
static uint32_t run(const struct filter *f, const struct seccomp_data *d)
{
	uint32_t a = 0, x = 0, mem[BPF_MEMWORDS] = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		const struct sock_filter *s = &f->code[i];

		if (s->code == (BPF_LD | BPF_W | BPF_ABS))
			a = load(d, s->k);
		else if (s->code == (BPF_ALU | BPF_AND | BPF_K))
			a &= s->k;
		else if (s->code == (BPF_JMP | BPF_JA))
			i += s->k;
		else if (s->code == BPF_ST)
			mem[s->k % BPF_MEMWORDS] = a;
		else if (s->code == (BPF_LD | BPF_MEM))
			a = mem[s->k % BPF_MEMWORDS];
		else if (s->code == (BPF_MISC | BPF_TAX))
			x = a;
		else if (s->code == (BPF_MISC | BPF_TXA))
			a = x;
		else if (s->code == (BPF_RET | BPF_K))
			return s->k;
		else if (BPF_CLASS(s->code) == BPF_JMP)
			i += holds(s->code, a, s->k) ? s->jt : s->jf;
		else
			exit(3);
	}
	exit(3);
}

/* The strictest answer, as the kernel chooses it. */
static uint32_t ask(uint32_t arch, long nr, const uint64_t arg[6])
{
	struct seccomp_data d = { .nr = (int)nr, .arch = arch };
	uint32_t best = SECCOMP_RET_ALLOW;

	memcpy(d.args, arg, sizeof(d.args));
	for (size_t i = 0; i < n_filters; i++) {
		uint32_t r = run(&filters[i], &d);

		if ((int32_t)(r & SECCOMP_RET_ACTION_FULL) <
		    (int32_t)(best & SECCOMP_RET_ACTION_FULL))
			best = r;
	}
	return best;
}

static int fetch(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0 ||
	    waitpid(pid, &status, __WALL) != pid)
		return -1;
	while (n_filters < FILTERS_MAX) {
		struct filter *f = &filters[n_filters];
		long n = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, n_filters,
				f->code);

		if (n < 0)
			break;
		f->n = (size_t)n;
		n_filters++;
	}
	status = errno;
	ptrace(PTRACE_DETACH, pid, 0, 0);
	errno = status;
	return errno == ENOENT ? 0 : -1;
}

static int wanted(const char *group, char **groups)
{
	if (!*groups)
		return 1;
	for (; *groups; groups++)
		if (strcmp(group, *groups) == 0)
			return 1;
	return 0;
}

static void check_foreign(void)
{
	static const uint64_t none[6];
	const struct {
		const char *name;
		uint32_t arch;
		long base;
	} abis[] = { { "another architecture", FOREIGN, 0 },
#ifdef __x86_64__
		     { "x32", NATIVE, 0x40000000 }
#endif
	};

	for (size_t i = 0; i < CALLS(abis); i++)
		for (long nr = 0; nr < 600; nr++) {
			uint32_t r = ask(abis[i].arch, abis[i].base + nr, none);

			if (r == SECCOMP_RET_KILL_PROCESS ||
			    r == SECCOMP_RET_KILL_THREAD)
				continue;
			printf("ESCAPED %s: call %ld is not killed\n",
			       abis[i].name, nr);
			break;
		}
}

int main(int argc, char **argv)
{
	if (argc < 2 || fetch(atoi(argv[1])) < 0) {
		printf("WRONG no filters: %s\n", strerror(errno));
		return 2;
	}
	for (size_t i = 0; i < CALLS(surface); i++) {
		const struct call *c = &surface[i];
		uint32_t r;

		if (!wanted(c->group, argv + 2))
			continue;
		r = ask(NATIVE, c->nr, c->arg) & SECCOMP_RET_ACTION_FULL;
		if ((int32_t)r > (int32_t)SECCOMP_RET_ERRNO)
			printf("ESCAPED %s %s would pass\n", c->group, c->name);
	}
	if (wanted("compat", argv + 2))
		check_foreign();
	for (size_t i = 0; i < CALLS(everyday); i++)
		if (ask(NATIVE, everyday[i].nr, everyday[i].arg) !=
		    SECCOMP_RET_ALLOW)
			printf("WRONG %s is refused\n", everyday[i].name);
	printf("FILTERS %zu\n", n_filters);
	return 0;
}
