/*
 * record_needs.h - what a call wants of the file system: names, and the
 * Landlock rights without which it would fail.
 */
#ifndef MONITOR_RECORD_NEEDS_H
#define MONITOR_RECORD_NEEDS_H

#include "immure/spec.h"
#include "kernel/seccomp_calls.h"
#include "kernel/seccomp_notify.h"
#include "monitor/record_task.h"

struct needs {
	char *name; /* as the call has it, made absolute; or NULL */
	struct landlock_path *v;
	size_t n;
	bool executes; /* the program is another one afterwards */
};
void needs_done(struct needs *n);
DEFINE_AUTO_DONE(struct needs, needs_done);

/* A table of the calls of this machine that name files. */
struct needs_table;
struct needs_table *needs_table_new(const struct seccomp_machine *m);
void needs_table_free(struct needs_table *t);

/* `look`: also names of calls that need no right. */
void needs_of(const struct needs_table *table, const struct task *t,
	      const struct seccomp_call *c, bool look, struct needs *ret);
/* Adds a right; what cannot be written down (no UTF-8) is left out. */
void needs_add(struct needs *n, const char *path, uint64_t access);
/* What is mapped to be executed: read and execute. */
void needs_of_images(const struct task *t, struct needs *ret);
/* A program that the launcher finds by name in these directories. */
void needs_of_command(const struct task *t, const char *name, char *const *path,
		      struct needs *ret);

#endif
