/*
 * oci.c - what is on disk of containers made from bundles.
 */
#include "store/oci.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "format/oci_state.h"

#define ID_MAX	   1024
#define STATE_FILE "state.json"

int store_oci_open(const char *dir, bool make, struct err *e)
{
	int fd;

	if (make && file_make_dirs(dir, e) < 0)
		return -1;
	fd = path_open(AT_FDCWD, dir, PATH_HOST, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_MISSING, "%s: not there", dir);
	return fd < 0 ? err_sys(e, "open %s", dir) : fd;
}

int store_oci_check_id(const char *id, struct err *e)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+.-");

	if (n && id[n])
		return err_set(e, ERR_USAGE,
			       "invalid container id \"%.60s\": invalid "
			       "character `%c` in the ID: letters, digits and "
			       "_+.- only",
			       id, id[n]);
	if (n == 0 || n > ID_MAX || strcmp(id, ".") == 0 ||
	    strcmp(id, "..") == 0)
		return err_set(e, ERR_USAGE,
			       "invalid container id \"%.60s\": letters, "
			       "digits and _+.- only",
			       id);
	return 0;
}

static int make_fifos(int dir, struct err *e)
{
	if (mkfifoat(dir, "gate", 0600) < 0 ||
	    mkfifoat(dir, "result", 0600) < 0)
		return err_sys(e, "make the container's gate");
	if (symlinkat(STATE_FILE, dir, "status") < 0)
		return err_sys(e, "make the container's state");
	return 0;
}

int store_oci_make(int root, const char *id, struct err *e)
{
	auto_fd dir = -1;

	if (mkdirat(root, id, 0700) < 0)
		return errno == EEXIST
			       ? err_set(e, ERR_CONFLICT,
					 "container with id %s: it already "
					 "exists",
					 id)
			       : err_sys(e, "make the state of %s", id);
	dir = file_open_dir(root, id, false, e);
	if (dir < 0 || make_fifos(dir, e) < 0) {
		file_remove_tree(root, id, NULL);
		return -1;
	}
	return TAKE_FD(dir);
}

/* What stands in there is executed and signalled with our rights. */
static int check_owner(int dir, const char *id, struct err *e)
{
	struct stat st;

	if (fstat(dir, &st) < 0)
		return err_sys(e, "stat the state of %s", id);
	if (st.st_uid == geteuid() && !(st.st_mode & 022))
		return 0;
	return err_set(e, ERR_DENIED,
		       "the state of container %s belongs to user %u, mode "
		       "%03o: it must be ours, and nobody else may write to it",
		       id, st.st_uid, st.st_mode & 0777);
}

int store_oci_find(int root, const char *id, struct err *e)
{
	struct err why = ERR_INIT;
	auto_fd dir = -1;

	if (store_oci_check_id(id, e) < 0)
		return -1;
	dir = file_open_dir(root, id, false, &why);
	if (dir >= 0)
		return check_owner(dir, id, e) < 0 ? -1 : TAKE_FD(dir);
	if (why.errnum == ENOENT || why.kind == ERR_MISSING)
		return err_set(e, ERR_MISSING, "container %s does not exist",
			       id);
	if (e)
		*e = why;
	return -1;
}

bool store_oci_is(int dir, int other)
{
	struct stat a, b;

	return fstat(dir, &a) == 0 && fstat(other, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int store_oci_save(int dir, const struct oci_state *s, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	oci_state_print(s, &b);
	return file_write_at(dir, STATE_FILE, b.p, b.len, e);
}

int store_oci_load(int dir, struct oci_state *ret, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (file_read_at(dir, STATE_FILE, OCI_STATE_MAX, &b, e) < 0)
		return -1;
	return oci_state_parse(&b, ret, e);
}

int store_oci_fifo(int dir, const char *name, int flags)
{
	return path_open(dir, name, PATH_STRICT, flags | O_NOFOLLOW, 0);
}

int store_oci_started(int dir, struct err *e)
{
	if (unlinkat(dir, "gate", 0) < 0 && errno != ENOENT)
		return err_sys(e, "remove the container's gate");
	if (unlinkat(dir, "result", 0) < 0 && errno != ENOENT)
		return err_sys(e, "remove the container's gate");
	return 0;
}

bool store_oci_waits(int dir)
{
	struct stat st;

	return fstatat(dir, "gate", &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int store_oci_remove(int root, const char *id, struct err *e)
{
	return file_remove_tree(root, id, e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int store_oci_list(int root, char ***ret, struct err *e)
{
	AUTO(strv_free) char **v = NULL;
	AUTO(closedir) DIR *d = NULL;
	struct dirent *entry;
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, "open the state directory");
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return err_sys(e, "list the state directory");
	}
	while (errno = 0, (entry = readdir(d)))
		if (store_oci_check_id(entry->d_name, NULL) == 0)
			strv_add(&v, entry->d_name);
	if (errno)
		return err_sys(e, "list the state directory");
	if (v)
		qsort(v, strv_len(v), sizeof(*v), by_name);
	*ret = TAKE(v);
	return 0;
}
