/*
 * cgroup.c - limits as files of a cgroup, of version 1 and of version 2.
 *
 * Pure. Says what is written; kernel/cgroup writes it and reads it back.
 */
#include "plan/cgroup.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/strv.h"
#include "base/table.h"

/* The smallest that the kernel lets a program start in. */
#define MEMORY_MIN	   ((int64_t)512 << 10)
#define CPU_PERIOD_DEFAULT 100000
#define CPU_PERIOD_MIN	   1000
#define CPU_PERIOD_MAX	   1000000
#define CPU_QUOTA_MIN	   1000
#define SHARES_MIN	   2
#define SHARES_MAX	   262144
#define WEIGHT_MIN	   10
#define WEIGHT_MAX	   1000

struct settings {
	const struct cgroup_limits *l;
	bool v2;
	char ***set, ***controllers;
	struct err *e;
};

static void need(struct settings *t, const char *controller)
{
	if (!strv_has(*t->controllers, controller))
		strv_add(t->controllers, controller);
}

__attribute__((format(printf, 3, 4))) static void
add(struct settings *t, const char *controller, const char *fmt, ...)
{
	va_list ap;

	need(t, controller);
	va_start(ap, fmt);
	strv_take(t->set, xvasprintf(fmt, ap));
	va_end(ap);
}

/* Bytes as they are written: "max" of version 2 is "-1" of version 1. */
static void add_bytes(struct settings *t, const char *controller,
		      const char *file, int64_t n)
{
	if (n < 0)
		add(t, controller, "%s=%s", file, t->v2 ? "max" : "-1");
	else
		add(t, controller, "%s=%" PRId64, file, n);
}

static int only_v1(const struct settings *t, const char *what)
{
	return err_set(t->e, ERR_USAGE,
		       "%s: cgroups of version 2 have no such limit", what);
}

/* ---- memory ---- */

static int check_memory(const struct settings *t)
{
	const struct cgroup_limits *l = t->l;

	if (l->memory > 0 && l->memory < MEMORY_MIN)
		return err_set(t->e, ERR_USAGE,
			       "memory limit %" PRId64
			       ": nothing starts below 512k",
			       l->memory);
	if (l->swap > 0 && l->memory <= 0)
		return err_set(t->e, ERR_USAGE,
			       "limit of memory and swap together: it takes a "
			       "limit of memory");
	if (l->swap > 0 && l->swap < l->memory)
		return err_set(t->e, ERR_USAGE,
			       "limit of memory and swap together %" PRId64
			       ": below the limit of memory %" PRId64,
			       l->swap, l->memory);
	if (l->reservation > 0 && l->memory > 0 && l->reservation > l->memory)
		return err_set(t->e, ERR_USAGE,
			       "memory reservation %" PRId64
			       ": above the limit of memory %" PRId64,
			       l->reservation, l->memory);
	if (t->v2 && l->no_oom_killer)
		return only_v1(t, "disableOOMKiller");
	if (t->v2 && l->swappiness)
		return only_v1(t, "swappiness");
	return 0;
}

static int add_memory(struct settings *t)
{
	const struct cgroup_limits *l = t->l;

	if (check_memory(t) < 0)
		return -1;
	if (l->memory)
		add_bytes(t, "memory",
			  t->v2 ? "memory.max" : "memory.limit_in_bytes",
			  l->memory);
	if (l->swap && t->v2)
		add_bytes(t, "memory", "memory.swap.max",
			  l->swap < 0 ? -1 : l->swap - l->memory);
	else if (l->swap)
		add_bytes(t, "memory", "memory.memsw.limit_in_bytes", l->swap);
	if (l->reservation)
		add_bytes(t, "memory",
			  t->v2 ? "memory.low" : "memory.soft_limit_in_bytes",
			  l->reservation);
	if (t->v2)
		return 0; /* it counts the kernel's own with the rest */
	if (l->kernel)
		add_bytes(t, "memory", "memory.kmem.limit_in_bytes", l->kernel);
	if (l->kernel_tcp)
		add_bytes(t, "memory", "memory.kmem.tcp.limit_in_bytes",
			  l->kernel_tcp);
	if (l->swappiness)
		add(t, "memory", "memory.swappiness=%u", l->swappiness - 1);
	if (l->no_oom_killer)
		add(t, "memory", "memory.oom_control=1");
	return 0;
}

