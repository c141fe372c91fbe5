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
	 * strings are static, the plan's, or among `own`. */
	const char *value[KEY_COUNT];
	char **own;
	/* of a capability its number; of a limit the most there is, UINT64_MAX:
	 * unlimited; of what may be required whether it is so, and of Landlock
	 * the version */
	uint64_t number;
	const struct peer *peer; /* who asks; NULL: not known */
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
	const struct peer *peer;
};

/* The facts of a plan; they point into it. */
void facts_init(struct facts *f, const struct plan *p, const struct host *h);
/* The same, of one that `peer` asks for; NULL: nobody known. */
void facts_init_for(struct facts *f, const struct plan *p, const struct host *h,
		    const struct peer *peer);
void facts_done(struct facts *f);
DEFINE_AUTO_DONE(struct facts, facts_done);

/* A new fact at the end, for its caller to fill; `what` is printf's. */
struct fact *facts_add(struct facts *f, enum rule_subject subject, int step,
		       const char *what, ...)
	__attribute__((format(printf, 4, 5)));

/* Gives `s` to the fact, which frees it; returns it. */
const char *facts_own(struct fact *fact, char *s);

/* suid, dev, exec: what MOUNT_ATTR_* leave possible. */
void facts_flags(struct fact *fact, uint64_t attr);

/* ---- facts_bind.c, facts_absent.c, …: parts of facts_init ---- */
/* How much there is of every resource that can be limited. */
void facts_of_limits(struct facts *f);
/* Whether what can be required is so; call it last. */
void facts_of_requirements(struct facts *f);
void facts_of_bind(struct facts *f, const struct step *s, int i);
void facts_of_relabel(struct facts *f, const struct step *s, int i);
void facts_of_tree(struct facts *f, const struct step *s, int i);
void facts_of_rootfs(struct facts *f, const char *path,
		     const struct object_id *id, int i);
void facts_of_absence(struct facts *f);
/* Is the fact's object that protected one, above it, or (a tree) in it? */
bool facts_touch(const struct fact *f, const struct protected_object *o);
/* The first step of this kind that is carried out, or NULL. */
const struct step *facts_find(const struct facts *f, enum op op);

#endif
