/*
 * audit.h - findings about what a request would become, or about what runs.
 * Nothing is started; a plan that the policy refuses is audited, too.
 */
#ifndef ENGINE_AUDIT_H
#define ENGINE_AUDIT_H

#include "engine/engine.h"
#include "immure/audit.h"

/* A plan of engine_plan: *ret for audit_done. 0, or -1 with *e when the host
 * cannot be asked. */
int engine_audit_plan(struct engine *g, const struct plan *p, struct audit *ret,
		      struct err *e);
/* The same of a running process, from what the kernel reports of it. */
int engine_audit_process(struct engine *g, pid_t pid, struct audit *ret,
			 struct err *e);

#endif