/* ---- processors ---- */

static int check_cpu(const struct settings *t)
{
	const struct cgroup_limits *l = t->l;

	if (l->cpu_shares &&
	    (l->cpu_shares < SHARES_MIN || l->cpu_shares > SHARES_MAX))
		return err_set(t->e, ERR_USAGE,
			       "cpu shares %" PRIu64 ": expected %d to %d",
			       l->cpu_shares, SHARES_MIN, SHARES_MAX);
	if (l->cpu_period &&
	    (l->cpu_period < CPU_PERIOD_MIN || l->cpu_period > CPU_PERIOD_MAX))
		return err_set(t->e, ERR_USAGE,
			       "cpu period %" PRIu64 ": expected %d to %d (µs)",
			       l->cpu_period, CPU_PERIOD_MIN, CPU_PERIOD_MAX);
	if (l->cpu_quota > 0 && l->cpu_quota < CPU_QUOTA_MIN)
		return err_set(t->e, ERR_USAGE,
			       "cpu quota %" PRId64 ": at least %d (µs)",
			       l->cpu_quota, CPU_QUOTA_MIN);
	if (t->v2 && (l->cpu_realtime || l->cpu_realtime_period))
		return only_v1(t, "cpu realtime");
	return 0;
}

static void add_quota(struct settings *t)
{
	const struct cgroup_limits *l = t->l;
	uint64_t period = l->cpu_period ? l->cpu_period : CPU_PERIOD_DEFAULT;

	if (!l->cpu_quota && !l->cpu_period)
		return;
	if (!t->v2) {
		/* a quota of before may be too much for a new period */
		if (l->cpu_period)
			add(t, "cpu", "cpu.cfs_period_us=%" PRIu64,
			    l->cpu_period);
		if (l->cpu_quota)
			add(t, "cpu", "cpu.cfs_quota_us=%" PRId64,
			    l->cpu_quota < 0 ? -1 : l->cpu_quota);
	} else if (l->cpu_quota > 0) {
		add(t, "cpu", "cpu.max=%" PRId64 " %" PRIu64, l->cpu_quota,
		    period);
	} else {
		add(t, "cpu", "cpu.max=max %" PRIu64, period);
	}
}

/* 2 … 262144 on 1 … 10000, as all runtimes do it. */
static uint64_t weight_of_shares(uint64_t shares)
{
	return 1 + (shares - SHARES_MIN) * 9999 / (SHARES_MAX - SHARES_MIN);
}

static int add_cpu(struct settings *t)
{
	const struct cgroup_limits *l = t->l;

	if (check_cpu(t) < 0)
		return -1;
	if (l->cpu_shares && t->v2)
		add(t, "cpu", "cpu.weight=%" PRIu64,
		    weight_of_shares(l->cpu_shares));
	else if (l->cpu_shares)
		add(t, "cpu", "cpu.shares=%" PRIu64, l->cpu_shares);
	add_quota(t);
	if (l->cpu_burst)
		add(t, "cpu", "%s=%" PRIu64,
		    t->v2 ? "cpu.max.burst" : "cpu.cfs_burst_us", l->cpu_burst);
	if (l->cpu_idle)
		add(t, "cpu", "cpu.idle=%u", l->cpu_idle - 1);
	if (l->cpu_realtime_period)
		add(t, "cpu", "cpu.rt_period_us=%" PRIu64,
		    l->cpu_realtime_period);
	if (l->cpu_realtime)
		add(t, "cpu", "cpu.rt_runtime_us=%" PRId64, l->cpu_realtime);
	return 0;
}

