/*
 * cgroup_ask.c - what the settings of a cgroup hold, as amounts. The settings
 * themselves are plan/cgroup's.
 */
#include "base/cgroup_ask.h"

#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/num.h"
#include "base/strv.h"

#define CPU_PERIOD_DEFAULT 100000

/* The value of the last setting of this file, or NULL. */
static const char *value_of(const struct cgroup_ask *c, const char *file)
{
	size_t n = strlen(file);
	const char *found = NULL;

	strv_foreach (t, c->set)
		if (!strncmp(*t, file, n) && (*t)[n] == '=')
			found = *t + n + 1;
	return found;
}

static uint64_t number_of(const char *value)
{
	uint64_t n;

	return value && num_u64(value, UINT64_MAX, "", &n, NULL) == 0
		       ? n
		       : UINT64_MAX;
}

uint64_t cgroup_ask_memory(const struct cgroup_ask *c)
{
	const char *value = value_of(c, "memory.max");

	return number_of(value ? value : value_of(c, "memory.limit_in_bytes"));
}

uint64_t cgroup_ask_pids(const struct cgroup_ask *c)
{
	return number_of(value_of(c, "pids.max"));
}

uint64_t cgroup_ask_cpus(const struct cgroup_ask *c)
{
	const char *max = value_of(c, "cpu.max");
	const char *space = max ? strchr(max, ' ') : NULL;
	auto_free char *first = max ? xstrndup(max, strcspn(max, " ")) : NULL;
	uint64_t quota, period;

	if (!max) {
		quota = number_of(value_of(c, "cpu.cfs_quota_us"));
		period = number_of(value_of(c, "cpu.cfs_period_us"));
	} else {
		quota = number_of(first);
		period = space ? number_of(space + 1) : UINT64_MAX;
	}
	if (period == UINT64_MAX)
		period = CPU_PERIOD_DEFAULT;
	if (quota == UINT64_MAX || !period)
		return UINT64_MAX;
	return (quota + period - 1) / period;
}

bool cgroup_in_list(const char *list, const char *controller)
{
	AUTO(strv_free) char **words = strv_split(list ? list : "", ' ');

	return strv_has(words, controller);
}
