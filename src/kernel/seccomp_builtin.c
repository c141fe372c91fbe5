/*
 * seccomp_builtin.c - finds the profiles that were compiled at build time.
 *
 * The only file that refers to the generated table, so that the program that
 * generates it can be linked without.
 */
#include "kernel/seccomp_builtin.h"

#include <string.h>
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

static const struct seccomp_builtin *find(const char *name)
{
	const struct seccomp_machine *m = seccomp_machine_find(NULL);
	const struct seccomp_builtin *b = seccomp_builtin_table;

	for (; m && b->profile; b++)
		if (!strcmp(b->profile, name) && !strcmp(b->machine, m->name))
			return b;
	return NULL;
}

const struct blob *seccomp_builtin(const char *name, size_t *ret_n)
{
	const struct seccomp_builtin *b = find(name);

	if (!b)
		return NULL;
	*ret_n = b->n;
	return b->filters;
}

const char *seccomp_builtin_json(const char *name, size_t *ret_len)
{
	const struct seccomp_builtin *b = find(name);

	if (!b)
		return NULL;
	*ret_len = b->json_len;
	return b->json;
}

const char *const *seccomp_builtin_names(void)
{
	return seccomp_builtin_list;
}
