/*
 * audit.c - a plan's findings: what it shows, and what its filters answer; a
 * process's: what the kernel reports, and what it tells nobody.
 */
#include "engine/audit.h"

#include <linux/sched.h>

#include "base/table.h"
#include "engine/doors.h"
#include "engine/effective.h"
#include "kernel/inspect.h"
#include "plan/build.h"
#include "policy/audit.h"

int engine_audit_plan(struct engine *g, const struct plan *p, struct audit *ret,
		      struct err *e)
{
	AUTO(audit_done) struct audit a = { 0 };

	if (engine_protect(g, p, e) < 0 || engine_probe_cgroups(g, e) < 0)
		return -1;
	audit_plan(&a, p, engine_host(g));
	doors_ask(p, &a);
	audit_conclude(&a);
	*ret = a;
	a = (struct audit){ 0 };
	return 0;
}

/* ---- a process ---- */

static const struct {
	uint64_t flag;
	enum audit_breach breach;
} namespaces[] = {
	{ CLONE_NEWNS, BREACH_MOUNT_NS },
	{ CLONE_NEWPID, BREACH_PID_NS },
	{ CLONE_NEWIPC, BREACH_IPC_NS },
	{ CLONE_NEWUTS, BREACH_UTS_NS },
	{ CLONE_NEWCGROUP, BREACH_CGROUP_NS },
	{ CLONE_NEWTIME, BREACH_TIME_NS },
	{ CLONE_NEWUSER, BREACH_USER_NS },
	{ CLONE_NEWNET, BREACH_HOST_NET },
};

static void add_unseen(const struct effective *x, struct audit *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (x->unseen_ns & namespaces[i].flag)
			audit_unseen(a, namespaces[i].breach, true,
				     "you may not compare its namespaces");
	if (!x->has_mounts || x->unseen_ns & CLONE_NEWNS)
		audit_unseen(a, BREACH_PROTECTED_READABLE, true,
			     "you may not read its mounts");
	if (!x->has_env)
		audit_unseen(a, BREACH_SECRET, false,
			     "you may not read its environment");
	if (x->seccomp == 2)
		audit_unseen(a, BREACH_DOOR_FAMILIES, false,
			     "what its filters admit takes tracing it");
	if (x->max_processes == UINT64_MAX)
		audit_unseen(a, BREACH_PROCESSES, false,
			     "limits of its cgroup are not looked at");
	audit_unseen(a, BREACH_KEYRING, false, "no process can be asked");
	audit_unseen(a, BREACH_NESTED_USERNS, false,
		     "the limit can be read inside only");
	if (!audit_has(a, BREACH_LANDLOCK_MISSING))
		audit_unseen(a, BREACH_LANDLOCK, true,
			     "the kernel tells nobody of Landlock rules");
}

/* What no plan of ours has. */
static void add_more(const struct effective *x, struct audit *a)
{
	uint64_t held = x->cap_prm | x->cap_eff;

	if (!((x->own_ns | x->unseen_ns) & CLONE_NEWNS))
		audit_add(a, BREACH_PROTECTED_READABLE, -1,
			  "its tree is the caller's own");

	if (x->cap_inh | x->cap_amb)
		audit_add(a, BREACH_CAP_INHERITED, -1,
			  "inheritable %llx, ambient %llx",
			  (unsigned long long)x->cap_inh,
			  (unsigned long long)x->cap_amb);
	if (!x->no_new_privs && x->cap_bnd & ~held)
		audit_add(a, BREACH_CAP_BOUNDING, -1,
			  "bounding %llx, permitted %llx",
			  (unsigned long long)x->cap_bnd,
			  (unsigned long long)held);
}

int engine_audit_process(struct engine *g, pid_t pid, struct audit *ret,
			 struct err *e)
{
	AUTO(effective_done) struct effective x = { 0 };
	AUTO(audit_done) struct audit a = { .is_process = true };
	AUTO(plan_free) struct plan *p = NULL;

	if (inspect_process(pid, &x, e) < 0)
		return -1;
	p = effective_plan(&x, engine_host(g));
	if (engine_protect(g, p, e) < 0)
		return -1;
	audit_plan(&a, p, engine_host(g));
	/* steps of that plan are nobody's */
	for (size_t i = 0; i < a.n; i++)
		for (size_t k = 0; k < a.v[i].n_hits; k++)
			a.v[i].hits[k].step = -1;
	add_more(&x, &a);
	add_unseen(&x, &a);
	audit_conclude(&a);
	*ret = a;
	a = (struct audit){ 0 };
	return 0;
}
