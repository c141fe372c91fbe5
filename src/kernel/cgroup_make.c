/*
 * cgroup_make.c - makes the directories of a cgroup of ours and removes them.
 *
 * Should: leave nothing behind when it fails; hold a lock on what it made, so
 *         that a sweep takes only what nobody has any more.
 * Must not: change a cgroup that was not given to us, but for the controllers
 *           that our parent passes on.
 */
#include "kernel/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/path.h"
#include "base/strv.h"
#include "kernel/procfs.h"

#define SMALL	  4096
#define RACES_MAX 8
#define NAME_HEX  12

struct making {
	const struct cgroup_fs *fs;
	const struct cgroup_new *n;
	char **own; /* our own lines */
	char *name;
	struct cgroup *c;
};

static void making_done(struct making *m)
{
	strv_free(m->own);
	free(m->name);
	cgroup_free(m->c);
}
DEFINE_AUTO_DONE(struct making, making_done);

/* ---- which directories ---- */

static void add_dir(struct making *m, const char *controllers)
{
	const struct cgroup_new *n = m->n;
	const char *parent = n->parent;
	struct cgroup_dir *d;

	for (size_t i = 0; i < m->c->n; i++)
		if (!strcmp(m->c->dirs[i].controllers, controllers))
			return;
	if (!parent) {
		auto_free char *first =
			xstrndup(controllers, strcspn(controllers, ","));

		parent = cgroup_line_path(m->own, first);
	}
	d = GROW(m->c->dirs, m->c->n);
	m->c->n++;
	d->controllers = xstrdup(controllers);
	d->path = path_join(parent ? parent : "/", m->name);
	d->fd = -1;
}

/* The hierarchy of version 1 that has it, as its line has it; NULL: none. */
static char *hierarchy_of(char *const *lines, const char *controller)
{
	strv_foreach (line, lines) {
		auto_free char *list = xstrndup(*line, strcspn(*line, ":"));

		if (*list && cgroup_list_has(list, ',', controller))
			return TAKE(list);
	}
	return NULL;
}

static bool is_unified(const struct cgroup_fs *fs, const char *controller)
{
	char text[SMALL];
	auto_fd top = cgroup_open_dir(fs, "", "/");

	if (top < 0 ||
	    cgroup_read_at(top, "cgroup.controllers", text, SMALL) < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return cgroup_list_has(text, ' ', controller);
}

static int choose_dirs(struct making *m, struct err *e)
{
	if (m->fs->mode == CGROUP_V2) {
		add_dir(m, "");
		return 0;
	}
	strv_foreach (name, m->n->controllers) {
		auto_free char *list = hierarchy_of(m->own, *name);

		if (!**name && m->fs->mode == CGROUP_HYBRID)
			add_dir(m, "");
		else if (list)
			add_dir(m, list);
		else if (m->fs->mode == CGROUP_HYBRID &&
			 is_unified(m->fs, *name))
			add_dir(m, "");
		else
			return err_set(e, ERR_HOST,
				       "cgroup controller %s: this kernel has "
				       "none, or it is mounted nowhere",
				       *name);
	}
	if (!m->c->n)
		return err_set(e, ERR_BUG, "a cgroup without controllers");
	return 0;
}

/* ---- version 2: what a directory passes on ---- */

static int read_words(int dir, const char *file, char *ret, size_t size)
{
	if (cgroup_read_at(dir, file, ret, size) < 0)
		return -1;
	ret[strcspn(ret, "\n")] = '\0';
	return 0;
}

static int cannot_pass(const char *path, const char *controller, struct err *e)
{
	if (errno == EBUSY)
		return err_set(e, ERR_HOST,
			       "cgroup %s: it holds processes, so it cannot "
			       "pass the controller %s on",
			       path, controller);
	return err_set(e, ERR_HOST,
		       "cgroup %s: it does not pass the controller %s on: %s",
		       path, controller, strerror(errno));
}

static int pass_on(int dir, const char *path, char *const *controllers,
		   struct err *e)
{
	char has[SMALL], word[64];

	if (read_words(dir, "cgroup.subtree_control", has, SMALL) < 0)
		return err_sys(e, "cgroup %s: read what it passes on", path);
	strv_foreach (name, controllers) {
		if (cgroup_list_has(has, ' ', *name))
			continue;
		snprintf(word, sizeof(word), "+%s", *name);
		if (cgroup_write_at(dir, "cgroup.subtree_control", word) < 0)
			return cannot_pass(path, *name, e);
	}
	if (read_words(dir, "cgroup.subtree_control", has, SMALL) < 0)
		return err_sys(e, "cgroup %s: read what it passes on", path);
	strv_foreach (name, controllers)
		if (!cgroup_list_has(has, ' ', *name))
			return err_set(e, ERR_VERIFY,
				       "cgroup %s: the controller %s was not "
				       "passed on",
				       path, *name);
	return 0;
}

/* ---- version 1: a new cpuset is empty, and takes no process ---- */

static int fill_cpuset(int parent, int dir, struct err *e)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	char has[SMALL], from[SMALL];

	for (size_t i = 0; i < 2; i++) {
		if (read_words(dir, files[i], has, SMALL) < 0 ||
		    read_words(parent, files[i], from, SMALL) < 0)
			return err_sys(e, "read %s", files[i]);
		if (!*has && *from && cgroup_write_at(dir, files[i], from) < 0)
			return err_sys(e, "set %s to its parent's %s", files[i],
				       from);
	}
	return 0;
}

