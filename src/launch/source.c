/*
 * source.c - the objects of the host that a plan names: layers, binds,
 * devices.
 *
 * Each is opened by its step, with the caller's rights. A launcher that was
 * started by root is not root any more by then (root's own id is in no map):
 * it opens all of them before, in the order of the steps.
 */
#include "launch/child.h"

#include <sys/stat.h>
#include <unistd.h>

#include "kernel/mount.h"

/* One object that a step names. */
struct source {
	const char *path;
	const struct object_id *id;
};

/* The i-th object of a step; false: it has no more. */
static bool get_source(const struct step *s, size_t i, struct source *ret)
{
	bool one = i == 0;

	switch (s->op) {
	case OP_UPPER:
		*ret = (struct source){ s->upper.path, &s->upper.id };
		return one && s->upper.kind == UPPER_DIR;
	case OP_OVERLAY:
		if (i >= s->overlay.n_lower)
			return false;
		*ret = (struct source){ s->overlay.lower[i].path,
					&s->overlay.lower[i].id };
		return true;
	case OP_ROOTDIR:
		*ret = (struct source){ s->rootdir.path, &s->rootdir.id };
		return one;
	case OP_RELABEL:
		*ret = (struct source){ s->relabel.source, &s->relabel.id };
		return one;
	case OP_BIND:
		*ret = (struct source){ s->bind.source, &s->bind.id };
		return one;
	case OP_ROOTTREE:
		*ret = (struct source){ s->roottree.path, &s->roottree.id };
		return one;
	case OP_TREE:
		*ret = (struct source){ s->tree.source, &s->tree.id };
		return one;
	case OP_DEVICE:
		*ret = (struct source){ s->device.source, &s->device.id };
		return one;
	default:
		return false;
	}
}

size_t source_count(const struct plan *p)
{
	struct source unused;
	size_t n = 0;

	plan_foreach (s, p)
		for (size_t i = 0; get_source(s, i, &unused); i++)
			n++;
	return n;
}

int source_open_all(struct child *c, struct err *e)
{
	struct source source;
	size_t n = 0;

	plan_foreach (s, c->plan)
		for (size_t i = 0; get_source(s, i, &source); i++) {
			c->sources[n] = mount_open_source(source.path,
							  source.id, NULL, e);
			if (c->sources[n++] < 0)
				return -1;
		}
	return 0;
}

int source_open(struct child *c, const char *path, const struct object_id *id,
		struct stat *ret_st, struct err *e)
{
	int fd;

	if (!c->sources)
		return mount_open_source(path, id, ret_st, e);
	fd = c->sources[c->next_source++];
	if (ret_st && fstat(fd, ret_st) < 0)
		return err_sys(e, "stat %s", path);
	return fd;
}
