/*
 * build.c - spec + host -> plan: the phases in their order.
 *
 * Pure. Decides nothing that the spec has not decided; refuses what this
 * host cannot give.
 */
#include "plan/build.h"

#include <string.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/strv.h"
#include "plan/bundle.h"
#include "plan/ops.h"
#include "plan/parts.h"

/* "image NAME@sha256:…", "image sha256:…", "rootfs /p", "host" */
static void add_facts(const struct spec *s, struct plan *p)
{
	const char *name = s->image_name ? s->image_name : "";
	const char *dir = s->n_layers ? s->layers[0].path : "";

	if (s->root == SPEC_ROOT_HOST)
		p->subject = xstrdup("host");
	else if (s->root == SPEC_ROOT_DIR)
		p->subject = xasprintf("rootfs %s", dir);
	else
		p->subject = xasprintf("image %s%s%s", name, *name ? "@" : "",
				       s->image_digest ? s->image_digest : "");
	p->image_name = *name ? xstrdup(name) : NULL;
	p->image_digest = xstrdup(s->image_digest);
	p->image_pinned = s->image_pinned;
	p->annotations = strv_copy(s->annotations);
	p->privileged = s->privileged;
	p->no_nnp = !s->no_new_privs;
	p->no_seccomp = !s->seccomp;
	p->no_landlock = s->landlock == NEED_OFF;
}

int build_sysctls(struct build *b, struct err *e)
{
	strv_foreach (v, b->s->sysctls) {
		size_t n = strcspn(*v, "=");
		struct step *t;

		if (!(*v)[n])
			return err_set(e, ERR_BUG, "sysctl %s has no value",
				       *v);
		t = plan_add(b->p, OP_SYSCTL);
		t->sysctl.name = xstrndup(*v, n);
		t->sysctl.value = xstrdup(*v + n + 1);
	}
	return 0;
}

static int build_net(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	struct step *t;

	if (s->unshare & CLONE_NEWNET)
		plan_add(b->p, OP_LOOPBACK);
	if (s->unshare & CLONE_NEWUTS && s->hostname) {
		t = plan_add(b->p, OP_HOSTNAME);
		t->hostname.name = xstrdup(s->hostname);
	}
	return build_sysctls(b, e);
}

struct step *build_exec(struct build *b)
{
	struct step *t = plan_add(b->p, OP_EXEC);

	t->exec.argv = strv_copy(b->s->argv);
	t->exec.env = strv_copy(b->s->env);
	return t;
}

static void build_go(struct build *b)
{
	plan_add(b->p, OP_VERIFY);
	build_exec(b)->exec.init = b->s->init;
}

struct plan *plan_build(const struct spec *s, const struct host *h,
			struct err *e)
{
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct build b = BUILD_OF(s, h, p);

	if (s->bundle)
		return s->bundle->is_entry ? plan_build_entry(s, h, e)
					   : plan_build_bundle(s, h, e);
	if (!s->argv || !s->argv[0] || !s->cwd) {
		err_set(e, ERR_BUG, "a spec without command or directory");
		return NULL;
	}
	add_facts(s, p);
	if (build_start(&b, e) || build_root(&b, e) || build_net(&b, e) ||
	    build_identity(&b, e) || build_lockdown(&b, e))
		return NULL;
	build_go(&b);
	return TAKE(p);
}
