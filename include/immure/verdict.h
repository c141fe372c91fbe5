/*
 * verdict.h - what the judge says. Only policy_judge (src/policy/judge.c)
 * writes a permit, and launch takes nothing else: no front end gets past.
 */
#ifndef IMMURE_VERDICT_H
#define IMMURE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "immure/plan.h"
#include "immure/policy.h"

/* A rule that speaks of a fact, and what it says. */
struct match {
	bool permits;
	size_t layer; /* of the set */
	char *rule, *file;
	unsigned line;
};

/* One question that a plan raised and how the policy answered it. */
struct finding {
	int step; /* index in the plan, -1: the plan as a whole */
	enum rule_subject subject;
	char *what; /* the fact: "bind of a socket: /run/docker.sock" */
	bool permitted;
	size_t layer;  /* of the set: the one that decided */
	char *rule;    /* the deciding rule as written; NULL: none matched */
	char *file;    /* its file, or the layer's; NULL: no policy at all */
	unsigned line; /* its line; 0 when none matched */
	/* the line to write to permit it; NULL if permitted, and for what a
	 * policy requires */
	char *advice;
	struct match *matches; /* all of them, in order of layers and lines */
	size_t n_matches;
};

struct permit {
	bool granted;
	uint8_t hash[PLAN_HASH_LEN]; /* of the plan that was judged */
};

struct verdict {
	bool permitted;
	struct permit permit;	     /* granted only when permitted */
	uint8_t hash[PLAN_HASH_LEN]; /* of the plan, also when denied */
	bool needs_log;		     /* no log of it, no start */
	struct finding *findings;    /* in step order */
	size_t n;
};

void verdict_free(struct verdict *v);

#endif
