/*
 * effective.c - what the kernel reports of a process, told as steps.
 *
 * A mount is the host's when its filesystem is mounted in the caller's own
 * tree as well; then the object is looked at there, by its path.
 */
#include "engine/effective.h"

#include <linux/mount.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/facts.h"
#include "plan/ops.h"

/* ---- identity ---- */

static void copy_map(struct idmap_list *l, const struct spec_idmap *v, size_t n)
{
	l->v = xmemdup(v, n * sizeof(*v));
	l->n = n;
}

/* The caller's ids stand for the id space: one map is enough. */
static void add_identity(struct plan *p, const struct effective *x,
			 const struct host *h)
{
	static const struct spec_idmap same = { 0, 0, UINT32_MAX };
	bool own_userns = (x->own_ns | x->unseen_ns) & CLONE_NEWUSER;
	struct step *s = plan_add(p, OP_CLONE);

	s->clone.flags = x->own_ns | x->unseen_ns;
	plan_add(p, OP_KEYRING);			     /* not seen */
	plan_add(p, OP_NSLIMIT)->nslimit.value = own_userns; /* not seen */
	if (!own_userns)
		return;
	s = plan_add(p, OP_IDMAP);
	copy_map(&s->idmap.uids, &same, 1);
	copy_map(&s->idmap.gids, &same, 1);
	s = plan_add(p, OP_USERNS);
	copy_map(&s->userns.uids, x->uid_map, x->n_uid_map);
	copy_map(&s->userns.gids, x->gid_map, x->n_gid_map);
	p->user_outer = h->uid;
}

static uint32_t id_inside(const struct spec_idmap *v, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (id >= v[i].outer && id - v[i].outer < v[i].count)
			return v[i].inside + (id - v[i].outer);
	return UINT32_MAX;
}

/* A profile that only complains, and the type that SELinux policies let do
 * everything, hold nothing back. */
static char *label_text(const char *label)
{
	if (strstr(label, "(complain)") || strstr(label, ":unconfined_t:"))
		return xstrdup("unconfined");
	return xstrndup(label, strcspn(label, " "));
}

static void add_lockdown(struct plan *p, const struct effective *x,
			 const struct host *h)
{
	struct step *s = plan_add(p, OP_RLIMIT);

	s->rlimit.resource = RLIMIT_CORE;
	s->rlimit.soft = s->rlimit.hard = x->max_core;
	s = plan_add(p, OP_RLIMIT);
	s->rlimit.resource = RLIMIT_NPROC;
	/* none: a limit of its cgroup may hold; not seen */
	s->rlimit.hard = x->max_processes == UINT64_MAX ? 0 : x->max_processes;
	plan_add(p, OP_BOUNDING)->caps.set = x->cap_prm | x->cap_eff;
	s = plan_add(p, OP_IDS);
	s->ids.uid = id_inside(x->uid_map, x->n_uid_map, x->uid[1]);
	s->ids.gid = id_inside(x->gid_map, x->n_gid_map, x->gid[1]);
	s->ids.set_groups = true;
	plan_add(p, OP_CAPS)->caps.set = x->cap_prm | x->cap_eff;
	if (x->no_new_privs)
		plan_add(p, OP_NNP);
	if (x->label && (h->apparmor || h->selinux)) {
		s = plan_add(p, OP_LABEL);
		s->label.lsm = xstrdup(h->apparmor ? "apparmor" : "selinux");
		s->label.label = label_text(x->label);
	}
	s = plan_add(p, OP_LANDLOCK); /* not seen */
	s->landlock.abi = h->landlock_abi;
	s->landlock.fs = s->landlock.scope = UINT64_MAX;
	if (x->seccomp)
		plan_add(p, OP_SECCOMP)->seccomp.filter.name = xstrdup("?");
	plan_add(p, OP_EXEC)->exec.env = strv_copy(x->env);
}

/* ---- mounts ---- */

