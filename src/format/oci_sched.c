/*
 * oci_sched.c - process.scheduler, ioPriority and execCPUAffinity, and
 * linux.memoryPolicy of a config.json. Whether the kernel gives them is the
 * launch's business.
 */
#include <json-c/json.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/sched_words.h"
#include "base/strv.h"
#include "format/oci_parts.h"

#define FLAGS_MAX	16
#define RANGES_MAX	256
#define LEVEL_MAX	7 /* ioprio_set(2) */
#define IO_CLASS_IDLE	3
#define SCHED_FLAG_KEEP 0x18 /* of a policy that nobody names */

static int read_word(struct json_object *v, const struct word *table,
		     uint32_t *ret, struct err *e)
{
	uint64_t word;

	if (oci_word(v, table, &word, e) < 0)
		return -1;
	*ret = (uint32_t)word;
	return 0;
}

/* ---- process.scheduler ---- */

READER(read_policy,
       read_word(v, sched_policy_words, &o->b->scheduler.policy, e))
READER(read_nice, oci_int(v, -20, 19, &o->b->scheduler.nice, e))
READER(read_runtime, oci_u64(v, &o->b->scheduler.runtime, e))
READER(read_deadline, oci_u64(v, &o->b->scheduler.deadline, e))
READER(read_period, oci_u64(v, &o->b->scheduler.period, e))

static int read_priority(struct oci *o, struct json_object *v, struct err *e)
{
	int n;

	if (oci_int(v, 0, 99, &n, e) < 0)
		return -1;
	o->b->scheduler.priority = (uint32_t)n;
	return 0;
}

static int read_flag(struct oci *o, struct json_object *v, struct err *e)
{
	uint64_t flag;

	if (oci_word(v, sched_flag_words, &flag, e) < 0)
		return -1;
	if (flag & SCHED_FLAG_KEEP)
		return err_set(e, ERR_HOST,
			       "%s: known, and refused: what is kept is the "
			       "caller's, which nobody judged",
			       json_object_get_string(v));
	o->b->scheduler.flags |= flag;
	return 0;
}
READER(read_flags, oci_each(o, v, FLAGS_MAX, read_flag, e))

static const struct oci_member scheduler[] = {
	{ "policy", .read = read_policy },
	{ "nice", .read = read_nice },
	{ "priority", .read = read_priority },
	{ "flags", .read = read_flags },
	{ "runtime", .read = read_runtime },
	{ "deadline", .read = read_deadline },
	{ "period", .read = read_period },
	OCI_END,
};

int oci_scheduler(struct oci *o, struct json_object *v, struct err *e)
{
	struct json_object *policy;

	if (!oci_says(v))
		return 0;
	if (oci_walk(o, v, scheduler, e) < 0)
		return -1;
	if (!json_object_object_get_ex(v, "policy", &policy) ||
	    !oci_says(policy))
		return err_set(e, ERR_INPUT, "policy is missing");
	o->b->has_scheduler = true;
	return 0;
}

/* ---- process.ioPriority ---- */

READER(read_class, read_word(v, io_class_words, &o->b->io_priority.class_, e))

static int read_level(struct oci *o, struct json_object *v, struct err *e)
{
	int n;

	if (oci_int(v, 0, LEVEL_MAX, &n, e) < 0)
		return -1;
	o->b->io_priority.level = (uint32_t)n;
	return 0;
}

static const struct oci_member io_priority[] = {
	{ "class", .read = read_class },
	{ "priority", .read = read_level },
	OCI_END,
};

int oci_io_priority(struct oci *o, struct json_object *v, struct err *e)
{
	if (!oci_says(v))
		return 0;
	if (oci_walk(o, v, io_priority, e) < 0)
		return -1;
	if (!o->b->io_priority.class_)
		return err_set(e, ERR_INPUT, "class is missing");
	o->b->has_io_priority = true;
	return 0;
}

/* ---- lists of numbers: "0-2,7" ---- */

static void add_number(struct sched_numbers *to, uint32_t n)
{
	for (size_t i = 0; i < to->n; i++)
		if (to->v[i] == n)
			return;
	*GROW(to->v, to->n) = n;
	to->n++;
}

static int add_range(char *text, struct sched_numbers *to, struct err *e)
{
	char *dash = strchr(text, '-');
	uint32_t first, last;

	if (dash)
		*dash++ = '\0';
	if (num_u32(text, "a number", &first, e) < 0 ||
	    num_u32(dash ? dash : text, "a number", &last, e) < 0)
		return -1;
	if (first > last || last >= SCHED_NUMBERS_MAX)
		return err_set(e, ERR_INPUT,
			       "%u-%u: not ascending, or above %d", first, last,
			       SCHED_NUMBERS_MAX - 1);
	for (uint32_t n = first; n <= last; n++)
		add_number(to, n);
	return 0;
}

static int read_numbers(struct json_object *v, struct sched_numbers *to,
			struct err *e)
{
	auto_free char *s = NULL;
	AUTO(strv_free) char **ranges = NULL;

	if (oci_str(v, &s, e) < 0)
		return -1;
	ranges = strv_split(s, ',');
	if (strv_len(ranges) > RANGES_MAX)
		return err_set(e, ERR_LIMIT, "more than %d ranges", RANGES_MAX);
	strv_foreach (range, ranges)
		if (*s && add_range(*range, to, e) < 0)
			return -1;
	return 0;
}

/* ---- process.execCPUAffinity ---- */

READER(read_final, read_numbers(v, &o->b->affinity, e))

/* Where it is the container's own list that counts, nothing of the program's
 * runs before the last one is set; but it must be one. */
static int read_initial(struct oci *o, struct json_object *v, struct err *e)
{
	struct sched_numbers unused = { 0 };
	int r = read_numbers(v, &unused, e);

	(void)o;
	free(unused.v);
	return r;
}

const struct oci_member oci_affinity[] = {
	{ "initial", .read = read_initial },
	{ "final", .read = read_final },
	OCI_END,
};

/* ---- linux.memoryPolicy ---- */

READER(read_mode, read_word(v, mempolicy_words, &o->b->mempolicy.mode, e))
READER(read_nodes, read_numbers(v, &o->b->mempolicy.nodes, e))

static int read_memory_flag(struct oci *o, struct json_object *v, struct err *e)
{
	uint64_t flag;

	if (oci_word(v, mempolicy_flag_words, &flag, e) < 0)
		return -1;
	o->b->mempolicy.flags |= flag;
	return 0;
}
READER(read_memory_flags, oci_each(o, v, FLAGS_MAX, read_memory_flag, e))

static const struct oci_member memory_policy[] = {
	{ "mode", .read = read_mode },
	{ "nodes", .read = read_nodes },
	{ "flags", .read = read_memory_flags },
	OCI_END,
};

int oci_memory_policy(struct oci *o, struct json_object *v, struct err *e)
{
	struct json_object *mode;

	if (!oci_says(v))
		return 0;
	if (oci_walk(o, v, memory_policy, e) < 0)
		return -1;
	if (!json_object_object_get_ex(v, "mode", &mode) || !oci_says(mode))
		return err_set(e, ERR_INPUT, "mode is missing");
	o->b->has_mempolicy = true;
	return 0;
}
