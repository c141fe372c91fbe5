/*
 * build.c - spec + host -> plan: the phases in order. The tree is in
 * build_root.c, Landlock in landlock.c. Pure.
 */
#include "plan/build.h"

#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/idspace.h"
#include "base/strv.h"
#include "plan/build_root.h"
#include "plan/landlock.h"
#include "plan/maps.h"
#include "plan/ops.h"

static int build_ns(struct plan *p, const struct spec *s, const struct host *h,
		    struct err *e)
{
	struct step *t = plan_add(p, OP_CLONE);

	t->clone.flags = s->unshare | CLONE_NEWUSER;
	t = plan_add(p, OP_IDMAP);
	t->idmap.how = s->single_id ? IDMAP_DIRECT : IDMAP_HELPER;
	t->idmap.setgroups = !s->single_id;
	if (idspace_outer(h, s->single_id, &t->idmap.uids, &t->idmap.gids, e) <
	    0)
		return -1;
	if (h->uid == 0) /* root writes every map itself */
		t->idmap.how = IDMAP_DIRECT;
	if (t->idmap.how == IDMAP_HELPER) {
		t->idmap.newuidmap = xstrdup(h->newuidmap);
		t->idmap.newgidmap = xstrdup(h->newgidmap);
	}
	if (s->keyring)
		plan_add(p, OP_KEYRING);
	return 0;
}

static void build_net(struct plan *p, const struct spec *s)
{
	if (s->unshare & CLONE_NEWNET)
		plan_add(p, OP_LOOPBACK);
	if ((s->unshare & CLONE_NEWUTS) && s->hostname)
		plan_add(p, OP_HOSTNAME)->hostname.name = xstrdup(s->hostname);
	strv_foreach (word, s->sysctls) {
		struct step *t = plan_add(p, OP_SYSCTL);
		size_t n = strcspn(*word, "=");

		t->sysctl.name = xstrndup(*word, n);
		t->sysctl.value = xstrdup((*word)[n] ? *word + n + 1 : "");
	}
}

static int build_identity(struct plan *p, const struct spec *s, struct err *e)
{
	struct idmap_list uids = { s->uid_map, s->n_uid_map };
	struct idmap_list gids = { s->gid_map, s->n_gid_map };
	const struct idmap_list ouids = p->steps[1].idmap.uids;
	const struct idmap_list ogids = p->steps[1].idmap.gids;
	struct step *t;

	if (!s->nested_userns)
		plan_add(p, OP_NSLIMIT)->nslimit.value = 1;
	t = plan_add(p, OP_USERNS);
	if (maps_split(&uids, &ouids, &t->userns.uids, e) < 0 ||
	    maps_split(&gids, &ogids, &t->userns.gids, e) < 0)
		return -1;
	plan_add(p, OP_SESSION);
	return 0;
}

static void add_rlimits(struct plan *p, const struct spec *s)
{
	struct step *t;

	for (size_t i = 0; i < s->n_rlimits; i++) {
		t = plan_add(p, OP_RLIMIT);
		t->rlimit.resource = (uint32_t)s->rlimits[i].resource;
		t->rlimit.soft = s->rlimits[i].soft;
		t->rlimit.hard = s->rlimits[i].hard;
	}
	if (s->pids_limit < 0)
		return;
	t = plan_add(p, OP_RLIMIT);
	t->rlimit.resource = RLIMIT_NPROC;
	t->rlimit.soft = t->rlimit.hard = (uint64_t)s->pids_limit;
}

static void add_command(struct plan *p, const struct spec *s)
{
	const char *path = strv_getenv(s->env, "PATH");
	struct step *t = plan_add(p, OP_CWD);

	t->path.path = xstrdup(s->cwd);
	t = plan_add(p, OP_COMMAND);
	t->command.name = xstrdup(s->argv[0]);
	AUTO(strv_free)
	char **dirs = strv_split(path ? path : DEFAULT_PATH, ':');
	strv_foreach (d, dirs)
		if (**d == '/') /* a relative one would search the cwd */
			strv_add(&t->command.path, *d);
}

static void add_ids(struct plan *p, const struct spec *s)
{
	struct step *t;

	plan_add(p, OP_BOUNDING)->caps.set = s->caps;
	t = plan_add(p, OP_IDS);
	t->ids.uid = s->uid;
	t->ids.gid = s->gid;
	t->ids.set_groups = !s->single_id;
	if (!s->single_id && s->n_groups) {
		t->ids.groups =
			xmemdup(s->groups, s->n_groups * sizeof(*s->groups));
		t->ids.n_groups = s->n_groups;
	}
	plan_add(p, OP_CAPS)->caps.set = s->uid ? 0 : s->caps;
	if (s->no_new_privs)
		plan_add(p, OP_NNP);
}

