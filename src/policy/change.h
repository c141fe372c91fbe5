/*
 * change.h - changes to the ordinary plan of the made-up host, as words:
 * "bind:ro:/srv/data", "caps:NET_ADMIN,CHOWN", "without:seccomp", … each word
 * is a row of change.c, described in policy/README.md. Pure.
 */
#ifndef POLICY_CHANGE_H
#define POLICY_CHANGE_H

#include "base/cleanup.h"
#include "policy/model.h"

struct model_case {
	struct plan *plan;
	struct host *host;
	uint32_t groups[2];
	struct peer peer; /* u, unless a change says another */
};

/* The ordinary plan with these changes, separated by blanks. ERR_INPUT names
 * the one that is not understood. */
int model_case_make(const char *changes, struct model_case *ret, struct err *e);
/* A step before the identity phase, where additions stand. */
struct step *model_insert(struct plan *p, enum op op);
void model_case_done(struct model_case *c);
DEFINE_AUTO_DONE(struct model_case, model_case_done);

#endif
