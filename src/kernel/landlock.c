/*
 * landlock.c - landlock_create_ruleset, _add_rule, _restrict_self. The
 * attribute is laid out here because Debian 12's headers stop at ABI 2.
 */
#include "kernel/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

struct ruleset_attr { /* ABI 6 */
	uint64_t fs, net, scope;
};

int landlock_abi(void)
{
	long r = syscall(SYS_landlock_create_ruleset, NULL, 0,
			 LANDLOCK_CREATE_RULESET_VERSION);

	return r > 0 ? (int)r : 0;
}

/* Older kernels take a longer attribute only if the rest is zero; so give
 * exactly as much as is used. */
static size_t attr_size(const struct ruleset_attr *a)
{
	if (a->scope)
		return sizeof(*a);
	return a->net ? offsetof(struct ruleset_attr, scope)
		      : offsetof(struct ruleset_attr, net);
}

int landlock_new(uint64_t fs, uint64_t net, uint64_t scope, struct err *e)
{
	struct ruleset_attr a = { .fs = fs, .net = net, .scope = scope };
	int fd =
		(int)syscall(SYS_landlock_create_ruleset, &a, attr_size(&a), 0);

	if (fd < 0)
		return err_sys(e, "create a Landlock rule set");
	return fd;
}

int landlock_allow(int ruleset, int path_fd, uint64_t access, struct err *e)
{
	struct landlock_path_beneath_attr a = { .allowed_access = access,
						.parent_fd = path_fd };

	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
		    &a, 0) < 0)
		return err_sys(e, "add a Landlock rule");
	return 0;
}

static int prove(int probe, struct err *e)
{
	auto_fd fd = openat(probe, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return err_set(e, ERR_VERIFY,
			       "Landlock was entered but does not hold: a "
			       "file that no rule names can be opened");
	if (errno != EACCES)
		return err_sys(e, "probe Landlock");
	return 0;
}

int landlock_enter(int ruleset, int probe, struct err *e)
{
	auto_fd before = openat(probe, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (before < 0)
		return err_sys(e, "open the Landlock probe");
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		return err_sys(e, "enter Landlock");
	return prove(probe, e);
}
