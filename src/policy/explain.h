/* explain.h - a verdict as text or JSON; a denial as one error line. */
#ifndef POLICY_EXPLAIN_H
#define POLICY_EXPLAIN_H

#include "base/buf.h"
#include "immure/verdict.h"

void policy_explain_text(const struct verdict *v, const struct plan *p,
			 struct buf *b);
void policy_explain_json(const struct verdict *v, const struct plan *p,
			 struct buf *b);
/* ERR_DENIED naming the step, the rule, file:line, what to write. -1. */
int policy_explain_err(const struct verdict *v, const struct plan *p,
		       struct err *e);

#endif
