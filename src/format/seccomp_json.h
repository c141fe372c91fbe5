/*
 * seccomp_json.h - OCI / docker seccomp profiles (runtime-spec
 * config-linux.md "Seccomp"; docker's includes/excludes/archMap). Pure: call
 * names stay names; kernel/seccomp turns them into numbers and BPF.
 */
#ifndef FORMAT_SECCOMP_JSON_H
#define FORMAT_SECCOMP_JSON_H

#include <stddef.h>
#include <stdint.h>
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/seccomp.h"

/* What includes/excludes are decided by. */
struct seccomp_facts {
	uint64_t caps;	   /* bit n: capability n */
	const char *arch;  /* "amd64" */
	unsigned kernel_major, kernel_minor;
};
int seccomp_json_parse(const char *name, const char *p, size_t n,
		       const struct seccomp_facts *facts,
		       struct seccomp_profile *ret, struct err *e);
DEFINE_AUTO_DONE(struct seccomp_profile, seccomp_profile_done);

#endif
