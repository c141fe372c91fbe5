/*
 * fuzz_policy_text.c - policy files from anywhere.
 *
 * A file that is accepted must be consistent: every rule has a place and a
 * text, that text alone parses to the same rule, and judging by it neither
 * crashes nor permits an empty plan that its words do not permit.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "format/policy_text.h"
#include "policy/explain.h"
#include "policy/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void same_again(const struct rule *r)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;
	const struct rule *other;

	require(r->line && r->column && r->file && r->text, "no place");
	require(policy_text_parse("again", r->text, strlen(r->text), &p, &e) ==
			0,
		e.msg);
	require(p.n == 1, "not one rule");
	other = &p.rules[0];
	require(other->action == r->action && other->subject == r->subject &&
			other->n_conds == r->n_conds,
		"another rule");
	for (size_t i = 0; i < r->n_conds; i++) {
		const char *a = r->conds[i].value, *b = other->conds[i].value;

		require(r->conds[i].id_key == other->conds[i].id_key,
			"another condition");
		require(a ? b && !strcmp(a, b) : !b, "another value");
	}
}

static void judge(struct policy *p)
{
	static const uint8_t hash[PLAN_HASH_LEN];
	struct policy_set set = { .layers = p, .n = 1 };
	struct plan plan = { .privileged = true };
	struct host host = { .uid = 1000, .gid = 1000 };
	AUTO(verdict_free)
	struct verdict *v = policy_judge(&plan, hash, &host, &set);
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	policy_explain_text(v, &plan, &b);
	policy_explain_json(v, &plan, &b);
	require(v->permitted == v->permit.granted, "a permit too many");
	for (size_t i = 0; i < v->n; i++)
		require(!v->permitted || v->findings[i].permitted,
			"permitted in spite of a finding");
	if (v->permitted)
		return;
	require(policy_explain_err(v, &plan, &e) == -1, "no error");
	require(strlen(e.msg) < sizeof(e.msg), "too long");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;

	if (policy_text_parse("fuzz.policy", (const char *)data, size, &p, &e) <
	    0) {
		require(e.kind == ERR_INPUT || e.kind == ERR_LIMIT,
			"another kind of error");
		require(e.msg[0] && !strchr(e.msg, '\n'), "no message");
		require(!p.rules, "written in spite of an error");
		return 0;
	}
	for (size_t i = 0; i < p.n; i++)
		same_again(&p.rules[i]);
	judge(&p);
	return 0;
}
