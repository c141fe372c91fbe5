/*
 * seccomp_rows.h - one call's rules: put in order, judged, those that never
 * decide taken out.
 */
#ifndef KERNEL_SECCOMP_ROWS_H
#define KERNEL_SECCOMP_ROWS_H

#include "kernel/seccomp_table.h"

/* All rules that name one call, in the file's order. */
struct seccomp_named {
	const char *name;
	uint32_t nr;
	const struct seccomp_rule **rules;
	size_t n;
};

/* Takes over c->rules. */
struct seccomp_row seccomp_row_make(const struct seccomp_profile *p,
				    struct seccomp_named *c,
				    struct seccomp_report *rep);
void seccomp_report_add(struct seccomp_report *rep,
			enum seccomp_finding_kind kind, bool fatal, char *text);

#endif
