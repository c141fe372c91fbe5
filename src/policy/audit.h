/*
 * audit.h - findings about a plan or a running process, by one table. Pure.
 * A plan that no policy permits is audited all the same.
 */
#ifndef POLICY_AUDIT_H
#define POLICY_AUDIT_H

#include "base/cleanup.h"
#include "immure/audit.h"
#include "immure/host.h"
#include "immure/plan.h"

DEFINE_AUTO_DONE(struct audit, audit_done);

/* The row of a breach; never NULL. */
const struct audit_row *audit_row(enum audit_breach breach);
/* By "CVE-…", or NULL. */
const struct audit_cve *audit_cve(const char *id);
size_t audit_cve_count(void);
const char *audit_severity_word(enum audit_severity s);
unsigned audit_severity_points(enum audit_severity s);
const char *audit_wall_word(enum audit_wall w);
const char *audit_wall_text(enum audit_wall w);
const char *audit_state_word(enum audit_state s);

/* Adds a place where `breach` shows; `what` is printf's. */
void audit_add(struct audit *a, enum audit_breach breach, int step,
	       const char *what, ...) __attribute__((format(printf, 4, 5)));
/* Says that it cannot be seen, nor (`whole`) anything of its wall; `why` is
 * static. */
void audit_unseen(struct audit *a, enum audit_breach breach, bool whole,
		  const char *why);
bool audit_has(const struct audit *a, enum audit_breach breach);
/* What the plan shows by itself. The host's protected objects must have been
 * probed. What the filters admit is added by the engine. */
void audit_plan(struct audit *a, const struct plan *p, const struct host *h);
/* ---- what both kinds of audit ask ---- */
/* The breach that a capability (by number) is. */
enum audit_breach audit_of_cap(uint64_t cap);
/* Does the name of a variable say that its value is a secret? */
bool audit_is_secret(const char *name);

/* Sorts, adds up the score and the walls: after everything was added. */
void audit_conclude(struct audit *a);

#endif
