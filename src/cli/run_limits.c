/*
 * run_limits.c - the setters of limits that a cgroup holds: words to numbers,
 * in docker's and podman's forms. What a limit means is plan/cgroup's.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/num.h"
#include "cli/run_args.h"
#include "cli/run_set.h"

/* The place of a row's value. */
#define AT(type, target, o) ((type *)((char *)(target) + (o)->offset))

/* Bytes; 0 is no limit, as docker has it. */
int set_memory(void *target, const struct option *o, const char *value,
	       struct err *e)
{
	auto_free char *what = xasprintf("--%s", o->name);
	uint64_t n;

	if (num_size(value, what, &n, e))
		return -1;
	if (n > INT64_MAX)
		return err_set(e, ERR_USAGE, "%s %s: too large", what, value);
	*AT(int64_t, target, o) = n ? (int64_t)n : CGROUP_UNLIMITED;
	return 0;
}

/* The same; -1: as much swap as there is. */
int set_memory_swap(void *target, const struct option *o, const char *value,
		    struct err *e)
{
	if (strcmp(value, "-1") != 0)
		return set_memory(target, o, value, e);
	*AT(int64_t, target, o) = CGROUP_UNLIMITED;
	return 0;
}

/* "1.5", as microseconds in each period of a tenth of a second. */
int set_cpus(void *target, const struct option *o, const char *value,
	     struct err *e)
{
	const char *dot = strchr(value, '.');
	auto_free char *whole =
		xstrndup(value, dot ? (size_t)(dot - value) : strlen(value));
	uint64_t n = 0, part = 0, unit = CPUS_PERIOD / 10;

	if ((*whole || !dot) && num_u64(whole, 65535, "--cpus", &n, e))
		return -1;
	for (const char *p = dot ? dot + 1 : ""; *p; p++, unit /= 10) {
		if (*p < '0' || *p > '9')
			return err_set(e, ERR_USAGE,
				       "--cpus %s: expected a number as 1.5",
				       value);
		part += (uint64_t)(*p - '0') * unit;
	}
	if (!n && !part)
		return err_set(e, ERR_USAGE,
			       "--cpus %s: at least 0.01 of a processor",
			       value);
	*AT(int64_t, target, o) = (int64_t)(n * CPUS_PERIOD + part);
	return 0;
}

/* Microseconds; -1: no limit. */
int set_quota(void *target, const struct option *o, const char *value,
	      struct err *e)
{
	int n;

	if (num_int(value, -1, INT32_MAX, "--cpu-quota", &n, e))
		return -1;
	*AT(int64_t, target, o) = n ? n : CGROUP_UNLIMITED;
	return 0;
}

int set_count(void *target, const struct option *o, const char *value,
	      struct err *e)
{
	auto_free char *what = xasprintf("--%s", o->name);

	return num_u64(value, INT32_MAX, what, AT(uint64_t, target, o), e);
}

int set_weight(void *target, const struct option *o, const char *value,
	       struct err *e)
{
	auto_free char *what = xasprintf("--%s", o->name);

	return num_u32(value, what, AT(uint32_t, target, o), e);
}
