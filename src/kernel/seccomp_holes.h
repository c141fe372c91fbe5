/*
 * seccomp_holes.h - ways round a filter, found by asking its interpreter: for
 * filters of any origin.
 */
#ifndef KERNEL_SECCOMP_HOLES_H
#define KERNEL_SECCOMP_HOLES_H

#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

/*
 * Adds to `rep`: an architecture that is not checked, calls of 32-bit entries
 * and of x32 that pass, socketcall and ipc beside rules that they evade,
 * comparisons of 64 bits where the kernel uses 32, numbers that no kernel has
 * yet and that pass.
 */
void seccomp_holes(const struct seccomp_machine *m, const struct blob *filters,
		   size_t n, struct seccomp_report *rep);

#endif
