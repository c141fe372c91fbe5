/*
 * record_needs.c - one row a call, one function a kind.
 *
 * Seen is the call's entry, not its result: what does not exist needs no
 * right, unless the call would make it (landlock(7) is asked after the
 * lookup).
 */
#include "monitor/record_needs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "base/utf8.h"

/* landlock(7); the headers of older systems lack the last ones. */
enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_CHAR = 1 << 6,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	MAKE_SOCK = 1 << 9,
	MAKE_FIFO = 1 << 10,
	MAKE_BLOCK = 1 << 11,
	MAKE_SYM = 1 << 12,
	REFER = 1 << 13,
	TRUNCATE = 1 << 14,
	IOCTL_DEV = 1 << 15,
};
#define TMPFILE 020000000 /* __O_TMPFILE */

/* What a call's arguments are; NO: it has none of that kind. */
#define NO -1
struct row {
	const char *call;
	void (*of)(const struct row *, const struct task *,
		   const struct seccomp_call *, struct needs *);
	int8_t dir, path, dir2, path2, flags;
	uint32_t more; /* flags that the call implies */
};
struct needs_table {
	const struct row **by_number;
	size_t n;
};

void needs_done(struct needs *n)
{
	for (size_t i = 0; i < n->n; i++)
		free(n->v[i].path);
	free(n->v);
	free(n->name);
	memset(n, 0, sizeof(*n));
}

static bool is_utf8(const char *s)
{
	uint32_t cp;

	for (size_t n = strlen(s); n;) {
		size_t len = utf8_decode(s, n, &cp);

		if (!len)
			return false;
		s += len;
		n -= len;
	}
	return true;
}

void needs_add(struct needs *n, const char *path, uint64_t access)
{
	struct landlock_path *p;

	if (!access || !is_utf8(path))
		return;
	p = GROW(n->v, n->n);
	n->n++;
	p->path = xstrdup(path);
	p->access = access;
}

/* ---- names ---- */

static char *argument(const struct task *t, const struct seccomp_call *c,
		      int dir, int path)
{
	auto_free char *text =
		path == NO ? xstrdup("") : task_text(t, c->args[path]);
	int at = dir == NO ? AT_FDCWD : (int)c->args[dir];

	return text ? task_name(t, at, text) : NULL;
}

/* The directory that holds what a name says, as it really is. NULL: there is
 * none, and the call fails of itself. */
static char *parent_of(const struct task *t, const char *name)
{
	auto_free char *dir = xstrdup(name);
	char *slash, *real = NULL;
	mode_t mode;

	for (size_t n = strlen(dir); n > 1 && dir[n - 1] == '/';)
		dir[--n] = '\0';
	slash = strrchr(dir, '/');
	if (!slash)
		return NULL;
	slash[slash == dir] = '\0';
	task_resolve(t, dir, true, &real, &mode);
	return real;
}

static void need_parent(const struct task *t, const char *name, uint64_t access,
			struct needs *ret)
{
	auto_free char *dir = parent_of(t, name);

	if (dir)
		needs_add(ret, dir, access);
}

static bool is_there(const struct task *t, const char *name, mode_t *ret_mode)
{
	auto_free char *real = NULL;

	return task_resolve(t, name, false, &real, ret_mode) != TASK_ABSENT;
}

#define NEEDS(kind)                                                            \
	static void of_##kind(const struct row *r, const struct task *t,       \
			      const struct seccomp_call *c, struct needs *ret)

/* ---- opening ---- */

static uint64_t open_access(uint64_t flags, mode_t mode)
{
	uint64_t access = 0;

	if (flags & O_PATH)
		return 0;
	if ((flags & O_ACCMODE) != O_WRONLY)
		access |= S_ISDIR(mode) ? READ_DIR : READ_FILE;
	if ((flags & O_ACCMODE) != O_RDONLY)
		access |= WRITE_FILE;
	if (flags & O_TRUNC)
		access |= TRUNCATE;
	if (S_ISCHR(mode))
		access |= IOCTL_DEV;
	return access;
}

static void need_open(const struct task *t, uint64_t flags, struct needs *ret)
{
	auto_free char *real = NULL;
	mode_t mode;
	bool follow = !(flags & O_NOFOLLOW) &&
		      (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);

	if (task_resolve(t, ret->name, follow, &real, &mode) != TASK_ABSENT) {
		if (flags & TMPFILE)
			needs_add(ret, real, MAKE_REG | WRITE_FILE | READ_FILE);
		else
			needs_add(ret, real, open_access(flags, mode));
	} else if (flags & O_CREAT) {
		need_parent(t, ret->name,
			    MAKE_REG | open_access(flags, S_IFREG), ret);
	}
}

NEEDS(open)
{
	uint64_t flags = r->more;

	if (r->flags != NO)
		flags |= (uint32_t)c->args[r->flags];
	need_open(t, flags, ret);
}

