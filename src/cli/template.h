/*
 * template.h - the small part of Go's templates that --format is used with:
 * text, \n and \t, {{.Field}}, {{.A.B}}, {{json .}}, and upper, lower, len,
 * println, join. range, if and pipes are refused by name.
 */
#ifndef CLI_TEMPLATE_H
#define CLI_TEMPLATE_H

#include "base/buf.h"
#include "immure/err.h"

struct json_object;

/*
 * Appends what `text` gives for `o`. Strings are escaped (R40). An unknown
 * field or word is ERR_USAGE naming the nearest.
 */
int template_render(const char *text, struct json_object *o, struct buf *b,
		    struct err *e);
/* Appends the headings: each {{…}} becomes the name of its field, in upper
 * case; `\t` stays. */
int template_heading(const char *text, struct buf *b, struct err *e);

#endif
