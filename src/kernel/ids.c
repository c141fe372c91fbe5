/*
 * ids.c - setgroups, setresgid, setresuid by raw calls (no libc threads'
 * machinery), then getres*id.
 */
#include "kernel/ids.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GROUPS_MAX 256

static int set_groups(const struct ids *i, struct err *e)
{
	uint32_t got[GROUPS_MAX];
	long n;

	if (i->n_groups > GROUPS_MAX)
		return err_set(e, ERR_LIMIT,
			       "%zu supplementary groups; at most %d",
			       i->n_groups, GROUPS_MAX);
	if (syscall(SYS_setgroups, i->n_groups, i->groups) < 0)
		return err_sys(e, "setgroups");
	n = syscall(SYS_getgroups, GROUPS_MAX, got);
	if (n < 0)
		return err_sys(e, "getgroups");
	if ((size_t)n != i->n_groups)
		return err_set(e, ERR_VERIFY,
			       "%ld supplementary groups instead of %zu", n,
			       i->n_groups);
	return 0; /* the kernel sorts them; verify compares the set */
}

static int check_all(uint32_t want, uint32_t r, uint32_t ef, uint32_t s,
		     const char *what, struct err *e)
{
	if (r == want && ef == want && s == want)
		return 0;
	return err_set(e, ERR_VERIFY, "%s is %u/%u/%u instead of %u", what, r,
		       ef, s, want);
}

int ids_set(const struct ids *i, struct err *e)
{
	uint32_t r = ~0u, ef = ~0u, s = ~0u;

	if (i->set_groups && set_groups(i, e) < 0)
		return -1;
	if (syscall(SYS_setresgid, i->gid, i->gid, i->gid) < 0)
		return err_sys(e, "setresgid %u: is it mapped?", i->gid);
	if (syscall(SYS_getresgid, &r, &ef, &s) < 0)
		return err_sys(e, "getresgid");
	if (check_all(i->gid, r, ef, s, "gid", e) < 0)
		return -1;
	if (syscall(SYS_setresuid, i->uid, i->uid, i->uid) < 0)
		return err_sys(e, "setresuid %u: is it mapped?", i->uid);
	r = ef = s = ~0u;
	if (syscall(SYS_getresuid, &r, &ef, &s) < 0)
		return err_sys(e, "getresuid");
	return check_all(i->uid, r, ef, s, "uid", e);
}
