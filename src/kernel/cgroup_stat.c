/*
 * cgroup_stat.c - what a cgroup has used, as numbers, of either version.
 *
 * Tables: file, key, place, scale. Judges nothing.
 */
#include "kernel/cgroup.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"

#define AT(field) offsetof(struct cgroup_stat, field)

/* key NULL: the whole file is the number. Scale: value * mul / div. */
struct row {
	const char *file, *key;
	size_t at;
	uint32_t mul, div;
};

static const struct row rows_v2[] = {
	{ "memory.current", NULL, AT(memory), 1, 1 },
	{ "memory.peak", NULL, AT(memory_peak), 1, 1 },
	{ "memory.max", NULL, AT(memory_limit), 1, 1 },
	{ "memory.swap.current", NULL, AT(swap), 1, 1 },
	{ "memory.swap.max", NULL, AT(swap_limit), 1, 1 },
	{ "memory.events", "max", AT(memory_failures), 1, 1 },
	{ "memory.events", "oom_kill", AT(oom_kills), 1, 1 },
	{ "memory.stat", "file", AT(memory_file), 1, 1 },
	{ "memory.stat", "anon", AT(memory_anon), 1, 1 },
	{ "memory.stat", "kernel", AT(memory_kernel), 1, 1 },
	{ "cpu.stat", "usage_usec", AT(cpu_us), 1, 1 },
	{ "cpu.stat", "user_usec", AT(cpu_user_us), 1, 1 },
	{ "cpu.stat", "system_usec", AT(cpu_system_us), 1, 1 },
	{ "cpu.stat", "nr_periods", AT(periods), 1, 1 },
	{ "cpu.stat", "nr_throttled", AT(throttled_periods), 1, 1 },
	{ "cpu.stat", "throttled_usec", AT(throttled_us), 1, 1 },
	{ "pids.current", NULL, AT(pids), 1, 1 },
	{ "pids.max", NULL, AT(pids_limit), 1, 1 },
	{ NULL, NULL, 0, 0, 0 },
};

/* Version 1 counts in nanoseconds, and in clock ticks of a hundredth. */
static const struct row rows_v1[] = {
	{ "memory.usage_in_bytes", NULL, AT(memory), 1, 1 },
	{ "memory.max_usage_in_bytes", NULL, AT(memory_peak), 1, 1 },
	{ "memory.limit_in_bytes", NULL, AT(memory_limit), 1, 1 },
	{ "memory.memsw.usage_in_bytes", NULL, AT(swap), 1, 1 },
	{ "memory.memsw.limit_in_bytes", NULL, AT(swap_limit), 1, 1 },
	{ "memory.failcnt", NULL, AT(memory_failures), 1, 1 },
	{ "memory.oom_control", "oom_kill", AT(oom_kills), 1, 1 },
	{ "memory.stat", "cache", AT(memory_file), 1, 1 },
	{ "memory.stat", "rss", AT(memory_anon), 1, 1 },
	{ "memory.kmem.usage_in_bytes", NULL, AT(memory_kernel), 1, 1 },
	{ "cpuacct.usage", NULL, AT(cpu_us), 1, 1000 },
	{ "cpuacct.stat", "user", AT(cpu_user_us), 10000, 1 },
	{ "cpuacct.stat", "system", AT(cpu_system_us), 10000, 1 },
	{ "cpu.stat", "nr_periods", AT(periods), 1, 1 },
	{ "cpu.stat", "nr_throttled", AT(throttled_periods), 1, 1 },
	{ "cpu.stat", "throttled_time", AT(throttled_us), 1, 1000 },
	{ "pids.current", NULL, AT(pids), 1, 1 },
	{ "pids.max", NULL, AT(pids_limit), 1, 1 },
	{ NULL, NULL, 0, 0, 0 },
};

static uint64_t *place_of(struct cgroup_stat *s, size_t at)
{
	return (uint64_t *)(void *)((char *)s + at);
}

/* A number at the beginning of `text`; "max" is no limit. */
static uint64_t number_at(const char *text)
{
	auto_free char *word = xstrndup(text, strcspn(text, " \n"));
	uint64_t n;

	if (num_u64(word, UINT64_MAX, "", &n, NULL) < 0 ||
	    n >= (uint64_t)INT64_MAX / 4096 * 4096) /* version 1's "-1" */
		return CGROUP_UNKNOWN;
	return n;
}

/* The number after "KEY " at the beginning of a line. */
static uint64_t keyed(const char *text, const char *key)
{
	size_t n = strlen(key);

	while (text && *text) {
		const char *end = strchr(text, '\n');

		if (!strncmp(text, key, n) && text[n] == ' ')
			return number_at(text + n + 1);
		text = end ? end + 1 : NULL;
	}
	return CGROUP_UNKNOWN;
}

static int fill(const struct cgroup *c, const struct row *rows,
		struct cgroup_stat *ret, struct err *e)
{
	auto_free char *text = NULL;
	const char *file = "";