/* Filesystems that are the kernel's own, whoever mounts them. */
static bool is_kernel_type(const char *type)
{
	static const char *const types[] = { "proc",	"sysfs",  "cgroup",
					     "cgroup2", "devpts", "mqueue",
					     "overlay", NULL };

	return strv_has((char *const *)types, type);
}

/* Where the caller sees the root of this mount: heap, or NULL. */
static char *host_path(const struct effective *x,
		       const struct effective_mount *m)
{
	const struct effective_mount *best = NULL;
	auto_free char *path = NULL;

	for (size_t i = 0; i < x->n_host_mounts; i++) {
		const struct effective_mount *h = &x->host_mounts[i];

		if (strcmp(h->dev, m->dev) == 0 &&
		    path_is_below(m->root, h->root) &&
		    (!best || strlen(h->root) >= strlen(best->root)))
			best = h;
	}
	if (!best)
		return NULL;
	path = path_join(best->target,
			 m->root + (best->root[1] ? strlen(best->root) : 0));
	return path_clean(path);
}

static const struct effective_mount *find_mount(const struct effective *x,
						int id)
{
	for (size_t i = 0; i < x->n_mounts; i++)
		if (x->mounts[i].id == id)
			return &x->mounts[i];
	return NULL;
}

/* Another mount stands on its whole root. */
static bool is_topped(const struct effective *x,
		      const struct effective_mount *m)
{
	for (size_t i = 0; i < x->n_mounts; i++)
		if (x->mounts[i].parent == m->id && x->mounts[i].id != m->id &&
		    strcmp(x->mounts[i].target, m->target) == 0)
			return true;
	return false;
}

/* Out of reach: it is topped, or stands in one that is. */
static bool is_covered(const struct effective *x,
		       const struct effective_mount *m)
{
	for (size_t depth = 0; depth < x->n_mounts; depth++) {
		const struct effective_mount *up = find_mount(x, m->parent);

		if (is_topped(x, m))
			return true;
		while (up && up != m && strcmp(up->target, m->target) == 0)
			up = find_mount(x, up->parent); /* it tops that one */
		if (!up || up == m)
			return false;
		m = up;
	}
	return false;
}

/* The mount of the kernel's that a target lies in, strictly below. */
static bool is_in_kernel_tree(const struct effective *x,
			      const struct effective_mount *m)
{
	for (size_t i = 0; i < x->n_mounts; i++) {
		const struct effective_mount *o = &x->mounts[i];

		if (o != m && strcmp(o->root, "/") == 0 &&
		    (strcmp(o->type, "proc") == 0 ||
		     strcmp(o->type, "sysfs") == 0) &&
		    strcmp(o->target, m->target) != 0 &&
		    path_is_below(m->target, o->target))
			return true;
	}
	return false;
}

static void add_path(struct plan *p, enum op op, const char *path)
{
	plan_add(p, op)->path.path = xstrdup(path);
}

static void add_filesystem(struct plan *p, const struct effective_mount *m)
{
	struct step *s = plan_add(p, OP_MOUNT);

	s->mount.type = xstrdup(m->type);
	s->mount.target = xstrdup(m->target);
	s->mount.attr = m->attr;
}

/* What covers a part of /proc or /sys hides it; a part of the same that is
 * read-only protects it. */
static void add_cover(struct plan *p, const struct effective_mount *m)
{
	bool is_same =
		strcmp(m->type, "proc") == 0 || strcmp(m->type, "sysfs") == 0;

	if (is_same && m->attr & MOUNT_ATTR_RDONLY)
		add_path(p, OP_READONLY, m->target);
	else if (!is_same && is_kernel_type(m->type))
		add_filesystem(p, m);
	else if (!is_same)
		add_path(p, OP_MASK, m->target);
}

/* Files that every launcher makes and binds. */
static bool is_launchers_own(const struct effective_mount *m)
{
	static const char *const targets[] = {
		"/etc/hosts",
		"/etc/hostname",
		"/etc/resolv.conf",
		"/run/.containerenv",
		NULL,
	};

	return strv_has((char *const *)targets, m->target);
}

