/*
 * oci_resources.c - `linux.resources` of a config.json, or of `update`: limits
 * by cgroups, as they are asked for. Which of them this host has is the plan's
 * business.
 *
 * A number of 0 is no limit that was asked for: engines write 0 where they
 * mean nothing.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "format/oci_parts.h"
#include "format/text.h"

#define ROWS_MAX 4096
#define LIMITS	 (&o->b->limits)

/* Bytes or a number, negative: without a limit. */
static int read_limit(struct json_object *v, int64_t *ret, struct err *e)
{
	uint64_t n;

	if (json_object_is_type(v, json_type_int) &&
	    json_object_get_int64(v) < 0) {
		*ret = CGROUP_UNLIMITED;
		return 0;
	}
	if (oci_u64(v, &n, e) < 0)
		return -1;
	*ret = n > INT64_MAX ? CGROUP_UNLIMITED : (int64_t)n;
	return 0;
}

/* One more than what is said. */
static int read_small(struct json_object *v, int max, uint32_t *ret,
		      struct err *e)
{
	int n;

	if (oci_int(v, 0, max, &n, e) < 0)
		return -1;
	*ret = (uint32_t)n + 1;
	return 0;
}

/* ---- memory ---- */

READER(memory_limit, read_limit(v, &LIMITS->memory, e))
READER(memory_reservation, read_limit(v, &LIMITS->reservation, e))
READER(memory_swap, read_limit(v, &LIMITS->swap, e))
READER(memory_kernel, read_limit(v, &LIMITS->kernel, e))
READER(memory_kernel_tcp, read_limit(v, &LIMITS->kernel_tcp, e))
READER(memory_swappiness, read_small(v, 200, &LIMITS->swappiness, e))
READER(memory_no_oom, oci_bool(v, &LIMITS->no_oom_killer, e))

static const struct oci_member memory[] = {
	{ "limit", .read = memory_limit },
	{ "reservation", .read = memory_reservation },
	{ "swap", .read = memory_swap },
	{ "kernel", .read = memory_kernel },
	{ "kernelTCP", .read = memory_kernel_tcp },
	{ "swappiness", .read = memory_swappiness },
	{ "disableOOMKiller", .read = memory_no_oom },
	{ "useHierarchy", .ignored = "all kernels count so by now" },
	{ "checkBeforeUpdate", .ignored = "a limit below what is used is "
					  "tried, and told when it fails" },
	OCI_END,
};

/* ---- processors ---- */

READER(cpu_shares, oci_u64(v, &LIMITS->cpu_shares, e))
READER(cpu_quota, read_limit(v, &LIMITS->cpu_quota, e))
READER(cpu_burst, oci_u64(v, &LIMITS->cpu_burst, e))
READER(cpu_period, oci_u64(v, &LIMITS->cpu_period, e))
READER(cpu_realtime, read_limit(v, &LIMITS->cpu_realtime, e))
READER(cpu_realtime_period, oci_u64(v, &LIMITS->cpu_realtime_period, e))
READER(cpu_idle, read_small(v, 1, &LIMITS->cpu_idle, e))

static int read_set(struct json_object *v, char **ret, struct err *e)
{
	auto_free char *s = NULL;

	if (oci_str(v, &s, e) < 0)
		return -1;
	if (strspn(s, "0123456789,-") != strlen(s))
		return err_set(e, ERR_INPUT, "\"%s\": expected as 0-2,7",
			       SHOW(s));
	if (*s)
		*ret = TAKE(s);
	return 0;
}
READER(cpu_cpus, read_set(v, &LIMITS->cpus, e))
READER(cpu_mems, read_set(v, &LIMITS->mems, e))

static const struct oci_member cpu[] = {
	{ "shares", .read = cpu_shares },
	{ "quota", .read = cpu_quota },
	{ "burst", .read = cpu_burst },
	{ "period", .read = cpu_period },
	{ "realtimeRuntime", .read = cpu_realtime },
	{ "realtimePeriod", .read = cpu_realtime_period },
	{ "cpus", .read = cpu_cpus },
	{ "mems", .read = cpu_mems },
	{ "idle", .read = cpu_idle },
	OCI_END,
};

