/*
 * facts.h - what a plan shows that a policy may have an opinion about. A
 * plan is turned into a short list of facts, in step order; every fact needs
 * a permit, the ordinary ones too. Pure.
 */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/plan.h"
#include "immure/policy.h"

struct fact {
	enum rule_subject subject;
	int step;   /* index in the plan, -1: the plan as a whole */
	char *what; /* the sentence; heap */
	/* What the fact has, by key: "" for a flag, NULL: has it not. The
	 * strings are static, the plan's, or `own`. */
	const char *value[KEY_COUNT];
	char *own;
	uint64_t number; /* VALUE_MAX; UINT64_MAX: unlimited */
	/* the host object, for path conditions; NULL: there is none */
	const struct object_id *id;
	const struct object_id *parents;
	size_t n_parents;
};

struct facts {
	struct fact *v;
	size_t n;
	const struct plan *plan;
	const struct host *host;
};

/* The facts of a plan; they point into it. */
void facts_init(struct facts *f, const struct plan *p, const struct host *h);
void facts_done(struct facts *f);
DEFINE_AUTO_DONE(struct facts, facts_done);

/* A new fact at the end, for its caller to fill; `what` is printf's. */
struct fact *facts_add(struct facts *f, enum rule_subject subject, int step,
		       const char *what, ...)
	__attribute__((format(printf, 4, 5)));

/* ---- facts_bind.c, facts_absent.c: parts of facts_init ---- */
void facts_of_bind(struct facts *f, const struct step *s, int i);
void facts_of_rootfs(struct facts *f, const char *path,
		     const struct object_id *id, int i);
void facts_of_absence(struct facts *f);
/* Is the fact's object that protected one, above it, or (a tree) in it? */
bool facts_touch(const struct fact *f, const struct protected_object *o);
/* The first step of this kind that is carried out, or NULL. */
const struct step *facts_find(const struct facts *f, enum op op);

#endif
