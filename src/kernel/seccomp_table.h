/*
 * seccomp_table.h - a profile as a table: one row a call, each with the tests
 * that decide, in the order in which they decide.
 */
#ifndef KERNEL_SECCOMP_TABLE_H
#define KERNEL_SECCOMP_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/seccomp.h"
#include "kernel/seccomp.h"
#include "kernel/seccomp_calls.h"

/* The first rule all of whose tests hold decides; when none does: `fallback`.
 * No rule here is without tests. */
struct seccomp_row {
	uint32_t nr;
	const struct seccomp_rule **rules; /* of the profile */
	size_t n;
	uint32_t fallback; /* SECCOMP_RET_* | data */
};
struct seccomp_table {
	const struct seccomp_machine *machine;
	uint32_t dflt;		  /* of every call without a row … */
	uint32_t newer;		  /* … and with a number above all rows' */
	struct seccomp_row *rows; /* by number */
	size_t n;
};

/*
 * Builds the table and says what there is to say about the rules; rules that
 * never decide are left out. The table points into `p`.
 */
int seccomp_table_build(const struct seccomp_profile *p,
			struct seccomp_table *ret, struct seccomp_report *rep,
			struct err *e);
void seccomp_table_done(struct seccomp_table *t);
DEFINE_AUTO_DONE(struct seccomp_table, seccomp_table_done);

/* SECCOMP_RET_* | data. */
uint32_t seccomp_ret(enum seccomp_act act, uint32_t err);

#endif
