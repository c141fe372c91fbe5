/*
 * lockdown.c - the phase LOCKDOWN: limits, ids, capabilities, filters.
 *
 * Two orders. With no_new_privs anybody may install Landlock and seccomp, so
 * they come last. Without it only CAP_SYS_ADMIN may: they stand before the
 * capabilities are dropped.
 */
#include "plan/parts.h"

#include <string.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "base/strv.h"
#include "plan/context.h"
#include "plan/ops.h"

#define SELINUX_MODULE DATADIR "/profiles/selinux/immure.cil"

static void add_rlimit(struct build *b, uint32_t resource, uint64_t soft,
		       uint64_t hard)
{
	struct step *t = plan_add(b->p, OP_RLIMIT);

	t->rlimit.resource = resource;
	t->rlimit.soft = soft;
	t->rlimit.hard = hard;
}

void build_rlimits(struct build *b)
{
	const struct spec *s = b->s;
	bool has_nproc = false;
	size_t i;

	for (i = 0; i < s->n_rlimits; i++) {
		has_nproc |= s->rlimits[i].resource == RLIMIT_NPROC;
		add_rlimit(b, (uint32_t)s->rlimits[i].resource,
			   s->rlimits[i].soft, s->rlimits[i].hard);
	}
	/* counted in the sandbox's own user namespace */
	if (!has_nproc && s->pids_limit > 0)
		add_rlimit(b, RLIMIT_NPROC, (uint64_t)s->pids_limit,
			   (uint64_t)s->pids_limit);
}

/* Absolute directories only: "." and "" would mean the working directory. */
static char **path_dirs(char *const *env)
{
	const char *path = strv_getenv(env, "PATH");
	AUTO(strv_free) char **v = strv_split(path ? path : "", ':');
	char **ret = NULL;

	strv_foreach (d, v) {
		if (**d == '/')
			strv_add(&ret, *d);
	}
	return ret;
}

void build_command(struct build *b)
{
	const struct spec *s = b->s;
	struct step *t = plan_add(b->p, OP_CWD);

	t->path.path = xstrdup(s->cwd);
	t = plan_add(b->p, OP_COMMAND);
	t->command.name = xstrdup(s->argv[0]);
	if (!strchr(s->argv[0], '/'))
		t->command.path = path_dirs(s->env);
}

void build_ids(struct build *b)
{
	const struct spec *s = b->s;
	struct step *t = plan_add(b->p, OP_IDS);

	t->ids.uid = s->uid;
	t->ids.gid = s->gid;
	t->ids.set_groups =
		b->has_helper && !(s->bundle && s->bundle->keep_groups);
	if (t->ids.set_groups && s->n_groups) {
		t->ids.groups =
			xmemdup(s->groups, s->n_groups * sizeof(*s->groups));
		t->ids.n_groups = s->n_groups;
	}
}

static void add_ids(struct build *b)
{
	plan_add(b->p, OP_BOUNDING)->caps.set = b->s->caps;
	build_ids(b);
	plan_add(b->p, OP_CAPS)->caps.set = b->s->caps;
}

static int refuse_apparmor(const char *name, enum label_mode mode,
			   struct err *e)
{
	const char *why = mode == LABEL_ABSENT ? "is not loaded"
			  : mode == LABEL_TELLS
				  ? "is in complain mode: it only tells, and "
				    "holds nothing back"
				  : "is in unconfined mode: it has no rules";

	return err_set(e, ERR_HOST,
		       "AppArmor profile %s %s; load it: sudo apparmor_parser "
		       "-r /etc/apparmor.d/%s",
		       name, why, name);
}

static void put_label(struct build *b, enum need need, const char *lsm,
		      const char *label)
{
	struct step *t = plan_add(b->p, OP_LABEL);

	t->need = need;
	t->label.lsm = xstrdup(lsm);
	t->label.label = xstrdup(label);
}

/* A wanted profile that holds nothing is not put on: what is said to be a wall
 * is one. */
