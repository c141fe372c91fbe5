/*
 * user.c - reads etc/passwd and etc/group of a root directory inside that
 * root, bounded; an image brings its own copies.
 */
#include "engine/user.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"

static int read_in_root(int root, const char *path, struct buf *ret,
			struct err *e)
{
	auto_fd fd = path_open(root, path, PATH_IN_ROOT,
			       O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	/* then only numbers can be resolved; a root that cannot be entered at
	 * all has its own message later */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return 0;
	if (fd < 0)
		return err_sys(e, "open /%s of the root", path);
	if (file_read_regular(fd, PASSWD_MAX, path, ret, e) < 0)
		return err_prefix(e, "in the root directory");
	return 0;
}

static int resolve_in_dir(const char *spec, const char *rootfs,
			  struct passwd_user *ret, struct err *e)
{
	AUTO(buf_done) struct buf passwd = BUF_INIT, group = BUF_INIT;
	auto_fd root =
		path_open(AT_FDCWD, rootfs, PATH_HOST, O_PATH | O_DIRECTORY, 0);

	if (root < 0)
		return err_sys(e, "open the root directory %s", rootfs);
	if (read_in_root(root, "etc/passwd", &passwd, e) < 0 ||
	    read_in_root(root, "etc/group", &group, e) < 0)
		return -1;
	return passwd_resolve(spec, passwd.p, group.p, ret, e);
}

int user_resolve(const struct request *r, const struct image *image,
		 struct passwd_user *ret, struct err *e)
{
	const char *spec = r->user;

	if (!spec && image)
		spec = image->config.user;
	if (image)
		return passwd_resolve(spec, image->passwd, image->group, ret,
				      e);
	return resolve_in_dir(spec, r->root == ROOT_HOST ? "/" : r->rootfs, ret,
			      e);
}

/* An empty one says nothing: it is filled in. */
static char **find_home(char **env)
{
	while (env && *env && strncmp(*env, "HOME=", 5) != 0)
		env++;
	return env && *env ? env : NULL;
}

int user_home(struct spec *s, const char *rootfs, struct err *e)
{
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	AUTO(buf_done) struct buf passwd = BUF_INIT;
	auto_free char *user = xasprintf("%" PRIu32, s->uid);
	char **home = find_home(s->env);
	auto_fd root = -1;

	if (home && (*home)[5])
		return 0;
	root = path_open(AT_FDCWD, rootfs, PATH_HOST, O_PATH | O_DIRECTORY, 0);
	/* a root that somebody took away meanwhile names nobody */
	if (root < 0 && errno != ENOENT && errno != EACCES)
		return err_sys(e, "open the root directory %s", rootfs);
	if (root >= 0 && read_in_root(root, "etc/passwd", &passwd, e) < 0)
		return -1;
	/* a file that makes no sense names nobody */
	(void)passwd_resolve(user, passwd.p, NULL, &u, NULL);
	if (home) {
		free(*home);
		*home = xasprintf("HOME=%s", u.home ? u.home : "/");
	} else {
		strv_take(&s->env, xasprintf("HOME=%s", u.home ? u.home : "/"));
	}
	return 0;
}
