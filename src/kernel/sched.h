/*
 * sched.h - scheduling, input/output priority, processors and memory policy of
 * the calling thread. Each is set and read back: ERR_VERIFY, the kernel says
 * something else. Allocates nothing.
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include "immure/err.h"
#include "immure/sched.h"

int sched_set(const struct sched_ask *a, struct err *e);
int sched_set_io(const struct io_ask *a, struct err *e);
/* Exactly these processors. */
int sched_set_cpus(const struct sched_numbers *cpus, struct err *e);
/* Of the nodes those that this process may use; none other. */
int sched_set_memory(const struct mempolicy_ask *a, struct err *e);

#endif
