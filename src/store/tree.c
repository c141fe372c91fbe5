/*
 * tree.c - makes the files of one layer below a directory fd. Nobody else
 * writes there meanwhile, so what was looked at stays what it is; symlinks
 * are never followed all the same.
 */
#include "store/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/path.h"
#include "format/text.h"

#define OPAQUE	  "user.overlay.opaque"
#define OWNER	  "user.immure.owner"
#define SHIFT	  1 /* the image's id 0 is id 1 of the id space */
#define LATE_MAX  (64u << 20)
#define PATH_ROOM 4096
#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

struct tree_late {
	char *path;
	struct timespec mtime;
};

/* What a directory is that the archive does not describe. */
static const struct tree_node unnamed = { .mode = 0755 };

void tree_init(struct tree *t, int root, bool single)
{
	*t = (struct tree){ .root = root, .single = single, .dir = -1 };
}

static void forget_dir(struct tree *t)
{
	if (t->dir >= 0)
		close(t->dir);
	free(t->dir_path);
	t->dir = -1;
	t->dir_path = NULL;
}

void tree_done(struct tree *t)
{
	forget_dir(t);
	for (size_t i = 0; i < t->n_late; i++)
		free(t->late[i].path);
	free(t->late);
	t->late = NULL;
	t->n_late = 0;
}

static bool is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == 0;
}

/* ---- owners ---- */

/* Of a directory that exists: it may have had another owner. */
static int reset_owner(const struct tree *t, int fd, const struct tree_node *n)
{
	char text[32];

	if (!t->single)
		return fchown(fd, n->uid + SHIFT, n->gid + SHIFT);
	snprintf(text, sizeof(text), "%u:%u", n->uid, n->gid);
	if (n->uid || n->gid)
		return fsetxattr(fd, OWNER, text, strlen(text), 0);
	if (fsetxattr(fd, OWNER, text, strlen(text), XATTR_REPLACE) == 0)
		return 0;
	/* it had none: it is root's already */
	return errno == ENODATA || errno == EOPNOTSUPP ? 0 : -1;
}

/* New files belong to the image's root already (unpack.c). */
static int set_owner(const struct tree *t, int fd, const struct tree_node *n)
{
	if (n->uid == 0 && n->gid == 0)
		return 0;
	return reset_owner(t, fd, n);
}

/* ---- directories on the way ---- */

/* Makes room at a name: a file is unlinked, a directory goes with all that
 * is in it. */
static int clear(struct tree *t, int dir, const char *name, struct err *e)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW)) {
		if (errno == ENOENT)
			return 0;
		return err_sys(e, "look at %s", SHOW(name));
	}
	if (!S_ISDIR(st.st_mode)) {
		if (unlinkat(dir, name, 0))
			return err_sys(e, "replace %s", SHOW(name));
		return 0;
	}
	if (file_remove_tree(dir, name, e))
		return -1;
	/* the directory of the latest entry may be gone with it; `dir` may
	 * be that very fd, which its holder still uses: only forget the path */
	free(t->dir_path);
	t->dir_path = NULL;
	return 0;
}

static int make_dir(const struct tree *t, int dir, const char *name,
		    const struct tree_node *n)
{
	auto_fd fd = -1;

	if (mkdirat(dir, name, n->mode))
		return -1;
	fd = path_open(dir, name, PATH_STRICT, DIRECTORY, 0);
	if (fd < 0 || set_owner(t, fd, n))
		return -1;
	return TAKE_FD(fd);
}

/* A directory where this layer's whiteout is: it hides the lower ones. */
static int make_opaque_dir(struct tree *t, int dir, const char *name,
			   const struct tree_node *n)
{
	auto_fd fd = -1;

	(void)t;
	if (unlinkat(dir, name, 0))
		return -1;
	fd = make_dir(t, dir, name, n);
	if (fd < 0 || fsetxattr(fd, OPAQUE, "y", 1, 0))
		return -1;
	return TAKE_FD(fd);
}

