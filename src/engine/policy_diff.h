/*
 * policy_diff.h - what one policy permits that another does not: over the
 * corpus of requests on the made-up host, and rule by rule.
 */
#ifndef ENGINE_POLICY_DIFF_H
#define ENGINE_POLICY_DIFF_H

#include <stdbool.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/policy.h"

/* A request that one of the two permits. */
struct policy_difference {
	const char *changes;	  /* static: of the corpus */
	bool is_permitted_by_b;	  /* else by a */
	char *what;		  /* the fact that the other denies */
	char *permitted, *denied; /* "file:line: rule" of each */
};

struct policy_differences {
	struct policy_difference *v;
	size_t n, asked;	 /* of so many requests */
	char **only_a, **only_b; /* rules that only one has, as written */
};

/* Both as policy_by_name reads them: they are resolved here, on the made-up
 * host. */
int policy_diff(struct policy *a, struct policy *b,
		struct policy_differences *ret, struct err *e);
void policy_differences_done(struct policy_differences *d);
DEFINE_AUTO_DONE(struct policy_differences, policy_differences_done);

#endif
