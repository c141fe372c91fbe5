/*
 * seccomp.h - a parsed seccomp profile: rules over names of system calls.
 * Written by format/seccomp_json, compiled by kernel/seccomp.
 */
#ifndef IMMURE_SECCOMP_H
#define IMMURE_SECCOMP_H

#include <stddef.h>
#include <stdint.h>

/* Values are those of seccomp(2)'s return values without the errno. */
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
enum seccomp_cmp { CMP_NE, CMP_LT, CMP_LE, CMP_EQ, CMP_GE, CMP_GT,
		   CMP_MASKED_EQ };

struct seccomp_arg {
	unsigned index;	 /* 0…5 */
	enum seccomp_cmp op;
	uint64_t value;	 /* MASKED_EQ: the mask */
	uint64_t value2; /* MASKED_EQ: compared with */
};
struct seccomp_rule {
	char **names;
	enum seccomp_act act;
	uint32_t err;	   /* errno for ERRNO */
	struct seccomp_arg *args; /* all must hold */
	size_t n_args;
};
struct seccomp_profile {
	enum seccomp_act dflt;
	uint32_t dflt_errno;
	char **arches;	   /* "SCMP_ARCH_X86_64", … ; NULL: native */
	uint64_t flags;	   /* SECCOMP_FILTER_FLAG_* */
	struct seccomp_rule *rules; /* those whose includes/excludes hold */
	size_t n_rules;
};
void seccomp_profile_done(struct seccomp_profile *p);

#endif
