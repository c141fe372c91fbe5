/*
 * engine.h - the recipe, and the only caller of resolve, build, judge and
 * launch. Front ends give a request and get a result.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "immure/container.h"
#include "immure/host.h"
#include "immure/plan.h"
#include "immure/request.h"
#include "immure/verdict.h"

/* One command's view of the world: host probed, store open, policy read. */
struct engine;
struct engine *engine_open(struct err *e);
/* The same for bundles: what the engine that wrote config.json asked for is
 * permitted, unless the site's policy says otherwise; the caller's own rights
 * are known. */
struct engine *engine_open_bundles(struct err *e);
/* The host alone: without policies, for what nobody judges. */
struct engine *engine_open_host(struct err *e);
void engine_free(struct engine *g);
DEFINE_AUTO(struct engine *, engine_free);
const struct host *engine_host(const struct engine *g);
/* The same, with its protected objects; NULL with *e. */
struct host *engine_probe_protected(struct engine *g, struct err *e);
/* With where a cgroup could be made, and by whom. */
int engine_probe_cgroups(struct engine *g, struct err *e);
/* The policies in force: the system's layer, the user's. */
const struct policy_set *engine_policy(const struct engine *g);
/* The store, opened at the first call. NULL with *e. */
struct store *engine_store(struct engine *g, struct err *e);
/* This file instead of the user's own ones (--policy FILE). */
int engine_use_policy(struct engine *g, const char *file, struct err *e);

/* request -> plan. The plan owns all it needs. */
struct plan *engine_plan(struct engine *g, const struct request *r,
			 struct err *e);
/* The signal that ends what was planned last, gently. */
int engine_stop_signal(const struct engine *g);
/* Until the engine is freed, the layers of the image that was last planned
 * stay, whoever removes the image meanwhile. */
int engine_hold(struct engine *g, struct err *e);
/* The plan has started: the container made for it (--keep) stays. */
void engine_started(struct engine *g);
/* Probes what the host protects, when the plan shows objects of the host. */
int engine_protect(struct engine *g, const struct plan *p, struct err *e);
/* plan -> verdict; NULL with *e when the host cannot be asked. */
struct verdict *engine_judge(struct engine *g, const struct plan *p,
			     struct err *e);

/* Where a decision is told of that could not be logged, or NULL. */
typedef void engine_warn(const char *line);
/*
 * The verdict on what is about to be done, written to the audit log: for
 * every front end that carries a plan out. A log that cannot be written is
 * told to `warn`, or, where the policy requires the log, is the error.
 */
struct verdict *engine_decide(struct engine *g, const struct plan *p,
			      engine_warn *warn, struct err *e);
/* All lines of the audit log, oldest first. */
int engine_audit_log(struct engine *g, struct buf *ret, struct err *e);

struct run_sums { /* what is in a record: see monitor/record.h */
	uint64_t calls, distinct, denied, dropped;
	bool io_uring;
};
struct run_options {
	engine_warn *warn;
	bool explain;	       /* write the table of walls before go … */
	int explain_fd;	       /* … here */
	struct run_sums *sums; /* filled after a recorded run; or NULL */
};
/* plan, judge, launch, supervise in the foreground. A recording (r->record)
 * empties that file before the start. */
int engine_run(struct engine *g, const struct request *r,
	       const struct run_options *o, struct run_result *ret,
	       struct err *e);

#endif
