/*
 * bundle_root.c - the phase ROOT of a bundle: its directory as the root, its
 * mounts in their order, its devices.
 *
 * What was asked for read-only and has something mounted or made in it is
 * made read-only at the end.
 */
#include <inttypes.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "plan/bundle.h"
#include "plan/ops.h"
#include "plan/parts.h"

/* Does anything ask for mounts that come from, or go to, the host? */
static bool spreads(const struct spec *s)
{
	if (s->bundle->root_propagation.how &&
	    s->bundle->root_propagation.how != MS_PRIVATE)
		return true;
	for (size_t i = 0; i < s->n_mounts; i++)
		if (s->mounts[i].propagation.how & (MS_SLAVE | MS_SHARED))
			return true;
	return false;
}

/* ---- mounts ---- */

/* Is a later mount, a node or a link in it? */
static bool is_built_in(const struct spec *s, size_t i)
{
	const char *path = s->mounts[i].target;
	size_t k;

	for (k = i + 1; k < s->n_mounts; k++)
		if (path_is_below(s->mounts[k].target, path))
			return true;
	for (k = 0; k < s->bundle->n_devices; k++)
		if (path_is_below(s->bundle->devices[k].path, path))
			return true;
	for (k = 0; k < s->n_links; k++)
		if (path_is_below(s->links[k].path, path))
			return true;
	return s->terminal && path_is_below("/dev/console", path);
}

/* A tmpfs that must stay writable until everything is in it. */
static bool is_late(const struct spec *s, size_t i)
{
	const struct spec_mount *m = &s->mounts[i];

	return strcmp(m->type, "tmpfs") == 0 && m->attr & MOUNT_ATTR_RDONLY &&
	       is_built_in(s, i);
}

static void add_propagate(struct build *b, const char *path,
			  const struct propagation *p)
{
	struct step *t = plan_add(b->p, OP_PROPAGATE);

	t->propagate.path = xstrdup(path);
	t->propagate.how = (uint32_t)p->how;
	t->propagate.recursive = p->recursive;
}

static int add_filesystem(struct build *b, size_t i, struct err *e)
{
	const struct spec_mount *m = &b->s->mounts[i];
	const char *source = m->source ? m->source : "";
	const char *data = m->data ? m->data : "";
	struct step *t;

	if (strchr(source, ','))
		return err_set(e, ERR_INPUT, "mount at %s: the source %s",
			       m->target, source);
	t = plan_add(b->p, m->copy_up ? OP_COPYUP : OP_MOUNT);
	t->mount.type = xstrdup(m->type);
	t->mount.target = xstrdup(m->target);
	t->mount.attr = m->attr | m->all_set;
	if (is_late(b->s, i))
		t->mount.attr &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	if (*source || *data)
		t->mount.data =
			xasprintf("%s%s%s%s", *source ? "source=" : "", source,
				  *source && *data ? "," : "", data);
	/* a new filesystem has nobody to get mounts from */
	if (m->propagation.how & (MS_SHARED | MS_UNBINDABLE))
		add_propagate(b, m->target, &m->propagation);
	return 0;
}

/* How access times are kept is the host's in a user namespace: the kernel lets
 * nobody there change it. */
static uint64_t times_of_host(const struct build *b)
{
	return bundle_binds_devices(b->s, b->h)
		       ? MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME
		       : 0;
}

static int add_owners(struct build *b, const struct spec_mount *m,
		      struct step *t, struct err *e)
{
	const struct idmap_list uids = { m->uids, m->n_uids };
	const struct idmap_list gids = { m->gids, m->n_gids };
	bool own = m->n_uids;

	if (!m->id_mapped)
		return 0;
	if (!own && !b->uids.n)
		return err_set(e, ERR_INPUT,
			       "mount at %s: idmap: neither it nor the "
			       "container has maps",
			       m->target);
	build_copy_map(own ? &uids : &b->uids, &t->tree.uids);
	build_copy_map(own ? &gids : &b->gids, &t->tree.gids);
	t->tree.map_all = m->id_mapped_all;
	return 0;
}

