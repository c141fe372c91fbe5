/* values.h - words for values that more than one printer shows. */
#ifndef PLAN_VALUES_H
#define PLAN_VALUES_H

#include "base/buf.h"
#include "plan/ops.h"

/* The flags of `f` that are set, `sep` between; "none" for zero. */
void value_flags(const struct field *f, uint64_t v, const char *sep,
		 struct buf *b);
/* "0:1000:1 1:100000:65536" */
void value_idmap(const struct idmap_list *l, struct buf *b);
/* "dev:ino" */
void value_object(const struct object_id *id, struct buf *b);

#endif
