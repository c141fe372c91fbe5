/*
 * build_root.c - the phase ROOT: the tree that the sandbox sees.
 *
 * Our own files and the working directory are made before anything of the
 * host is bound, so that they can never land in a host directory.
 */
#include "plan/parts.h"

#include <string.h>
#include <linux/mount.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "plan/maps.h"
#include "plan/ops.h"

#define GROUP_TTY 5 /* in every distribution */

/* Linux before 6.15 takes overlay layers by path only. */
static bool needs_stage(const struct host *h)
{
	return h->kernel_major < 6 ||
	       (h->kernel_major == 6 && h->kernel_minor < 15);
}

/*
 * A directory that is only read needs no overlay, unless something is mounted
 * in it: what it lacks as a mount point cannot be made there. Whether it has
 * /dev, /proc and /sys, the engine has seen (root_unfit).
 */
static bool is_plain(const struct build *b)
{
	static const char *const standard[] = { "/dev", "/proc", "/sys" };
	const struct spec *s = b->s;
	size_t i, j;

	if (s->root != SPEC_ROOT_DIR || !s->read_only || s->root_unfit)
		return false;
	if (b->has_context) /* the directory's own labels stay as they are */
		return false;
	for (i = 0; i < s->n_mounts; i++) {
		for (j = 0; j < ARRAY_SIZE(standard); j++)
			if (path_is_below(s->mounts[i].target, standard[j]))
				break;
		if (j == ARRAY_SIZE(standard))
			return false;
	}
	return true;
}

static void add_rootdir(struct build *b)
{
	struct step *t = plan_add(b->p, OP_ROOTDIR);

	t->rootdir.path = xstrdup(b->s->layers[0].path);
	t->rootdir.id = b->s->layers[0].id;
	t->rootdir.attr =
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
}

static void add_upper(struct build *b)
{
	const struct spec *s = b->s;
	struct step *t = plan_add(b->p, OP_UPPER);

	t->upper.owner = b->root_uid;
	if (s->upper) {
		t->upper.kind = UPPER_DIR;
		t->upper.path = xstrdup(s->upper);
		t->upper.id = s->upper_id;
		return;
	}
	t->upper.kind = UPPER_TMPFS;
	t->upper.size = s->root_size ? s->root_size : DEFAULT_ROOT_SIZE;
}

static void add_overlay(struct build *b)
{
	const struct spec *s = b->s;
	struct step *t = plan_add(b->p, OP_OVERLAY);
	size_t i;

	for (i = 0; i < s->n_layers; i++) {
		struct spec_layer *l =
			GROW(t->overlay.lower, t->overlay.n_lower);

		t->overlay.n_lower++;
		l->path = xstrdup(s->layers[i].path);
		l->id = s->layers[i].id;
	}
	t->overlay.volatile_ = !s->upper; /* memory is never synced */
	t->overlay.staged = needs_stage(b->h);
}

/* The host's own programs are bound into an empty root. */
static void add_tmproot(struct build *b)
{
	uint64_t size = b->s->root_size;
	struct step *t = plan_add(b->p, OP_TMPROOT);

	t->tmproot.size = size ? size : DEFAULT_ROOT_SIZE;
	t->tmproot.owner = b->root_uid;
}

static int add_tree(struct build *b, struct err *e)
{
	if (b->s->root == SPEC_ROOT_HOST) {
		add_tmproot(b);
		return 0;
	}
	if (b->s->n_layers == 0)
		return err_set(e, ERR_INPUT, "the root has no layer");
	if (is_plain(b)) {
		add_rootdir(b);
		return 0;
	}
	if (!b->h->has_overlay_userns)
		return err_set(e, ERR_HOST,
			       "overlayfs in a user namespace does not work on "
			       "this host (Linux %u.%u; 5.11 is needed)",
			       b->h->kernel_major, b->h->kernel_minor);
	add_upper(b);
	add_overlay(b);
	return 0;
}

static void add_dir(struct build *b, const char *path, uint32_t mode)
{
	struct step *t = plan_add(b->p, OP_DIR);

	t->dir.path = xstrdup(path);
	t->dir.mode = mode;
	t->dir.owner = b->root_uid;
}

static void add_file(struct build *b, const struct spec_file *f)
{
	struct step *t = plan_add(b->p, OP_FILE);

	t->file.path = xstrdup(f->path);
	t->file.content = xstrdup(f->content);
	t->file.mode = f->mode;
	t->file.owner = b->root_uid;
}

/* A file without content is a directory. */
static void add_files(struct build *b)
{
	const struct spec *s = b->s;
	size_t i;

	for (i = 0; i < s->n_files; i++) {
		if (s->files[i].content)
			add_file(b, &s->files[i]);
		else
			add_dir(b, s->files[i].path, s->files[i].mode);
	}
	for (i = 0; i < s->n_links; i++) {
		struct step *t = plan_add(b->p, OP_SYMLINK);

		t->symlink.path = xstrdup(s->links[i].path);
		t->symlink.target = xstrdup(s->links[i].content);
	}
}

/* The working directory is made when it is not there, unless it lies in
 * something that is mounted. */
static void add_cwd(struct build *b)
{
	const struct spec *s = b->s;
	size_t i;

	if (strcmp(s->cwd, "/") == 0)
		return;
	for (i = 0; i < s->n_mounts; i++)
		if (path_is_below(s->cwd, s->mounts[i].target))
			return;
	add_dir(b, s->cwd, 0755);
}

/* The program's user, and the group of terminals where it is mapped. */
static void add_pty(struct build *b)
{
	int64_t tty = maps_outer(&b->gids, GROUP_TTY);
	struct step *t = plan_add(b->p, OP_PTY);

	t->pty.uid = b->user_uid;
	t->pty.gid = tty < 0 ? b->user_gid : (uint32_t)tty;
}

static void add_paths(struct build *b, enum op op, char *const *v)
{
	for (; v && *v; v++)
		plan_add(b->p, op)->path.path = xstrdup(*v);
}

/* SELinux: the files of the sandbox have its context, whatever they have on
 * the host. */
static int add_context(struct build *b, struct err *e)
{
	if (build_selinux(b, &b->has_context, e) < 0)
		return -1;
	b->has_context &= b->s->selinux_files != NULL;
	if (b->has_context)
		plan_add(b->p, OP_CONTEXT)->context.files =
			xstrdup(b->s->selinux_files);
	return 0;
}

int build_root(struct build *b, struct err *e)
{
	const struct spec *s = b->s;

	plan_add(b->p, OP_PRIVATE);
	plan_add(b->p, OP_PROCFS);
	build_cgroupns(b);
	if (add_context(b, e) || add_tree(b, e))
		return -1;
	if (!is_plain(b)) {
		add_files(b);
		add_cwd(b);
	}
	if (build_mounts(b, e))
		return -1;
	if (s->terminal)
		add_pty(b);
	add_paths(b, OP_READONLY, s->readonly);
	add_paths(b, OP_MASK, s->masked);
	if (s->read_only && !is_plain(b))
		add_paths(b, OP_READONLY, (char *[]){ (char *)"/", NULL });
	plan_add(b->p, OP_PIVOT);
	return 0;
}
