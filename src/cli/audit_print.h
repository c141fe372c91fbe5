/*
 * audit_print.h - an audit as text, JSON, SARIF or a page of HTML. Every
 * printer takes text of images as it came and escapes it (R40).
 */
#ifndef CLI_AUDIT_PRINT_H
#define CLI_AUDIT_PRINT_H

#include "base/buf.h"
#include "immure/audit.h"
#include "immure/plan.h"

/* `p` is the plan that was audited; NULL for a process. */
void audit_print_text(const struct audit *a, const struct plan *p,
		      struct buf *b);
void audit_print_json(const struct audit *a, const struct plan *p,
		      struct buf *b);
void audit_print_sarif(const struct audit *a, const struct plan *p,
		       struct buf *b);
void audit_print_html(const struct audit *a, const struct plan *p,
		      struct buf *b);

#endif
