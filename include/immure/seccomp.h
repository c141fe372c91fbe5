/*
 * seccomp.h - a parsed seccomp profile: rules over names of system calls.
 * Written by format/seccomp_json, compiled by kernel/seccomp.
 *
 * What a profile means: of all rules of a call whose tests hold, the one with
 * the strictest action decides (the order of enum seccomp_act; of two equally
 * strict ones, the one that stands first). When none holds: the call's
 * `otherwise` rule, and when it has none, the profile's default.
 */
#ifndef IMMURE_SECCOMP_H
#define IMMURE_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strictest first, as seccomp(2) ranks the actions of stacked filters. */
enum seccomp_act {
	SECCOMP_ACT_KILL_PROCESS,
	SECCOMP_ACT_KILL_THREAD,
	SECCOMP_ACT_TRAP,
	SECCOMP_ACT_ERRNO,
	SECCOMP_ACT_NOTIFY,
	SECCOMP_ACT_TRACE,
	SECCOMP_ACT_LOG,
	SECCOMP_ACT_ALLOW,
};
/* Unsigned, over all 64 bits of the argument. */
enum seccomp_cmp {
	CMP_NE,
	CMP_LT,
	CMP_LE,
	CMP_EQ,
	CMP_GE,
	CMP_GT,
	CMP_MASKED_EQ,
};

struct seccomp_arg {
	unsigned index; /* 0…5 */
	enum seccomp_cmp op;
	uint64_t value;	 /* MASKED_EQ: the mask */
	uint64_t value2; /* MASKED_EQ: compared with */
};
struct seccomp_rule {
	char **names;
	enum seccomp_act act;
	uint32_t err;		  /* errno for ERRNO, message for TRACE */
	struct seccomp_arg *args; /* all must hold, also two of one argument */
	size_t n_args;
	bool otherwise; /* decides only when no other rule of the call does */
	unsigned at;	/* its place in the file's list, from 0 */
};
struct seccomp_profile {
	char *arch; /* OCI name of the machine it is for; NULL: this one */
	enum seccomp_act dflt;
	uint32_t dflt_errno;
	char **arches;		    /* "SCMP_ARCH_X86_64", … ; NULL: native */
	uint64_t flags;		    /* SECCOMP_FILTER_FLAG_* */
	char *listener;		    /* socket that notifications go to */
	char *metadata;		    /* what is told to it; or NULL */
	struct seccomp_rule *rules; /* those whose includes/excludes hold */
	size_t n_rules;
	/* Rules that contradict each other are decided for the stricter one
	 * and reported, instead of being refused: for profiles that another
	 * program hands over and nobody can mend. */
	bool tolerant;
	/* Where the default is an error, calls newer than any that it names
	 * are ENOSYS: who wrote it could not know them. */
	bool newer_unknown;
};
void seccomp_profile_done(struct seccomp_profile *p);

#endif
