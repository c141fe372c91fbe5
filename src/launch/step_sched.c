/*
 * step_sched.c - how the program is scheduled, and where its memory comes from.
 * Before its rights are dropped: most of it needs some.
 */
#include "kernel/sched.h"
#include "launch/child.h"

int step_scheduler(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return sched_set(&s->scheduler, e);
}

int step_io_priority(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return sched_set_io(&s->io_priority, e);
}

int step_affinity(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return sched_set_cpus(&s->affinity, e);
}

int step_mempolicy(struct child *c, const struct step *s, struct err *e)
{
	(void)c;
	return sched_set_memory(&s->mempolicy, e);
}
