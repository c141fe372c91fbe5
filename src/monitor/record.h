/*
 * record.h - answers the calls of a recorded sandbox and writes down what
 * they were: one JSON line for each different one, at the end how often.
 *
 * Observes, and does not guard: what a call's pointers lead to can change
 * between our look and the kernel's. The answers themselves follow the
 * registers alone, which cannot, so a denial holds.
 */
#ifndef MONITOR_RECORD_H
#define MONITOR_RECORD_H

#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/plan.h"

struct recorder;

/* For a plan with a step `record`; writes to `fd`. Both are the caller's and
 * outlive the recorder. NULL on error. */
struct recorder *recorder_new(const struct plan *p, int fd, struct err *e);
void recorder_free(struct recorder *r);
DEFINE_AUTO(struct recorder *, recorder_free);
/* Receives and answers one call that waits (`r`: a recorder, so that it can be
 * launch_order.listen). -1 only when nothing can be answered any more. */
int recorder_serve(void *r, int listener, struct err *e);
/* Writes the counts. A file that could not be written to is told here. */
int recorder_end(struct recorder *r, struct err *e);

struct recorder_sums {
	uint64_t calls;	   /* that were told */
	uint64_t distinct; /* lines */
	uint64_t denied;   /* by the profile, of those lines */
	uint64_t dropped;  /* different ones beyond what is kept */
	bool io_uring;	   /* let pass: what it does is not seen */
};
void recorder_sum(const struct recorder *r, struct recorder_sums *ret);

#endif
