/* learn_parts.h - what the files of learn share. */
#ifndef ENGINE_LEARN_PARTS_H
#define ENGINE_LEARN_PARTS_H

#include <stdbool.h>
#include "base/json.h"
#include "engine/learn.h"
#include "kernel/seccomp_record.h"

/* One thing that a call does, by the arguments that select it. */
struct variant {
	uint64_t value[SECCOMP_SELECT_MAX];
	bool passes; /* it did, or the recording let it */
	bool added;  /* it is in the result and not in the base */
	uint64_t count;
	const struct record_event *first;
};
struct learned {
	const char *call; /* the record's */
	const struct seccomp_select *by;
	struct variant *v;
	size_t n;
};
struct learned_list {
	struct learned *v; /* by name */
	size_t n;
};

/* Did this event's call go through? */
bool record_passed(const struct record *r, const struct record_event *v);
void learned_collect(const struct records *r, struct learned_list *ret);
void learned_done(struct learned_list *l);
DEFINE_AUTO_DONE(struct learned_list, learned_done);

/* The rules of every variant that is `added`, into an open array. */
void learned_rules(const struct learned_list *l, struct json_out *j);
/* "12 times, first /usr/bin/git with /etc/passwd"; heap. */
char *variant_reason(const struct variant *v);

/* learn_base.c: the base with the rules added; marks what it lacks. */
int learn_upon_base(const char *base, const struct seccomp_facts *facts,
		    struct learned_list *l, struct buf *ret, struct err *e);
/* The text of a profile: built in, or a file's. */
int learn_base_text(const char *base, struct buf *ret, struct err *e);

/* A profile, compiled to be asked. */
struct asked {
	struct blob filters[2];
	size_t n;
};
int asked_compile(const char *name, const struct buf *text,
		  const struct seccomp_facts *facts, struct asked *ret,
		  struct err *e);
bool asked_passes(const struct asked *a, const struct record_event *v);
void asked_done(struct asked *a);
DEFINE_AUTO_DONE(struct asked, asked_done);

#endif
