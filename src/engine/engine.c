/*
 * engine.c - the recipe: request -> spec -> plan -> verdict.
 */
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/id.h"
#include "base/path.h"
#include "base/table.h"
#include "engine/audit_log.h"
#include "engine/facts.h"
#include "engine/filters.h"
#include "engine/hosttree.h"
#include "engine/labels.h"
#include "engine/policies.h"
#include "engine/user.h"
#include "kernel/idjob.h"
#include "kernel/probe.h"
#include "plan/build.h"
#include "plan/cgroup.h"
#include "plan/check.h"
#include "plan/hash.h"
#include "plan/resolve.h"
#include "policy/judge.h"
#include "store/store.h"

struct engine {
	struct host *host;
	struct policy_set *policy;
	struct store store;
	bool has_store;
	int stop_signal;
	struct image *image; /* of the last plan, or NULL */
	int categories;	     /* keeps its pair its own, or -1 */
	int hold;	     /* keeps its layers while it runs, or -1 */
	char *made; /* container made for a plan that has not started yet */
};

struct engine *engine_open_host(struct err *e)
{
	AUTO(engine_free) struct engine *g = xcalloc(1, sizeof(*g));

	g->hold = g->categories = -1;
	g->host = xcalloc(1, sizeof(*g->host));
	return probe_host(false, g->host, e) < 0 ? NULL : TAKE(g);
}

struct engine *engine_open(struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open_host(e);

	if (!g)
		return NULL;
	g->policy = policies_load(g->host, e);
	return g->policy ? TAKE(g) : NULL;
}

struct engine *engine_open_bundles(struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open_host(e);

	if (!g || probe_rights(g->host, e) < 0)
		return NULL;
	g->policy = policies_load_bundles(g->host, e);
	return g->policy ? TAKE(g) : NULL;
}

void engine_free(struct engine *g)
{
	if (!g)
		return;
	/* planned, but never started: nothing of it stays. What cannot be
	 * removed now is removed by `immure gc`. */
	if (g->made)
		store_container_remove(&g->store, g->host, g->made, NULL);
	free(g->made);
	image_free(g->image);
	if (g->hold >= 0)
		close(g->hold);
	if (g->categories >= 0)
		close(g->categories);
	if (g->has_store)
		store_close(&g->store);
	policy_set_free(g->policy);
	host_free(g->host);
	free(g);
}

const struct host *engine_host(const struct engine *g)
{
	return g->host;
}

struct host *engine_probe_protected(struct engine *g, struct err *e)
{
	return probe_protected(g->host, e) < 0 ? NULL : g->host;
}

const struct policy_set *engine_policy(const struct engine *g)
{
	return g->policy;
}

struct store *engine_store(struct engine *g, struct err *e)
{
	if (!g->has_store && store_open(g->host->data_dir, &g->store, e) < 0)
		return NULL;
	g->has_store = true;
	return &g->store;
}

int engine_use_policy(struct engine *g, const char *file, struct err *e)
{
	struct policy_set *s = policies_load_file(g->host, file, e);

	if (!s)
		return -1;
	policy_set_free(g->policy);
	g->policy = s;
	return 0;
}

static struct image *find_image(struct engine *g, const char *name,
				struct err *e)
{
	struct store *s = engine_store(g, e);

	return s ? store_image_find(s, name, g->host->arch, e) : NULL;
}

/* The caller's own right to read and enter it: without, nothing can be laid
 * over it, and the kernel would say so late and in riddles. */
static int open_rootfs(const char *path, const struct source_facts *f,
		       struct err *e)
{
	auto_free char *inside = path_join(path, ".");
	int fd = path_open(AT_FDCWD, inside, PATH_HOST, O_RDONLY | O_DIRECTORY,
			   0);

	if (fd < 0 && errno == EACCES)
		return err_set(e, ERR_INPUT,
			       "--rootfs %s: you may not read it (mode %04o, "
			       "of uid %u): take a copy of your own, or chmod "
			       "o+rx",
			       path, f->mode & 07777u, f->uid);
	return fd < 0 ? err_sys(e, "--rootfs %s", path) : fd;
}

/* A file in it could not be opened: because of the directory itself? */
static void explain_rootfs(const struct request *r, struct err *e)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct err why = ERR_INIT;
	auto_fd root = -1;

	if (!e || e->errnum != EACCES || r->root != ROOT_DIR ||
	    facts_of_object(r->rootfs, &f, NULL) < 0)
		return;
	root = open_rootfs(r->rootfs, &f, &why);
	if (root < 0)
		*e = why;
}

