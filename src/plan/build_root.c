/*
 * build_root.c - the tree: root, devices, filesystems, files, binds, covers,
 * pivot. Pure.
 */
#include "plan/build_root.h"

#include <string.h>
#include <linux/mount.h>
#include <sched.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "plan/ops.h"

static struct object_id *copy_objects(const struct object_id *v, size_t n)
{
	return n ? xmemdup(v, n * sizeof(*v)) : NULL;
}

static void add_upper(struct plan *p, const struct spec *s,
		      const struct owners *o)
{
	struct step *t = plan_add(p, OP_UPPER);

	t->upper.kind = s->upper ? UPPER_DIR : UPPER_TMPFS;
	t->upper.path = xstrdup(s->upper);
	t->upper.id = s->upper_id;
	t->upper.size = s->upper ? 0 : s->root_size;
	t->upper.owner = o->uid;
}

/* Linux 6.15 takes detached mounts as layers; older ones want them staged. */
static bool needs_stage(const struct host *h)
{
	return h->kernel_major < 6 ||
	       (h->kernel_major == 6 && h->kernel_minor < 15);
}

static void add_overlay(struct plan *p, const struct spec *s,
			const struct host *h)
{
	struct step *t = plan_add(p, OP_OVERLAY);

	t->overlay.volatile_ = !s->upper;
	t->overlay.staged = needs_stage(h);
	for (size_t i = 0; i < s->n_layers; i++) {
		struct spec_layer *l =
			GROW(t->overlay.lower, t->overlay.n_lower);

		t->overlay.n_lower++;
		l->path = xstrdup(s->layers[i].path);
		l->id = s->layers[i].id;
	}
}

static void add_base(struct plan *p, const struct spec *s, const struct host *h,
		     const struct owners *o)
{
	struct step *t;

	if (s->root == SPEC_ROOT_HOST) {
		t = plan_add(p, OP_TMPROOT);
		t->tmproot.size = s->root_size;
		t->tmproot.owner = o->uid;
	} else if (s->root == SPEC_ROOT_DIR && s->read_only) {
		t = plan_add(p, OP_ROOTDIR);
		t->rootdir.path = xstrdup(s->layers[0].path);
		t->rootdir.id = s->layers[0].id;
		t->rootdir.attr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
				  MOUNT_ATTR_NODEV;
	} else {
		add_upper(p, s, o);
		add_overlay(p, s, h);
	}
}

/* A tmpfs belongs to container root, not to whoever mounts it. */
static char *mount_data(const struct spec_mount *m, const struct owners *o)
{
	bool mine = strcmp(m->type, "tmpfs") == 0 && (o->uid || o->gid);

	if (!mine)
		return xstrdup(m->data);
	return xasprintf("%s%suid=%u,gid=%u", m->data ? m->data : "",
			 m->data ? "," : "", o->uid, o->gid);
}

static void add_bind(struct plan *p, const struct spec_mount *m)
{
	struct step *t = plan_add(p, OP_BIND);

	t->bind.source = xstrdup(m->source);
	t->bind.target = xstrdup(m->target);
	t->bind.resolved = xstrdup(m->facts.resolved);
	t->bind.id = m->facts.id;
	t->bind.mode = m->facts.mode;
	t->bind.uid = m->facts.uid;
	t->bind.gid = m->facts.gid;
	t->bind.attr = m->attr | m->facts.locked_attr;
	t->bind.recursive = m->recursive;
	t->bind.parents = copy_objects(m->facts.parents, m->facts.n_parents);
	t->bind.n_parents = m->facts.n_parents;
}

static void add_mount(struct plan *p, const struct spec_mount *m,
		      const struct owners *o)
{
	struct step *t;

	if (strcmp(m->type, "bind") == 0) {
		add_bind(p, m);
		return;
	}
	t = plan_add(p, OP_MOUNT);
	t->mount.type = xstrdup(m->type);
	t->mount.target = xstrdup(m->target);
	t->mount.data = mount_data(m, o);
	t->mount.attr = m->attr;
}

static void add_devices(struct plan *p, const struct spec *s)
{
	for (size_t i = 0; i < s->n_devices; i++) {
		const struct spec_device *d = &s->devices[i];
		struct step *t = plan_add(p, OP_DEVICE);

		t->device.source = xstrdup(d->source);
		t->device.target = xstrdup(d->path);
		t->device.id = d->facts.id;
		t->device.rdev = d->facts.rdev;
		t->device.writable = d->writable;
	}
	for (const struct default_link *l = default_links; l->path; l++) {
		struct step *t = plan_add(p, OP_SYMLINK);

		t->symlink.path = xstrdup(l->path);
		t->symlink.target = xstrdup(l->target);
	}
}

/* All mounts in order; what belongs into /dev follows the mount of /dev. */
static void add_mounts(struct plan *p, const struct spec *s,
		       const struct owners *o)
{
	for (size_t i = 0; i < s->n_mounts; i++) {
		add_mount(p, &s->mounts[i], o);
		if (strcmp(s->mounts[i].target, "/dev") == 0)
			add_devices(p, s);
	}
}

static void add_dir(struct plan *p, const char *path, uint32_t mode,
		    const struct owners *o)
{
	struct step *t = plan_add(p, OP_DIR);

	t->dir.path = xstrdup(path);
	t->dir.mode = mode;
	t->dir.owner = o->uid;
}

static void add_files(struct plan *p, const struct spec *s,
		      const struct owners *o)
{
	struct step *t;

	for (size_t i = 0; i < s->n_files; i++) {
		const struct spec_file *f = &s->files[i];

		if (!f->content) {
			add_dir(p, f->path, f->mode, o);
			continue;
		}
		t = plan_add(p, OP_FILE);
		t->file.path = xstrdup(f->path);
		t->file.content = xstrdup(f->content);
		t->file.mode = f->mode;
		t->file.owner = o->uid;
	}
	/* what a read-only directory lacks cannot be made in it */
	if (strcmp(s->cwd, "/") != 0 &&
	    !(s->root == SPEC_ROOT_DIR && s->read_only))
		add_dir(p, s->cwd, 0755, o);
}

static void add_paths(struct plan *p, enum op op, char *const *v)
{
	for (; v && *v; v++)
		plan_add(p, op)->path.path = xstrdup(*v);
}

int build_root(struct plan *p, const struct spec *s, const struct host *h,
	       const struct owners *o, struct err *e)
{
	(void)e;
	plan_add(p, OP_PRIVATE);
	plan_add(p, OP_PROCFS);
	add_base(p, s, h, o);
	if (s->root == SPEC_ROOT_HOST) { /* links like /bin -> usr/bin */
		for (size_t i = 0; i < s->n_links; i++) {
			struct step *t = plan_add(p, OP_SYMLINK);

			t->symlink.path = xstrdup(s->links[i].path);
			t->symlink.target = xstrdup(s->links[i].content);
		}
	}
	add_mounts(p, s, o);
	add_files(p, s, o);
	if (s->terminal) {
		struct step *t = plan_add(p, OP_PTY);

		t->pty.uid = o->user_uid;
		t->pty.gid = o->user_gid;
	}
	add_paths(p, OP_READONLY, s->readonly);
	add_paths(p, OP_MASK, s->masked);
	if (s->read_only && s->root != SPEC_ROOT_DIR)
		plan_add(p, OP_READONLY)->path.path = xstrdup("/");
	plan_add(p, OP_PIVOT);
	return 0;
}
