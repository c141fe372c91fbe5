/*
 * lint.h - rules of a layer that do not mean what somebody may think: that
 * never match, that later ones overrule, or that open a known escape. Pure:
 * the objects of the host come from the engine.
 */
#ifndef POLICY_LINT_H
#define POLICY_LINT_H

#include "base/cleanup.h"
#include "immure/host.h"
#include "immure/plan.h"
#include "immure/policy.h"

enum lint_kind { LINT_NEVER, LINT_SHADOWED, LINT_ESCAPE };

struct lint_finding {
	enum lint_kind kind;
	size_t rule; /* index in the layer */
	char *why;   /* a sentence */
};

struct lint {
	struct lint_finding *v; /* by rule */
	size_t n;
};

/* The word of a kind: "never", "shadowed", "escape". */
const char *lint_word(enum lint_kind kind);
void lint_done(struct lint *l);
DEFINE_AUTO_DONE(struct lint, lint_done);

/* What can be said of the rules alone, and of escapes that need no object of
 * the host. Adds to *l. */
void policy_lint(const struct policy *layer, struct lint *l);
/*
 * Does the layer permit the bind of an object (a step of OP_BIND, read-only or
 * not as it says) that is protected, or has a socket in it? Then that is an
 * escape. `host` gives the protected objects.
 */
void policy_lint_bind(const struct policy *layer, const struct host *h,
		      const struct step *bind, struct lint *l);
/* Sorts by rule and drops what is said twice; call it last. */
void policy_lint_sort(struct lint *l);

/* ---- lint_rules.c, lint_escapes.c: parts of policy_lint ---- */
void lint_add(struct lint *l, enum lint_kind kind, size_t rule, const char *why,
	      ...) __attribute__((format(printf, 4, 5)));
void lint_of_rules(const struct policy *layer, struct lint *l);
void lint_of_escapes(const struct policy *layer, struct lint *l);

#endif
