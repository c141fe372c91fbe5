/*
 * record.h - reads what `immure run --record` has written. Pure.
 *
 * JSON lines: one "start" first; "call" and "program", numbered from 1;
 * "total" (how often number n came, when more than once); at last "end". A
 * line that is cut off at the very end is left out.
 */
#ifndef FORMAT_RECORD_H
#define FORMAT_RECORD_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/record.h"

#define RECORD_FILE_MAX (64u << 20)

/* `name` is the file's in messages. ERR_INPUT names the line. */
int record_parse(const char *name, const struct buf *text, struct record *ret,
		 struct err *e);
DEFINE_AUTO_DONE(struct record, record_done);

#endif
