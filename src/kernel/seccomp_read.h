/*
 * seccomp_read.h - the filters that a process runs under, as the kernel has
 * them.
 */
#ifndef KERNEL_SECCOMP_READ_H
#define KERNEL_SECCOMP_READ_H

#include <stddef.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/spec.h"

/*
 * PTRACE_SECCOMP_GET_FILTER (ptrace(2)): in the order of their installation,
 * heap, blob_done each. The process is stopped for that moment. The kernel
 * answers CAP_SYS_ADMIN of the initial user namespace only, and nobody who is
 * filtered: ERR_DENIED. No such process: ERR_MISSING. *ret_n is 0 for one
 * without a filter.
 */
int seccomp_read(pid_t pid, struct blob **ret, size_t *ret_n, struct err *e);

#endif