/* ---- the way down to the parent ---- */

static int enter(int dir, const char *name, bool make, struct err *e)
{
	int fd = path_open(dir, name, PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT && make &&
	    (mkdirat(dir, name, 0755) == 0 || errno == EEXIST))
		fd = path_open(dir, name, PATH_STRICT, O_RDONLY | O_DIRECTORY,
			       0);
	if (fd < 0)
		return err_sys(e, "open the cgroup %s", name);
	return fd;
}

/* What a directory on the way must be, for the next one to be of use. */
static int prepare(const struct making *m, const struct cgroup_dir *d, int dir,
		   const char *path, struct err *e)
{
	if (*d->controllers)
		return 0;
	return pass_on(dir, path,
		       m->fs->mode == CGROUP_V2 ? m->n->controllers : NULL, e);
}

/* From the top, each directory passing on what is needed. */
static int walk_down(const struct making *m, const struct cgroup_dir *d,
		     const char *parent, struct err *e)
{
	AUTO(strv_free) char **parts = strv_split(parent + 1, '/');
	auto_fd at = cgroup_open_dir(m->fs, d->controllers, "/");
	AUTO(buf_done) struct buf path = BUF_INIT;
	bool is_cpuset = cgroup_list_has(d->controllers, ',', "cpuset");

	if (at < 0)
		return err_sys(e, "open the cgroups of %s", d->controllers);
	strv_foreach (part, parts) {
		int next;

		if (!**part)
			continue;
		if (prepare(m, d, at, path.len ? path.p : "/", e) < 0)
			return -1;
		next = enter(at, *part, m->n->make_parents, e);
		if (next < 0)
			return -1;
		if (is_cpuset && fill_cpuset(at, next, e) < 0) {
			close(next);
			return -1;
		}
		close(at);
		at = next;
		buf_printf(&path, "/%s", *part);
	}
	return TAKE_FD(at);
}

/* Does it get all that it must pass on? Then nothing above is touched. */
static bool has_all(int dir, char *const *controllers)
{
	char has[SMALL];

	if (read_words(dir, "cgroup.controllers", has, SMALL) < 0)
		return false;
	strv_foreach (name, controllers)
		if (!cgroup_list_has(has, ' ', *name))
			return false;
	return true;
}