NEEDS(open2) /* struct open_how begins with the flags */
{
	uint64_t flags;

	if (task_read(t, c->args[r->flags], &flags, sizeof(flags)) ==
	    sizeof(flags))
		need_open(t, flags, ret);
}

NEEDS(exec)
{
	auto_free char *real = NULL;
	mode_t mode;

	(void)r, (void)c;
	if (task_resolve(t, ret->name, true, &real, &mode) == TASK_ABSENT)
		return;
	needs_add(ret, real, EXECUTE | READ_FILE);
	ret->executes = true;
}

NEEDS(truncate)
{
	auto_free char *real = NULL;
	mode_t mode;

	(void)r, (void)c;
	if (task_resolve(t, ret->name, true, &real, &mode) != TASK_ABSENT)
		needs_add(ret, real, TRUNCATE);
}

/* ---- making and removing ---- */

static uint64_t make_access(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return MAKE_DIR;
	case S_IFLNK:
		return MAKE_SYM;
	case S_IFSOCK:
		return MAKE_SOCK;
	case S_IFIFO:
		return MAKE_FIFO;
	case S_IFCHR:
		return MAKE_CHAR;
	case S_IFBLK:
		return MAKE_BLOCK;
	default:
		return MAKE_REG;
	}
}

static uint64_t remove_access(mode_t mode)
{
	return S_ISDIR(mode) ? REMOVE_DIR : REMOVE_FILE;
}

NEEDS(unlink)
{
	uint64_t flags = r->flags == NO ? r->more : c->args[r->flags];
	mode_t mode;

	if (is_there(t, ret->name, &mode))
		need_parent(t, ret->name,
			    flags & AT_REMOVEDIR ? REMOVE_DIR : REMOVE_FILE,
			    ret);
}

NEEDS(make) /* `more`: what is made */
{
	mode_t mode = r->more;

	if (r->flags != NO)
		mode = (mode_t)c->args[r->flags];
	need_parent(t, ret->name, make_access(mode), ret);
}

/* Both directories, when they differ, must agree to the move. */
static void need_two(const struct task *t, const char *from, const char *to,
		     const uint64_t access[2], struct needs *ret)
{
	auto_free char *a = parent_of(t, from), *b = parent_of(t, to);
	uint64_t refer;

	if (!a || !b)
		return;
	refer = strcmp(a, b) ? REFER : 0;
	needs_add(ret, a, access[0] | refer);
	needs_add(ret, b, access[1] | refer);
}

NEEDS(link)
{
	auto_free char *to = argument(t, c, r->dir2, r->path2);
	uint64_t access[2] = { 0, 0 };
	mode_t mode;

	if (!to || !is_there(t, ret->name, &mode))
		return;
	access[1] = make_access(mode);
	need_two(t, ret->name, to, access, ret);
}

NEEDS(rename)
{
	auto_free char *to = argument(t, c, r->dir2, r->path2);
	uint64_t access[2];
	mode_t mode, over;

	if (!to || !is_there(t, ret->name, &mode))
		return;
	access[0] = remove_access(mode);
	access[1] = make_access(mode);
	if (is_there(t, to, &over)) {
		access[1] |= remove_access(over);
		access[0] |= make_access(over); /* RENAME_EXCHANGE */
	}
	need_two(t, ret->name, to, access, ret);
}

NEEDS(bind)
{
	struct sockaddr_un a = { .sun_family = AF_UNSPEC };
	size_t n = c->args[2] < sizeof(a) ? (size_t)c->args[2] : sizeof(a);
	char path[sizeof(a.sun_path) + 1] = "";

	if (task_read(t, c->args[1], &a, n) != (ssize_t)n ||
	    a.sun_family != AF_UNIX || n <= sizeof(a.sun_family))
		return;
	memcpy(path, a.sun_path, n - sizeof(a.sun_family));
	if (!*path) /* abstract */
		return;
	free(ret->name);
	ret->name = task_name(t, AT_FDCWD, path);
	if (ret->name)
		need_parent(t, ret->name, r->more, ret);
}

/* ---- the table ---- */

