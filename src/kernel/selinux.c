/*
 * selinux.c - questions to selinuxfs, contexts of files. Without libselinux:
 * it allocates, reads its configuration, and opens /proc by path.
 */
#include "kernel/selinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/probe_parts.h"
#include "kernel/dirents.h"

#define SELINUXFS "/sys/fs/selinux"
#define XATTR	  "security.selinux"
#define DEPTH_MAX 64

int selinux_own(char **ret, struct err *e)
{
	if (probe_line("/proc/self/attr/current", ret, e) < 0)
		return -1;
	return *ret && **ret ? 0
			     : err_set(e, ERR_HOST,
				       "SELinux is active, and does not tell "
				       "our own context");
}

/* 1 valid, 0 not, -1 it may not be asked. */
static int is_valid(const char *context)
{
	auto_fd fd =
		path_open(AT_FDCWD, SELINUXFS "/context", PATH_HOST, O_RDWR, 0);

	if (fd < 0)
		return -1;
	if (write(fd, context, strlen(context) + 1) >= 0)
		return 1;
	return errno == EINVAL ? 0 : -1;
}

int selinux_mode(const char *context, enum label_mode *ret, struct err *e)
{
	auto_free char *enforce = NULL;
	int valid = is_valid(context);

	*ret = LABEL_UNKNOWN;
	if (probe_line(SELINUXFS "/enforce", &enforce, e) < 0)
		return -1;
	if (valid == 0)
		*ret = LABEL_ABSENT;
	else if (enforce && *enforce == '0')
		*ret = LABEL_TELLS;
	else if (valid > 0 && enforce)
		*ret = LABEL_HOLDS;
	return 0;
}

int selinux_set_file(int fd, const char *context, struct err *e)
{
	char got[256];
	size_t n = strlen(context) + 1;
	ssize_t r;

	if (fsetxattr(fd, XATTR, context, n, 0) < 0)
		return err_sys(e, "give a file the SELinux context %s",
			       context);
	r = fgetxattr(fd, XATTR, got, sizeof(got));
	if (r < 0)
		return err_sys(e, "read the SELinux context of a file");
	if ((size_t)r != n || memcmp(got, context, n) != 0)
		return err_set(e, ERR_VERIFY,
			       "a file did not take the SELinux context %s",
			       context);
	return 0;
}

/* ---- a tree ---- */

struct walk {
	const char *context;
	int dir;
	int depth;
};

static int set_name(const struct walk *w, const char *name, struct err *e)
{
	/* one name in a directory that we are in: nothing can be followed */
	if (fchdir(w->dir) < 0 ||
	    lsetxattr(name, XATTR, w->context, strlen(w->context) + 1, 0) < 0)
		return err_sys(e, "give %s the SELinux context %s", name,
			       w->context);
	return 0;
}

static int one(void *arg, const char *name, struct err *e)
{
	const struct walk *w = arg;
	auto_fd dir = -1;
	struct walk below = { .context = w->context, .depth = w->depth + 1 };

	if (set_name(w, name, e) < 0)
		return -1;
	dir = path_open(w->dir, name, PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);
	if (dir < 0 && (errno == ENOTDIR || errno == ELOOP || errno == EXDEV))
		return 0;
	if (dir < 0)
		return err_sys(e, "relabel below %s", name);
	if (w->depth == DEPTH_MAX)
		return err_set(e, ERR_LIMIT,
			       "relabel: %s lies deeper than %d directories",
			       name, DEPTH_MAX);
	below.dir = dir;
	return dirents_each(dir, name, one, &below, e);
}

int selinux_relabel(int fd, const char *context, struct err *e)
{
	struct walk w = { .context = context };
	auto_fd dir =
		path_open(fd, ".", PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);

	if (dir < 0 && errno == ENOTDIR)
		return err_set(e, ERR_USAGE,
			       "relabel: only a directory can be given a "
			       "context here: label the file with chcon");
	if (dir < 0)
		return err_sys(e, "open a directory to relabel it");
	w.dir = dir;
	if (set_name(&w, ".", e) < 0)
		return -1;
	return dirents_each(dir, "a directory to relabel", one, &w, e);
}
