/*
 * seccomp_prove.h - holds a profile's filters against what the profile says.
 */
#ifndef KERNEL_SECCOMP_PROVE_H
#define KERNEL_SECCOMP_PROVE_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/seccomp.h"
#include "immure/spec.h"

struct seccomp_proof {
	size_t calls;	 /* numbers tried, foreign entries among them */
	size_t compared; /* answers */
	bool differs;
	struct seccomp_data at; /* the first difference */
	uint32_t want, got;	/* SECCOMP_RET_* | data */
};
/*
 * Every number up to 1023, "no call", the entries of other architectures and
 * x32, each with the corners of its arguments: the interpreter's answer
 * against the profile's own words. `p` must be one that compiles.
 */
void seccomp_prove(const struct seccomp_profile *p, const struct blob *filters,
		   size_t n, struct seccomp_proof *ret);

#endif
