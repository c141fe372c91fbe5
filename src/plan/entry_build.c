/*
 * entry_build.c - the plan of a program that enters a container: its
 * namespaces, then the same lockdown as the container's own program.
 *
 * Nothing of the container is made or changed here.
 */
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/strv.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/maps.h"
#include "plan/ops.h"
#include "plan/parts.h"

static void add_facts(const struct spec *s, struct plan *p)
{
	p->kind = PLAN_ENTRY;
	p->subject = xasprintf("container %s", s->bundle->entered);
	p->no_nnp = !s->no_new_privs;
	p->no_seccomp = !s->seccomp;
	p->no_landlock = true;
}

static int add_map(struct build *b, struct err *e)
{
	if (maps_outer(&b->uids, b->s->uid) < 0 ||
	    maps_outer(&b->gids, b->s->gid) < 0)
		return err_set(e, ERR_INPUT,
			       "the user %u:%u is not in the maps of the "
			       "container's user namespace",
			       b->s->uid, b->s->gid);
	build_map_there(b);
	return 0;
}

static int add_start(struct build *b, struct err *e)
{
	bool is_user = b->s->n_uid_map;
	struct step *t;

	build_joins(b);
	plan_add(b->p, OP_CLONE);
	if (is_user && add_map(b, e) < 0)
		return -1;
	b->has_helper = !is_user || b->s->bundle->set_groups;
	if (b->s->bundle->entered_cgroup)
		plan_add(b->p, OP_INCGROUP)->incgroup.lines =
			strv_copy(b->s->bundle->entered_cgroup);
	if (b->s->keyring)
		plan_add(b->p, OP_KEYRING);
	t = plan_add(b->p, OP_ENTER);
	t->enter.root = is_user;
	t->enter.set_groups =
		is_user && b->has_helper && !b->s->bundle->keep_groups;
	if (b->s->terminal) {
		t = plan_add(b->p, OP_PTY);
		t->pty.uid = b->s->uid;
		t->pty.gid = UINT32_MAX; /* as devpts gave it */
	}
	plan_add(b->p, OP_SESSION);
	return 0;
}

struct plan *plan_build_entry(const struct spec *s, const struct host *h,
			      struct err *e)
{
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct build b = BUILD_OF(s, h, p);

	add_facts(s, p);
	if (add_start(&b, e) < 0 || bundle_lockdown(&b, e) < 0)
		return NULL;
	plan_add(p, OP_VERIFY);
	build_exec(&b);
	return TAKE(p);
}
