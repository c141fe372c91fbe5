/*
 * cgroup_place.c - where a cgroup of ours could be made. Changes nothing.
 */
#include "kernel/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"

#define SMALL	 4096
#define PIDS_MAX (1u << 20)

void cgroup_place_done(struct cgroup_place *p)
{
	free(p->path);
	free(p->controllers);
	*p = (struct cgroup_place){ 0 };
}

static bool may_write(int dir, const char *file)
{
	return faccessat(dir, file, W_OK, AT_EACCESS) == 0;
}

/* What cgroups(7) lists under delegation. */
static bool is_given(int dir)
{
	return may_write(dir, ".") && may_write(dir, "cgroup.procs") &&
	       may_write(dir, "cgroup.subtree_control");
}

/* systemd's mark on what it has given away (since 251 for anybody to see). */
static bool is_marked(int dir)
{
	char value[2];

	return fgetxattr(dir, "user.delegate", value, sizeof(value)) == 1 &&
	       value[0] == '1';
}

/* The user's manager works in there itself. */
static bool is_managers(const char *path)
{
	return !strncmp(path_base(path), "user@", 5);
}

static size_t count_others(int dir)
{
	auto_free char *text = xmalloc(PIDS_MAX);
	AUTO(strv_free) char **lines = NULL;
	char own[16];
	size_t n = 0;

	snprintf(own, sizeof(own), "%d", (int)getpid());
	if (cgroup_read_at(dir, "cgroup.procs", text, PIDS_MAX) < 0)
		return 1; /* nobody can tell: not alone, then */
	lines = strv_split(text, '\n');
	strv_foreach (line, lines)
		n += **line && strcmp(*line, own) != 0;
	return n;
}

static int take(int dir, const char *path, bool is_own,
		struct cgroup_place *ret, struct err *e)
{
	char has[SMALL];

	if (cgroup_read_at(dir, "cgroup.controllers", has, SMALL) < 0)
		return err_sys(e, "cgroup %s: read its controllers", path);
	has[strcspn(has, "\n")] = '\0';
	ret->path = xstrdup(path);
	ret->controllers = xstrdup(has);
	/* the root may pass controllers on and hold processes: it has no type
	 */
	ret->is_own = is_own && faccessat(dir, "cgroup.type", F_OK, 0) == 0;
	ret->others = count_others(dir);
	return 0;
}

/* The directory above, in place. False: there is none. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !slash[1])
		return false;
	slash[slash == path] = '\0';
	return true;
}

/* Are there units of systemd on the way? */
static bool is_systemds(const char *path)
{
	static const char *const ends[] = { ".slice", ".scope", ".service" };
	AUTO(strv_free) char **parts = strv_split(path, '/');

	strv_foreach (part, parts) {
		for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
			size_t n = strlen(*part), len = strlen(ends[i]);

			if (n > len && !strcmp(*part + n - len, ends[i]))
				return true;
		}
	}
	return false;
}

/* The unit that was given away, from `path` upwards; NULL: none. Heap. */
static char *find_marked(const struct cgroup_fs *fs, const char *path)
{
	auto_free char *at = xstrdup(path);

	do {
		auto_fd dir = cgroup_open_dir(fs, "", at);

		if (dir < 0 || is_managers(at))
			return NULL;
		if (is_marked(dir))
			return TAKE(at);
	} while (go_up(at));
	return NULL;
}

/* From `path` up to `end`: the first that has no processes but us, else the
 * last that was given to us at all. */
static int search(const struct cgroup_fs *fs, const char *path, const char *end,
		  struct cgroup_place *ret, struct err *e)
{
	auto_free char *at = xstrdup(path);
	AUTO(cgroup_place_done) struct cgroup_place found = { 0 };

	do {
		auto_fd dir = cgroup_open_dir(fs, "", at);

		if (dir < 0 || is_managers(at) || !is_given(dir))
			break;
		cgroup_place_done(&found);
		if (take(dir, at, !strcmp(at, path), &found, e) < 0)
			return -1;
		if (!found.others || !strcmp(at, "/") ||
		    (end && !strcmp(at, end)))
			break;
	} while (go_up(at));
	*ret = found;
	found = (struct cgroup_place){ 0 };
	return 0;
}

int cgroup_find_place(const struct cgroup_fs *fs, char *const *own,
		      struct cgroup_place *ret, struct err *e)
{
	const char *line = cgroup_line_path(own, "");
	auto_free char *path = NULL, *end = NULL;

	*ret = (struct cgroup_place){ 0 };
	/* "/../x": outside of our own cgroup namespace */
	if (fs->mode != CGROUP_V2 || !line || strstr(line, "/../"))
		return 0;
	path = path_clean(line);
	end = find_marked(fs, path);
	if (!end && is_systemds(path))
		return 0;
	return search(fs, path, end, ret, e);
}

char *cgroup_v1_writable(const struct cgroup_fs *fs, char *const *own)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	strv_foreach (line, own) {
		AUTO(strv_free) char **names = NULL;
		auto_free char *list = xstrndup(*line, strcspn(*line, ":"));
		const char *path = strstr(*line, ":/");
		auto_fd dir = -1;

		if (!*list || !path || !strncmp(list, "name=", 5))
			continue;
		dir = cgroup_open_dir(fs, list, path + 1);
		if (dir < 0 || !may_write(dir, ".") ||
		    !may_write(dir, "cgroup.procs"))
			continue;
		names = strv_split(list, ',');
		strv_foreach (name, names)
			buf_printf(&b, "%s%s", b.len ? " " : "", *name);
	}
	return buf_take(&b);
}