/* One part of the way to an entry, made when it is not there. */
static int step_into(struct tree *t, int dir, const char *name)
{
	int fd = path_open(dir, name, PATH_STRICT, DIRECTORY, 0);
	struct stat st;

	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return make_dir(t, dir, name, &unnamed);
	if (errno != ENOTDIR || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -1;
	if (is_whiteout(&st))
		return make_opaque_dir(t, dir, name, &unnamed);
	errno = ENOTDIR;
	return -1;
}

static int way_error(const char *path, struct err *e)
{
	if (errno == ELOOP || errno == ENOTDIR)
		return err_set(e, ERR_INPUT,
			       "layer entry \"%s\": its way leads through a "
			       "symlink or file of the same layer",
			       SHOW(path));
	return err_sys(e, "open the directory of %s", SHOW(path));
}

/* Part by part; `path` is the parent's. */
static int walk(struct tree *t, const char *path, struct err *e)
{
	auto_fd at = path_open(t->root, ".", PATH_STRICT, DIRECTORY, 0);
	char name[256];
	const char *p = path;

	while (at >= 0 && *p) {
		size_t n = strcspn(p, "/");
		int next;

		if (n >= sizeof(name))
			return err_set(e, ERR_INPUT, "%s: a name too long",
				       SHOW(path));
		memcpy(name, p, n);
		name[n] = '\0';
		next = step_into(t, at, name);
		if (next < 0)
			return way_error(path, e);
		close(at);
		at = next;
		p += n + (p[n] == '/');
	}
	return at < 0 ? err_sys(e, "open the layer") : TAKE_FD(at);
}

/*
 * The directory of `path`, made as needed: t->dir, ours. *ret_name is the
 * last part.
 */
static int parent(struct tree *t, const char *path, const char **ret_name,
		  struct err *e)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	auto_free char *dir = xstrndup(path, n);
	int fd;

	*ret_name = slash ? slash + 1 : path;
	if (t->dir >= 0 && t->dir_path && !strcmp(t->dir_path, dir))
		return 0;
	fd = path_open(t->root, n ? dir : ".", PATH_STRICT, DIRECTORY, 0);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		fd = walk(t, dir, e);
	else if (fd < 0)
		return way_error(path, e);
	if (fd < 0)
		return -1;
	forget_dir(t);
	t->dir = fd;
	t->dir_path = TAKE(dir);
	return 0;
}

/* ---- entries ---- */

static int remember(struct tree *t, const char *path,
		    const struct timespec *mtime, struct err *e)
{
	struct tree_late *l;

	t->late_bytes += strlen(path) + 1 + sizeof(*l);
	if (t->late_bytes > LATE_MAX)
		return err_set(e, ERR_LIMIT,
			       "layer: the names of its directories are more "
			       "than %u MiB",
			       LATE_MAX >> 20);
	if ((t->n_late & (t->n_late - 1)) == 0)
		t->late = xrealloc(t->late, t->n_late ? t->n_late * 2 : 1,
				   sizeof(*l));
	l = &t->late[t->n_late++];
	l->path = xstrdup(path);
	l->mtime = *mtime;
	return 0;
}

static int update_dir(const struct tree *t, int fd, const struct tree_node *n)
{
	if (reset_owner(t, fd, n) || fchmod(fd, n->mode))
		return -1;
	return 0;
}

/* 1: an existing directory was brought up to date; 0: none there. */
static int keep_dir(struct tree *t, const char *name, const struct tree_node *n)
{
	auto_fd fd = path_open(t->dir, name, PATH_STRICT, DIRECTORY, 0);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP
			       ? 0
			       : -1;
	return update_dir(t, fd, n) ? -1 : 1;
}

static int put_dir(struct tree *t, const char *name, const struct tree_node *n,
		   struct err *e)
{
	auto_fd fd = -1;
	struct stat st;
	int r;