/* Without an overlay the program sees the directory itself: it needs the
 * mount points, and users that are not the caller must be able to enter. */
static int is_unfit(int root, const struct source_facts *f, struct err *e)
{
	static const char *const points[] = { "dev", "proc", "sys" };

	for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
		int r = path_exists(root, points[i]);

		if (r < 0)
			return err_sys(e, "--rootfs: look at %s", points[i]);
		if (r == 0)
			return 1;
	}
	return (f->mode & 05) != 05;
}

/* Root's rights end before the root is built. */
static int check_open_to_all(const struct host *h, const char *path,
			     const struct source_facts *f, struct err *e)
{
	uid_t uid;
	gid_t gid;

	if (h->uid != 0)
		return 0;
	if (idjob_owner(h, &uid, &gid, e) < 0)
		return -1;
	if (f->uid == uid)
		return 0;
	return err_set(e, ERR_INPUT,
		       "--rootfs %s: closed to other users (mode %04o), and "
		       "started by root a sandbox is uid %u: chmod o+rx",
		       path, f->mode & 07777u, uid);
}

static int judge_rootfs(const struct host *h, struct spec *s, const char *path,
			const struct source_facts *f, struct err *e)
{
	auto_fd root = -1;
	int unfit = 0;

	if (!S_ISDIR(f->mode))
		return err_set(e, ERR_INPUT, "--rootfs %s is no directory",
			       path);
	if ((f->mode & 05) == 05 && !s->read_only)
		return 0; /* the usual one costs no call */
	if ((f->mode & 05) != 05 && check_open_to_all(h, path, f, e) < 0)
		return -1;
	root = open_rootfs(path, f, e);
	if (root >= 0 && s->read_only)
		unfit = is_unfit(root, f, e);
	s->root_unfit = unfit > 0;
	return root < 0 || unfit < 0 ? -1 : 0;
}

/* The one lower directory of --rootfs. */
static int add_rootfs(const struct host *h, struct spec *s, const char *path,
		      struct err *e)
{
	struct source_facts f = { 0 };
	struct spec_layer *l;

	if (facts_of_object(path, &f, e) < 0)
		return err_prefix(e, "--rootfs");
	if (judge_rootfs(h, s, path, &f, e) < 0) {
		source_facts_done(&f);
		return -1;
	}
	l = GROW(s->layers, s->n_layers);
	s->n_layers++;
	l->path = path_clean(path);
	l->id = f.id;
	source_facts_done(&f);
	return 0;
}

/* Started by root, the launcher is id 0 of the id space when it makes
 * directories in there. */
static int give_to_launcher(const struct host *h, const char *path,
			    struct err *e)
{
	static const char *const names[] = { ".", "upper", "work" };
	auto_fd dir =
		path_open(AT_FDCWD, path, PATH_HOST, O_RDONLY | O_DIRECTORY, 0);
	uid_t uid;
	gid_t gid;

	if (h->uid != 0)
		return 0;
	if (idjob_owner(h, &uid, &gid, e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_fd part = path_open(dir, names[i], PATH_STRICT,
					 O_RDONLY | O_DIRECTORY, 0);

		if (part < 0 || fchown(part, uid, gid) < 0)
			return err_sys(e, "give %s of %s to uid %u", names[i],
				       path, uid);
	}
	return 0;
}

/* --keep: the container's own directory takes the writes. */
static int add_kept_upper(struct engine *g, const struct request *r,
			  struct spec *s, struct err *e)
{
	struct source_facts f = { 0 };
	char id[ID_LEN + 1];
	const struct container_new new = { id, r->name, g->image };
	struct store *store;