static int read_cpu(struct oci *o, struct json_object *v, struct err *e)
{
	const struct cgroup_limits *l = LIMITS;

	if (l->cpu_shares || l->cpu_quota || l->cpu_burst || l->cpu_period ||
	    l->cpu_realtime || l->cpu_realtime_period || l->cpu_idle ||
	    l->cpus || l->mems)
		return err_set(e, ERR_INPUT, "both cpu and CPU are there");
	return oci_walk(o, v, cpu, e);
}

/* ---- processes, huge pages ---- */

READER(pids_limit, read_limit(v, &LIMITS->pids, e))
static const struct oci_member pids[] = { { "limit", .read = pids_limit },
					  OCI_END };

#define HUGE (&LIMITS->huge[LIMITS->n_huge - 1])
READER(huge_size, oci_str(v, &HUGE->size, e))
READER(huge_limit, oci_u64(v, &HUGE->limit, e))
static const struct oci_member huge[] = { { "pageSize", .read = huge_size },
					  { "limit", .read = huge_limit },
					  OCI_END };

static int read_huge(struct oci *o, struct json_object *v, struct err *e)
{
	(void)GROW(LIMITS->huge, LIMITS->n_huge);
	LIMITS->n_huge++;
	if (oci_walk(o, v, huge, e) < 0)
		return -1;
	return HUGE->size ? 0 : err_set(e, ERR_INPUT, "pageSize is missing");
}
READER(read_huges, oci_each(o, v, ROWS_MAX, read_huge, e))

/* ---- block devices ---- */

READER(read_io_weight, oci_u32(v, &LIMITS->io_weight, e))

/* A row of any of the five lists: major, minor, and a number. */
static int read_rate(struct json_object *v, const char *name,
		     struct cgroup_device *d, uint64_t *ret, struct err *e)
{
	struct json_object *major, *minor, *rate;

	if (!json_object_is_type(v, json_type_object) ||
	    !json_object_object_get_ex(v, "major", &major) ||
	    !json_object_object_get_ex(v, "minor", &minor))
		return err_set(e, ERR_INPUT, "major or minor is missing");
	if (oci_u32(major, &d->major, e) < 0 ||
	    oci_u32(minor, &d->minor, e) < 0)
		return -1;
	if (!json_object_object_get_ex(v, name, &rate))
		return 0;
	return oci_u64(rate, ret, e);
}

static int add_rate(struct oci *o, struct json_object *v, size_t member,
		    struct err *e)
{
	struct cgroup_device d = { 0 };
	bool is_weight = member == offsetof(struct cgroup_device, weight);
	uint64_t n = 0;

	if (read_rate(v, is_weight ? "weight" : "rate", &d, &n, e) < 0)
		return -1;
	if (is_weight)
		d.weight = (uint32_t)n;
	else
		*(uint64_t *)(void *)((char *)&d + member) = n;
	*GROW(LIMITS->devices, LIMITS->n_devices) = d;
	LIMITS->n_devices++;
	return 0;
}

#define RATES(X)                                                               \
	X(weight)                                                              \
	X(read_bytes)                                                          \
	X(write_bytes)                                                         \
	X(reads)                                                               \
	X(writes)
