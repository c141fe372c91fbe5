/*
 * seccomp_walk.h - what a filter looks at and answers for one call, whatever
 * its arguments: for filters of which only the BPF is known.
 */
#ifndef KERNEL_SECCOMP_WALK_H
#define KERNEL_SECCOMP_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/spec.h"

/* (half & mask) OP k; OP is BPF_JEQ, BPF_JGT, BPF_JGE or BPF_JSET. */
struct seccomp_look {
	unsigned arg; /* 0…5 */
	bool high;    /* the upper 32 bits of it */
	uint32_t mask;
	uint16_t op;
	uint32_t k;
};
struct seccomp_reach {
	struct seccomp_look *looks; /* each once */
	size_t n_looks;
	uint32_t *answers; /* each once */
	size_t n_answers;
	bool opaque; /* it also tests what cannot be followed */
};

struct seccomp_entry { /* one call: an architecture's number */
	uint32_t arch; /* AUDIT_ARCH_* */
	uint32_t nr;
};

/* Everything that can be reached with any arguments. */
void seccomp_reach(const struct blob *filter, struct seccomp_entry at,
		   struct seccomp_reach *ret);
void seccomp_reach_done(struct seccomp_reach *r);
DEFINE_AUTO_DONE(struct seccomp_reach, seccomp_reach_done);

/* One way through the filter: tests with their outcomes, then an answer. */
struct seccomp_step {
	struct seccomp_look look;
	bool yes;
};
struct seccomp_way {
	struct seccomp_step *steps;
	size_t n;
	uint32_t answer;
	size_t at; /* the return instruction */
};
struct seccomp_ways {
	struct seccomp_way *v;
	size_t n;
	bool more;   /* there are more than were listed */
	bool opaque; /* as above */
};
#define SECCOMP_WAYS_MAX 64
/* All ways through, without those whose tests contradict each other. */
void seccomp_ways(const struct blob *filter, struct seccomp_entry at,
		  struct seccomp_ways *ret);
void seccomp_ways_done(struct seccomp_ways *w);
DEFINE_AUTO_DONE(struct seccomp_ways, seccomp_ways_done);

#endif
