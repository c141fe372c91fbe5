/*
 * budget.h - the flags of load and import: how much an archive may unpack
 * to before it is refused, and what is told meanwhile.
 */
#ifndef CLI_BUDGET_H
#define CLI_BUDGET_H

#include "base/option.h"
#include "store/store.h"

struct budget_args {
	struct load_budget budget;
	bool quiet;
	char *input; /* load -i */
};
#define BUDGET_ARGS_INIT                                                       \
	{                                                                      \
		.budget = LOAD_BUDGET_DEFAULT, .quiet = false, .input = NULL   \
	}
extern const struct option budget_rows[];

/* Sets the two callbacks: progress unless quiet, warnings always. */
void budget_reports(struct budget_args *a);
/* Opens what the user named: a file, "-" for standard input. An fd, or -1. */
int budget_open(const char *path, struct err *e);

#endif