/* "0-2,7": numbers, ranges that go up. */
static int check_list(const struct settings *t, const char *list,
		      const char *what)
{
	AUTO(strv_free) char **parts = strv_split(list, ',');

	strv_foreach (part, parts) {
		uint64_t from = 0, to;
		char *dash = strchr(*part, '-');

		if (dash)
			*dash = '\0';
		if (num_u64(*part, 65535, what, &from, NULL) < 0 ||
		    num_u64(dash ? dash + 1 : *part, 65535, what, &to, NULL) <
			    0 ||
		    to < from)
			return err_set(t->e, ERR_USAGE,
				       "%s \"%s\": expected a list as 0-2,7",
				       what, list);
	}
	return 0;
}

static int add_cpuset(struct settings *t)
{
	const struct cgroup_limits *l = t->l;

	if ((l->cpus && check_list(t, l->cpus, "list of processors") < 0) ||
	    (l->mems && check_list(t, l->mems, "list of memory nodes") < 0))
		return -1;
	if (l->cpus)
		add(t, "cpuset", "cpuset.cpus=%s", l->cpus);
	if (l->mems)
		add(t, "cpuset", "cpuset.mems=%s", l->mems);
	return 0;
}

/* ---- processes, block devices, huge pages ---- */

static int add_pids(struct settings *t)
{
	if (t->l->pids > 0)
		add(t, "pids", "pids.max=%" PRId64, t->l->pids);
	else if (t->l->pids < 0)
		add(t, "pids", "pids.max=max");
	return 0;
}

static int check_weight(const struct settings *t, uint32_t weight)
{
	if (weight && (weight < WEIGHT_MIN || weight > WEIGHT_MAX))
		return err_set(t->e, ERR_USAGE,
			       "block device weight %u: expected %d to %d",
			       weight, WEIGHT_MIN, WEIGHT_MAX);
	return 0;
}

/* 10 … 1000 on 1 … 10000. */
static uint32_t io_weight(uint32_t weight)
{
	return 1 + (weight - WEIGHT_MIN) * 9999 / (WEIGHT_MAX - WEIGHT_MIN);
}

static void add_device_v1(struct settings *t, const struct cgroup_device *d)
{
	const struct {
		const char *file;
		uint64_t n;
	} rows[] = {
		{ "blkio.weight_device|blkio.bfq.weight_device", d->weight },
		{ "blkio.throttle.read_bps_device", d->read_bytes },
		{ "blkio.throttle.write_bps_device", d->write_bytes },
		{ "blkio.throttle.read_iops_device", d->reads },
		{ "blkio.throttle.write_iops_device", d->writes },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].n)
			add(t, "blkio", "%s=%u:%u %" PRIu64, rows[i].file,
			    d->major, d->minor, rows[i].n);
}

static void add_device_v2(struct settings *t, const struct cgroup_device *d)
{
	const struct {
		const char *key;
		uint64_t n;
	} keys[] = {
		{ "rbps", d->read_bytes },
		{ "wbps", d->write_bytes },
		{ "riops", d->reads },
		{ "wiops", d->writes },
	};
	auto_free char *line = xasprintf("%u:%u", d->major, d->minor);
	bool any = false;

	if (d->weight)
		add(t, "io", "io.weight=%s %u", line, io_weight(d->weight));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		char *more;

		if (!keys[i].n)
			continue;
		more = xasprintf("%s %s=%" PRIu64, line, keys[i].key,
				 keys[i].n);
		free(line);
		line = more;
		any = true;
	}
	if (any)
		add(t, "io", "io.max=%s", line);
}

static int add_io(struct settings *t)
{
	const struct cgroup_limits *l = t->l;

	if (check_weight(t, l->io_weight) < 0)
		return -1;
	if (l->io_weight && t->v2)
		add(t, "io", "io.weight=%u", io_weight(l->io_weight));
	else if (l->io_weight)
		add(t, "blkio", "blkio.weight|blkio.bfq.weight=%u",
		    l->io_weight);
	for (size_t i = 0; i < l->n_devices; i++) {
		if (check_weight(t, l->devices[i].weight) < 0)
			return -1;
		if (t->v2)
			add_device_v2(t, &l->devices[i]);
		else
			add_device_v1(t, &l->devices[i]);
	}
	return 0;
}

