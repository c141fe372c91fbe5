/*
 * seccomp_record.h - a profile as a filter that asks: what the profile
 * denies (or every call) goes to a listener, which answers.
 */
#ifndef KERNEL_SECCOMP_RECORD_H
#define KERNEL_SECCOMP_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/seccomp.h"
#include "immure/spec.h"

struct seccomp_record_how {
	bool all;     /* calls that pass are told, too */
	bool allow;   /* what the profile denies will be let pass */
	bool patient; /* only a fatal signal interrupts (Linux 5.19) */
};

/*
 * `filter` is to be installed with seccomp_listen. A denied call that can
 * be answered is notified; one that kills kills, unless `allow`. Where nobody
 * listens any more, what is notified fails with ENOSYS. `judge` is the
 * profile as one program, for seccomp_emulate; not to be installed. Refuses
 * what seccomp_compile refuses, and, without `allow`, a profile under which
 * the listener could not be handed over (sendmsg).
 */
struct seccomp_recorded {
	struct blob filter, judge;
};
int seccomp_record_compile(const char *name, const struct seccomp_profile *p,
			   const struct seccomp_record_how *how,
			   struct seccomp_recorded *ret, struct err *e);
void seccomp_recorded_done(struct seccomp_recorded *r);
DEFINE_AUTO_DONE(struct seccomp_recorded, seccomp_recorded_done);
/* Calls that every program makes, all the time: never told when they pass.
 * NULL-terminated names. */
extern const char *const seccomp_record_quiet[];

/*
 * The arguments by which calls do different things: a call is told apart by
 * these, and allowed for these alone. NULL: it is one thing.
 */
#define SECCOMP_SELECT_MAX 3
struct seccomp_select {
	const char *call;
	size_t n;
	struct {
		unsigned index;
		uint64_t mask; /* the bits that count */
	} arg[SECCOMP_SELECT_MAX];
};
const struct seccomp_select *seccomp_select_find(const char *call);

#endif