static int open_parent(const struct making *m, const struct cgroup_dir *d,
		       const char *parent, struct err *e)
{
	int fd = cgroup_open_dir(m->fs, d->controllers, parent);

	/* one that somebody made may have an empty cpuset: nothing starts */
	bool fills = m->n->make_parents &&
		     cgroup_list_has(d->controllers, ',', "cpuset");

	if (fd >= 0 && !fills &&
	    (*d->controllers || m->fs->mode != CGROUP_V2 ||
	     has_all(fd, m->n->controllers)))
		return fd;
	if (fd < 0 && !m->n->make_parents)
		return err_sys(e, "open the cgroup %s", parent);
	if (fd >= 0)
		close(fd);
	return walk_down(m, d, parent, e);
}

/* ---- the new directory ---- */

static bool is_same(int dir, const char *name, int fd)
{
	auto_fd again =
		path_open(dir, name, PATH_STRICT, O_PATH | O_DIRECTORY, 0);
	struct stat a, b;

	return again >= 0 && fstat(again, &a) == 0 && fstat(fd, &b) == 0 &&
	       a.st_ino == b.st_ino;
}

/* Made, or found empty; locked. A sweep may have taken it in between. */
static int make_one(int parent, const char *name, struct cgroup_dir *d,
		    struct err *e)
{
	for (int i = 0; i < RACES_MAX; i++) {
		auto_fd fd = -1;

		d->made = mkdirat(parent, name, 0755) == 0;
		if (!d->made && errno != EEXIST)
			return err_sys(e, "make the cgroup %s", name);
		fd = path_open(parent, name, PATH_STRICT,
			       O_RDONLY | O_DIRECTORY, 0);
		if (fd < 0 && errno != ENOENT)
			return err_sys(e, "open the cgroup %s", name);
		if (fd < 0 || flock(fd, LOCK_SH | LOCK_NB) < 0 ||
		    !is_same(parent, name, fd))
			continue;
		d->fd = TAKE_FD(fd);
		return 0;
	}
	return err_set(e, ERR_CONFLICT, "cgroup %s: somebody removes it", name);
}

/* Nobody in it, or below it: who ends the container ends them all. */
static int check_empty(int dir, const char *path, struct err *e)
{
	int used = cgroup_is_used(dir);

	if (used < 0)
		return err_sys(e, "read who is in the cgroup %s", path);
	return used ? err_set(e, ERR_CONFLICT,
			      "cgroup %s: it is there already, with processes "
			      "in it: the container's cgroup is not empty",
			      path)
		    : 0;
}

/* Before it is written down as ours: what is will be ended with us. */
static int check_unused(const struct making *m, struct err *e)
{
	if (!m->n->name) /* ours is nobody else's */
		return 0;
	for (size_t i = 0; i < m->c->n; i++) {
		const struct cgroup_dir *d = &m->c->dirs[i];
		auto_fd dir = cgroup_open_dir(m->fs, d->controllers, d->path);

		if (dir < 0 && errno != ENOENT)
			return err_sys(e, "open the cgroup %s", d->path);
		if (dir >= 0 && check_empty(dir, d->path, e) < 0)
			return -1;
	}
	return 0;
}

/* Out of the way: see `aside`. The lock lasts as long as the descriptor: who
 * goes back must not take controllers from a cgroup that is being made. */
static int move_aside(int parent, const char *path, struct err *e)
{
	auto_fd fd = -1;

	if (flock(parent, LOCK_EX) < 0)
		return err_sys(e, "lock the cgroup %s", path);
	if (mkdirat(parent, CGROUP_ASIDE, 0755) < 0 && errno != EEXIST)
		return err_sys(e, "make the cgroup %s/" CGROUP_ASIDE, path);
	fd = path_open(parent, CGROUP_ASIDE, PATH_STRICT,
		       O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 || cgroup_write_at(fd, "cgroup.procs", "0") < 0)
		return err_sys(e, "move to the cgroup %s/" CGROUP_ASIDE, path);
	return 0;
}

