/*
 * fuzz_policy_table.c - tables of policy cases from anywhere.
 *
 * Every row of a table that is accepted has all its columns, without blanks
 * around, and its changes are understood or refused without a crash.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "format/policy_table.h"
#include "policy/change.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static int is_trimmed(const char *s)
{
	size_t n = strlen(s);

	return !n || (s[0] != ' ' && s[n - 1] != ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(policy_table_done) struct policy_table t = { 0 };
	struct err e = ERR_INIT;

	if (policy_table_parse("fuzz.t", (const char *)data, size, &t, &e) <
	    0) {
		require(e.msg[0] && !strchr(e.msg, '\n'), "no message");
		require(!t.rows, "written in spite of an error");
		return 0;
	}
	for (size_t i = 0; i < t.n; i++) {
		AUTO(model_case_done) struct model_case c = { 0 };
		const struct policy_row *r = &t.rows[i];

		require(r->line && r->rules && r->changes, "a column less");
		require(is_trimmed(r->changes), "blanks around");
		require(!strchr(r->changes, '|'), "a column too many");
		if (i < 16 && model_case_make(r->changes, &c, &e) < 0)
			require(!c.plan && e.msg[0], "no message");
	}
	return 0;
}
