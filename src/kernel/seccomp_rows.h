/*
 * seccomp_rows.h - one call's rules: put in order, judged, those that never
 * decide taken out.
 */
#ifndef KERNEL_SECCOMP_ROWS_H
#define KERNEL_SECCOMP_ROWS_H

#include "kernel/seccomp_named.h"
#include "kernel/seccomp_table.h"

/* Takes over c->rules. */
struct seccomp_row seccomp_row_make(const struct seccomp_profile *p,
				    struct seccomp_named *c,
				    struct seccomp_report *rep);
void seccomp_report_add(struct seccomp_report *rep,
			enum seccomp_finding_kind kind, bool fatal, char *text);

/* Does the kernel look at the lower 32 bits of this argument only? */
bool seccomp_is_narrow(const char *call, unsigned arg);

#endif
