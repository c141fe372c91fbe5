/*
 * check_rules.h - the invariants as tables: those of a sandbox and those of a
 * bundle. Read by check.c only.
 */
#ifndef PLAN_CHECK_RULES_H
#define PLAN_CHECK_RULES_H

#include "immure/plan.h"

/* From … to times; the others as often as they like. */
struct check_count {
	enum op op;
	size_t min, max;
};
/* Every `first` stands before every `then`. */
struct check_order {
	enum op first, then;
	const char *why;
};
struct check_rules {
	const struct check_count *counts;
	size_t n_counts;
	const struct check_order *orders;
	size_t n_orders;
};

/* By enum plan_kind. */
extern const struct check_rules check_rules[];
/* Of both kinds, by whether no_new_privs is there. */
extern const struct check_rules check_rules_nnp[2];

#endif
