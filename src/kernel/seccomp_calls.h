/*
 * seccomp_calls.h - names and numbers of system calls, for each machine that
 * filters are compiled for.
 */
#ifndef KERNEL_SECCOMP_CALLS_H
#define KERNEL_SECCOMP_CALLS_H

#include <stdbool.h>
#include <stdint.h>

struct seccomp_machine {
	const char *name; /* OCI: "amd64" */
	const char *scmp; /* "SCMP_ARCH_X86_64" */
	uint32_t token;	  /* libseccomp's */
	uint32_t audit;	  /* AUDIT_ARCH_*: what the kernel reports */
	bool has_x32;	  /* numbers with bit 30 are another ABI */
};

/* NULL: this machine. NULL is returned when filters cannot be made for it. */
const struct seccomp_machine *seccomp_machine_find(const char *name);

/* The 32-bit entry of amd64: for its names; no filters are made for it. */
const struct seccomp_machine *seccomp_machine_i386(void);

#define CALL_ELSEWHERE -1 /* known, but not a call of this machine */
#define CALL_UNKNOWN   -2 /* no such name */
int seccomp_call_number(const struct seccomp_machine *m, const char *name);
/* The name as a heap string, or NULL. */
char *seccomp_call_name(const struct seccomp_machine *m, uint32_t number);

#endif
