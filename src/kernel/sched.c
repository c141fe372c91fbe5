/*
 * sched.c - how the calling thread is scheduled, and where its memory comes
 * from.
 *
 * Must not: believe a call that says it has done it.
 */
#include "kernel/sched.h"

#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IO_WHO_PROCESS 1  /* ioprio_set(2) */
#define IO_CLASS_SHIFT 13 /* the class, above the level */
#define WORD_BITS      64
#define WORDS	       (SCHED_NUMBERS_MAX / WORD_BITS)

/* ---- sched_setattr(2) ---- */

/* What is read back: the others are of one call, or another process's. */
#define FLAGS_KEPT                                                             \
	(SCHED_FLAG_RESET_ON_FORK | SCHED_FLAG_RECLAIM | SCHED_FLAG_DL_OVERRUN)

/* A nice value is only of the policies that know one. */
static bool is_nice(uint32_t policy)
{
	return policy == SCHED_NORMAL || policy == SCHED_BATCH;
}

static bool is_as_asked(const struct sched_ask *a, const struct sched_attr *now)
{
	if (now->sched_policy != a->policy ||
	    ((now->sched_flags ^ a->flags) & FLAGS_KEPT))
		return false;
	if (is_nice(a->policy))
		return now->sched_nice == a->nice;
	if (a->policy == SCHED_DEADLINE)
		return now->sched_runtime == a->runtime &&
		       now->sched_deadline == a->deadline &&
		       now->sched_period ==
			       (a->period ? a->period : a->deadline);
	return now->sched_priority == a->priority;
}

int sched_set(const struct sched_ask *a, struct err *e)
{
	struct sched_attr now = { 0 };
	struct sched_attr set = {
		.size = sizeof(set),
		.sched_policy = a->policy,
		.sched_flags = a->flags,
		.sched_nice = a->nice,
		.sched_priority = a->priority,
		.sched_runtime = a->runtime,
		.sched_deadline = a->deadline,
		.sched_period = a->period,
	};

	if (syscall(SYS_sched_setattr, 0, &set, 0) < 0)
		return err_sys(e, "set the scheduling policy %u", a->policy);
	if (syscall(SYS_sched_getattr, 0, &now, sizeof(now), 0) < 0)
		return err_sys(e, "read the scheduling policy");
	if (!is_as_asked(a, &now))
		return err_set(e, ERR_VERIFY,
			       "the scheduling policy is %u, not %u as asked",
			       now.sched_policy, a->policy);
	return 0;
}

/* ---- ioprio_set(2) ---- */

int sched_set_io(const struct io_ask *a, struct err *e)
{
	long value = (long)(a->class_ << IO_CLASS_SHIFT | a->level);
	long now;

	if (syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0, value) < 0)
		return err_sys(e,
			       "set the input/output priority %u of class %u",
			       a->level, a->class_);
	now = syscall(SYS_ioprio_get, IO_WHO_PROCESS, 0);
	if (now != value)
		return err_set(e, ERR_VERIFY,
			       "the input/output priority is %lx, not %lx", now,
			       value);
	return 0;
}

/* ---- sets of numbers ---- */

struct set {
	uint64_t words[WORDS];
};

static void fill(struct set *set, const struct sched_numbers *numbers)
{
	for (size_t i = 0; i < numbers->n; i++)
		if (numbers->v[i] < SCHED_NUMBERS_MAX)
			set->words[numbers->v[i] / WORD_BITS] |=
				1ull << numbers->v[i] % WORD_BITS;
}

/* Is every number of `a` in `b`? */
static bool is_in(const struct set *a, const struct set *b)
{
	for (size_t i = 0; i < WORDS; i++)
		if (a->words[i] & ~b->words[i])
			return false;
	return true;
}

int sched_set_cpus(const struct sched_numbers *cpus, struct err *e)
{
	struct set set = { 0 }, now = { 0 };

	fill(&set, cpus);
	if (syscall(SYS_sched_setaffinity, 0, sizeof(set), &set) < 0)
		return err_sys(e, "set the processors");
	if (syscall(SYS_sched_getaffinity, 0, sizeof(now), &now) < 0)
		return err_sys(e, "read the processors");
	/* of those that are not there, none is given */
	if (!is_in(&now, &set))
		return err_set(e, ERR_VERIFY,
			       "more processors than were asked for");
	return 0;
}

int sched_set_memory(const struct mempolicy_ask *a, struct err *e)
{
	struct set set = { 0 }, now = { 0 };
	int want = (int)(a->mode | a->flags), mode = -1;

	fill(&set, &a->nodes);
	if (syscall(SYS_set_mempolicy, want, a->nodes.n ? &set : NULL,
		    a->nodes.n ? SCHED_NUMBERS_MAX + 1 : 0) < 0)
		return err_sys(e, "set the memory policy %u", a->mode);
	if (syscall(SYS_get_mempolicy, &mode, &now, SCHED_NUMBERS_MAX, NULL,
		    0) < 0)
		return err_sys(e, "read the memory policy");
	if (mode != want || !is_in(&now, &set))
		return err_set(e, ERR_VERIFY,
			       "the memory policy is %d, not %d as asked", mode,
			       want);
	return 0;
}