	if (!r->keep || s->root != SPEC_ROOT_LAYERS)
		return 0;
	store = engine_store(g, e);
	if (!store || id_new(id, e) < 0)
		return -1;
	if (store_container_make(store, &new, &s->upper, e) < 0)
		return -1;
	g->made = xstrdup(id);
	if (give_to_launcher(g->host, s->upper, e) < 0 ||
	    facts_of_object(s->upper, &f, e) < 0)
		return -1;
	s->upper_id = f.id;
	source_facts_done(&f);
	return 0;
}

/* One id only, and a tree whose files belong to others: nothing in it could
 * be touched, as the kernel would say step by step. */
static int check_owners(const struct host *h, const struct spec *s,
			const struct image *image, struct err *e)
{
	uid_t own;
	gid_t unused;

	if (!s->single_id || !image)
		return 0;
	if (idjob_owner(h, &own, &unused, e) < 0)
		return -1;
	for (size_t i = 0; i < image->n_layers; i++)
		if (image->layers[i].owner != own)
			return err_set(e, ERR_CONFLICT,
				       "image %s: it was unpacked with "
				       "subordinate ids, and this sandbox has "
				       "one id only: leave --userns=single "
				       "away, or see `immure doctor`",
				       *image->name ? image->name
						    : image->digest);
	return 0;
}

static struct spec *make_spec(struct engine *g, const struct request *r,
			      const struct image *image, struct err *e)
{
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	AUTO(spec_free) struct spec *s = NULL;
	struct resolved_user user;

	if (user_resolve(r, image, &u, e) < 0) {
		explain_rootfs(r, e);
		return NULL;
	}
	user = (struct resolved_user){ .uid = u.uid,
				       .gid = u.gid,
				       .groups = u.groups,
				       .n_groups = u.n_groups,
				       .home = u.home };
	s = plan_resolve(r, image, &user, g->host, e);
	if (!s)
		return NULL;
	g->stop_signal = s->stop_signal;
	if (r->root == ROOT_DIR && add_rootfs(g->host, s, r->rootfs, e) < 0)
		return NULL;
	if (r->root == ROOT_HOST && hosttree_add(s, e) < 0)
		return NULL;
	if (check_owners(g->host, s, image, e) < 0 ||
	    add_kept_upper(g, r, s, e) < 0 || facts_fill(s, e) < 0 ||
	    filters_fill(s, g->host, e) < 0 || landlock_fill(s, e) < 0 ||
	    labels_fill(s, g->host, &g->categories, e) < 0)
		return NULL;
	return TAKE(s);
}

int engine_probe_cgroups(struct engine *g, struct err *e)
{
	return probe_cgroups(g->host, e);
}

/* Does the request ask for what only a cgroup gives? */
static bool asks_for_cgroup(const struct request *r)
{
	return cgroup_limits_any(&r->limits) || r->cgroup_parent ||
	       r->pids_limit > 0 || r->cgroups;
}

struct plan *engine_plan(struct engine *g, const struct request *r,
			 struct err *e)
{
	AUTO(spec_free) struct spec *s = NULL;
	AUTO(plan_free) struct plan *p = NULL;

	if (asks_for_cgroup(r) && probe_cgroups(g->host, e) < 0)
		return NULL;
	image_free(TAKE(g->image));
	if (g->categories >= 0)
		close(TAKE_FD(g->categories));
	if (r->root == ROOT_IMAGE) {
		g->image = find_image(g, r->image, e);
		if (!g->image)
			return NULL;
	}
	s = make_spec(g, r, g->image, e);
	if (!s)
		return NULL;
	p = plan_build(s, g->host, e);
	if (!p || plan_check(p, e) < 0)
		return NULL;
	return TAKE(p);
}

/* Does the plan show an object of the host that may be protected? */
static bool shows_host_objects(const struct plan *p)
{
	plan_foreach (s, p)
		if (s->op == OP_BIND || s->op == OP_TREE)
			return true;
	return !p->image_digest; /* a directory as the root */
}

int engine_stop_signal(const struct engine *g)
{
	return g->stop_signal;
}

int engine_hold(struct engine *g, struct err *e)
{
	if (!g->image)
		return 0;
	g->hold = store_image_hold(&g->store, g->image, e);
	return g->hold < 0 ? -1 : 0;
}

void engine_started(struct engine *g)
{
	free(TAKE(g->made));
}

int engine_protect(struct engine *g, const struct plan *p, struct err *e)
{
	return shows_host_objects(p) ? probe_protected(g->host, e) : 0;
}

struct verdict *engine_judge(struct engine *g, const struct plan *p,
			     struct err *e)
{
	uint8_t hash[PLAN_HASH_LEN];

	if (engine_protect(g, p, e) < 0)
		return NULL;
	plan_hash(p, hash);
	return policy_judge(p, hash, g->host, g->policy);
}

struct verdict *engine_decide(struct engine *g, const struct plan *p,
			      engine_warn *warn, struct err *e)
{
	AUTO(verdict_free) struct verdict *v = engine_judge(g, p, e);
	struct err why = ERR_INIT;

	if (!v)
		return NULL;
	if (audit_log_append(g->host, p, v, &why) == 0)
		return TAKE(v);
	if (v->needs_log) {
		err_prefix(&why, "policy requires the audit log");
		if (e)
			*e = why;
		return NULL;
	}
	if (warn)
		warn(why.msg);
	return TAKE(v);
}

int engine_audit_log(struct engine *g, struct buf *ret, struct err *e)
{
	return audit_log_read(g->host, ret, e);
}