static int add_huge(struct settings *t)
{
	for (size_t i = 0; i < t->l->n_huge; i++) {
		const struct cgroup_huge *h = &t->l->huge[i];

		if (strspn(h->size, "0123456789KMGB") != strlen(h->size))
			return err_set(t->e, ERR_USAGE,
				       "page size \"%s\": expected as 2MB",
				       h->size);
		add(t, "hugetlb", "hugetlb.%s.%s=%" PRIu64, h->size,
		    t->v2 ? "max" : "limit_in_bytes", h->limit);
	}
	return 0;
}

/* ---- which devices may be opened: a controller of version 1, a program of
 * version 2 (kernel/cgroup_devices) ---- */

static void add_number(char **text, int64_t n, const char *more)
{
	char *next = n < 0 ? xasprintf("%s*%s", *text, more)
			   : xasprintf("%s%" PRId64 "%s", *text, n, more);

	free(*text);
	*text = next;
}

static int add_access(struct settings *t)
{
	for (size_t i = 0; i < t->l->n_access; i++) {
		const struct cgroup_access *a = &t->l->access[i];
		auto_free char *row = xasprintf("%c ", a->type);

		if (a->type == 'a') {
			free(row);
			row = xstrdup("a"); /* all of all kinds */
		} else {
			add_number(&row, a->major, ":");
			add_number(&row, a->minor, " ");
		}
		if (!t->v2)
			need(t, "devices");
		strv_take(t->set, xasprintf("devices.%s=%s%s",
					    a->allow ? "allow" : "deny", row,
					    a->type == 'a' ? "" : a->access));
	}
	return 0;
}

/* ---- as they are ---- */

static int add_unified(struct settings *t)
{
	strv_foreach (u, t->l->unified) {
		auto_free char *controller = xstrndup(*u, strcspn(*u, "."));

		if (!t->v2)
			return err_set(
				t->e, ERR_USAGE,
				"invalid configuration: unified: %s: this "
				"host's cgroups are of version 1",
				*u);
		if (!strchr(*u, '=') || strcspn(*u, "/=") == 0 ||
		    memchr(*u, '/', strcspn(*u, "=")))
			return err_set(t->e, ERR_USAGE,
				       "unified: %s: no file of a cgroup", *u);
		if (strcmp(controller, "cgroup") != 0)
			need(t, controller);
		strv_add(t->set, *u);
	}
	return 0;
}

int cgroup_settings(const struct cgroup_limits *l, enum cgroup_mode mode,
		    char ***set, char ***controllers, struct err *e)
{
	static int (*const parts[])(struct settings *) = {
		add_memory, add_cpu,  add_cpuset, add_pids,
		add_io,	    add_huge, add_access, add_unified,
	};
	struct settings t = { .l = l,
			      .v2 = mode == CGROUP_V2,
			      .set = set,
			      .controllers = controllers,
			      .e = e };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i](&t) < 0)
			return -1;
	return 0;
}

void cgroup_settings_default(const struct cgroup_limits *l,
			     enum cgroup_mode mode, char ***set)
{
	if (l->memory <= 0)
		return;
	if (mode == CGROUP_V2) {
		if (!l->swap)
			strv_add(set, "?memory.swap.max=0");
		strv_add(set, "memory.oom.group=1");
	} else if (!l->swap) {
		strv_take(set,
			  xasprintf("?memory.memsw.limit_in_bytes=%" PRId64,
				    l->memory));
	}
}

bool cgroup_limits_any(const struct cgroup_limits *l)
{
	return l->memory || l->reservation || l->swap || l->swappiness ||
	       l->kernel || l->kernel_tcp || l->no_oom_killer ||
	       l->cpu_shares || l->cpu_quota || l->cpu_period || l->cpu_burst ||
	       l->cpu_realtime || l->cpu_realtime_period || l->cpu_idle ||
	       l->cpus || l->mems || l->pids || l->io_weight || l->n_devices ||
	       l->n_huge || l->n_access || l->unified;
}

bool cgroup_is_slice(const char *s)
{
	size_t n = strlen(s);

	return n > 6 && !strcmp(s + n - 6, ".slice") && !strchr(s, '/');
}
