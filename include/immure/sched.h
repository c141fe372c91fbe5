/*
 * sched.h - how a program is scheduled, and where its memory is taken from, as
 * a bundle asks: operands of the steps `scheduler`, `io_priority`,
 * `cpu_affinity` and `memory_policy`.
 */
#ifndef IMMURE_SCHED_H
#define IMMURE_SCHED_H

#include <stddef.h>
#include <stdint.h>

struct sched_ask { /* sched_setattr(2) */
	uint32_t policy;
	int nice;
	uint32_t priority; /* of SCHED_FIFO, SCHED_RR */
	uint64_t flags;	   /* SCHED_FLAG_* */
	/* ns; of SCHED_DEADLINE */
	uint64_t runtime, deadline, period;
};
struct io_ask { /* ioprio_set(2) */
	uint32_t class_, level;
};
/* Numbers of processors or of memory nodes, ascending. */
#define SCHED_NUMBERS_MAX 1024
struct sched_numbers {
	uint32_t *v;
	size_t n;
};
struct mempolicy_ask { /* set_mempolicy(2) */
	uint32_t mode;
	uint64_t flags; /* MPOL_F_* */
	struct sched_numbers nodes;
};

#endif
