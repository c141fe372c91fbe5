/*
 * surface.h - calls that a sandbox must not get through to the kernel, with
 * arguments for which a kernel that is reached answers something else than
 * EPERM, ENOSYS or EAFNOSUPPORT wherever that can be. Used by calls.c, which
 * makes them inside, and by filter.c, which asks the installed filters.
 */
#ifndef SURFACE_H
#define SURFACE_H

#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define BIT32 (1ull << 32)
#define HIGH  0xdeadbeef00000000ull

struct call {
	const char *group, *name;
	long nr;
	uint64_t arg[6];
};

#define NET(family, type, protocol)                                            \
	{                                                                      \
		"net", "socket " #family " " #type " " #protocol, SYS_socket,  \
		{                                                              \
			family, type, protocol                                 \
		}                                                              \
	}
#define PLAIN(group, name)                                                     \
	{                                                                      \
		group, #name, SYS_##name,                                      \
		{                                                              \
			0                                                      \
		}                                                              \
	}
#define NEW(flag)                                                              \
	{ "ns", "unshare " #flag, SYS_unshare, { flag } },                     \
		{ "ns", "unshare high " #flag, SYS_unshare, { flag | HIGH } }, \
		{ "ns", "clone " #flag, SYS_clone, { flag | SIGCHLD } },       \
	{                                                                      \
		"ns", "clone high " #flag, SYS_clone,                          \
		{                                                              \
			flag | HIGH | SIGCHLD                                  \
		}                                                              \
	}

static const struct call surface[] = {
	/* namespaces: CVE-2022-0185, -0492, -1015, 2018-18955 and many more */
	NEW(CLONE_NEWUSER),
	NEW(CLONE_NEWNS),
	NEW(CLONE_NEWNET),
	NEW(CLONE_NEWPID),
	NEW(CLONE_NEWIPC),
	NEW(CLONE_NEWUTS),
	NEW(CLONE_NEWCGROUP),
	NEW(CLONE_NEWUSER | CLONE_NEWNET),
	NEW(CLONE_NEWUSER | CLONE_NEWCGROUP),
	{ "ns", "unshare time", SYS_unshare, { 0x80 } },
	PLAIN("ns", clone3),
	{ "ns", "setns", SYS_setns, { ~0ull, 0 } },

	/* file systems */
	PLAIN("mount", mount),
	PLAIN("mount", umount2),
	PLAIN("mount", pivot_root),
	PLAIN("mount", fsopen),
	PLAIN("mount", fsconfig),
	PLAIN("mount", fsmount),
	PLAIN("mount", fspick),
	PLAIN("mount", open_tree),
	PLAIN("mount", move_mount),
	PLAIN("mount", mount_setattr),
	PLAIN("mount", name_to_handle_at),
	PLAIN("mount", open_by_handle_at),
	PLAIN("mount", quotactl),
	PLAIN("mount", swapon),
	PLAIN("mount", fanotify_init),

	/* entry points of exploited kernel bugs */
	PLAIN("kernel", bpf),
	PLAIN("kernel", perf_event_open),
	PLAIN("kernel", io_uring_setup),
	PLAIN("kernel", io_uring_enter),
	PLAIN("kernel", io_uring_register),
	PLAIN("kernel", userfaultfd),
	PLAIN("kernel", keyctl),
	PLAIN("kernel", add_key),
	PLAIN("kernel", request_key),
	PLAIN("kernel", init_module),
	PLAIN("kernel", finit_module),
	PLAIN("kernel", delete_module),
	PLAIN("kernel", kexec_load),
	PLAIN("kernel", kexec_file_load),
	PLAIN("kernel", reboot),
	PLAIN("kernel", syslog),
	PLAIN("kernel", acct),
	PLAIN("kernel", vmsplice),
	PLAIN("kernel", move_pages),
	PLAIN("kernel", migrate_pages),
#ifdef __x86_64__
	PLAIN("kernel", modify_ldt),
	PLAIN("kernel", iopl),
	PLAIN("kernel", ioperm),
#endif
	PLAIN("kernel", settimeofday),
	PLAIN("kernel", clock_settime),
	PLAIN("kernel", adjtimex),
	{ "kernel", "personality", SYS_personality, { 0x0040000 } },
	{ "kernel", "cachestat", 451, { 0 } },
	{ "kernel", "memfd_secret", 447, { 0 } },
	{ "kernel", "statmount", 457, { 0 } },
	{ "kernel", "listmount", 458, { 0 } },
	{ "kernel", "a call that nobody knows", 1000, { 0 } },

	/* other processes */
	PLAIN("ptrace", ptrace),
	PLAIN("ptrace", process_vm_readv),
	PLAIN("ptrace", process_vm_writev),
	PLAIN("ptrace", kcmp),
	{ "ptrace", "pidfd_getfd", 438, { ~0ull, 0, 0 } },
	{ "ptrace", "process_madvise", 440, { ~0ull, 0, 0 } },

	/* socket families: AF_ALG, vsock, rxrpc, packet, xfrm, nf_tables */
	NET(AF_ALG, SOCK_SEQPACKET, 0),
	NET(AF_VSOCK, SOCK_STREAM, 0),
	NET(33, SOCK_DGRAM, 2),
	NET(AF_PACKET, SOCK_RAW, 0x300),
	NET(AF_PACKET, SOCK_DGRAM, 0x300),
	NET(AF_KEY, SOCK_RAW, 2),
	NET(AF_TIPC, SOCK_SEQPACKET, 0),
	NET(AF_CAN, SOCK_RAW, 1),
	NET(AF_BLUETOOTH, SOCK_RAW, 1),
	NET(AF_X25, SOCK_SEQPACKET, 0),
	NET(AF_RDS, SOCK_SEQPACKET, 0),
	NET(AF_PPPOX, SOCK_STREAM, 0),
	NET(AF_LLC, SOCK_STREAM, 0),
	NET(43, SOCK_STREAM, 0),
	NET(44, SOCK_RAW, 0),
	NET(AF_NETLINK, SOCK_RAW, 4),
	NET(AF_NETLINK, SOCK_RAW, 5),
	NET(AF_NETLINK, SOCK_RAW, 6),
	NET(AF_NETLINK, SOCK_RAW, 9),
	NET(AF_NETLINK, SOCK_RAW, 12),
	NET(AF_NETLINK, SOCK_RAW, 15),
	NET(AF_NETLINK, SOCK_RAW, 16),
	NET(AF_NETLINK, SOCK_RAW, 21),
	NET(AF_INET, SOCK_RAW, 1),
	NET(AF_INET, SOCK_RAW, 255),
	NET(AF_INET6, SOCK_RAW, 58),
	NET(AF_INET, SOCK_PACKET, 0x300),
	NET(AF_INET, SOCK_STREAM, 132),
	NET(AF_INET, SOCK_SEQPACKET, 132),
	NET(AF_INET, 6, 33),
	NET(AF_INET, SOCK_DGRAM, 136),
	NET(AF_INET6, SOCK_STREAM, 132),

	/* arguments of which the kernel looks at the low half only */
	{ "high", "AF_VSOCK", SYS_socket, { AF_VSOCK | BIT32, 1, 0 } },
	{ "high", "AF_PACKET", SYS_socket, { AF_PACKET | HIGH, 3, 0x300 } },
	{ "high", "AF_ALG", SYS_socket, { AF_ALG | BIT32, 5, 0 } },
	{ "high", "netfilter", SYS_socket, { 16, 3, 12 | BIT32 } },
	{ "high", "netlink", SYS_socket, { 16 | HIGH, 3 | HIGH, 12 } },
	{ "high", "raw", SYS_socket, { AF_INET, SOCK_RAW | BIT32, 1 } },
	{ "high", "TIOCSTI", SYS_ioctl, { 0, 0x5412 | BIT32, 0 } },
	{ "high", "TIOCSTI on a descriptor", SYS_ioctl, { HIGH, 0x5412, 0 } },
	{ "high", "TIOCLINUX", SYS_ioctl, { 0, 0x541c | HIGH, 0 } },
	{ "high", "TIOCSETD", SYS_ioctl, { 0, 0x5423 | (1ull << 63), 0 } },
	{ "high", "personality", SYS_personality, { 0x0040000 | BIT32 } },
	{ "high", "mknod", SYS_mknodat, { ~0ull, 0, 060000 | BIT32, 0x800 } },

	/* terminals and kernel TLS */
	{ "tty", "TIOCSTI", SYS_ioctl, { 0, 0x5412, 0 } },
	{ "tty", "TIOCLINUX", SYS_ioctl, { 0, 0x541c, 0 } },
	{ "tty", "TIOCSETD", SYS_ioctl, { 0, 0x5423, 0 } },
	{ "ulp", "TCP_ULP", SYS_setsockopt, { ~0ull, 6, 31, 0, 0 } },
	{ "ulp", "TCP_ULP high", SYS_setsockopt, { ~0ull, 6 | HIGH, 31, 0 } },
	{ "ulp", "TCP_ULP high 2", SYS_setsockopt, { ~0ull, 6, 31 | BIT32 } },
	{ "ulp", "IPT replace", SYS_setsockopt, { ~0ull, 0, 64, 0, 0 } },
	{ "ulp", "IPT counters", SYS_setsockopt, { ~0ull, 0, 65, 0, 0 } },
	{ "ulp", "IP6T replace", SYS_setsockopt, { ~0ull, 41, 64 | HIGH } },
};

/* What must pass, or the filter proves nothing. */
static const struct call everyday[] = {
	{ "everyday", "read", SYS_read, { 0 } },
	{ "everyday", "openat", SYS_openat, { 0 } },
	{ "everyday", "execve", SYS_execve, { 0 } },
	{ "everyday", "fork", SYS_clone, { SIGCHLD } },
	{ "everyday", "thread", SYS_clone, { 0x3d0f00 } },
	{ "everyday", "tcp", SYS_socket, { AF_INET, SOCK_STREAM, 0 } },
	{ "everyday", "udp", SYS_socket, { AF_INET6, 02000000 | 2, 17 } },
	{ "everyday", "unix", SYS_socket, { AF_UNIX, SOCK_STREAM, 0 } },
	{ "everyday", "route", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 } },
	{ "everyday", "TCGETS", SYS_ioctl, { 0, 0x5401 } },
	{ "everyday", "TCP_NODELAY", SYS_setsockopt, { 0, 6, 1 } },
};

#define CALLS(table) (sizeof(table) / sizeof(*(table)))

#endif
