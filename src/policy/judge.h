/*
 * judge.h - plan + policy -> verdict. Pure. The only writer of a permit.
 */
#ifndef POLICY_JUDGE_H
#define POLICY_JUDGE_H

#include "base/cleanup.h"
#include "immure/verdict.h"

/*
 * Every layer of `set` must permit every fact that the plan shows (an empty
 * set permits nothing that needs a permit). `host` gives the protected
 * objects. Never fails: no verdict is a denial.
 */
struct verdict *policy_judge(const struct plan *p, const struct host *h,
			     const struct policy_set *set);
DEFINE_AUTO(struct verdict *, verdict_free);
DEFINE_AUTO(struct policy_set *, policy_set_free);

#endif