	for (const struct row *r = rows; r->file; r++) {
		uint64_t *at = place_of(ret, r->at), n;

		if (strcmp(file, r->file) != 0) {
			free(TAKE(text));
			if (cgroup_read(c, r->file, &text, e) < 0)
				return -1;
			file = r->file;
		}
		if (!text)
			continue;
		n = r->key ? keyed(text, r->key) : number_at(text);
		if (n != CGROUP_UNKNOWN)
			*at = n * r->mul / r->div;
	}
	return 0;
}

/* ---- transfers of block devices ---- */

/* "8:0 rbytes=1 wbytes=2 rios=3 wios=4 …", a line a device: the sum. */
static void sum_io_stat(const char *text, struct cgroup_stat *s)
{
	const struct {
		const char *key;
		uint64_t *to;
	} keys[] = {
		{ " rbytes=", &s->read_bytes },
		{ " wbytes=", &s->written_bytes },
		{ " rios=", &s->reads },
		{ " wios=", &s->writes },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *at = text;

		*keys[i].to = 0;
		while ((at = strstr(at, keys[i].key))) {
			at += strlen(keys[i].key);
			*keys[i].to += strtoull(at, NULL, 10);
		}
	}
}

/* "8:0 Read 1", "8:0 Write 2", …: the sums. */
static void sum_operations(const char *text, uint64_t *reads, uint64_t *writes)
{
	const struct {
		const char *key;
		uint64_t *to;
	} keys[] = { { " Read ", reads }, { " Write ", writes } };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *at = text;

		*keys[i].to = 0;
		while ((at = strstr(at, keys[i].key))) {
			at += strlen(keys[i].key);
			*keys[i].to += strtoull(at, NULL, 10);
		}
	}
}

static int fill_io(const struct cgroup *c, struct cgroup_stat *s, struct err *e)
{
	auto_free char *v2 = NULL, *bytes = NULL, *ops = NULL;

	if (cgroup_read(c, "io.stat", &v2, e) < 0 ||
	    cgroup_read(c, "blkio.throttle.io_service_bytes_recursive", &bytes,
			e) < 0 ||
	    cgroup_read(c, "blkio.throttle.io_serviced_recursive", &ops, e) < 0)
		return -1;
	if (v2)
		sum_io_stat(v2, s);
	if (bytes)
		sum_operations(bytes, &s->read_bytes, &s->written_bytes);
	if (ops)
		sum_operations(ops, &s->reads, &s->writes);
	return 0;
}

/* ---- pressure ---- */

/* "avg10=1.23" in hundredths, "total=4" as it is. */
static void psi_line(const char *line, uint64_t *avg, uint64_t *total)
{
	const char *a = strstr(line, "avg10="), *t = strstr(line, "total=");
	unsigned long long whole, part;

	if (a && sscanf(a + 6, "%llu.%2llu", &whole, &part) == 2)
		*avg = whole * 100 + part;
	if (t)
		*total = strtoull(t + 6, NULL, 10);
}

static int fill_psi(const struct cgroup *c, const char *file,
		    struct cgroup_psi *ret, struct err *e)
{
	auto_free char *text = NULL;
	AUTO(strv_free) char **lines = NULL;

	if (cgroup_read(c, file, &text, e) < 0)
		return -1;
	lines = strv_split(text ? text : "", '\n');
	strv_foreach (line, lines) {
		if (!strncmp(*line, "some ", 5))
			psi_line(*line, &ret->some10, &ret->some_us);
		if (!strncmp(*line, "full ", 5))
			psi_line(*line, &ret->full10, &ret->full_us);
	}
	return 0;
}

static bool is_v2(const struct cgroup *c)
{
	return c->n == 1 && !*c->dirs[0].controllers;
}

int cgroup_stat(const struct cgroup *c, struct cgroup_stat *ret, struct err *e)
{
	struct cgroup_stat s;

	memset(&s, 0xff, sizeof(s)); /* CGROUP_UNKNOWN */
	if (fill(c, is_v2(c) ? rows_v2 : rows_v1, &s, e) < 0 ||
	    fill_io(c, &s, e) < 0 ||
	    fill_psi(c, "memory.pressure", &s.memory_pressure, e) < 0 ||
	    fill_psi(c, "cpu.pressure", &s.cpu_pressure, e) < 0 ||
	    fill_psi(c, "io.pressure", &s.io_pressure, e) < 0)
		return -1;
	*ret = s;
	return 0;
}

int cgroup_oom_kills(const struct cgroup *c, uint64_t *ret, struct err *e)
{
	auto_free char *text = NULL;
	uint64_t n;

	if (cgroup_read(c, is_v2(c) ? "memory.events" : "memory.oom_control",
			&text, e) < 0)
		return -1;
	n = text ? keyed(text, "oom_kill") : 0;
	*ret = n == CGROUP_UNKNOWN ? 0 : n;
	return 0;
}
