/*
 * seccomp_calls.c - names and numbers of system calls.
 *
 * libseccomp keeps the tables; a call that is younger than the library
 * (2.5.4 ends at Linux 5.17) stands here with its number. No rule and no
 * filter of libseccomp is used: see seccomp_table.c.
 */
#include "kernel/seccomp_calls.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/table.h"

static const struct seccomp_machine machines[] = {
	{ "amd64", "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64,
	  true },
	{ "arm64", "SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64,
	  false },
};

static const struct seccomp_machine i386 = {
	"386", "SCMP_ARCH_X86", SCMP_ARCH_X86, AUDIT_ARCH_I386, false,
};

#if defined(__x86_64__) && !defined(__ILP32__)
#define THIS_MACHINE "amd64"
#elif defined(__aarch64__) && !defined(__ILP32__)
#define THIS_MACHINE "arm64"
#else
#define THIS_MACHINE "unknown"
#endif

/*
 * Since 5.1 all machines number new calls alike; amd64 has two of its own
 * below. `only`: NULL, or the one machine that has it.
 */
static const struct {
	const char *name;
	int number;
	const char *only;
} young[] = {
	{ "uretprobe", 335, "amd64" },	    { "uprobe", 336, "amd64" },
	{ "cachestat", 451, NULL },	    { "fchmodat2", 452, NULL },
	{ "map_shadow_stack", 453, NULL },  { "futex_wake", 454, NULL },
	{ "futex_wait", 455, NULL },	    { "futex_requeue", 456, NULL },
	{ "statmount", 457, NULL },	    { "listmount", 458, NULL },
	{ "lsm_get_self_attr", 459, NULL }, { "lsm_set_self_attr", 460, NULL },
	{ "lsm_list_modules", 461, NULL },  { "mseal", 462, NULL },
	{ "setxattrat", 463, NULL },	    { "getxattrat", 464, NULL },
	{ "listxattrat", 465, NULL },	    { "removexattrat", 466, NULL },
	{ "open_tree_attr", 467, NULL },    { "file_getattr", 468, NULL },
	{ "file_setattr", 469, NULL },
};

const struct seccomp_machine *seccomp_machine_find(const char *name)
{
	if (!name)
		name = THIS_MACHINE;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(machines[i].name, name))
			return &machines[i];
	return NULL;
}

const struct seccomp_machine *seccomp_machine_i386(void)
{
	return &i386;
}

int seccomp_call_number(const struct seccomp_machine *m, const char *name)
{
	int n;

	for (size_t i = 0; i < ARRAY_SIZE(young); i++) {
		if (strcmp(young[i].name, name))
			continue;
		if (young[i].only && strcmp(young[i].only, m->name))
			return CALL_ELSEWHERE;
		return young[i].number;
	}
	n = seccomp_syscall_resolve_name_arch(m->token, name);
	if (n == __NR_SCMP_ERROR)
		return CALL_UNKNOWN;
	return n < 0 ? CALL_ELSEWHERE : n;
}

char *seccomp_call_name(const struct seccomp_machine *m, uint32_t number)
{
	char *theirs, *copy;

	for (size_t i = 0; i < ARRAY_SIZE(young); i++)
		if ((uint32_t)young[i].number == number &&
		    (!young[i].only || !strcmp(young[i].only, m->name)))
			return xstrdup(young[i].name);
	if (number > 0x3fffffff)
		return NULL;
	theirs = seccomp_syscall_resolve_num_arch(m->token, (int)number);
	copy = xstrdup(theirs);
	free(theirs);
	return copy;
}
