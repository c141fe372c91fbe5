/*
 * run_args.h - the command line of run, plan, check and diff as a request:
 * docker's and podman's words, nothing looked up, nothing decided.
 */
#ifndef CLI_RUN_ARGS_H
#define CLI_RUN_ARGS_H

#include <stdbool.h>
#include "base/cleanup.h"
#include "base/option.h"
#include "immure/request.h"

#define CPUS_PERIOD 100000 /* µs */

struct run_args {
	struct request r;
	char **env_files, **env_words; /* as given; files count first */
	bool host;		       /* --host */
	enum tristate rm;
	char *policy, *format;
	char *plan;   /* check, audit: a saved plan instead of all the rest */
	char *docker; /* check, plan, audit: so is a request of that API, */
	char *bundle; /* and the directory of an OCI bundle */
	char *audit_pid, *fail_on; /* audit */
	bool explain, full;
	int64_t cpus;	 /* --cpus: the quota, with a period of CPUS_PERIOD */
	char **security; /* "seccomp", … : what --security-opt has said */
};

/* Where relative words and bare variables lead. */
struct run_context {
	char *const *env; /* the caller's, KEY=VALUE */
	const char *cwd;  /* absolute */
};

/* The shared flags, and those that only one command has. */
extern const struct option run_rows[];
extern const struct option run_only_rows[], plan_only_rows[], check_only_rows[],
	audit_only_rows[], audit_process_rows[];

/*
 * Parses flags, IMAGE and words. OPTION_OK: *ret is filled, give it to
 * run_args_done. Contradictions: ERR_USAGE that names both flags.
 */
enum option_result run_args_parse(const struct option_table *t,
				  char *const *args,
				  const struct run_context *c,
				  struct run_args *ret, struct err *e);
void run_args_done(struct run_args *a);
DEFINE_AUTO_DONE(struct run_args, run_args_done);

/* run_clash.c: no two of these flags may say opposite things. */
int run_args_check(const struct run_args *a, struct err *e);
/* run_security.c: the setter of --security-opt */
int run_security_opt(void *target, const struct option *o, const char *value,
		     struct err *e);

#endif
