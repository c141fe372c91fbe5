/*
 * cgroups.c - the cgroups that runs of this user have made, a file each in the
 * runtime directory. Their own lock says who still has one; the files only say
 * where to look.
 */
#include "engine/cgroups.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "kernel/cgroup.h"

#define DIR_NAME "cgroups"
#define NOTE_MAX (64u << 10)

struct cgroup_notes {
	int dir;
	char *name; /* of our own note, or NULL */
};

struct cgroup_notes *cgroups_open(const struct host *h, struct err *e)
{
	auto_free char *path = NULL;
	auto_fd dir = -1;
	struct cgroup_notes *n;

	if (!h->runtime_dir) {
		err_set(e, ERR_HOST,
			"a cgroup: no runtime directory to write it down in "
			"(XDG_RUNTIME_DIR)");
		return NULL;
	}
	path = path_join(h->runtime_dir, DIR_NAME);
	if (file_make_dirs(path, e) < 0)
		return NULL;
	dir = path_open(AT_FDCWD, path, PATH_HOST, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0) {
		err_sys(e, "open %s", path);
		return NULL;
	}
	n = xcalloc(1, sizeof(*n));
	n->dir = TAKE_FD(dir);
	return n;
}

void cgroups_sweep_left(const struct host *h)
{
	auto_free char *path =
		h->runtime_dir ? path_join(h->runtime_dir, DIR_NAME) : NULL;
	struct cgroup_notes n = { .dir = -1 };

	if (path)
		n.dir = path_open(AT_FDCWD, path, PATH_HOST,
				  O_RDONLY | O_DIRECTORY, 0);
	if (n.dir < 0) /* nobody ever made one */
		return;
	cgroups_sweep(&n);
	close(n.dir);
}

void cgroups_free(struct cgroup_notes *n)
{
	if (!n)
		return;
	close(n->dir);
	free(n->name);
	free(n);
}

int cgroups_note(void *arg, char *const *lines, struct err *e)
{
	auto_free char *text = strv_join(lines, "\n");
	struct cgroup_notes *n = arg;

	n->name = xstrdup(path_base(lines[0]));
	return file_write_at(n->dir, n->name, text, strlen(text), e);
}

void cgroups_forget(struct cgroup_notes *n)
{
	/* left behind, it leads to what is not there: swept next time */
	if (n->name)
		(void)unlinkat(n->dir, n->name, 0);
}

static void sweep_one(const struct cgroup_notes *n, const struct cgroup_fs *fs,
		      const char *name)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	AUTO(strv_free) char **lines = NULL;

	if (file_read_at(n->dir, name, NOTE_MAX, &text, NULL) < 0)
		return;
	lines = strv_split(text.p ? text.p : "", '\n');
	if (cgroup_sweep(fs, lines))
		(void)unlinkat(n->dir, name, 0); /* seen next time */
}

void cgroups_sweep(const struct cgroup_notes *n)
{
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int fd = path_open(n->dir, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);

	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (cgroup_fs_open(&fs, NULL) < 0)
		return;
	while ((entry = readdir(d)))
		if (entry->d_name[0] != '.')
			sweep_one(n, &fs, entry->d_name);
}
