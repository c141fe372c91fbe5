/*
 * read.h - the canonical JSON of a plan, read back: what `immure plan
 * --format json` printed can be judged, audited and compared later, and
 * elsewhere. Pure.
 *
 * A plan that was read is for looking at: its filters are known by size and
 * digest, their bytes are not there, so that it can never be carried out.
 */
#ifndef PLAN_READ_H
#define PLAN_READ_H

#include <stddef.h>
#include "immure/plan.h"

#define PLAN_JSON_MAX (4u << 20)

/*
 * Every member must be known, of its type, and there; ERR_INPUT names the
 * step and the member, `name` the document. The plan's hash is that of the
 * plan which was printed. NULL with *e.
 */
struct plan *plan_read_json(const char *name, const char *p, size_t n,
			    struct err *e);

#endif
