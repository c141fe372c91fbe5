/*
 * bundle_lockdown.c - the phase LOCKDOWN of a bundle: exactly the limits, ids,
 * capabilities, labels and filters that it names.
 *
 * The order is the sandbox's (lockdown.c): with no_new_privs the filters come
 * last, without it they need rights and come before these are dropped.
 */
#include "base/alloc.h"
#include "plan/ops.h"
#include "plan/parts.h"

static void copy_numbers(const struct sched_numbers *from,
			 struct sched_numbers *to)
{
	to->n = from->n;
	to->v = from->n ? xmemdup(from->v, from->n * sizeof(*from->v)) : NULL;
}

static void add_scheduling(struct build *b)
{
	const struct bundle *x = b->s->bundle;

	/* a policy of real time takes no processors away any more */
	if (x->is_entry && x->affinity.n)
		copy_numbers(&x->affinity,
			     &plan_add(b->p, OP_AFFINITY)->affinity);
	if (x->has_scheduler)
		plan_add(b->p, OP_SCHEDULER)->scheduler = x->scheduler;
	if (x->has_io_priority)
		plan_add(b->p, OP_IO_PRIORITY)->io_priority = x->io_priority;
	if (x->has_mempolicy) {
		struct step *t = plan_add(b->p, OP_MEMPOLICY);

		t->mempolicy.mode = x->mempolicy.mode;
		t->mempolicy.flags = x->mempolicy.flags;
		copy_numbers(&x->mempolicy.nodes, &t->mempolicy.nodes);
	}
}

static void add_settings(struct build *b)
{
	const struct bundle *x = b->s->bundle;

	if (x->has_oom_score_adj)
		plan_add(b->p, OP_OOM)->oom.adj = x->oom_score_adj;
	if (x->has_persona)
		plan_add(b->p, OP_PERSONA)->persona.domain = x->persona;
	add_scheduling(b);
	plan_add(b->p, OP_UMASK)->umask.mask = b->s->umask;
	build_command(b);
}

static void add_ids(struct build *b)
{
	const struct spec *s = b->s;
	const struct cap_sets *c = &s->bundle->caps;
	struct step *t;

	if (s->uid != 0 && (c->permitted | c->inheritable))
		plan_add(b->p, OP_KEEPCAPS);
	plan_add(b->p, OP_BOUNDING)->caps.set = c->bounding;
	build_ids(b);
	t = plan_add(b->p, OP_CAPSETS);
	t->capsets.permitted = c->permitted;
	t->capsets.effective = c->effective;
	t->capsets.inheritable = c->inheritable;
	t->capsets.ambient = c->ambient;
}

static int add_label(struct build *b, const char *lsm, const char *label,
		     bool is_active, struct err *e)
{
	struct step *t;

	if (!label)
		return 0;
	if (!is_active)
		return err_set(e, ERR_HOST,
			       "label %s: %s is not active on this host", label,
			       lsm);
	t = plan_add(b->p, OP_LABEL);
	t->label.lsm = xstrdup(lsm);
	t->label.label = xstrdup(label);
	return 0;
}

static int add_walls(struct build *b, struct err *e)
{
	/* "-exec": the label itself, not stacked onto the caller's */
	if (add_label(b, "apparmor-exec", b->s->apparmor, b->h->apparmor, e) ||
	    add_label(b, "selinux", b->s->selinux, b->h->selinux, e))
		return -1;
	return build_filters(b, e);
}

static void add_passed(struct build *b)
{
	const struct bundle *x = b->s->bundle;
	struct step *t;

	if (!x->n_passed)
		return;
	t = plan_add(b->p, OP_PASS);
	t->pass.fds = xmemdup(x->passed, x->n_passed * sizeof(*x->passed));
	t->pass.n_fds = x->n_passed;
}

int bundle_lockdown(struct build *b, struct err *e)
{
	bool nnp = b->s->no_new_privs;

	add_settings(b);
	/* then the limits: what is open here may be more than they allow */
	add_passed(b);
	plan_add(b->p, OP_FDS);
	build_rlimits(b);
	if (!nnp && add_walls(b, e))
		return -1;
	add_ids(b);
	if (!nnp)
		return 0;
	plan_add(b->p, OP_NNP);
	return add_walls(b, e);
}
