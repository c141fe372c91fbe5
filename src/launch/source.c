/*
 * source.c - the objects of the host that a plan names: layers, binds,
 * devices.
 *
 * Each is opened by its step, with the caller's rights. A launcher that was
 * started by root is not root any more by then (root's own id is in no map):
 * it opens all of them before, in the order of the steps, or somebody does it
 * for it (fetch.c).
 */
#include "launch/child.h"

#include <sys/stat.h>
#include <unistd.h>

#include "kernel/mount.h"

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

int source_each(const struct plan *p, source_fn *fn, void *arg, struct err *e)
{
	struct source source;

	plan_foreach (s, p)
		for (size_t i = 0; get_source(s, i, &source); i++)
			if (fn(arg, s, &source, e) < 0)
				return -1;
	return 0;
}

static int count_one(void *arg, const struct step *s, const struct source *x,
		     struct err *e)
{
	(void)s, (void)x, (void)e;
	++*(size_t *)arg;
	return 0;
}

size_t source_count(const struct plan *p)
{
	size_t n = 0;

	source_each(p, count_one, &n, NULL);
	return n;
}

static int open_one(void *arg, const struct step *s, const struct source *x,
		    struct err *e)
{
	struct child *c = arg;
	int fd = mount_open_source(x->path, x->id, NULL, e);

	(void)s;
	if (fd < 0)
		return -1;
	c->sources[c->next_source++] = fd;
	return 0;
}

int source_open_all(struct child *c, struct err *e)
{
	int r = source_each(c->plan, open_one, c, e);

	c->next_source = 0;
	return r;
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
