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

/* real, effective, saved */
struct three {
	uint32_t r, e, s;
};

static int check_all(uint32_t want, const struct three *got, const char *what,
		     struct err *e)
{
	if (got->r == want && got->e == want && got->s == want)
		return 0;
	return err_set(e, ERR_VERIFY, "%s is %u/%u/%u instead of %u", what,
		       got->r, got->e, got->s, want);
}

int ids_set(const struct ids *i, struct err *e)
{
	struct three g = { ~0u, ~0u, ~0u }, u = g;

	if (i->set_groups && set_groups(i, e) < 0)
		return -1;
	if (syscall(SYS_setresgid, i->gid, i->gid, i->gid) < 0)
		return err_sys(e, "setresgid %u: is it mapped?", i->gid);
	if (syscall(SYS_getresgid, &g.r, &g.e, &g.s) < 0)
		return err_sys(e, "getresgid");
	if (check_all(i->gid, &g, "gid", e) < 0)
		return -1;
	if (syscall(SYS_setresuid, i->uid, i->uid, i->uid) < 0)
		return err_sys(e, "setresuid %u: is it mapped?", i->uid);
	if (syscall(SYS_getresuid, &u.r, &u.e, &u.s) < 0)
		return err_sys(e, "getresuid");
	return check_all(i->uid, &u, "uid", e);
}
