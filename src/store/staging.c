/*
 * staging.c - the temporary directories of the store and their removal.
 *
 * Trees of layers hold files of subordinate ids, which only a process inside
 * the id space may remove: what the plain way cannot remove is given to
 * immure-image.
 */
#include "store/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/id.h"
#include "base/path.h"
#include "base/strv.h"
#include "store/parts.h"
#include "store/publish.h"
#include "store/worker.h"

#define SWEEP_MAX 64 /* at once: each holds an fd */

int staging_claim(struct store *s, const char *name)
{
	auto_fd tmp = file_open_dir(s->dir, PART_TMP, false, NULL);
	auto_fd dir = tmp < 0 ? -1 : file_open_dir(tmp, name, false, NULL);

	if (dir < 0 || flock(dir, LOCK_EX | LOCK_NB))
		return -1;
	return TAKE_FD(dir);
}

int staging_new(struct store *s, struct staging *ret, struct err *e)
{
	/* shared: a sweep, which is exclusive, cannot see the directory
	 * between its making and its lock */
	auto_fd lock = store_lock(s, LOCK_SHARED, e);
	auto_fd tmp = -1, dir = -1;
	char id[ID_LEN + 1];

	if (lock < 0 || id_new(id, e))
		return -1;
	id[sizeof(ret->name) - 1] = '\0';
	tmp = file_open_dir(s->dir, PART_TMP, true, e);
	if (tmp < 0)
		return -1;
	if (mkdirat(tmp, id, 0700))
		return err_sys(e, "make %s/%s/%s", s->path, PART_TMP, id);
	dir = staging_claim(s, id);
	if (dir < 0)
		return err_sys(e, "lock %s/%s/%s", s->path, PART_TMP, id);
	ret->dir = TAKE_FD(dir);
	memcpy(ret->name, id, sizeof(ret->name));
	ret->path = xasprintf("%s/%s/%s", s->path, PART_TMP, id);
	return 0;
}

void staging_done(struct staging *g)
{
	if (!g->path)
		return;
	close(g->dir);
	free(g->path);
	g->path = NULL;
}

int staging_remove(struct store *s, const struct host *h, const char *name,
		   struct err *e)
{
	auto_fd tmp = file_open_dir(s->dir, PART_TMP, false, e);
	auto_free char *path = NULL;
	struct err first = ERR_INIT;

	if (tmp < 0)
		return -1;
	if (file_remove_tree(tmp, name, &first) == 0)
		return 0;
	/* EACCES, EPERM: another id's files. Anything else fails again, with
	 * the worker's reason. */
	path = xasprintf("%s/%s/%s", s->path, PART_TMP, name);
	if (worker_remove(h, path, e))
		return -1;
	return file_remove_tree(tmp, name, e);
}

int staging_list(int dir, const char *what, char ***ret, struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, "open %s", what);
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return err_sys(e, "read %s", what);
	}
	while ((errno = 0, entry = readdir(d)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			strv_add(&names, entry->d_name);
	if (errno)
		return err_sys(e, "read %s", what);
	*ret = TAKE(names);
	return 0;
}

struct left_over {
	char *name;
	int fd;
};

/* Claims what nobody holds; no store lock is held while it is removed. */
static int claim_all(struct store *s, struct left_over *ret, size_t *ret_n,
		     struct err *e)
{
	auto_fd lock = store_lock(s, LOCK_EXCLUSIVE, e);
	auto_fd tmp = lock < 0 ? -1 : file_open_dir(s->dir, PART_TMP, true, e);
	AUTO(strv_free) char **names = NULL;
	struct stat st;
	size_t n = 0;

	if (tmp < 0 || staging_list(tmp, PART_TMP, &names, e))
		return -1;
	strv_foreach (name, names) {
		int fd = n < SWEEP_MAX ? staging_claim(s, *name) : -1;

		if (fd < 0)
			continue;
		if (fstatat(fd, COMMIT_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			close(fd);
			continue;
		}
		ret[n++] = (struct left_over){ xstrdup(*name), fd };
	}
	*ret_n = n;
	return 0;
}

int staging_sweep(struct store *s, const struct host *h, size_t *ret_n,
		  struct err *e)
{
	struct left_over v[SWEEP_MAX];
	size_t n;
	int rc = 0;

	if (claim_all(s, v, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rc == 0)
			rc = staging_remove(s, h, v[i].name, e);
		close(v[i].fd);
		free(v[i].name);
	}
	if (rc == 0)
		*ret_n = n;
	return rc;
}
