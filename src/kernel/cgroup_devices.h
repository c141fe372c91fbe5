/*
 * cgroup_devices.h - which devices a cgroup of version 2 may open and make: the
 * list of version 1 (devices.allow, devices.deny) as a program of
 * BPF_PROG_TYPE_CGROUP_DEVICE, bpf(2). Only root may attach one.
 */
#ifndef KERNEL_CGROUP_DEVICES_H
#define KERNEL_CGROUP_DEVICES_H

#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "immure/err.h"

/*
 * Rows in their order, "devices.deny=a", "devices.allow=c 1:3 rwm",
 * "devices.allow=b *:* m": the later one counts. Appends the program (struct
 * bpf_insn) to *ret. ERR_INPUT: not a row. Pure.
 */
int cgroup_devices_compile(char *const *rows, struct buf *ret, struct err *e);
/* Attaches it to a directory of version 2, in the place of what is attached
 * there already; then asks the kernel whether it is. */
int cgroup_devices_attach(int dir, const struct buf *program, struct err *e);

#endif
