/* explain.h - a verdict as text or JSON; a denial as one error line. */
#ifndef POLICY_EXPLAIN_H
#define POLICY_EXPLAIN_H

#include "base/buf.h"
#include "immure/verdict.h"

void policy_explain_text(const struct verdict *v, const struct plan *p,
			 struct buf *b);
void policy_explain_json(const struct verdict *v, const struct plan *p,
			 struct buf *b);
/*
 * ERR_DENIED about the first denied fact: the step, the rule, file:line and
 * what to write; at most 480 bytes. Call it on a denial only. -1.
 */
int policy_explain_err(const struct verdict *v, const struct plan *p,
		       struct err *e);

#endif