static int add_tree(struct build *b, const struct spec_mount *m, struct err *e)
{
	const struct source_facts *f = &m->facts;
	uint64_t kept = f->locked_attr & m->clear;
	uint64_t times = times_of_host(b);
	struct step *t;

	if (!f->mode)
		return err_set(e, ERR_BUG,
			       "bind %s: its source was not looked at",
			       m->source);
	t = plan_add(b->p, OP_TREE);
	t->tree.source = xstrdup(m->source);
	t->tree.target = xstrdup(m->target);
	t->tree.id = f->id;
	t->tree.mode = f->mode;
	t->tree.uid = f->uid;
	t->tree.resolved = f->resolved ? xstrdup(f->resolved) : NULL;
	t->tree.n_parents = f->n_parents;
	if (f->n_parents)
		t->tree.parents =
			xmemdup(f->parents, f->n_parents * sizeof(*f->parents));
	t->tree.recursive = m->recursive && S_ISDIR(f->mode);
	t->tree.set = m->attr & ~times;
	/* in a user namespace the host's own flags stay: less, not more */
	t->tree.clear = m->clear & ~times;
	if (bundle_binds_devices(b->s, b->h))
		t->tree.clear &= ~kept;
	t->tree.all_set = m->all_set & ~times;
	t->tree.all_clear = m->all_clear & ~times;
	if (add_owners(b, m, t, e) < 0)
		return -1;
	t->tree.spread =
		m->propagation.how ? (uint32_t)m->propagation.how : MS_PRIVATE;
	t->tree.spread_all =
		m->propagation.how ? m->propagation.recursive : true;
	return 0;
}

static int add_mounts(struct build *b, struct err *e)
{
	const struct spec *s = b->s;

	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct spec_mount *m = &s->mounts[i];
		bool is_bind = strcmp(m->type, "bind") == 0;

		if (is_bind ? add_tree(b, m, e) : add_filesystem(b, i, e))
			return -1;
	}
	return 0;
}

/* ---- /dev ---- */

static int add_bound_device(struct build *b, const struct bundle_device *d,
			    struct err *e)
{
	struct step *t;

	if (S_ISFIFO(d->mode) || !d->id.ino)
		return err_set(e, ERR_HOST,
			       "device %s: in a user namespace no node can be "
			       "made, and the host has none there to bind",
			       d->path);
	t = plan_add(b->p, OP_DEVICE);
	t->device.source = xstrdup(d->path);
	t->device.target = xstrdup(d->path);
	t->device.id = d->id;
	t->device.rdev = makedev(d->major, d->minor);
	t->device.writable = true;
	return 0;
}

static void add_node(struct build *b, const struct bundle_device *d)
{
	struct step *t = plan_add(b->p, OP_MKNOD);

	t->mknod.path = xstrdup(d->path);
	t->mknod.mode = d->mode;
	t->mknod.rdev = makedev(d->major, d->minor);
	t->mknod.uid = d->uid;
	t->mknod.gid = d->gid;
}

static int add_devices(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	bool bound = bundle_binds_devices(s, b->h);
	size_t i;

	for (i = 0; i < s->bundle->n_devices; i++) {
		const struct bundle_device *d = &s->bundle->devices[i];

		if (!bound)
			add_node(b, d);
		else if (add_bound_device(b, d, e) < 0)
			return -1;
	}
	for (i = 0; i < s->n_links; i++) {
		struct step *t = plan_add(b->p, OP_SYMLINK);

		t->symlink.path = xstrdup(s->links[i].path);
		t->symlink.target = xstrdup(s->links[i].content);
	}
	return 0;
}

static int add_terminal(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	struct step *t;

	if (!s->terminal)
		return 0;
	for (size_t i = 0; i < s->n_mounts; i++) {
		if (strcmp(s->mounts[i].target, "/dev/pts") != 0)
			continue;
		t = plan_add(b->p, OP_PTY);
		t->pty.uid = s->uid;
		t->pty.gid = UINT32_MAX; /* as devpts gave it */
		return 0;
	}
	return err_set(e, ERR_INPUT,
		       "process.terminal needs a devpts mounted at /dev/pts");
}

