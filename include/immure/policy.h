/*
 * policy.h - parsed policy files. Written by format/policy_text, read by
 * policy/. See policy/README.md for the language.
 */
#ifndef IMMURE_POLICY_H
#define IMMURE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/err.h"
#include "immure/host.h"

enum rule_action { RULE_PERMIT, RULE_DENY };

/* A condition: subject op value, e.g. `kind socket`, `under /srv`. */
struct rule_cond {
	char *key;
	char *value;
	/* for path conditions: the object the path resolved to when the file
	 * was loaded (the engine fills it); has_id false: does not exist */
	struct object_id id;
	bool has_id;
};

struct rule {
	enum rule_action action;
	char *what;	/* "bind", "device", "capability", "namespace", … */
	struct rule_cond *conds; /* all must hold */
	size_t n_conds;
	unsigned line, column;
};

struct policy {
	char *file;	/* as shown in messages */
	struct rule *rules;
	size_t n;
};

/* The layers, each must permit: [0] system, then the user's. */
struct policy_set {
	struct policy *layers;
	size_t n;
};

void policy_done(struct policy *p);
void policy_set_free(struct policy_set *s);

#endif