	fd = make_dir(t, t->dir, name, n);
	if (fd >= 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	r = keep_dir(t, name, n);
	if (r)
		return r < 0 ? -1 : 0;
	if (fstatat(t->dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -1;
	if (is_whiteout(&st)) {
		fd = make_opaque_dir(t, t->dir, name, n);
		return fd < 0 ? -1 : 0;
	}
	if (clear(t, t->dir, name, e))
		return -1;
	fd = make_dir(t, t->dir, name, n);
	return fd < 0 ? -1 : 0;
}

int tree_directory(struct tree *t, const char *path, const struct tree_node *n,
		   struct err *e)
{
	const char *name;

	if (parent(t, path, &name, e))
		return -1;
	if (put_dir(t, name, n, e))
		return err_sys(e, "make directory %s", SHOW(path));
	return remember(t, path, &n->mtime, e);
}

int tree_root(struct tree *t, const struct tree_node *n, struct err *e)
{
	auto_fd fd = path_open(t->root, ".", PATH_STRICT, DIRECTORY, 0);

	if (fd < 0 || update_dir(t, fd, n))
		return err_sys(e, "set up the root of the layer");
	return remember(t, ".", &n->mtime, e);
}

int tree_open(struct tree *t, const char *path, const struct tree_node *n,
	      struct err *e)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	auto_fd fd = -1;
	const char *name;

	if (parent(t, path, &name, e))
		return -1;
	fd = path_open(t->dir, name, PATH_STRICT, flags, n->mode);
	if (fd < 0 && errno == EEXIST) {
		if (clear(t, t->dir, name, e))
			return -1;
		fd = path_open(t->dir, name, PATH_STRICT, flags, n->mode);
	}
	if (fd < 0)
		return err_sys(e, "make file %s", SHOW(path));
	if (set_owner(t, fd, n))
		return err_sys(e, "set the owner of %s", SHOW(path));
	return TAKE_FD(fd);
}

int tree_close(int fd, const char *path, uint64_t size,
	       const struct tree_node *n, struct err *e)
{
	struct timespec times[2] = { n->mtime, n->mtime };
	auto_fd own = fd;
	struct stat st;

	if (fstat(own, &st))
		return err_sys(e, "stat %s", SHOW(path));
	/* a hole at the end */
	if ((uint64_t)st.st_size < size && ftruncate(own, (off_t)size))
		return err_sys(e, "make %s %llu bytes long", SHOW(path),
			       (unsigned long long)size);
	if (futimens(own, times))
		return err_sys(e, "set the time of %s", SHOW(path));
	return 0;
}

static int own_symlink(const struct tree *t, const char *name,
		       const struct tree_node *n)
{
	struct timespec times[2] = { n->mtime, n->mtime };

	/* single: a symlink takes no user attribute, its owner is lost */
	if (!t->single && (n->uid || n->gid) &&
	    fchownat(t->dir, name, n->uid + SHIFT, n->gid + SHIFT,
		     AT_SYMLINK_NOFOLLOW))
		return -1;
	return utimensat(t->dir, name, times, AT_SYMLINK_NOFOLLOW);
}

int tree_symlink(struct tree *t, const char *path, const char *target,
		 const struct tree_node *n, struct err *e)
{
	const char *name;
	int r;

	if (parent(t, path, &name, e))
		return -1;
	r = symlinkat(target, t->dir, name);
	if (r && errno == EEXIST) {
		if (clear(t, t->dir, name, e))
			return -1;
		r = symlinkat(target, t->dir, name);
	}
	if (r || own_symlink(t, name, n))
		return err_sys(e, "make symlink %s", SHOW(path));
	return 0;
}

/* The fd of what a hard link shall lead to, and of its directory. */
static int open_target(struct tree *t, const char *path, int *ret_dir,
		       struct stat *ret_st, struct err *e)
{
	const char *slash = strrchr(path, '/');
	auto_free char *dir = xstrndup(path, slash ? slash - path : 0);
	auto_fd fd =
		path_open(t->root, *dir ? dir : ".", PATH_STRICT, DIRECTORY, 0);
	const char *name = slash ? slash + 1 : path;

	if (fd < 0 || fstatat(fd, name, ret_st, AT_SYMLINK_NOFOLLOW)) {
		if (errno == ENOENT || errno == ELOOP || errno == ENOTDIR)
			return err_set(e, ERR_INPUT,
				       "hard link to \"%s\": no such file in "
				       "this layer before it",
				       SHOW(path));
		return err_sys(e, "open hard link target %s", SHOW(path));
	}
	if (!S_ISREG(ret_st->st_mode) && !S_ISLNK(ret_st->st_mode))
		return err_set(e, ERR_INPUT,
			       "hard link to \"%s\": it is no regular file",
			       SHOW(path));
	*ret_dir = TAKE_FD(fd);
	return 0;
}

int tree_link(struct tree *t, const char *path, const char *target,
	      struct err *e)
{
	const char *name, *from = strrchr(target, '/');
	auto_fd dir = -1;
	struct stat st, now;

	if (open_target(t, target, &dir, &st, e) || parent(t, path, &name, e))
		return -1;
	if (fstatat(t->dir, name, &now, AT_SYMLINK_NOFOLLOW) == 0) {
		/* a link to itself, or a second one */
		if (now.st_dev == st.st_dev && now.st_ino == st.st_ino)
			return 0;
		if (clear(t, t->dir, name, e))
			return -1;
	}
	from = from ? from + 1 : target;
	if (linkat(dir, from, t->dir, name, 0))
		return err_sys(e, "link %s", SHOW(path));
	if (fstatat(t->dir, name, &now, AT_SYMLINK_NOFOLLOW))
		return err_sys(e, "stat %s", SHOW(path));
	if (now.st_dev != st.st_dev || now.st_ino != st.st_ino)
		return err_set(e, ERR_VERIFY, "link %s: another file",
			       SHOW(path));
	return 0;
}

/* ---- whiteouts ---- */

int tree_opaque(struct tree *t, const char *path, struct err *e)
{
	auto_free char *inside = xasprintf("%s/x", path);
	const char *name;

	/* the directory as parent of a name in it: made when not there */
	if (parent(t, *path ? inside : "x", &name, e))
		return -1;
	if (fsetxattr(t->dir, OPAQUE, "y", 1, 0))
		return err_sys(e,
			       "mark %s opaque (does the store's filesystem "
			       "have user.* attributes?)",
			       SHOW(path));
	return 0;
}

int tree_whiteout(struct tree *t, const char *path, struct err *e)
{
	const char *name;
	struct stat st;

	if (parent(t, path, &name, e))
		return -1;
	/* a character device 0:0 needs no privilege (Linux 5.8) */
	if (mknodat(t->dir, name, S_IFCHR, 0) == 0)
		return 0;
	if (errno != EEXIST || fstatat(t->dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return err_sys(e, "make the whiteout of %s", SHOW(path));
	/* the layer's own entry stays: a whiteout is for those below */
	return S_ISDIR(st.st_mode) ? tree_opaque(t, path, e) : 0;
}

int tree_absent(struct tree *t, const char *path, struct err *e)
{
	const char *name;
	struct stat st;

	if (parent(t, path, &name, e))
		return -1;
	/* a whiteout goes on hiding the lower layers' file */
	if (fstatat(t->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    is_whiteout(&st))
		return 0;
	return clear(t, t->dir, name, e);
}

/* ---- afterwards ---- */

int tree_reopen(struct tree *t, const char *path, struct err *e)
{
	int fd = path_open(t->root, *path ? path : ".", PATH_STRICT,
			   O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);

	if (fd < 0)
		return err_sys(e, "open %s", SHOW(path));
	return fd;
}

static int set_time(struct tree *t, const struct tree_late *l)
{
	struct timespec times[2] = { l->mtime, l->mtime };
	auto_fd fd = path_open(t->root, l->path, PATH_STRICT, DIRECTORY, 0);

	/* replaced by a later entry */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return 0;
	return fd < 0 ? -1 : futimens(fd, times);
}

int tree_finish(struct tree *t, struct err *e)
{
	for (size_t i = 0; i < t->n_late; i++)
		if (set_time(t, &t->late[i]))
			return err_sys(e, "set the time of %s",
				       SHOW(t->late[i].path));
	return 0;
}
