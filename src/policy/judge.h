/*
 * judge.h - plan + policy -> verdict. Pure. The only writer of a permit.
 */
#ifndef POLICY_JUDGE_H
#define POLICY_JUDGE_H

#include "base/cleanup.h"
#include "immure/verdict.h"

/*
 * Every layer of `set` must permit every fact that the plan shows; an empty
 * set permits nothing. `hash` is that of `p` (plan/hash) and goes into the
 * permit; `host` gives the protected objects. Never fails: the worst verdict
 * is a denial.
 */
struct verdict *policy_judge(const struct plan *p,
			     const uint8_t hash[PLAN_HASH_LEN],
			     const struct host *h,
			     const struct policy_set *set);
/* The same for somebody else than the host's caller: `peer` asks, `host` is
 * whose rights are used. */
struct verdict *policy_judge_for(const struct plan *p,
				 const uint8_t hash[PLAN_HASH_LEN],
				 const struct host *h, const struct peer *peer,
				 const struct policy_set *set);
DEFINE_AUTO(struct verdict *, verdict_free);
DEFINE_AUTO(struct policy_set *, policy_set_free);

#endif