/* ---- at the end ---- */

static void add_late_attrs(struct build *b)
{
	const struct spec *s = b->s;
	struct step *t;

	for (size_t i = 0; i < s->n_mounts; i++) {
		if (!is_late(s, i))
			continue;
		t = plan_add(b->p, OP_ATTR);
		t->attr.path = xstrdup(s->mounts[i].target);
		t->attr.set = MOUNT_ATTR_RDONLY;
	}
	if (!s->read_only)
		return;
	t = plan_add(b->p, OP_ATTR);
	t->attr.path = xstrdup("/");
	t->attr.set = MOUNT_ATTR_RDONLY;
}

static void add_paths(struct build *b, enum op op, char *const *v)
{
	strv_foreach (path, v)
		plan_add(b->p, op)->path.path = path_clean(*path);
}

static bool has_hooks_inside(const struct bundle *x)
{
	for (size_t i = 0; i < x->n_hooks; i++)
		if (x->hooks[i].when == HOOK_CREATE_CONTAINER ||
		    x->hooks[i].when == HOOK_START_CONTAINER)
			return true;
	return false;
}

/* In the order of the specification, whatever the order of the file. */
static void add_hooks(struct build *b)
{
	build_hooks(b, OP_HOOK, HOOK_PRESTART);
	build_hooks(b, OP_HOOK, HOOK_CREATE_RUNTIME);
	if (has_hooks_inside(b->s->bundle))
		plan_add(b->p, OP_STATE);
	build_hooks(b, OP_HOOK_INSIDE, HOOK_CREATE_CONTAINER);
}

static void add_cwd(struct build *b)
{
	struct step *t;

	if (strcmp(b->s->cwd, "/") == 0)
		return;
	t = plan_add(b->p, OP_DIR);
	t->dir.path = xstrdup(b->s->cwd);
	t->dir.mode = 0755;
}

/* Whoever is in a time namespace cannot move its clocks any more: the child
 * makes it, moves them and only then enters. */
static void add_clocks(struct build *b)
{
	static const char *const names[] = { "monotonic", "boottime" };
	const struct bundle *x = b->s->bundle;
	struct step *t;

	if (!x->has_clocks)
		return;
	t = plan_add(b->p, OP_TIMENS);
	for (size_t i = 0; i < 2; i++)
		strv_take(&t->timens.clocks,
			  xasprintf("%s %" PRId64 " %" PRIu32, names[i],
				    x->clocks[i].seconds,
				    x->clocks[i].nanoseconds));
}

int bundle_root(struct build *b, struct err *e)
{
	const struct spec *s = b->s;
	const struct propagation *root = &s->bundle->root_propagation;
	struct step *t;

	plan_add(b->p, spreads(s) ? OP_SLAVE : OP_PRIVATE);
	plan_add(b->p, OP_PROCFS);
	build_cgroupns(b);
	add_clocks(b);
	t = plan_add(b->p, OP_ROOTTREE);
	t->roottree.path = xstrdup(s->layers[0].path);
	t->roottree.id = s->layers[0].id;
	t->roottree.spread =
		root->how & (MS_SLAVE | MS_SHARED) ? MS_SLAVE : MS_PRIVATE;
	if (add_mounts(b, e) < 0 || add_devices(b, e) < 0 ||
	    add_terminal(b, e) < 0)
		return -1;
	add_cwd(b);
	add_hooks(b);
	add_paths(b, OP_READONLY, s->readonly);
	add_paths(b, OP_MASK, s->masked);
	add_late_attrs(b);
	plan_add(b->p, OP_PIVOT);
	/* not before: pivot_root(2) takes no shared root */
	if (root->how & (MS_SHARED | MS_UNBINDABLE))
		add_propagate(b, "/", root);
	return 0;
}
