/*
 * seccomp_select.c - the arguments that select what a call does. Numbers
 * only: what lies behind a pointer no filter can see.
 */
#include <string.h>
#include "base/table.h"
#include "kernel/seccomp_record.h"

#define INT 0xffffffffull /* the kernel takes 32 bits */
/* CLONE_NEW* and CLONE_INTO_CGROUP's neighbours: namespaces only */
#define NAMESPACES 0x7e020000ull
#define TYPE	   0xfull /* SOCK_*, without CLOEXEC and NONBLOCK */
#define FORMAT	   0170000ull

static const struct seccomp_select rows[] = {
	{ "socket", 3, { { 0, INT }, { 1, TYPE }, { 2, INT } } },
	{ "socketpair", 3, { { 0, INT }, { 1, TYPE }, { 2, INT } } },
	{ "setsockopt", 2, { { 1, INT }, { 2, INT } } },
	{ "getsockopt", 2, { { 1, INT }, { 2, INT } } },
	{ "ioctl", 1, { { 1, INT } } },
	{ "fcntl", 1, { { 1, INT } } },
	{ "prctl", 1, { { 0, INT } } },
	{ "arch_prctl", 1, { { 0, INT } } },
	{ "clone", 1, { { 0, NAMESPACES } } },
	{ "unshare", 1, { { 0, INT } } },
	{ "setns", 1, { { 1, INT } } },
	{ "personality", 1, { { 0, INT } } },
	{ "mknod", 1, { { 1, FORMAT } } },
	{ "mknodat", 1, { { 2, FORMAT } } },
	{ "keyctl", 1, { { 0, INT } } },
	{ "bpf", 1, { { 0, INT } } },
	{ "ptrace", 1, { { 0, INT } } },
	{ "seccomp", 1, { { 0, INT } } },
	{ "quotactl", 1, { { 0, INT } } },
	{ "madvise", 1, { { 2, INT } } },
	{ "shmctl", 1, { { 1, INT } } },
	{ "semctl", 1, { { 2, INT } } },
	{ "msgctl", 1, { { 1, INT } } },
};

const struct seccomp_select *seccomp_select_find(const char *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].call, call))
			return &rows[i];
	return NULL;
}
