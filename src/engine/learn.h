/*
 * learn.h - from what was recorded to the least that would have sufficed: a
 * seccomp profile and Landlock rules, each addition with its reason; and a
 * summary of what was denied.
 */
#ifndef ENGINE_LEARN_H
#define ENGINE_LEARN_H

#include <stddef.h>
#include "base/buf.h"
#include "format/record.h"
#include "format/seccomp_json.h"
#include "immure/err.h"

struct records {
	struct record *v;
	size_t n;
};
void records_done(struct records *r);
DEFINE_AUTO_DONE(struct records, records_done);
/* Reads one more file. */
int records_add(struct records *r, const char *file, struct err *e);

struct learn_sums {
	size_t calls; /* that the profile lets pass, by name */
	size_t added; /* of them, to the base */
	size_t rules; /* for Landlock */
};

struct learn_how {
	const char *base; /* NULL: nothing */
	struct seccomp_facts facts;
};

/*
 * A profile (OCI JSON) under which every recorded call that passed would pass
 * again; proved by its own filter before it is handed out. `base`: NULL, or
 * the profile that it begins with (a built-in's name or a file); without one,
 * all that was not seen is ENOSYS, and the records must hold all calls.
 */
int learn_profile(const struct records *r, const struct learn_how *how,
		  struct buf *ret, struct learn_sums *sums, struct err *e);
/* Landlock rules (format/landlock_rules). */
int learn_landlock(const struct records *r, struct buf *ret,
		   struct learn_sums *sums, struct err *e);
/* What was denied, by call: how often, by whom, what would allow it. */
void denials_text(const struct records *r, struct buf *b);
void denials_json(const struct records *r, struct buf *b);

#endif