#define X(name)                                                                \
	READER(io_##name,                                                      \
	       add_rate(o, v, offsetof(struct cgroup_device, name), e))        \
	READER(io_all_##name, oci_each(o, v, ROWS_MAX, io_##name, e))
RATES(X)
#undef X

static const struct oci_member block_io[] = {
	{ "weight", .read = read_io_weight },
	{ "leafWeight", .resource = "no kernel has it any more" },
	{ "weightDevice", .read = io_all_weight },
	{ "throttleReadBpsDevice", .read = io_all_read_bytes },
	{ "throttleWriteBpsDevice", .read = io_all_write_bytes },
	{ "throttleReadIOPSDevice", .read = io_all_reads },
	{ "throttleWriteIOPSDevice", .read = io_all_writes },
	OCI_END,
};

/* ---- which devices may be opened ---- */

#define ACCESS (&LIMITS->access[LIMITS->n_access - 1])

static int access_type(struct oci *o, struct json_object *v, struct err *e)
{
	static const struct word types[] = {
		{ "a", 'a' }, { "b", 'b' }, { "c", 'c' },
		{ "u", 'c' }, { "", 'a' },  { NULL, 0 },
	};
	uint64_t type;

	if (oci_word(v, types, &type, e) < 0)
		return -1;
	ACCESS->type = (char)type;
	return 0;
}

static int access_words(struct oci *o, struct json_object *v, struct err *e)
{
	auto_free char *s = NULL;

	if (oci_str(v, &s, e) < 0)
		return -1;
	if (strspn(s, "rwma") != strlen(s))
		return err_set(e, ERR_INPUT, "\"%s\": expected some of rwm",
			       SHOW(s));
	free(ACCESS->access);
	ACCESS->access = xstrdup(*s ? s : "rwm");
	return 0;
}
READER(access_allow, oci_bool(v, &ACCESS->allow, e))

/* -1: any; cut down to that from what is below 0. */
static int read_number(struct json_object *v, int64_t *ret, struct err *e)
{
	int64_t n;

	if (read_limit(v, &n, e) < 0)
		return -1;
	*ret = n;
	return 0;
}
READER(access_major, read_number(v, &ACCESS->major, e))
READER(access_minor, read_number(v, &ACCESS->minor, e))

static const struct oci_member device_access[] = {
	{ "allow", .read = access_allow },  { "type", .read = access_type },
	{ "major", .read = access_major },  { "minor", .read = access_minor },
	{ "access", .read = access_words }, OCI_END,
};

static int read_access(struct oci *o, struct json_object *v, struct err *e)
{
	struct cgroup_access *a = GROW(LIMITS->access, LIMITS->n_access);

	LIMITS->n_access++;
	a->type = 'a';
	a->major = a->minor = -1;
	a->access = xstrdup("rwm");
	if (oci_walk(o, v, device_access, e) < 0)
		return -1;
	/* "a" is no kind of access; who denies it means all of them */
	a = ACCESS;
	if (!strchr(a->access, 'a'))
		return 0;
	if (a->allow)
		return err_set(e, ERR_INPUT,
			       "access: \"%s\": expected some of rwm",
			       a->access);
	free(a->access);
	a->access = xstrdup("rwm");
	return 0;
}
READER(read_accesses, oci_each(o, v, ROWS_MAX, read_access, e))

/* ---- the rest ---- */

READER(read_unified, oci_map(v, '=', &LIMITS->unified, e))

static const struct oci_member network[] = {
	{ "classID", .resource = "network classes are not set" },
	{ "priorities", .resource = "network classes are not set" },
	OCI_END,
};

const struct oci_member oci_resources[] = {
	{ "devices", .read = read_accesses },
	{ "memory", .members = memory },
	{ "cpu", .read = read_cpu },
	{ "CPU", .read = read_cpu }, /* as old documents spell it */
	{ "pids", .members = pids },
	{ "blockIO", .members = block_io },
	{ "hugepageLimits", .read = read_huges },
	{ "network", .members = network },
	{ "rdma", .resource = "RDMA is not limited" },
	{ "unified", .read = read_unified },
	OCI_END,
};

int oci_resources_parse(const char *name, const struct buf *text,
			struct cgroup_limits *ret, struct err *e)
{
	AUTO(json_free) struct json_object *doc = NULL;
	const struct oci_facts facts = { 0 };
	struct bundle b = { 0 };
	struct oci o = { .facts = &facts, .b = &b };
	int r;

	if (text->len > OCI_SPEC_MAX)
		return err_set(e, ERR_LIMIT, "%s: larger than %u bytes", name,
			       OCI_SPEC_MAX);
	doc = json_parse(name, text->p ? text->p : "", text->len, e);
	if (!doc)
		return -1;
	r = oci_walk(&o, doc, oci_resources, e);
	strv_free(b.warnings);
	if (r < 0) {
		cgroup_limits_done(&b.limits);
		return err_prefix(e, "%s", name);
	}
	*ret = b.limits;
	return 0;
}
