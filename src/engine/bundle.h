/*
 * bundle.h - the recipe for an OCI bundle: config.json -> spec -> plan ->
 * (engine_decide) -> a container that waits at its gate.
 */
#ifndef ENGINE_BUNDLE_H
#define ENGINE_BUNDLE_H

#include <stdbool.h>
#include "base/json.h"
#include "engine/engine.h"
#include "immure/spec.h"

struct bundle_ask {
	const char *dir;  /* absolute */
	const char *file; /* its config.json, absolute */
	struct buf *text; /* gets what was read there; or NULL */
	const char *id;	  /* of the container; NULL: none yet */
	bool no_cgroups;  /* the cgroup manager is "disabled" */
	bool systemd;	  /* … is "systemd" */
	bool no_keyring;  /* keep the session keyring */
	/* descriptors above 2 for the program, ascending; the last n_listen of
	 * them are told by LISTEN_FDS */
	const uint32_t *passed;
	size_t n_passed;
	unsigned n_listen;
};
/* Both are the caller's (spec_free, plan_free). */
int engine_bundle_plan(struct engine *g, const struct bundle_ask *a,
		       struct spec **ret_spec, struct plan **ret_plan,
		       struct err *e);

/* What a created container waits at: two FIFOs of its state directory. */
struct bundle_gate {
	int gate, status;
};
/* A program that enters a container: `s` is the container's, with the process
 * to be run; `pid` is a process of the container, known to be it. */
struct entry_ask {
	const char *id;
	pid_t pid;
	bool no_keyring;
	const char *rootfs;	/* of the container, on the host */
	char *const *cgroup;	/* its lines, or NULL */
	const uint32_t *passed; /* as in bundle_ask */
	size_t n_passed;
};
int engine_entry_plan(struct engine *g, struct spec *s,
		      const struct entry_ask *a, struct plan **ret,
		      struct err *e);

struct bundle_container {
	const struct spec *spec;
	const struct plan *plan;
	const struct verdict *verdict; /* whose permit it is */
	struct bundle_gate gate;       /* an entry has none: -1 */
	bool detached;		    /* an entry: engine_bundle_detach follows */
	const char *console_socket; /* gets the terminal's master, or NULL */
	/* before its cgroup is made, with the lines that find it again */
	int (*note)(void *arg, char *const *lines, struct err *e);
	/* the state of the container as JSON, for its hooks; heap */
	char *(*state)(void *arg, pid_t pid, bool created);
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
/* From here on it lives without us. An entry has been executed then. */
int engine_bundle_detach(struct bundle_created *c, struct err *e);
/* An entry that is not detached: from here on it runs. */
int engine_bundle_go(struct bundle_created *c, struct err *e);
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
/* ---- the cgroup of a container, by its lines (kernel/cgroup.h) ---- */
/* SIGKILL to all that is in it; it is removed. Gone already is success.
 * `ended`: nothing of the container's can be in it any more, so whoever is, is
 * somebody else: left alone, and the cgroup with them. */
int engine_cgroup_remove(char *const *lines, bool ended, struct err *e);
int engine_cgroup_signal(char *const *lines, int sig, struct err *e);
int engine_cgroup_freeze(char *const *lines, bool frozen, struct err *e);
/* Version 1: a process that stands still, in whatever cgroup somebody moved it
 * to, runs again. Who has ended is a success. */
int engine_cgroup_thaw(pid_t pid, struct err *e);
/* Numbers of all processes in it; heap. */
int engine_cgroup_pids(char *const *lines, pid_t **ret, size_t *ret_n,
		       struct err *e);
/* Writes limits while it runs, and completes *l by what holds already; where it
 * is a scope (else NULL) systemd is told of them, too. */
int engine_cgroup_update(struct engine *g, char *const *lines,
			 const char *scope, struct cgroup_limits *l,
			 struct err *e);
/* How many of its processes were ended for lack of memory. */
int engine_cgroup_oom_kills(char *const *lines, uint64_t *ret, struct err *e);
/* What runc's `events --stats` tells as "data": into the open object. */
int engine_cgroup_stats(char *const *lines, struct json_out *j, struct err *e);

/* Stays until a child of ours ends, and passes signals on to it. */
int engine_bundle_wait(struct bundle_created *c, struct run_result *ret,
		       struct err *e);

#endif
