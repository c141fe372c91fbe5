/* read_value.h - one operand of a step from its JSON. Used by read.c only. */
#ifndef PLAN_READ_VALUE_H
#define PLAN_READ_VALUE_H

#include "base/json.h"
#include "plan/ops.h"

/* Fills the field of `s`; `v` is its member, NULL when it is not there. The
 * step owns what was read, also on an error. ERR_INPUT. */
int read_value(struct json_object *v, const struct field *f, struct step *s,
	       struct err *e);

#endif
