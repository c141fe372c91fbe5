/*
 * launch.h - carries out a permitted plan. Two actors walk one list: the
 * parent (launch.c) and the child (child.c). Whatever single call fails, the
 * payload runs fully confined or not at all.
 */
#ifndef LAUNCH_LAUNCH_H
#define LAUNCH_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "immure/err.h"
#include "immure/plan.h"
#include "immure/verdict.h"
#include "launch/report.h"

struct launching;

struct launch_io {
	int fds[3]; /* become the payload's 0, 1, 2, unless a terminal is
		       in the plan; fds[i] is i or above 2 */
};

/* Where a plan with a gate waits: gate.h says what comes through. */
struct launch_gate {
	int gate;   /* read by the child until it is started */
	int status; /* written by the child when it cannot execute */
};

/* Carries out a HOOK step for the child `pid`. */
struct launch_hooks {
	int (*run)(void *arg, const struct step *s, pid_t pid, struct err *e);
	/* for STATE: the state of the container as JSON, while it is being
	 * created or when it has been; heap */
	char *(*state)(void *arg, pid_t pid, bool created);
	void *arg;
};

/* What is to be launched, by whose permit, with which streams. */
struct launch_order {
	const struct plan *plan;
	const struct permit *permit;
	struct launch_io io;
	const struct launch_gate *gate; /* NULL: none in the plan */
	bool detached; /* no gate, and launch_detach will be called */
	const struct launch_hooks *hooks; /* NULL: none in the plan */
	/* A plan that records: called for each call of the child that waits
	 * on `listener` until it is at VERIFY. 0, or -1: no start. */
	int (*listen)(void *arg, int listener, struct err *e);
	void *listen_arg;
	/* A plan with a cgroup: called before it is made, with the lines that
	 * find it again (kernel/cgroup.h); -1: no start. NULL: nobody asks. */
	int (*note)(void *arg, char *const *lines, struct err *e);
	void *note_arg;
};

struct launched {
	struct launch_cgroup *cgroup; /* its own, or NULL: launch/cgroup.h */
	pid_t pid;		      /* pid 1 of the sandbox */
	int pidfd;
	int pty;	      /* master of its terminal, or -1 */
	int listener;	      /* of its calls, when it is recorded, or -1 */
	int exec_status;      /* of exec: supervise.h says how it is read */
	struct report report; /* what the kernel said of it, verified */
};

/*
 * Runs every step up to and including VERIFY; the child then waits. The permit
 * must be granted for exactly this plan (its hash is computed again). On
 * failure nothing is left.
 */
int launch_prepare(const struct launch_order *o, struct launched *ret,
		   struct launching **ret_l, struct err *e);
/* Says go. From here on the payload runs. */
int launch_go(struct launching *l, struct err *e);
/* For a plan with a gate: from here on the child waits there, and lives
 * without us. */
int launch_detach(struct launching *l, struct err *e);
/* Kills what was prepared and not started. Takes NULL. */
void launch_abort(struct launching *l);

#endif
