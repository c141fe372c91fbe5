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
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "kernel/probe_parts.h"

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

struct entry { /* getdents64(2) */
	uint64_t ino, off;
	uint16_t len;
	uint8_t type;
	char name[];
};

struct walk {
	const char *context;
	int depth;
};

static int set_name(const struct walk *w, int dir, const char *name,
		    struct err *e)
{
	/* one name in a directory that we are in: nothing can be followed */
	if (fchdir(dir) < 0 ||
	    lsetxattr(name, XATTR, w->context, strlen(w->context) + 1, 0) < 0)
		return err_sys(e, "give %s the SELinux context %s", name,
			       w->context);
	return 0;
}

static int walk_dir(struct walk *w, int dir, struct err *e);

static int one(struct walk *w, int dir, const struct entry *d, struct err *e)
{
	auto_fd below = -1;

	if (!strcmp(d->name, ".") || !strcmp(d->name, ".."))
		return 0;
	if (set_name(w, dir, d->name, e) < 0)
		return -1;
	below = path_open(dir, d->name, PATH_STRICT, O_RDONLY | O_DIRECTORY, 0);
	if (below < 0 && (errno == ENOTDIR || errno == ELOOP || errno == EXDEV))
		return 0;
	if (below < 0)
		return err_sys(e, "relabel below %s", d->name);
	if (w->depth == DEPTH_MAX)
		return err_set(e, ERR_LIMIT,
			       "relabel: %s lies deeper than %d directories",
			       d->name, DEPTH_MAX);
	w->depth++;
	if (walk_dir(w, below, e) < 0)
		return -1;
	w->depth--;
	return 0;
}

static int walk_dir(struct walk *w, int dir, struct err *e)
{
	_Alignas(8) char buf[2048];
	long n;

	while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0)
		for (long i = 0; i < n;) {
			const struct entry *d = (struct entry *)(buf + i);

			if (one(w, dir, d, e) < 0)
				return -1;
			i += d->len;
		}
	return n < 0 ? err_sys(e, "list a directory") : 0;
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
	if (set_name(&w, dir, ".", e) < 0)
		return -1;
	return walk_dir(&w, dir, e);
}
