/*
 * policy_text.h - text of a policy file -> struct policy. Errors say
 * file:line:column, the unknown word and the nearest known one. Pure.
 */
#ifndef FORMAT_POLICY_TEXT_H
#define FORMAT_POLICY_TEXT_H

#include <stddef.h>
#include "base/cleanup.h"
#include "immure/policy.h"

#define POLICY_MAX (256u << 10)

int policy_text_parse(const char *file, const char *p, size_t n,
		      struct policy *ret, struct err *e);
/*
 * Moves the rules of `more` behind those of `base`: one layer, and the last
 * match, so `more`, wins. `more` is empty afterwards.
 */
void policy_extend(struct policy *base, struct policy *more);
DEFINE_AUTO_DONE(struct policy, policy_done);

#endif
