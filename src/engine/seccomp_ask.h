/*
 * seccomp_ask.h - questions about system call filters: what a profile, a
 * file of BPF or a running process lets through. Text or JSON is added to a
 * buffer; nothing is run.
 */
#ifndef ENGINE_SECCOMP_ASK_H
#define ENGINE_SECCOMP_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/spec.h"

struct filters; /* filters of one source, with their profile if it has one */

/* What a profile's includes and excludes are decided by. */
struct filters_ask {
	const char *arch;   /* "amd64", "arm64"; NULL: this machine */
	uint64_t caps;	    /* bit n: capability n */
	const char *kernel; /* "6.1"; NULL: the running one */
};
/*
 * `word`: a built-in profile's name, a process id, or the path of a profile
 * (JSON; also of an OCI config.json) or of raw BPF. NULL with *e: ERR_MISSING
 * when it is none of these. A profile that a start would refuse is opened all
 * the same, and its answers are those of the stricter of contradicting rules.
 */
struct filters *filters_open(const char *word, const struct filters_ask *ask,
			     struct err *e);
/* Copies of `n` programs that are installed over each other, outermost first:
 * of a sandbox that runs, as its launcher has set and verified them. */
struct filters *filters_open_stack(const char *name, const struct blob *v,
				   size_t n, struct err *e);
void filters_free(struct filters *f);
DEFINE_AUTO(struct filters *, filters_free);
/* 0, or -1 with the reason why a profile has no filters at all. */
int filters_check(const struct filters *f, struct err *e);

/* Counts, calls by how they end, what is dangerous among what passes. */
void filters_show(const struct filters *f, bool json, struct buf *b);
/* Each named call's rules, in the order in which they decide; ERR_USAGE for a
 * name that is no call. All calls by rules when `calls` is empty. */
int filters_explain(const struct filters *f, char *const *calls, bool json,
		    struct buf *b, struct err *e);
/* The number of calls that fare differently. */
size_t filters_diff(const struct filters *a, const struct filters *b, bool json,
		    struct buf *out);
/*
 * Findings, and for a profile the proof that its filters do what it says: it
 * is opened again for every machine, as `ask` opened it. How many findings; a
 * proof that fails is one. -1 with *e.
 */
int filters_lint(const struct filters *f, const struct filters_ask *ask,
		 bool json, struct buf *b, struct err *e);
/* The instructions, with the names of calls. */
void filters_asm(const struct filters *f, struct buf *b);
/*
 * What happens to calls written as "socket(40,1,0)", "i386:socketcall(1)",
 * "41(AF_VSOCK)". How many do not pass.
 */
int filters_emulate(const struct filters *f, char *const *calls, bool json,
		    struct buf *b, struct err *e);

#endif
