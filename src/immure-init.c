/*
 * immure-init.c - pid 1 inside a sandbox: starts the payload, reaps orphans,
 * forwards signals, ends with the payload's status. Freestanding: no libc, a
 * few kilobytes, run from a sealed memfd (R8).
 *
 * Should: be as confined as the payload (it runs after the whole lockdown).
 * Must not: open a file, allocate, know anything of the host.
 *
 *   argv: "immure-init" PROGRAM ARGV0 [ARG…]
 *   fd 3: two ints when the payload could not be started: the errno, and 0 for
 *         its exec or 1 for what came before; closed when it was
 */
#include <asm/unistd.h>
#include <stddef.h>

typedef unsigned long ulong;

#if defined(__x86_64__)
static inline __attribute__((always_inline)) long call(long n, long a, long b,
						       long c, long d, long e)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return ret;
}
__asm__(".globl _start\n_start:\n\txor %ebp,%ebp\n\tmov %rsp,%rdi\n"
	"\tand $-16,%rsp\n\tcall init_main\n\thlt\n");
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) long call(long n, long a, long b,
						       long c, long d, long e)
{
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory");
	return x0;
}
__asm__(".globl _start\n_start:\n\tmov x29,#0\n\tmov x0,sp\n\tbl init_main\n");
#else
#error "immure-init knows x86-64 and arm64"
#endif

enum { STATUS_FD = 3, SIGCHLD_NR = 17 };
enum { ENOENT_NR = 2, EIO_NR = 5, ECHILD_NR = 10 };
enum { F_GETFD_NR = 1, F_SETFD_NR = 2, FD_CLOEXEC_NR = 1 };
enum { VFORK_FLAGS = 0x4100 }; /* CLONE_VM | CLONE_VFORK */
enum { SETMASK = 2, WNOHANG_NR = 1, TIOCSPGRP_NR = 0x5410 };
enum { EXEC, SET_UP }; /* stages of the report on STATUS_FD */

static _Noreturn void end(int status)
{
	for (;;)
		call(__NR_exit_group, status, 0, 0, 0, 0);
}

/* The launcher turns the report into its message. */
static _Noreturn void fail(long err, int stage)
{
	int report[2] = { err < 0 ? (int)-err : EIO_NR, stage };

	call(__NR_write, STATUS_FD, (long)report, sizeof(report), 0, 0);
	end(stage == SET_UP ? 125 : report[0] == ENOENT_NR ? 127 : 126);
}

static void set_mask(ulong mask)
{
	long r = call(__NR_rt_sigprocmask, SETMASK, (long)&mask, 0,
		      sizeof(mask), 0);

	if (r < 0)
		fail(r, SET_UP);
}

/* Nothing starts any more once the launcher is gone: it holds the only reading
 * end of the report (R34). */
static void check_launcher(void)
{
	struct {
		int fd;
		short events, revents;
	} p = { STATUS_FD, 0, 0 };
	const long now[2] = { 0, 0 };
	long r = call(__NR_ppoll, (long)&p, 1, (long)now, 0, 0);

	if (r < 0)
		fail(r, SET_UP);
	if (r > 0) /* nobody left to tell */
		end(125);
}

/* In the payload's process: a group of its own, in the foreground when there
 * is a terminal, then exec. */
static __attribute__((noinline)) _Noreturn void payload(char **argv, char **env)
{
	long r = call(__NR_setpgid, 0, 0, 0, 0, 0);
	int group = (int)call(__NR_getpgid, 0, 0, 0, 0, 0);

	if (r < 0 || group <= 1) /* 1 is pid 1's, where it was before */
		fail(r, SET_UP);
	/* ENOTTY when the sandbox has no terminal: nothing to take */
	call(__NR_ioctl, 0, TIOCSPGRP_NR, (long)&group, 0, 0);
	set_mask(0);
	check_launcher();
	fail(call(__NR_execve, (long)argv[1], (long)(argv + 2), (long)env, 0,
		  0),
	     EXEC);
}

/* The report's fd must not reach the payload. */
static void hide_status_fd(void)
{
	long r = call(__NR_fcntl, STATUS_FD, F_SETFD_NR, FD_CLOEXEC_NR, 0, 0);

	if (r < 0 ||
	    call(__NR_fcntl, STATUS_FD, F_GETFD_NR, 0, 0, 0) != FD_CLOEXEC_NR)
		fail(r, SET_UP);
}

/* Reaps what has ended; returns the payload's exit status, or -1. */
static int reap(long child)
{
	int status, ret = -1;
	long pid;

	while ((pid = call(__NR_wait4, -1, (long)&status, WNOHANG_NR, 0, 0)) >
	       0)
		if (pid == child)
			ret = status & 0x7f ? 128 + (status & 0x7f)
					    : status >> 8 & 0xff;
	/* the payload is never without a status: somebody took it */
	return ret < 0 && pid == -ECHILD_NR ? 125 : ret;
}

/*
 * Waits for signals and for the end. Every few seconds it looks for ended
 * children without having been told, so that no lost signal and no call that
 * fails once can keep a dead sandbox.
 */
static _Noreturn void serve(long child)
{
	ulong all = ~0ul;
	const long few[2] = { 4, 0 }; /* struct timespec */
	long sig;
	int status;

	for (;;) {
		sig = call(__NR_rt_sigtimedwait, (long)&all, 0, (long)few,
			   sizeof(all), 0);
		if (sig > 0 && sig != SIGCHLD_NR)
			call(__NR_kill, child, sig, 0, 0, 0);
		status = reap(child);
		if (status >= 0)
			end(status);
	}
}

__attribute__((used)) _Noreturn void init_main(long *stack);
__attribute__((used)) _Noreturn void init_main(long *stack)
{
	long argc = stack[0], child;
	char **argv = (char **)(stack + 1), **env = argv + argc + 1;

	if (argc < 3)
		fail(0, SET_UP);
	set_mask(~0ul);
	hide_status_fd();
	/* As vfork(2): pid 1 goes on when the payload was executed, or could
	 * not be. Below here the child writes on our stack; nothing that we
	 * still need lies there, and call() is inline. */
	child = call(__NR_clone, VFORK_FLAGS | SIGCHLD_NR, 0, 0, 0, 0);
	if (child == 0)
		payload(argv, env);
	if (child < 0)
		fail(child, SET_UP);
	call(__NR_close, STATUS_FD, 0, 0, 0, 0);
	serve(child);
}
