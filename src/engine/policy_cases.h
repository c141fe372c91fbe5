/*
 * policy_cases.h - policies on the made-up host: a table of cases is run, and
 * two policies are compared over a corpus of plans.
 */
#ifndef ENGINE_POLICY_CASES_H
#define ENGINE_POLICY_CASES_H

#include "base/buf.h"
#include "immure/err.h"
#include "immure/policy.h"

struct policy_cases {
	const char *policy;  /* the file that "@" means, or NULL */
	const char *shipped; /* directory of "@NAME"; NULL: the usual */
	size_t rows, bad;
	struct buf report; /* a line for every row that does not hold */
};

/* Runs every row of the file; ERR_INPUT for what cannot be asked. */
int policy_cases_run(struct policy_cases *c, const char *file, struct err *e);
void policy_cases_done(struct policy_cases *c);
DEFINE_AUTO_DONE(struct policy_cases, policy_cases_done);

/* A policy by the name of a shipped one ("default"), or by its path when it
 * has a slash; its conditions are not resolved. `shipped` as above. */
int policy_by_name(const char *name, const char *shipped, struct policy *ret,
		   struct err *e);
/* The file that such a name means; heap. */
char *policy_path(const char *name, const char *shipped);

#endif
