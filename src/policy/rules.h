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
/*
 * The rule whose word counts: the last that matches; of requirements the
 * first that is not met, and only then the last. NULL: none matches.
 */
const struct rule *rule_decides(const struct policy *layer,
				const struct fact *f);
/*
 * What that rule says. NULL is a denial, but not for what only `limit` and
 * `require` speak of: without a rule nobody asks for it.
 */
bool rule_permits(const struct rule *r, const struct fact *f);
/* Is it a fact that only `limit` and `require` answer? */
bool rule_is_asked(const struct fact *f);
/* `glob` with `*` for any run of characters, and a text. */
bool rule_glob(const char *glob, const char *s);
/* The narrowest line that permits the fact, as it is written in a file. */
void rule_advice(const struct fact *f, struct buf *b);

#endif
