/*
 * rules.h - does a rule speak of a fact, and which rule of a layer decides.
 * Objects of the host are compared by dev:ino, never by path. Pure.
 */
#ifndef POLICY_RULES_H
#define POLICY_RULES_H

#include <stdbool.h>
#include "base/buf.h"
#include "policy/facts.h"

/*
 * All conditions hold. In a deny, a path also stands for what holds it: to
 * deny a file is to deny the directories above it.
 */
bool rule_matches(const struct rule *r, const struct fact *f);
/* The last rule that matches; NULL: none, which is a denial. */
const struct rule *rule_decides(const struct policy *layer,
				const struct fact *f);
/* The narrowest line that permits the fact, as it is written in a file. */
void rule_advice(const struct fact *f, struct buf *b);

#endif
