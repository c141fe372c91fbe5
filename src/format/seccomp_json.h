/*
 * seccomp_json.h - OCI / docker seccomp profiles (runtime-spec
 * config-linux.md "Seccomp"; docker's includes/excludes/archMap). Pure: call
 * names stay names; kernel/seccomp turns them into numbers and BPF.
 */
#ifndef FORMAT_SECCOMP_JSON_H
#define FORMAT_SECCOMP_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/err.h"
#include "immure/seccomp.h"

#define SECCOMP_JSON_MAX (1u << 20) /* bytes of a profile */

struct json_object;

/* What includes/excludes are decided by. */
struct seccomp_facts {
	uint64_t caps;	  /* bit n: capability n */
	const char *arch; /* "amd64", "arm64" */
	unsigned kernel_major, kernel_minor;
	/* A profile that an engine hands over, meant as runc and crun take
	 * it: this machine's architecture is always among its own. */
	bool of_engine;
};

/*
 * Parses a profile; `name` is its name in messages. Unknown members, actions,
 * operators, flags, architectures and capabilities are ERR_INPUT, naming the
 * nearest word. One member is our own: a rule with "otherwise": true and no
 * arguments decides what happens when no other rule of the call does (other
 * runtimes read it as a plain rule, which is never weaker).
 */
int seccomp_json_parse(const char *name, const struct buf *text,
		       const struct seccomp_facts *facts,
		       struct seccomp_profile *ret, struct err *e);
/* The same for the linux.seccomp object of an OCI config.json. */
int seccomp_json_read(const char *name, struct json_object *o,
		      const struct seccomp_facts *facts,
		      struct seccomp_profile *ret, struct err *e);
DEFINE_AUTO_DONE(struct seccomp_profile, seccomp_profile_done);

#endif
