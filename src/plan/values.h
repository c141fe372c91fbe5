/*
 * values.h - one value of a step as text: a table of printers, one a kind of
 * field. Text is for people and for the strings of the JSON form.
 */
#ifndef PLAN_VALUES_H
#define PLAN_VALUES_H

#include <stdbool.h>
#include "base/buf.h"
#include "plan/ops.h"

/* The value of `f`; lists and blobs are cut short unless `full`. */
void value_text(const struct field *f, const struct step *s, bool full,
		struct buf *b);
/* "dev:ino" */
void value_object(const struct object_id *id, struct buf *b);
/* Words of the set bits, `sep` between; "none" for zero. */
void value_flags(const struct word *words, uint64_t v, char sep, struct buf *b);
/* "0:1:65536" (inside:outer:count) */
void value_idmap(const struct spec_idmap *m, struct buf *b);
/* The SHA-256 of a blob's bytes, whatever its digest field says. */
void value_blob_digest(const struct blob *blob, struct buf *b);
/* A cast that the kind of field makes right. */
#define VALUE(type, f, s) (*(type const *)field_get(f, s))

#endif
