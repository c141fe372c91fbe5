/*
 * build_mount.c - mounts, binds and device nodes of the phase ROOT.
 *
 * The filesystems are mounted in the outer user namespace: ids in their
 * options are translated to it here.
 */
#include "plan/parts.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/mount.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/defaults.h"
#include "base/num.h"
#include "base/strv.h"
#include "plan/context.h"
#include "plan/maps.h"
#include "plan/ops.h"

/* One "uid=N" or "gid=N" for the outer namespace; -1: not mapped. */
static int add_id(struct build *b, const char *option, struct buf *out)
{
	const struct idmap_list *l = option[0] == 'u' ? &b->uids : &b->gids;
	uint32_t inside;
	int64_t outer;

	if (num_u32(option + 4, "mount option", &inside, NULL))
		return -1;
	outer = maps_outer(l, inside);
	if (outer < 0)
		return -1;
	buf_printf(out, "%s%.4s%" PRId64, out->len ? "," : "", option, outer);
	return 0;
}

static bool is_id_option(const char *s)
{
	return strncmp(s, "uid=", 4) == 0 || strncmp(s, "gid=", 4) == 0;
}

/* The options with outer ids. A tmpfs belongs to the sandbox's root. */
static int translate(struct build *b, const struct spec_mount *m,
		     struct buf *out, struct err *e)
{
	AUTO(strv_free) char **v = strv_split(m->data ? m->data : "", ',');
	bool is_tmpfs = strcmp(m->type, "tmpfs") == 0;
	bool is_devpts = strcmp(m->type, "devpts") == 0;
	bool has_uid = false, has_gid = false;

	strv_foreach (o, v) {
		if (!**o)
			continue;
		if (!is_id_option(*o)) {
			buf_printf(out, "%s%s", out->len ? "," : "", *o);
			continue;
		}
		has_uid |= **o == 'u';
		has_gid |= **o == 'g';
		if (add_id(b, *o, out) && !is_devpts)
			return err_set(e, ERR_USAGE,
				       "mount at %s: %s is not in the "
				       "sandbox's map",
				       m->target, *o);
	}
	if (is_tmpfs && !has_uid && b->root_uid)
		buf_printf(out, "%suid=%" PRIu32, out->len ? "," : "",
			   b->root_uid);
	if (is_tmpfs && !has_gid && b->root_gid)
		buf_printf(out, "%sgid=%" PRIu32, out->len ? "," : "",
			   b->root_gid);
	return 0;
}

static int add_filesystem(struct build *b, const struct spec_mount *m,
			  struct err *e)
{
	AUTO(buf_done) struct buf data = BUF_INIT;
	struct step *t;

	if (translate(b, m, &data, e))
		return -1;
	t = plan_add(b->p, OP_MOUNT);
	t->mount.type = xstrdup(m->type);
	t->mount.target = xstrdup(m->target);
	t->mount.attr = m->attr;
	t->mount.data = data.len ? buf_take(&data) : NULL;
	return 0;
}

/* -v …:z and :Z, where the sandbox has a context at all. */
static void add_relabel(struct build *b, const struct spec_mount *m)
{
	struct step *t;

	if (!b->has_context || (!m->relabel_shared && !m->relabel_private))
		return;
	t = plan_add(b->p, OP_RELABEL);
	t->relabel.source = xstrdup(m->source);
	t->relabel.id = m->facts.id;
	t->relabel.context = m->relabel_private
				     ? xstrdup(b->s->selinux_files)
				     : context_shared(b->s->selinux_files);
}

static int add_bind(struct build *b, const struct spec_mount *m, struct err *e)
{
	const struct source_facts *f = &m->facts;
	bool is_ro = m->attr & MOUNT_ATTR_RDONLY;
	struct step *t;

	if (!f->mode)
		return err_set(e, ERR_BUG,
			       "bind %s: its source was not looked "
			       "at",
			       m->source);
	if (f->locked_attr & MOUNT_ATTR_RDONLY && !is_ro)
		return err_set(e, ERR_USAGE,
			       "bind %s at %s: its filesystem is read-only on "
			       "the host: ask for it read-only",
			       m->source, m->target);
	t = plan_add(b->p, OP_BIND);
	t->bind.source = xstrdup(m->source);
	t->bind.target = xstrdup(m->target);
	t->bind.resolved = xstrdup(f->resolved);
	t->bind.id = f->id;
	t->bind.mode = f->mode;
	t->bind.uid = f->uid;
	t->bind.gid = f->gid;
	t->bind.attr = m->attr | f->locked_attr;
	t->bind.recursive = m->recursive && S_ISDIR(f->mode);
	t->bind.sockets = strv_copy(f->sockets);
	t->bind.unsearched = f->unsearched;
	t->bind.n_parents = f->n_parents;
	if (f->n_parents)
		t->bind.parents =
			xmemdup(f->parents, f->n_parents * sizeof(*f->parents));
	return 0;
}

static int add_device(struct build *b, const struct spec_device *d,
		      struct err *e)
{
	uint32_t mode = d->facts.mode;
	struct step *t;

	if (!S_ISCHR(mode) && !S_ISBLK(mode))
		return err_set(e, ERR_USAGE,
			       "device %s is not a device node on the host",
			       d->source);
	t = plan_add(b->p, OP_DEVICE);
	t->device.source = xstrdup(d->source);
	t->device.target = xstrdup(d->path);
	t->device.id = d->facts.id;
	t->device.rdev = d->facts.rdev;
	t->device.writable = d->writable;
	return 0;
}

/* What a fresh /dev holds. */
static int fill_dev(struct build *b, struct err *e)
{
	const struct default_link *l;
	size_t i;

	for (i = 0; i < b->s->n_devices; i++)
		if (add_device(b, &b->s->devices[i], e))
			return -1;
	for (l = default_links; l->path; l++) {
		struct step *t = plan_add(b->p, OP_SYMLINK);

		t->symlink.path = xstrdup(l->path);
		t->symlink.target = xstrdup(l->target);
	}
	return 0;
}

static bool is_dev(const struct spec_mount *m)
{
	return strcmp(m->target, "/dev") == 0 && strcmp(m->type, "tmpfs") == 0;
}

int build_mounts(struct build *b, struct err *e)
{
	bool has_dev = false;
	size_t i;

	/* all of them first: one may lie in another that is bound */
	for (i = 0; i < b->s->n_mounts; i++)
		add_relabel(b, &b->s->mounts[i]);

	for (i = 0; i < b->s->n_mounts; i++) {
		const struct spec_mount *m = &b->s->mounts[i];
		bool is_bind = strcmp(m->type, "bind") == 0;

		if (is_bind ? add_bind(b, m, e) : add_filesystem(b, m, e))
			return -1;
		if (is_dev(m) && fill_dev(b, e))
			return -1;
		has_dev |= is_dev(m);
	}
	if (!has_dev && b->s->n_devices)
		return err_set(e, ERR_USAGE,
			       "devices need a /dev of the sandbox's own");
	return 0;
}
