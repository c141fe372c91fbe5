/* step_json.h - the parts of the canonical JSON, for print and diff. */
#ifndef PLAN_STEP_JSON_H
#define PLAN_STEP_JSON_H

#include "base/json.h"
#include "immure/plan.h"

/* One step as an object, with phase, actor and need. */
void step_json(struct json_out *j, const struct step *s);
/* The facts of the plan as members of the open object. */
void plan_json_facts(struct json_out *j, const struct plan *p);

#endif
