/*
 * policy_table.h - a table of policy cases, as `immure policy test` runs it:
 * one question a line, and the answer that is expected. Pure.
 *
 *   RULES | CHANGES | permit, deny or none [NUMBER OF THE DECIDING RULE]
 *
 * RULES are divided by ';'; "@NAME" is a policy of its own, "@" the one that
 * is tested. CHANGES are those of policy/change.h.
 */
#ifndef FORMAT_POLICY_TABLE_H
#define FORMAT_POLICY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/cleanup.h"
#include "immure/err.h"

#define POLICY_TABLE_MAX (1u << 20)

enum policy_answer { ANSWER_PERMIT, ANSWER_DENY, ANSWER_NONE };

struct policy_row {
	char *rules; /* one a line; without the '@' when it is a name */
	bool is_name;
	char *changes;
	enum policy_answer want;
	bool has_by;
	unsigned by; /* 0: no rule matched */
	unsigned line;
};

struct policy_table {
	struct policy_row *rows;
	size_t n;
};

/* ERR_INPUT says file:line:column. */
int policy_table_parse(const char *file, const char *p, size_t n,
		       struct policy_table *ret, struct err *e);
void policy_table_done(struct policy_table *t);
DEFINE_AUTO_DONE(struct policy_table, policy_table_done);

#endif