static int add_apparmor(struct build *b, struct err *e)
{
	const char *name = b->s->apparmor;
	enum need need = b->s->apparmor_need;
	enum label_mode mode;

	if (!name || need == NEED_OFF || (!b->h->apparmor && need))
		return 0;
	if (!b->h->apparmor)
		return err_set(e, ERR_HOST,
			       "label %s: apparmor is not active on this host: "
			       "leave the label out",
			       name);
	mode = host_label_mode(b->h, name);
	if (mode != LABEL_HOLDS && mode != LABEL_UNKNOWN)
		return need == NEED_WANTED ? 0 : refuse_apparmor(name, mode, e);
	/* nobody can say whether it is there: only who needs it tries */
	if (mode == LABEL_HOLDS || need == NEED_REQUIRED)
		put_label(b, need, "apparmor", name);
	return 0;
}

static int refuse_selinux(const char *label, enum label_mode mode,
			  struct err *e)
{
	auto_free char *type = context_type(label);

	if (mode == LABEL_TELLS)
		return err_set(e, ERR_HOST,
			       "label %s: SELinux is permissive, and holds "
			       "nothing back: sudo setenforce 1",
			       label);
	if (strcmp(type, CONTEXT_TYPE) == 0)
		return err_set(e, ERR_HOST,
			       "label %s: the policy does not have it for us; "
			       "load it: sudo semodule -i " SELINUX_MODULE,
			       label);
	return err_set(e, ERR_HOST, "label %s: the policy does not have it",
		       label);
}

int build_selinux(const struct build *b, bool *ret, struct err *e)
{
	const char *label = b->s->selinux;
	enum need need = b->s->selinux_need;
	enum label_mode mode;

	*ret = false;
	if (!label || need == NEED_OFF || (!b->h->selinux && need))
		return 0;
	if (!b->h->selinux)
		return err_set(e, ERR_HOST,
			       "label %s: selinux is not active on this host: "
			       "leave the label out",
			       *label ? label : CONTEXT_TYPE);
	mode = host_label_mode(b->h, label);
	if (mode != LABEL_HOLDS && mode != LABEL_UNKNOWN)
		return need == NEED_WANTED ? 0 : refuse_selinux(label, mode, e);
	*ret = mode == LABEL_HOLDS || need == NEED_REQUIRED;
	return 0;
}

static int add_selinux(struct build *b, struct err *e)
{
	bool on;

	if (build_selinux(b, &on, e) < 0)
		return -1;
	if (on)
		put_label(b, b->s->selinux_need, "selinux", b->s->selinux);
	return 0;
}

static struct blob copy_blob(const struct blob *from)
{
	struct blob b = *from;

	b.name = xstrdup(from->name);
	b.data = xmemdup(from->data, from->size);
	return b;
}

static int add_record(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	struct step *t;

	if (!s->record_filter || !s->record_judge)
		return err_set(e, ERR_BUG, "seccomp profile %s: not compiled",
			       s->seccomp);
	t = plan_add(b->p, OP_RECORD);
	t->record.mode = s->record_mode;
	t->record.all = s->record_all;
	t->record.filter = copy_blob(s->record_filter);
	t->record.judge = copy_blob(s->record_judge);
	return 0;
}

int build_filters(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	size_t i;

	if (!s->seccomp)
		return 0;
	if (s->record)
		return add_record(b, e);
	if (!s->n_seccomp_filter)
		return err_set(e, ERR_BUG, "seccomp profile %s: not compiled",
			       s->seccomp);
	for (i = 0; i < s->n_seccomp_filter; i++) {
		struct step *t = plan_add(b->p, OP_SECCOMP);

		t->seccomp.filter = copy_blob(&s->seccomp_filter[i]);
	}
	return 0;
}

static int add_walls(struct build *b, struct err *e)
{
	if (add_apparmor(b, e) || add_selinux(b, e) || build_landlock(b, e))
		return -1;
	plan_add(b->p, OP_FDS);
	return build_filters(b, e);
}

int build_lockdown(struct build *b, struct err *e)
{
	const struct spec *s = b->s;

	build_rlimits(b);
	plan_add(b->p, OP_UMASK)->umask.mask = s->umask;
	build_command(b);
	if (!s->no_new_privs && add_walls(b, e))
		return -1;
	add_ids(b);
	if (!s->no_new_privs)
		return 0;
	plan_add(b->p, OP_NNP);
	return add_walls(b, e);
}
