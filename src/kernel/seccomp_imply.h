/*
 * seccomp_imply.h - what one test of an argument says of another.
 */
#ifndef KERNEL_SECCOMP_IMPLY_H
#define KERNEL_SECCOMP_IMPLY_H

#include <stdbool.h>
#include <stdint.h>
#include "immure/seccomp.h"

bool seccomp_test_holds(const struct seccomp_arg *a, uint64_t value);
/* Whenever `a` holds, `b` does. False where it cannot be told. */
bool seccomp_test_implies(const struct seccomp_arg *a,
			  const struct seccomp_arg *b);
/* No value passes both. False where it cannot be told. */
bool seccomp_tests_clash(const struct seccomp_arg *a,
			 const struct seccomp_arg *b);

#endif
