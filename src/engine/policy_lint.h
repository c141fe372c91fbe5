/*
 * policy_lint.h - findings about policies on this host: policy/lint.h, with
 * the control sockets, directories and devices that are really here.
 */
#ifndef ENGINE_POLICY_LINT_H
#define ENGINE_POLICY_LINT_H

#include "engine/engine.h"
#include "policy/lint.h"

/* One layer of policy files, in their order; each by name or path. */
int engine_read_policy(struct engine *g, char *const *names, struct policy *ret,
		       struct err *e);
/* The findings, sorted; each names a rule of the layer. */
int engine_lint_policy(struct engine *g, const struct policy *layer,
		       struct lint *ret, struct err *e);

#endif
