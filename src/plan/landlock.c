/*
 * landlock.c - rights by ABI, rules by what the tree looks like. A newer ABI
 * adds rights; an older one is a rung less, said in the plan. Pure.
 */
#include "plan/landlock.h"

#include <string.h>
#include <linux/mount.h>

#include "base/alloc.h"
#include "base/table.h"
#include "plan/ops.h"

#define FS_EXECUTE   (1u << 0)
#define FS_WRITE     (1u << 1)
#define FS_READ	     (1u << 2)
#define FS_READ_DIR  (1u << 3)
#define FS_TRUNCATE  (1u << 14)
#define FS_IOCTL_DEV (1u << 15)
#define FS_LOOK	     (FS_EXECUTE | FS_READ | FS_READ_DIR)

/* What each ABI added; highest last. */
static const struct {
	int abi;
	uint64_t fs, scope;
} rungs[] = {
	{ 1, 0x1fff, 0 },   /* execute … make_sym */
	{ 2, 1u << 13, 0 }, /* refer */
	{ 3, FS_TRUNCATE, 0 },
	{ 5, FS_IOCTL_DEV, 0 },
	{ 6, 0, 1u << 0 | 1u << 1 }, /* abstract sockets, signals */
};

static void allow(struct step *s, const char *path, uint64_t access)
{
	struct landlock_path *p = GROW(s->landlock.paths, s->landlock.n_paths);

	s->landlock.n_paths++;
	p->path = xstrdup(path);
	p->access = access & s->landlock.fs;
}

/* A read-only root: look everywhere, write where something writable is
 * mounted. A writable root: the tree as a whole, and nothing else. */
static void add_rules(struct step *l, const struct spec *s)
{
	uint64_t all = l->landlock.fs;

	if (!s->read_only) {
		allow(l, "/", all);
		return;
	}
	allow(l, "/", FS_LOOK);
	allow(l, "/dev", all);
	allow(l, "/proc", FS_LOOK | FS_WRITE | FS_TRUNCATE);
	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct spec_mount *m = &s->mounts[i];

		if (m->attr & MOUNT_ATTR_RDONLY)
			continue;
		if (strcmp(m->type, "tmpfs") && strcmp(m->type, "bind"))
			continue;
		if (strcmp(m->type, "bind") == 0 &&
		    (m->facts.mode & 0170000) != 0040000)
			allow(l, m->target,
			      FS_EXECUTE | FS_READ | FS_WRITE | FS_TRUNCATE |
				      FS_IOCTL_DEV);
		else
			allow(l, m->target, all);
	}
}

int landlock_plan(struct plan *p, const struct spec *s, const struct host *h,
		  struct err *e)
{
	struct step *l;

	if (s->landlock == NEED_OFF)
		return 0;
	if (s->landlock == NEED_REQUIRED && h->landlock_abi == 0)
		return err_set(e, ERR_HOST,
			       "Landlock is required and this kernel does not "
			       "offer it: boot with lsm=landlock,… or ask for "
			       "--security-opt landlock=wanted");
	l = plan_add(p, OP_LANDLOCK);
	l->need = s->landlock;
	l->landlock.abi = h->landlock_abi;
	for (size_t i = 0; i < ARRAY_SIZE(rungs); i++)
		if (h->landlock_abi >= rungs[i].abi) {
			l->landlock.fs |= rungs[i].fs;
			l->landlock.scope |= rungs[i].scope;
		}
	if (h->landlock_abi)
		add_rules(l, s);
	return 0;
}
