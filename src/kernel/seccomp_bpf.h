/*
 * seccomp_bpf.h - a table of calls to a classic BPF program (seccomp(2)).
 */
#ifndef KERNEL_SECCOMP_BPF_H
#define KERNEL_SECCOMP_BPF_H

#include "base/buf.h"
#include "immure/err.h"
#include "kernel/seccomp_table.h"

/*
 * Appends the program (struct sock_filter each) to `ret`. A program of more
 * than BPF_MAXINSNS instructions is ERR_LIMIT. `name` is for messages.
 */
int seccomp_bpf_emit(const char *name, const struct seccomp_table *t,
		     struct buf *ret, struct err *e);
/* The same as a filter with its digest. Takes `name`, also when it fails. */
int seccomp_blob_emit(char *name, const struct seccomp_table *t, uint64_t flags,
		      struct blob *ret, struct err *e);

#endif