static int make_dir(const struct making *m, struct cgroup_dir *d, struct err *e)
{
	auto_free char *parent =
		xstrndup(d->path, (size_t)(path_base(d->path) - d->path));
	auto_free char *clean = path_clean(parent);
	auto_fd dir = open_parent(m, d, clean, e);

	if (dir < 0)
		return *d->controllers
			       ? err_prefix(e, "cgroups of %s", d->controllers)
			       : -1;
	if (m->n->aside && move_aside(dir, clean, e) < 0)
		return -1;
	if (prepare(m, d, dir, clean, e) < 0 ||
	    make_one(dir, m->name, d, e) < 0 ||
	    check_empty(d->fd, d->path, e) < 0)
		return err_prefix(e, "cgroup %s", clean);
	return cgroup_list_has(d->controllers, ',', "cpuset")
		       ? fill_cpuset(dir, d->fd, e)
		       : 0;
}

/* Who is moved into a frozen cgroup never ends, and neither does its mover. */
static int check_runs(const struct cgroup *c, struct err *e)
{
	bool frozen;

	if (cgroup_is_frozen(c, &frozen, e) < 0)
		return -1;
	return frozen ? err_set(e, ERR_CONFLICT,
				"cgroup %s: the container's cgroup "
				"unexpectedly "
				"frozen, or one above it",
				c->dirs[0].path)
		      : 0;
}

static int choose_name(struct making *m, struct err *e)
{
	char id[ID_LEN + 1];

	if (m->n->name) {
		if (!*m->n->name || strchr(m->n->name, '/') ||
		    *m->n->name == '.')
			return err_set(e, ERR_INPUT, "cgroup name \"%s\"",
				       m->n->name);
		m->name = xstrdup(m->n->name);
		return 0;
	}
	if (id_new(id, e) < 0)
		return -1;
	m->name = xasprintf(CGROUP_PREFIX "%.*s", NAME_HEX, id);
	return 0;
}

/* Those that were made; none of them has a process yet. */
static void take_back(const struct making *m)
{
	for (size_t i = 0; i < m->c->n; i++) {
		const struct cgroup_dir *d = &m->c->dirs[i];
		auto_free char *parent = xstrndup(
			d->path, (size_t)(path_base(d->path) - d->path));
		auto_fd dir = d->fd < 0 || !d->made
				      ? -1
				      : cgroup_open_dir(m->fs, d->controllers,
							parent);

		/* EBUSY: somebody went in */
		if (dir >= 0)
			(void)unlinkat(dir, m->name, AT_REMOVEDIR);
	}
}

static int tell(const struct making *m, struct err *e)
{
	AUTO(strv_free) char **lines = NULL;

	if (!m->n->note)
		return 0;
	lines = cgroup_lines(m->c);
	return m->n->note(m->n->note_arg, lines, e);
}

static int make_dirs(const struct making *m, struct err *e)
{
	for (size_t i = 0; i < m->c->n; i++)
		if (make_dir(m, &m->c->dirs[i], e) < 0)
			return -1;
	return 0;
}

int cgroup_make(const struct cgroup_fs *fs, const struct cgroup_new *n,
		struct cgroup **ret, struct err *e)
{
	AUTO(making_done) struct making m = { .fs = fs, .n = n };
	auto_fd proc = procfs_open_host(e);

	m.c = xcalloc(1, sizeof(*m.c));
	if (proc < 0 || cgroup_lines_of(proc, getpid(), &m.own, e) < 0 ||
	    choose_name(&m, e) < 0 || choose_dirs(&m, e) < 0)
		return -1;
	if (check_unused(&m, e) < 0 || tell(&m, e) < 0)
		return -1;
	if (make_dirs(&m, e) < 0 || check_runs(m.c, e) < 0) {
		take_back(&m);
		return -1;
	}
	*ret = TAKE(m.c);
	return 0;
}
