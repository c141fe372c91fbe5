/*
 * audit.c - a plan's findings: what it shows, and what its filters answer.
 */
#include "engine/audit.h"

#include "policy/audit.h"

int engine_audit_plan(struct engine *g, const struct plan *p, struct audit *ret,
		      struct err *e)
{
	AUTO(audit_done) struct audit a = { 0 };

	if (engine_protect(g, p, e) < 0)
		return -1;
	audit_plan(&a, p, engine_host(g));
	audit_conclude(&a);
	*ret = a;
	a = (struct audit){ 0 };
	return 0;
}