static void add_device(struct plan *p, const struct effective_mount *m,
		       const char *path, const struct source_facts *f)
{
	struct step *s = plan_add(p, OP_DEVICE);

	s->device.source = xstrdup(path);
	s->device.target = xstrdup(m->target);
	s->device.id = f->id;
	s->device.rdev = f->rdev;
	s->device.writable = !(m->attr & MOUNT_ATTR_RDONLY);
}

static void add_bind(struct plan *p, const struct effective_mount *m,
		     const char *path, struct source_facts *f)
{
	struct step *s = plan_add(p, OP_BIND);

	s->bind.source = xstrdup(path);
	s->bind.target = xstrdup(m->target);
	s->bind.resolved = TAKE(f->resolved);
	s->bind.id = f->id;
	s->bind.mode = f->mode;
	s->bind.uid = f->uid;
	s->bind.gid = f->gid;
	s->bind.parents = TAKE(f->parents);
	s->bind.n_parents = f->n_parents;
	f->n_parents = 0;
	s->bind.attr = m->attr;
}

/* An object of the host. One that is no longer found by its path is given as
 * it is: nobody knows what it is. */
static void add_host_object(struct plan *p, const struct effective_mount *m,
			    const char *path)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };

	if (facts_of(path, &f, NULL) < 0)
		f = (struct source_facts){ .mode = S_IFDIR, .uid = 0 };
	if (S_ISCHR(f.mode))
		add_device(p, m, path, &f);
	else
		add_bind(p, m, path, &f);
}

static void add_mount(struct plan *p, const struct effective *x,
		      const struct effective_mount *m)
{
	auto_free char *path = is_kernel_type(m->type) ? NULL : host_path(x, m);

	if (is_in_kernel_tree(x, m))
		add_cover(p, m);
	else if (path && !is_launchers_own(m))
		add_host_object(p, m, path);
	else if (!path)
		add_filesystem(p, m);
}

static void add_root(struct plan *p, const struct effective *x,
		     const struct effective_mount *m)
{
	auto_free char *path = is_kernel_type(m->type) ? NULL : host_path(x, m);
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct step *s;

	if (path) {
		if (facts_of(path, &f, NULL) < 0)
			f = (struct source_facts){ .mode = S_IFDIR };
		s = plan_add(p, OP_ROOTDIR);
		s->rootdir.path = xstrdup(path);
		s->rootdir.id = f.id;
		s->rootdir.attr = m->attr;
		/* a plan has it read-only always */
		if (!(m->attr & MOUNT_ATTR_RDONLY))
			add_host_object(p, m, path);
	} else if (strcmp(m->type, "tmpfs") == 0) {
		plan_add(p, OP_TMPROOT);
	} else {
		plan_add(p, OP_OVERLAY);
	}
	if (m->attr & MOUNT_ATTR_RDONLY)
		add_path(p, OP_READONLY, "/");
}

static void add_mounts(struct plan *p, const struct effective *x)
{
	const struct effective_mount *root = NULL;

	for (size_t i = 0; i < x->n_mounts; i++)
		if (strcmp(x->mounts[i].target, "/") == 0 &&
		    !is_covered(x, &x->mounts[i]))
			root = &x->mounts[i];
	if (root)
		add_root(p, x, root);
	for (size_t i = 0; i < x->n_mounts; i++)
		if (&x->mounts[i] != root && !is_covered(x, &x->mounts[i]))
			add_mount(p, x, &x->mounts[i]);
	/* what this kernel does not have needs no mask */
	strv_foreach (absent, x->absent)
		add_path(p, OP_MASK, *absent);
}

struct plan *effective_plan(const struct effective *x, const struct host *h)
{
	struct plan *p = xcalloc(1, sizeof(*p));

	p->subject = xasprintf("process %d (%s)", (int)x->pid,
			       x->name ? x->name : "");
	add_identity(p, x, h);
	if (x->has_mounts && x->own_ns & CLONE_NEWNS)
		add_mounts(p, x);
	add_lockdown(p, x, h);
	return p;
}
