/*
 * seccomp_corners.h - the arguments at which a filter could go wrong: 0, 1,
 * -1, 2^31, 2^32, every value that is compared with, its neighbours, and its
 * twins by sign and by truncation.
 */
#ifndef KERNEL_SECCOMP_CORNERS_H
#define KERNEL_SECCOMP_CORNERS_H

#include <stddef.h>
#include <stdint.h>
#include "immure/spec.h"
#include "kernel/seccomp_named.h"
#include "kernel/seccomp_walk.h"

#define SECCOMP_CORNERS_MAX 192
struct seccomp_corners {
	uint64_t v[6][SECCOMP_CORNERS_MAX];
	size_t n[6]; /* 0: nothing compares this argument */
};

/* Adds those of the arguments that the rules test. `c` may be NULL. */
void seccomp_corners_of_rules(struct seccomp_corners *ret,
			      const struct seccomp_named *c);
/* Adds those of the arguments that the filters test for this call. */
void seccomp_corners_of_filters(struct seccomp_corners *ret,
				const struct blob *filters, size_t n,
				struct seccomp_entry at);

struct seccomp_data;
struct seccomp_visit {
	void (*call)(void *arg, const struct seccomp_data *d);
	void *arg;
};
/*
 * Every combination of the corners of the tested arguments, but no more than
 * about `max`, evenly chosen; then each argument by itself through the plain
 * corners, tested or not.
 */
void seccomp_corners_visit(const struct seccomp_corners *c,
			   struct seccomp_entry at, uint64_t max,
			   struct seccomp_visit visit);

#endif
