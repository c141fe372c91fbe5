/*
 * facts_limit.c - how much of each resource a sandbox may use: one fact a
 * resource, also where the plan sets no limit. They are answered by `limit`
 * rules alone; without one nobody asks.
 */
#include <linux/mount.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/resource.h>
#include "base/alloc.h"
#include "base/cgroup_ask.h"
#include "base/defaults.h"
#include "base/num.h"
#include "base/strv.h"
#include "policy/facts.h"

#define UNLIMITED UINT64_MAX
#define RT_MOST	  99 /* the highest priority of real time */

/* The hard limit that a step sets; without one, whatever the caller has. */
static uint64_t rlimit_of(const struct facts *f, uint32_t resource, int *step)
{
	uint64_t ret = UNLIMITED;

	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];

		if (s->op != OP_RLIMIT || s->need == NEED_OFF ||
		    s->rlimit.resource != resource)
			continue;
		ret = s->rlimit.hard;
		*step = (int)i;
	}
	return ret;
}

/* The lesser of both limits; each holds by itself. */
static uint64_t pids_of(const struct facts *f, int *step)
{
	uint64_t by_rlimit = rlimit_of(f, RLIMIT_NPROC, step);
	const struct step *s = facts_find(f, OP_CGROUP);
	uint64_t by_cgroup = s ? cgroup_ask_pids(&s->cgroup) : UNLIMITED;

	if (by_cgroup >= by_rlimit)
		return by_rlimit;
	*step = (int)(s - f->plan->steps);
	return by_cgroup;
}

/* What only a cgroup of its own limits. */
static uint64_t cgroup_of(const struct facts *f,
			  uint64_t (*amount)(const struct cgroup_ask *c),
			  int *step)
{
	const struct step *s = facts_find(f, OP_CGROUP);
	uint64_t n = s ? amount(&s->cgroup) : UNLIMITED;

	if (n != UNLIMITED)
		*step = (int)(s - f->plan->steps);
	return n;
}

/* Memory that the root may fill. A directory of the host has no end. */
static uint64_t storage_of(const struct facts *f, int *step)
{
	const struct step *upper = facts_find(f, OP_UPPER);
	const struct step *root = facts_find(f, OP_TMPROOT);

	if (!upper && !root)
		return 0; /* the root is read-only */
	*step = (int)((upper ? upper : root) - f->plan->steps);
	if (root)
		return root->tmproot.size ? root->tmproot.size : UNLIMITED;
	if (upper->upper.kind != UPPER_TMPFS || !upper->upper.size)
		return UNLIMITED;
	return upper->upper.size;
}

/* "size=64k" among the data of a mount. */
static uint64_t size_of(const struct step *s)
{
	AUTO(strv_free)
	char **options = strv_split(s->mount.data ? s->mount.data : "", ',');
	uint64_t size = UNLIMITED;

	strv_foreach (o, options)
		if (strncmp(*o, "size=", 5) == 0 &&
		    (num_size(*o + 5, "size", &size, NULL) < 0 || !size))
			size = UNLIMITED;
	return size;
}

/* The largest of them. */
static uint64_t tmpfs_of(const struct facts *f, int *step)
{
	uint64_t ret = 0;

	for (size_t i = 0; i < f->plan->n; i++) {
		const struct step *s = &f->plan->steps[i];
		uint64_t size;

		if (s->op != OP_MOUNT || s->need == NEED_OFF ||
		    strcmp(s->mount.type, "tmpfs") != 0 ||
		    s->mount.attr & MOUNT_ATTR_RDONLY)
			continue;
		size = size_of(s);
		if (size < ret)
			continue;
		ret = size;
		*step = (int)i;
	}
	return ret;
}

/* What a number of it is a number of. */
static const struct {
	const char *name, *text;
} texts[] = {
	{ "pids", "processes" },
	{ "memory", "bytes of memory" },
	{ "cpus", "processors' time" },
	{ "storage", "bytes of what is written to the root" },
	{ "tmpfs", "bytes of one tmpfs" },
};

static const char *text_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (strcmp(texts[i].name, name) == 0)
			return texts[i].text;
	return NULL;
}

/* What a step gives at once counts like the right to ask for it. */
static uint64_t more_of(const struct facts *f, uint64_t resource, uint64_t n,
			int *step)
{
	const struct step *s = facts_find(f, OP_SCHEDULER);
	uint64_t given = 0;

	if (!s)
		return n;
	if (resource == RLIMIT_RTPRIO)
		given = s->scheduler.policy == SCHED_DEADLINE
				? RT_MOST
				: s->scheduler.priority;
	else if (resource == RLIMIT_NICE) /* 20 more than what it is above */
		given = (uint64_t)(20 - s->scheduler.nice);
	if (n >= given)
		return n;
	*step = (int)(s - f->plan->steps);
	return given;
}

static uint64_t amount_of(const struct facts *f, const char *name, int *step)
{
	uint64_t resource;

	if (strcmp(name, "storage") == 0)
		return storage_of(f, step);
	if (strcmp(name, "tmpfs") == 0)
		return tmpfs_of(f, step);
	if (strcmp(name, "pids") == 0)
		return pids_of(f, step);
	if (strcmp(name, "memory") == 0)
		return cgroup_of(f, cgroup_ask_memory, step);
	if (strcmp(name, "cpus") == 0)
		return cgroup_of(f, cgroup_ask_cpus, step);
	return word_find(rlimit_words, name, &resource)
		       ? more_of(f, resource,
				 rlimit_of(f, (uint32_t)resource, step), step)
		       : UNLIMITED;
}

void facts_of_limits(struct facts *f)
{
	AUTO(strv_free) char **names = strv_split(POLICY_RESOURCES, ' ');

	strv_foreach (name, names) {
		const char *text = text_of(*name);
		int step = -1;
		uint64_t n = amount_of(f, *name, &step);
		struct fact *fact;

		if (n == UNLIMITED)
			fact = facts_add(f, SUBJECT_LIMIT, step,
					 text ? "%s without limit"
					      : "no limit of %s",
					 text ? text : *name);
		else if (text)
			fact = facts_add(f, SUBJECT_LIMIT, step,
					 "at most %llu %s",
					 (unsigned long long)n, text);
		else
			fact = facts_add(f, SUBJECT_LIMIT, step,
					 "limit of %s: %llu", *name,
					 (unsigned long long)n);
		fact->number = n;
		fact->value[KEY_RESOURCE] = facts_own(fact, xstrdup(*name));
	}
}
