/*
 * owner.c - whose directory it was that a start could not make anything in.
 *
 * The kernel says "Permission denied" (or, from an overlay, "Value too large
 * for defined data type") of what belongs to an id that the sandbox does not
 * have. Inside, such an id cannot even be seen; out here it can.
 */
#include "engine/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"

/* What the step makes in the root, or NULL. */
static const char *made_by(const struct step *s)
{
	switch (s->op) {
	case OP_MOUNT:
		return s->mount.target;
	case OP_BIND:
		return s->bind.target;
	case OP_DEVICE:
		return s->device.target;
	case OP_SYMLINK:
		return s->symlink.path;
	case OP_DIR:
		return s->dir.path;
	case OP_FILE:
		return s->file.path;
	default:
		return NULL;
	}
}

static bool has(const struct idmap_list *l, uint32_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (id >= l->v[i].outer && id - l->v[i].outer < l->v[i].count)
			return true;
	return false;
}

/* Does an id of the id space stand for both? */
static bool is_known(const struct plan *p, const struct stat *st)
{
	plan_foreach (s, p)
		if (s->op == OP_IDMAP)
			return has(&s->idmap.uids, st->st_uid) &&
			       has(&s->idmap.gids, st->st_gid);
	return true;
}

/* The deepest directory on the way to `path` that is there: it is cut down
 * to that one's name. 0, or -1. */
static int last_there(int root, char *path, struct stat *ret)
{
	for (;;) {
		char *slash = strrchr(path, '/');
		auto_fd fd = -1;

		if (!slash)
			return -1;
		*slash = '\0';
		fd = path_open(root, *path ? path : "/", PATH_IN_ROOT,
			       O_PATH | O_DIRECTORY, 0);
		if (fd >= 0)
			return fstat(fd, ret);
		if (errno != ENOENT)
			return -1;
	}
}

/* At the end of the message, which is one line. */
static void append(struct err *e, const struct stat *st, const char *dir,
		   const char *target)
{
	const struct err was = *e;

	err_set(e, was.kind,
		"%.200s: %s of the root belongs to %u:%u, and no id of the "
		"sandbox stands for that; make %s there before, or chown",
		was.msg, *dir ? dir : "/", st->st_uid, st->st_gid, target);
	e->errnum = was.errnum;
	e->step = was.step;
}

void owner_explain(const char *rootfs, const struct plan *p, struct err *e)
{
	auto_free char *dir = NULL;
	const char *target;
	auto_fd root = -1;
	struct stat st;

	if (!e || e->step < 0 || (size_t)e->step >= p->n ||
	    (e->errnum != EACCES && e->errnum != EOVERFLOW))
		return;
	target = made_by(&p->steps[e->step]);
	root = path_open(AT_FDCWD, rootfs, PATH_HOST, O_PATH | O_DIRECTORY, 0);
	if (!target || root < 0)
		return;
	dir = xstrdup(target);
	if (last_there(root, dir, &st) == 0 && !is_known(p, &st))
		append(e, &st, dir, target);
}
