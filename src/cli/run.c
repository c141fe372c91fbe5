/*
 * run.c - `immure run`: a request, handed to the engine; the payload's exit
 * status.
 */
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "plan/resolve.h"

/* The promise that the caller is not in there does not hold then. */
static void warn_of_own_id(const struct engine *g, const struct request *r)
{
	const struct host *h = engine_host(g);

	if (plan_is_forced_single(r, h))
		log_warn("%s: the program runs with your own uid %u; `immure "
			 "doctor` tells the remedy, --userns=single that it "
			 "is meant",
			 h->n_subuid && h->n_subgid ? "no newuidmap"
						    : "no subordinate ids",
			 h->uid);
}

static void warn(const char *line)
{
	log_warn("%s", line);
}

static void tell_record(const struct request *r, const struct run_sums *s)
{
	log_warn("recorded %llu calls, %llu different, %llu that the profile "
		 "denies%s, in %s; a recording observes and does not guard",
		 (unsigned long long)s->calls, (unsigned long long)s->distinct,
		 (unsigned long long)s->denied,
		 r->record_mode && !strcmp(r->record_mode, "allow")
			 ? " (they passed)"
			 : "",
		 r->record);
	if (s->dropped)
		log_warn("%llu more were different, and are not in the record: "
			 "it is full",
			 (unsigned long long)s->dropped);
	if (s->io_uring)
		log_warn("the program uses io_uring: what it does there is not "
			 "seen");
}

/* With a limit of memory the whole sandbox ends (version 2), or the process
 * that asked for more (version 1). */
static void tell_memory(const struct request *r, const struct run_result *n)
{
	if (!n->oom_kills)
		return;
	if (r->limits.memory > 0)
		log_warn("out of memory: the limit of %lld bytes (--memory) "
			 "was reached, and the kernel ended %llu process%s of "
			 "the sandbox",
			 (long long)r->limits.memory,
			 (unsigned long long)n->oom_kills,
			 n->oom_kills == 1 ? "" : "es");
	else
		log_warn("out of memory: the kernel ended %llu process%s of "
			 "the sandbox",
			 (unsigned long long)n->oom_kills,
			 n->oom_kills == 1 ? "" : "es");
}

static int run(const struct command *c, char *const *args, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(engine_free) struct engine *g = NULL;
	struct run_options o = { .explain_fd = STDERR_FILENO, .warn = warn };
	struct run_result result = { 0 };
	struct run_sums sums = { 0 };
	int r = cli_parse_run(c, args, &a, e);

	if (r)
		return r;
	g = engine_open(e);
	if (!g || (a.policy && engine_use_policy(g, a.policy, e)))
		return -1;
	o.explain = a.explain;
	o.sums = &sums;
	warn_of_own_id(g, &a.r);
	if (engine_run(g, &a.r, &o, &result, e))
		return -1;
	if (a.r.record)
		tell_record(&a.r, &sums);
	tell_memory(&a.r, &result);
	if (result.timed_out)
		return err_exit_status(ERR_TIMEOUT);
	return result.status;
}

const struct command command_run = {
	.name = "run",
	.group = "Sandboxes",
	.words = "[flags] IMAGE [COMMAND [ARGUMENT …]]\n"
		 "       immure run [flags] --rootfs DIR [COMMAND …]\n"
		 "       immure run [flags] --host [COMMAND …]",
	.text = "run a program walled in, in the foreground",
	.more = "Flags end at IMAGE (or at the command, without one). The "
		"exit status is the\nprogram's; 124 time-out, 125 immure "
		"failed, 126 not permitted or not executable,\n127 not found, "
		"128+N signal N.\n",
	.options = { .command = "run",
		     .rows = run_rows,
		     .more = run_only_rows,
		     .stop = true },
	.max = CLI_ANY,
	.run = run,
};
