/*
 * policy_line.h - a line of a policy file, cut into words. Pure. Used by
 * policy_text only.
 */
#ifndef FORMAT_POLICY_LINE_H
#define FORMAT_POLICY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/cleanup.h"
#include "immure/err.h"

#define WORDS_MAX 64 /* words of one rule */

struct policy_word {
	char *s;
	unsigned column;
	bool quoted;
};

struct policy_line {
	const char *file;
	unsigned number;
	const char *start; /* of the line */
	const char *at, *end;
	struct policy_word words[WORDS_MAX];
	size_t n, next; /* words there are; the next to be parsed */
};

void policy_line_done(struct policy_line *l);
DEFINE_AUTO_DONE(struct policy_line, policy_line_done);
/* Cuts it into words; none when it is blank or a comment. ERR_INPUT. */
int policy_line_read(struct policy_line *l, struct err *e);

/* ERR_INPUT at a column (1…) of the line. */
#define FAIL(l, column, e, ...)                                                \
	(err_set(e, ERR_INPUT, __VA_ARGS__),                                   \
	 err_prefix(e, "%.160s:%u:%u", (l)->file, (l)->number,                 \
		    (unsigned)(column)))

/* The column after the last byte read. */
static inline unsigned policy_line_column(const struct policy_line *l)
{
	return (unsigned)(l->at - l->start) + 1;
}

#endif
