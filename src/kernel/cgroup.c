/*
 * cgroup.c - which cgroups a process is in, and the directories of one of
 * ours: found again, entered, left. Making them: cgroup_make.c.
 */
#include "kernel/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/retry.h"
#include "base/strv.h"
#include "kernel/procfs.h"

#define LINES_MAX (64u << 10)
#define UNIFIED	  "unified"

/* ---- where they are mounted ---- */

static enum cgroup_mode mode_of(int root)
{
	struct statfs fs;
	auto_fd unified = -1;

	if (fstatfs(root, &fs))
		return CGROUP_NONE;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return CGROUP_V2;
	if (fs.f_type != TMPFS_MAGIC)
		return CGROUP_NONE;
	unified = path_open(root, UNIFIED, PATH_HOST, O_PATH | O_DIRECTORY, 0);
	return unified < 0 || fstatfs(unified, &fs) ||
			       fs.f_type != CGROUP2_SUPER_MAGIC
		       ? CGROUP_V1
		       : CGROUP_HYBRID;
}

int cgroup_fs_open(struct cgroup_fs *ret, struct err *e)
{
	auto_fd root = path_open(AT_FDCWD, "/sys/fs/cgroup", PATH_HOST,
				 O_RDONLY | O_DIRECTORY, 0);

	if (root < 0 && errno != ENOENT && errno != EACCES)
		return err_sys(e, "open /sys/fs/cgroup");
	ret->mode = root < 0 ? CGROUP_NONE : mode_of(root);
	ret->root = TAKE_FD(root);
	return 0;
}

void cgroup_fs_done(struct cgroup_fs *fs)
{
	if (fs->root >= 0)
		close(fs->root);
	*fs = (struct cgroup_fs)CGROUP_FS_INIT;
}

bool cgroup_list_has(const char *list, char sep, const char *word)
{
	size_t n = strlen(word);

	while (list) {
		const char *end = strchr(list, sep);
		size_t len = end ? (size_t)(end - list) : strlen(list);

		if (len == n && !memcmp(list, word, n))
			return true;
		list = end ? end + 1 : NULL;
	}
	return false;
}

/* The directory of a hierarchy: by all of its controllers, or by the first,
 * which some hosts have as a symbolic link. */
static int open_hierarchy(const struct cgroup_fs *fs, const char *controllers)
{
	const int flags = O_PATH | O_DIRECTORY;
	char name[128];
	int fd;

	if (!*controllers)
		return path_open(fs->root,
				 fs->mode == CGROUP_V2 ? "." : UNIFIED,
				 PATH_HOST, flags, 0);
	if (!strncmp(controllers, "name=", 5))
		controllers += 5;
	if (strlen(controllers) >= sizeof(name) || strchr(controllers, '/') ||
	    *controllers == '.') {
		errno = EINVAL;
		return -1;
	}
	fd = path_open(fs->root, controllers, PATH_HOST, flags, 0);
	if (fd >= 0 || errno != ENOENT || !strchr(controllers, ','))
		return fd;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(controllers, ","),
		 controllers);
	return path_open(fs->root, name, PATH_HOST, flags, 0);
}

int cgroup_open_dir(const struct cgroup_fs *fs, const char *controllers,
		    const char *path)
{
	auto_fd top = open_hierarchy(fs, controllers);

	if (top < 0)
		return -1;
	path += strspn(path, "/");
	return path_open(top, *path ? path : ".", PATH_STRICT,
			 O_RDONLY | O_DIRECTORY, 0);
}

/* ---- small files ---- */

ssize_t cgroup_read_at(int dir, const char *file, char *ret, size_t size)
{
	auto_fd fd = path_open(dir, file, PATH_STRICT, O_RDONLY, 0);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while (len < size) {
		n = RETRY(read(fd, ret + len, size - len));
		if (n < 0)
			return -1;
		if (n == 0) {
			ret[len] = '\0';
			return (ssize_t)len;
		}
		len += (size_t)n;
	}
	errno = EFBIG;
	return -1;
}

int cgroup_write_at(int dir, const char *file, const char *value)
{
	auto_fd fd = path_open(dir, file, PATH_STRICT, O_WRONLY, 0);
	size_t len = strlen(value);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = RETRY(write(fd, value, len));
	if (n >= 0 && (size_t)n != len)
		errno = EIO;
	return n >= 0 && (size_t)n == len ? 0 : -1;
}

/* ---- what a process is in ---- */

