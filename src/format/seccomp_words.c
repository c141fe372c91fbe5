/*
 * seccomp_words.c - the vocabulary of seccomp profiles.
 *
 * Decides nothing: which architecture or flag is honoured is the compiler's
 * business (kernel/seccomp).
 */
#include "format/seccomp_words.h"

#include <errno.h>
#include <linux/seccomp.h>
#include "immure/seccomp.h"

const struct word seccomp_words_action[] = {
	{ "SCMP_ACT_KILL", SECCOMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_TRAP", SECCOMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SECCOMP_ACT_ERRNO },
	{ "SCMP_ACT_NOTIFY", SECCOMP_ACT_NOTIFY },
	{ "SCMP_ACT_TRACE", SECCOMP_ACT_TRACE },
	{ "SCMP_ACT_LOG", SECCOMP_ACT_LOG },
	{ "SCMP_ACT_ALLOW", SECCOMP_ACT_ALLOW },
	{ NULL, 0 },
};

const struct word seccomp_words_op[] = {
	{ "SCMP_CMP_NE", CMP_NE },
	{ "SCMP_CMP_LT", CMP_LT },
	{ "SCMP_CMP_LE", CMP_LE },
	{ "SCMP_CMP_EQ", CMP_EQ },
	{ "SCMP_CMP_GE", CMP_GE },
	{ "SCMP_CMP_GT", CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", CMP_MASKED_EQ },
	{ NULL, 0 },
};

const struct word seccomp_words_flag[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
	{ NULL, 0 },
};

/* All that the runtime-spec names. */
const struct word seccomp_words_arch[] = {
	{ "SCMP_ARCH_NATIVE", 0 },
	{ "SCMP_ARCH_X86", 0 },
	{ "SCMP_ARCH_X86_64", 0 },
	{ "SCMP_ARCH_X32", 0 },
	{ "SCMP_ARCH_ARM", 0 },
	{ "SCMP_ARCH_AARCH64", 0 },
	{ "SCMP_ARCH_LOONGARCH64", 0 },
	{ "SCMP_ARCH_M68K", 0 },
	{ "SCMP_ARCH_MIPS", 0 },
	{ "SCMP_ARCH_MIPS64", 0 },
	{ "SCMP_ARCH_MIPS64N32", 0 },
	{ "SCMP_ARCH_MIPSEL", 0 },
	{ "SCMP_ARCH_MIPSEL64", 0 },
	{ "SCMP_ARCH_MIPSEL64N32", 0 },
	{ "SCMP_ARCH_PPC", 0 },
	{ "SCMP_ARCH_PPC64", 0 },
	{ "SCMP_ARCH_PPC64LE", 0 },
	{ "SCMP_ARCH_S390", 0 },
	{ "SCMP_ARCH_S390X", 0 },
	{ "SCMP_ARCH_SH", 0 },
	{ "SCMP_ARCH_SHEB", 0 },
	{ "SCMP_ARCH_PARISC", 0 },
	{ "SCMP_ARCH_PARISC64", 0 },
	{ "SCMP_ARCH_RISCV64", 0 },
	{ NULL, 0 },
};

/* What docker's includes.arches and excludes.arches may say; mips3l64n32 is a
 * slip of docker's own profile. */
const struct word seccomp_words_machine[] = {
	{ "386", 0 },	   { "x86", 0 },	 { "amd64", 0 },
	{ "x32", 0 },	   { "arm", 0 },	 { "arm64", 0 },
	{ "loong64", 0 },  { "m68k", 0 },	 { "mips", 0 },
	{ "mips64", 0 },   { "mips64n32", 0 },	 { "mips64p32", 0 },
	{ "mips64le", 0 }, { "mips64p32le", 0 }, { "mipsle", 0 },
	{ "mipsel", 0 },   { "mipsel64", 0 },	 { "mipsel64n32", 0 },
	{ "parisc", 0 },   { "parisc64", 0 },	 { "ppc", 0 },
	{ "ppc64", 0 },	   { "ppc64le", 0 },	 { "riscv64", 0 },
	{ "s390", 0 },	   { "s390x", 0 },	 { "sh", 0 },
	{ "sheb", 0 },	   { "mips3l64n32", 0 }, { NULL, 0 },
};

/* The errnos that a profile has reason to give (podman's "errno"). */
#define ERRNO(name)                                                            \
	{                                                                      \
#name, name                                                    \
	}
const struct word seccomp_words_errno[] = {
	ERRNO(EPERM),	     ERRNO(ENOENT),	  ERRNO(EINTR),
	ERRNO(EIO),	     ERRNO(EBADF),	  ERRNO(EAGAIN),
	ERRNO(ENOMEM),	     ERRNO(EACCES),	  ERRNO(EFAULT),
	ERRNO(EBUSY),	     ERRNO(EEXIST),	  ERRNO(ENODEV),
	ERRNO(EINVAL),	     ERRNO(ENOTTY),	  ERRNO(ENOSPC),
	ERRNO(EROFS),	     ERRNO(ERANGE),	  ERRNO(ENOSYS),
	ERRNO(ENODATA),	     ERRNO(ENOPROTOOPT),  ERRNO(EPROTONOSUPPORT),
	ERRNO(EOPNOTSUPP),   ERRNO(EAFNOSUPPORT), ERRNO(ESOCKTNOSUPPORT),
	ERRNO(ECONNREFUSED), ERRNO(ENETUNREACH),  { NULL, 0 },
};

/* What people write of arguments; Linux numbers them alike everywhere. */
const struct word seccomp_words_value[] = {
	{ "AF_UNIX", 1 },
	{ "AF_INET", 2 },
	{ "AF_INET6", 10 },
	{ "AF_NETLINK", 16 },
	{ "AF_PACKET", 17 },
	{ "AF_RXRPC", 33 },
	{ "AF_ALG", 38 },
	{ "AF_VSOCK", 40 },
	{ "AF_XDP", 44 },
	{ "SOCK_STREAM", 1 },
	{ "SOCK_DGRAM", 2 },
	{ "SOCK_RAW", 3 },
	{ "SOCK_SEQPACKET", 5 },
	{ "SOCK_CLOEXEC", 02000000 },
	{ "SOCK_NONBLOCK", 04000 },
	{ "IPPROTO_TCP", 6 },
	{ "IPPROTO_UDP", 17 },
	{ "NETLINK_ROUTE", 0 },
	{ "NETLINK_XFRM", 6 },
	{ "NETLINK_AUDIT", 9 },
	{ "NETLINK_NETFILTER", 12 },
	{ "SOL_TCP", 6 },
	{ "TCP_ULP", 31 },
	{ "CLONE_NEWTIME", 0x00000080 },
	{ "CLONE_NEWNS", 0x00020000 },
	{ "CLONE_NEWCGROUP", 0x02000000 },
	{ "CLONE_NEWUTS", 0x04000000 },
	{ "CLONE_NEWIPC", 0x08000000 },
	{ "CLONE_NEWUSER", 0x10000000 },
	{ "CLONE_NEWPID", 0x20000000 },
	{ "CLONE_NEWNET", 0x40000000 },
	{ "TIOCSTI", 0x5412 },
	{ "TIOCGWINSZ", 0x5413 },
	{ "TIOCLINUX", 0x541c },
	{ "TIOCSETD", 0x5423 },
	{ "S_IFIFO", 0010000 },
	{ "S_IFCHR", 0020000 },
	{ "S_IFBLK", 0060000 },
	{ NULL, 0 },
};

int seccomp_words_find(const struct word *table, const char *what,
		       const char *word, uint64_t *ret, struct err *e)
{
	const char *names[64];
	const char *near;
	size_t n = 0;

	if (word_find(table, word, ret))
		return 0;
	for (; n < ARRAY_SIZE(names) && table[n].name; n++)
		names[n] = table[n].name;
	near = word_nearest(word, names, n);
	if (near)
		return err_set(e, ERR_INPUT,
			       "unknown %s \"%s\"; did you mean %s?", what,
			       word, near);
	return err_set(e, ERR_INPUT, "unknown %s \"%s\"", what, word);
}