static const struct row rows[] = {
	{ "open", of_open, NO, 0, NO, NO, 1, 0 },
	{ "openat", of_open, 0, 1, NO, NO, 2, 0 },
	{ "openat2", of_open2, 0, 1, NO, NO, 2, 0 },
	{ "creat", of_open, NO, 0, NO, NO, NO, O_CREAT | O_WRONLY | O_TRUNC },
	{ "execve", of_exec, NO, 0, NO, NO, NO, 0 },
	{ "execveat", of_exec, 0, 1, NO, NO, NO, 0 },
	{ "truncate", of_truncate, NO, 0, NO, NO, NO, 0 },
	{ "ftruncate", of_truncate, 0, NO, NO, NO, NO, 0 },
	{ "unlink", of_unlink, NO, 0, NO, NO, NO, 0 },
	{ "unlinkat", of_unlink, 0, 1, NO, NO, 2, 0 },
	{ "rmdir", of_unlink, NO, 0, NO, NO, NO, AT_REMOVEDIR },
	{ "mkdir", of_make, NO, 0, NO, NO, NO, S_IFDIR },
	{ "mkdirat", of_make, 0, 1, NO, NO, NO, S_IFDIR },
	{ "mknod", of_make, NO, 0, NO, NO, 1, 0 },
	{ "mknodat", of_make, 0, 1, NO, NO, 2, 0 },
	{ "symlink", of_make, NO, 1, NO, NO, NO, S_IFLNK },
	{ "symlinkat", of_make, 1, 2, NO, NO, NO, S_IFLNK },
	{ "link", of_link, NO, 0, NO, 1, NO, 0 },
	{ "linkat", of_link, 0, 1, 2, 3, NO, 0 },
	{ "rename", of_rename, NO, 0, NO, 1, NO, 0 },
	{ "renameat", of_rename, 0, 1, 2, 3, NO, 0 },
	{ "renameat2", of_rename, 0, 1, 2, 3, NO, 0 },
	{ "bind", of_bind, NO, NO, NO, NO, NO, MAKE_SOCK },
	/* names that no right belongs to: for who reads the record */
	{ "stat", NULL, NO, 0, NO, NO, NO, 0 },
	{ "statx", NULL, 0, 1, NO, NO, NO, 0 },
	{ "chdir", NULL, NO, 0, NO, NO, NO, 0 },
	{ "chroot", NULL, NO, 0, NO, NO, NO, 0 },
	{ "chmod", NULL, NO, 0, NO, NO, NO, 0 },
	{ "fchmodat2", NULL, 0, 1, NO, NO, NO, 0 },
	{ "mount", NULL, NO, 1, NO, NO, NO, 0 },
	{ "umount2", NULL, NO, 0, NO, NO, NO, 0 },
	{ "mount_setattr", NULL, 0, 1, NO, NO, NO, 0 },
	{ "open_tree", NULL, 0, 1, NO, NO, NO, 0 },
	{ "fspick", NULL, 0, 1, NO, NO, NO, 0 },
	{ "pivot_root", NULL, NO, 0, NO, NO, NO, 0 },
	{ "name_to_handle_at", NULL, 0, 1, NO, NO, NO, 0 },
	{ "fanotify_mark", NULL, 3, 4, NO, NO, NO, 0 },
	{ "swapon", NULL, NO, 0, NO, NO, NO, 0 },
	{ "acct", NULL, NO, 0, NO, NO, NO, 0 },
	{ "quotactl", NULL, NO, 1, NO, NO, NO, 0 },
};

struct needs_table *needs_table_new(const struct seccomp_machine *m)
{
	struct needs_table *t = xcalloc(1, sizeof(*t));

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int nr = seccomp_call_number(m, rows[i].call);

		while (nr >= 0 && t->n <= (size_t)nr) {
			*GROW(t->by_number, t->n) = NULL;
			t->n++;
		}
		if (nr >= 0)
			t->by_number[nr] = &rows[i];
	}
	return t;
}

void needs_table_free(struct needs_table *t)
{
	if (t)
		free(t->by_number);
	free(t);
}

void needs_of(const struct needs_table *table, const struct task *t,
	      const struct seccomp_call *c, bool look, struct needs *ret)
{
	const struct row *r = c->nr >= 0 && (size_t)c->nr < table->n
				      ? table->by_number[c->nr]
				      : NULL;

	if (!r || (!r->of && !look))
		return;
	if (r->dir != NO || r->path != NO) {
		ret->name = argument(t, c, r->dir, r->path);
		if (!ret->name)
			return;
	}
	if (r->of)
		r->of(r, t, c, ret);
}

void needs_of_images(const struct task *t, struct needs *ret)
{
	AUTO(strv_free) char **images = task_images(t);

	strv_foreach (i, images) {
		needs_add(ret, *i, EXECUTE | READ_FILE);
	}
}

void needs_of_command(const struct task *t, const char *name, char *const *path,
		      struct needs *ret)
{
	char *const here[] = { (char *)"", NULL };

	if (strchr(name, '/'))
		path = here;
	strv_foreach (dir, path) {
		auto_free char *file = **dir ? path_join(*dir, name)
					     : task_name(t, AT_FDCWD, name);
		auto_free char *real = NULL;
		mode_t mode;

		if (file &&
		    task_resolve(t, file, true, &real, &mode) == TASK_FOUND) {
			needs_add(ret, real, EXECUTE | READ_FILE);
			return;
		}
	}
}