int cgroup_lines_of(int proc, pid_t pid, char ***ret, struct err *e)
{
	auto_free char *text = xmalloc(LINES_MAX);
	AUTO(strv_free) char **all = NULL;
	char **lines = NULL;
	char path[32];

	snprintf(path, sizeof(path), "%d/cgroup", (int)pid);
	if (procfs_read_all(proc, path, text, LINES_MAX, e) < 0)
		return -1;
	all = strv_split(text, '\n');
	strv_foreach (line, all) {
		const char *rest = strchr(*line, ':');

		if (rest && strchr(rest + 1, ':'))
			strv_add(&lines, rest + 1);
	}
	*ret = lines;
	return 0;
}

/* A line's controllers and where its path begins; false: no line. */
static bool split_line(const char *line, char **ret_controllers,
		       const char **ret_path)
{
	/* the name of a hierarchy may hold one itself: the path is absolute */
	const char *colon = strstr(line, ":/");

	if (!colon)
		return false;
	*ret_controllers = xstrndup(line, (size_t)(colon - line));
	*ret_path = colon + 1;
	return true;
}

const char *cgroup_line_path(char *const *lines, const char *controller)
{
	strv_foreach (line, lines) {
		auto_free char *controllers = NULL;
		const char *path;

		if (split_line(*line, &controllers, &path) &&
		    (*controller ? cgroup_list_has(controllers, ',', controller)
				 : !*controllers))
			return path;
	}
	return NULL;
}

/* ---- one of ours ---- */

void cgroup_free(struct cgroup *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++) {
		free(c->dirs[i].controllers);
		free(c->dirs[i].path);
		if (c->dirs[i].fd >= 0)
			close(c->dirs[i].fd);
	}
	free(c->dirs);
	free(c);
}

static int add_line(const struct cgroup_fs *fs, const char *line,
		    struct cgroup *c, struct err *e)
{
	struct cgroup_dir *d;
	const char *path;

	d = GROW(c->dirs, c->n);
	c->n++;
	d->fd = -1;
	if (!split_line(line, &d->controllers, &path))
		return err_set(e, ERR_INPUT, "cgroup \"%s\": not a line of one",
			       line);
	d->path = path_clean(path);
	d->fd = cgroup_open_dir(fs, d->controllers, d->path);
	if (d->fd >= 0)
		return 0;
	if (errno == ENOENT)
		return err_set(e, ERR_MISSING, "cgroup %s: it is gone", line);
	return err_sys(e, "open the cgroup %s", line);
}

int cgroup_open(const struct cgroup_fs *fs, char *const *lines,
		struct cgroup **ret, struct err *e)
{
	AUTO(cgroup_free) struct cgroup *c = xcalloc(1, sizeof(*c));

	strv_foreach (line, lines)
		if (add_line(fs, *line, c, e) < 0)
			return -1;
	if (!c->n)
		return err_set(e, ERR_MISSING, "no cgroup");
	*ret = TAKE(c);
	return 0;
}

char **cgroup_lines(const struct cgroup *c)
{
	char **lines = NULL;

	for (size_t i = 0; i < c->n; i++)
		strv_take(&lines, xasprintf("%s:%s", c->dirs[i].controllers,
					    c->dirs[i].path));
	return lines;
}

int cgroup_clone_fd(const struct cgroup *c)
{
	return c->n == 1 && !*c->dirs[0].controllers ? c->dirs[0].fd : -1;
}

int cgroup_put(const struct cgroup *c, pid_t pid, struct err *e)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	for (size_t i = 0; i < c->n; i++)
		if (cgroup_write_at(c->dirs[i].fd, "cgroup.procs", text) < 0)
			return err_sys(e, "move process %s to the cgroup %s",
				       text, c->dirs[i].path);
	return 0;
}

static int has_pid(int dir, pid_t pid)
{
	auto_free char *text = xmalloc(LINES_MAX);
	char want[16];

	if (cgroup_read_at(dir, "cgroup.procs", text, LINES_MAX) < 0)
		return -1;
	snprintf(want, sizeof(want), "%d", (int)pid);
	return cgroup_list_has(text, '\n', want);
}

int cgroup_has(const struct cgroup *c, pid_t pid, struct err *e)
{
	for (size_t i = 0; i < c->n; i++) {
		int has = has_pid(c->dirs[i].fd, pid);

		if (has < 0)
			return err_sys(e, "read who is in the cgroup %s",
				       c->dirs[i].path);
		if (!has)
			return err_set(e, ERR_VERIFY,
				       "process %d is not in its cgroup %s%s%s",
				       (int)pid, c->dirs[i].controllers,
				       *c->dirs[i].controllers ? ":" : "",
				       c->dirs[i].path);
	}
	return 0;
}
