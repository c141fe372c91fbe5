/*
 * change.h - verdicts on the ordinary plan with changes (policy/change.h).
 */
#ifndef TESTS_POLICY_CHANGE_H
#define TESTS_POLICY_CHANGE_H

#include "fixture.h"
#include "policy/change.h"

#define case_of model_case

FIXTURE void case_make(struct case_of *c, const char *text)
{
	struct err e = ERR_INIT;

	assert_ok(model_case_make(text, c, &e), &e);
}

FIXTURE void case_done(struct case_of *c)
{
	model_case_done(c);
}
DEFINE_AUTO_DONE(struct case_of, case_done);

FIXTURE struct step *insert_step(struct plan *p, enum op op)
{
	return model_insert(p, op);
}

FIXTURE struct step *get_step(struct plan *p, enum op op)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].op == op)
			return &p->steps[i];
	fail_msg("no such step");
	return NULL;
}

static const uint8_t some_hash[PLAN_HASH_LEN] = { 0xab, 0xcd, 0xef };

/* The verdict of `set` on the ordinary plan with these changes. */
FIXTURE struct verdict *judge_case(const char *text,
				   const struct policy_set *set)
{
	AUTO(case_done) struct case_of c = { 0 };

	case_make(&c, text);
	return policy_judge_for(c.plan, some_hash, c.host, &c.peer, set);
}

#endif
