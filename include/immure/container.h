/*
 * container.h - a container as its owner sees it: id, state, process.
 */
#ifndef IMMURE_CONTAINER_H
#define IMMURE_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What became of a run. */
struct run_result {
	bool started; /* the payload was executed */
	int status;   /* its exit status, or 128 + signal */
	int signal;   /* the signal that ended it, or 0 */
	bool timed_out;
	/* processes that the kernel ended as the cgroup's memory was used up */
	uint64_t oom_kills;
};

#endif
