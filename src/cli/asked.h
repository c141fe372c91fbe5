/*
 * asked.h - what check, plan and audit are asked about: the words of run, a
 * saved plan, a request of the Docker API, or an OCI bundle.
 */
#ifndef CLI_ASKED_H
#define CLI_ASKED_H

#include "cli/cli.h"
#include "engine/engine.h"
#include "immure/plan.h"

/* As cli_parse_run; with --docker FILE *ret is what that request asks. */
int asked_parse(const struct command *c, char *const *args,
		struct run_args *ret, struct err *e);
/* The policies that judge it: bundles have their own (see immure-policy(5)). */
struct engine *asked_engine(const struct run_args *a, struct err *e);
struct plan *asked_plan(struct engine *g, const struct run_args *a,
			struct err *e);

#endif
