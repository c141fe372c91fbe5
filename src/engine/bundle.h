/*
 * bundle.h - the recipe for an OCI bundle: config.json -> spec -> plan ->
 * (engine_decide) -> a container that waits at its gate.
 */
#ifndef ENGINE_BUNDLE_H
#define ENGINE_BUNDLE_H

#include <stdbool.h>
#include "engine/engine.h"
#include "immure/spec.h"

struct bundle_ask {
	const char *dir;  /* absolute */
	const char *file; /* its config.json, absolute */
	bool no_cgroups;  /* the cgroup manager is "disabled" */
	bool no_keyring;  /* keep the session keyring */
};
/* Both are the caller's (spec_free, plan_free). */
int engine_bundle_plan(struct engine *g, const struct bundle_ask *a,
		       struct spec **ret_spec, struct plan **ret_plan,
		       struct err *e);

/* What a created container waits at: two FIFOs of its state directory. */
struct bundle_gate {
	int gate, status;
};
struct bundle_container {
	const struct spec *spec;
	const struct plan *plan;
	const struct verdict *verdict; /* whose permit it is */
	struct bundle_gate gate;
	const char *console_socket; /* gets the terminal's master, or NULL */
	/* the state of the container as JSON, for its hooks; heap */
	char *(*state)(void *arg, pid_t pid);
	void *arg;
};
struct bundle_created {
	pid_t pid;
	int pidfd;
	int pty; /* master, when no socket took it; or -1 */
	struct launching *pending;
	struct launched *launched;
};
void bundle_created_done(struct bundle_created *c);
DEFINE_AUTO_DONE(struct bundle_created, bundle_created_done);
/* Everything up to its verification. On failure nothing is left. */
int engine_bundle_create(const struct bundle_container *c,
			 struct bundle_created *ret, struct err *e);
/* From here on it lives without us. */
int engine_bundle_detach(struct bundle_created *c, struct err *e);
void engine_bundle_abort(struct bundle_created *c);

/*
 * Starts what waits: `gate` and `status` are the FIFOs, opened for writing and
 * for reading. ERR_NOCMD or ERR_NOEXEC when the program cannot be executed.
 */
int engine_bundle_start(int gate, int status, const uint8_t hash[PLAN_HASH_LEN],
			struct err *e);
/* Runs the hooks of a moment, each with `state` on its standard input. */
int engine_bundle_hooks(const struct bundle *b, enum hook_when when,
			const char *state, struct err *e);
/* Stays until a child of ours ends, and passes signals on to it. */
int engine_bundle_wait(struct bundle_created *c, struct run_result *ret,
		       struct err *e);

#endif
