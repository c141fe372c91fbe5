/*
 * landlock.c - the Landlock rule set of a plan.
 *
 * What it adds to the mount namespace: an object that is not reached through
 * the sandbox's own root (a leaked descriptor, another mount namespace, a
 * magic link) cannot be used at all; device ioctls only below /dev; no
 * device nodes; and with a read-only root, writes only where something
 * writable is mounted. Rules can only add to each other, so below a writable
 * root a read-only bind is held by its mount alone.
 *
 * TCP is left to the network namespace: programs talk to themselves over lo.
 */
#include "plan/parts.h"

#include <string.h>
#include <sys/stat.h>
#include <linux/mount.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "plan/ops.h"

/* Rights by the ABI that brought them (landlock(7)). */
#define FS_EXECUTE    (1ull << 0)
#define FS_WRITE_FILE (1ull << 1)
#define FS_READ_FILE  (1ull << 2)
#define FS_READ_DIR   (1ull << 3)
#define FS_MAKE_CHAR  (1ull << 6)
#define FS_MAKE_BLOCK (1ull << 11)
#define FS_TRUNCATE   (1ull << 14)
#define FS_IOCTL_DEV  (1ull << 15)

static const struct {
	int abi;
	uint64_t fs, scope;
} rungs[] = {
	{ 1, 0x1fff, 0 },      { 2, 1ull << 13, 0 }, /* refer */
	{ 3, FS_TRUNCATE, 0 }, { 5, FS_IOCTL_DEV, 0 },
	{ 6, 0, 3 }, /* abstract sockets, signals */
};
/* With ABI 1 nothing can be renamed across directories (EXDEV): who takes less
 * than is required goes without. */
#define ABI_USABLE 2

#define FS_READ	 (FS_EXECUTE | FS_READ_FILE | FS_READ_DIR)
#define FS_WRITE (FS_WRITE_FILE | FS_TRUNCATE)
#define FS_FILE	 (FS_EXECUTE | FS_READ_FILE | FS_WRITE | FS_IOCTL_DEV)
#define FS_TREE	 (~(FS_MAKE_CHAR | FS_MAKE_BLOCK | FS_IOCTL_DEV))

static void allow(struct step *t, const char *path, uint64_t access)
{
	struct landlock_path *p = GROW(t->landlock.paths, t->landlock.n_paths);

	t->landlock.n_paths++;
	p->path = xstrdup(path);
	p->access = access & t->landlock.fs;
}

/* What a mount may be used for when the root is read-only. */
static uint64_t mount_access(const struct spec_mount *m)
{
	bool is_file = strcmp(m->type, "bind") == 0 && !S_ISDIR(m->facts.mode);

	if (strcmp(m->target, "/dev") == 0)
		return FS_WRITE | FS_IOCTL_DEV;
	if (strcmp(m->type, "proc") == 0)
		return FS_WRITE;
	if (m->attr & MOUNT_ATTR_RDONLY || strcmp(m->type, "devpts") == 0)
		return 0;
	return is_file ? FS_FILE & ~FS_IOCTL_DEV : FS_TREE;
}

static void add_usual(struct build *b, struct step *t)
{
	const struct spec *s = b->s;
	size_t i;

	if (!s->read_only) {
		allow(t, "/", FS_TREE);
		if (t->landlock.fs & FS_IOCTL_DEV)
			allow(t, "/dev", FS_IOCTL_DEV);
		return;
	}
	allow(t, "/", FS_READ);
	for (i = 0; i < s->n_mounts; i++) {
		uint64_t access = mount_access(&s->mounts[i]);

		if (access & t->landlock.fs)
			allow(t, s->mounts[i].target, access);
	}
}

/* What the usual rules grant on a path: those of it, and of what is above. */
static uint64_t granted(const struct landlock_path *usual, size_t n,
			const char *path)
{
	uint64_t access = 0;

	for (size_t i = 0; i < n; i++)
		if (path_is_below(path, usual[i].path))
			access |= usual[i].access;
	return access;
}

/* The rules of a file take the place of the usual ones, and grant no more. */
static void add_rules(struct build *b, struct step *t)
{
	const struct spec *s = b->s;
	struct landlock_path *usual;
	size_t n;

	add_usual(b, t);
	if (!s->landlock_file)
		return;
	usual = TAKE(t->landlock.paths);
	n = t->landlock.n_paths;
	t->landlock.n_paths = 0;
	for (size_t i = 0; i < s->n_landlock_rules; i++) {
		const struct landlock_path *r = &s->landlock_rules[i];
		uint64_t access = r->access & granted(usual, n, r->path);

		if (access)
			allow(t, r->path, access);
	}
	for (size_t i = 0; i < n; i++)
		free(usual[i].path);
	free(usual);
}

int build_landlock(struct build *b, struct err *e)
{
	enum need need = b->s->landlock;
	int abi = b->h->landlock_abi;
	struct step *t;
	size_t i;

	if (need == NEED_OFF)
		return 0;
	if (abi < 1 && need == NEED_REQUIRED)
		return err_set(
			e, ERR_HOST,
			"Landlock is required (the default), and "
			"this kernel has none: enable it (lsm=…,landlock "
			"at boot), or go without by --security-opt "
			"landlock=wanted");
	if (abi < ABI_USABLE && need == NEED_WANTED)
		abi = 0;
	t = plan_add(b->p, OP_LANDLOCK);
	t->need = need;
	t->landlock.abi = abi;
	for (i = 0; i < ARRAY_SIZE(rungs); i++) {
		if (abi < rungs[i].abi)
			continue;
		t->landlock.fs |= rungs[i].fs;
		t->landlock.scope |= rungs[i].scope;
	}
	if (abi)
		add_rules(b, t);
	return 0;
}