static int add_labels(struct plan *p, const struct spec *s,
		      const struct host *h, struct err *e)
{
	const struct {
		const char *lsm, *label;
		bool active;
	} rows[] = { { "apparmor", s->apparmor, h->apparmor },
		     { "selinux", s->selinux, h->selinux } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct step *t;

		if (!rows[i].label)
			continue;
		if (!rows[i].active)
			return err_set(e, ERR_HOST,
				       "label %s: %s is not active on this "
				       "host: leave the option out, or boot "
				       "with it",
				       rows[i].label, rows[i].lsm);
		t = plan_add(p, OP_LABEL);
		t->label.lsm = xstrdup(rows[i].lsm);
		t->label.label = xstrdup(rows[i].label);
	}
	return 0;
}

static void add_filters(struct plan *p, const struct spec *s)
{
	for (size_t i = 0; i < s->n_seccomp_filter; i++) {
		const struct blob *b = &s->seccomp_filter[i];
		struct blob *t = &plan_add(p, OP_SECCOMP)->seccomp.filter;

		*t = *b;
		t->name = xstrdup(b->name);
		t->data = xmemdup(b->data, b->size);
	}
}

/*
 * With no_new_privs anybody may install a filter, so filters come last. Turned
 * off, it takes CAP_SYS_ADMIN: the walls go up before the ids change.
 */
static int build_lockdown(struct plan *p, const struct spec *s,
			  const struct host *h, struct err *e)
{
	add_rlimits(p, s);
	plan_add(p, OP_UMASK)->umask.mask = s->umask;
	add_command(p, s);
	if (s->no_new_privs)
		add_ids(p, s);
	if (add_labels(p, s, h, e) < 0 || landlock_plan(p, s, h, e) < 0)
		return -1;
	plan_add(p, OP_FDS);
	add_filters(p, s);
	if (!s->no_new_privs)
		add_ids(p, s);
	return 0;
}

static void build_go(struct plan *p, const struct spec *s)
{
	struct step *t;

	plan_add(p, OP_VERIFY);
	t = plan_add(p, OP_EXEC);
	t->exec.argv = strv_copy(s->argv);
	t->exec.env = strv_copy(s->env);
	t->exec.init = s->init;
}

static char *subject_of(const struct spec *s)
{
	if (s->root == SPEC_ROOT_HOST)
		return xstrdup("the host's own programs");
	if (s->root == SPEC_ROOT_DIR)
		return xasprintf("directory %s", s->layers[0].path);
	return xasprintf("image %s@%s", s->image_name ? s->image_name : "",
			 s->image_digest);
}

static int find_owners(const struct spec *s, struct owners *o, struct err *e)
{
	const struct idmap_list uids = { s->uid_map, s->n_uid_map };
	const struct idmap_list gids = { s->gid_map, s->n_gid_map };
	int64_t root_uid = maps_outer(&uids, 0),
		root_gid = maps_outer(&gids, 0);
	int64_t uid = maps_outer(&uids, s->uid),
		gid = maps_outer(&gids, s->gid);

	if (uid < 0 || gid < 0)
		return err_set(
			e, ERR_USAGE,
			"user %u:%u is not mapped in the sandbox: its "
			"ids end at %u: choose a smaller one, or give "
			"more subordinate ids",
			s->uid, s->gid,
			s->n_uid_map
				? s->uid_map[s->n_uid_map - 1].inside +
					  s->uid_map[s->n_uid_map - 1].count - 1
				: 0);
	*o = (struct owners){
		.uid = root_uid < 0 ? (uint32_t)uid : (uint32_t)root_uid,
		.gid = root_gid < 0 ? (uint32_t)gid : (uint32_t)root_gid,
		.user_uid = (uint32_t)uid,
		.user_gid = (uint32_t)gid,
	};
	return 0;
}

struct plan *plan_build(const struct spec *s, const struct host *h,
			struct err *e)
{
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct owners o;

	p->subject = subject_of(s);
	p->image_name = xstrdup(s->image_name);
	p->image_digest = xstrdup(s->image_digest);
	p->privileged = s->privileged;
	p->no_nnp = !s->no_new_privs;
	p->no_seccomp = !s->seccomp;
	p->no_landlock = s->landlock == NEED_OFF;
	if (find_owners(s, &o, e) < 0 || build_ns(p, s, h, e) < 0 ||
	    build_root(p, s, h, &o, e) < 0)
		return NULL;
	build_net(p, s);
	if (build_identity(p, s, e) < 0 || build_lockdown(p, s, h, e) < 0)
		return NULL;
	build_go(p, s);
	return TAKE(p);
}
