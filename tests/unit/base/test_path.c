/* test_path.c - base/path: text of paths, and staying inside a root. */
#include "unit.h"
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/table.h"

static void paths_are_cleaned_and_never_leave_the_top(void **s)
{
	static const struct {
		const char *path, *clean;
	} rows[] = {
		{ "/", "/" },	       { "", "/" },
		{ ".", "/" },	       { "..", "/" },
		{ "/../..", "/" },     { "/a/b", "/a/b" },
		{ "a//b/", "/a/b" },   { "/a/./b/.", "/a/b" },
		{ "/a/../b", "/b" },   { "/a/b/../../../c", "/c" },
		{ "//a///b", "/a/b" }, { "/a/..b/...", "/a/..b/..." },
		{ "/a/b/..", "/a" },
	};

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got = path_clean(rows[i].path);

		assert_string_equal(got, rows[i].clean);
	}
}

static void joined_paths_have_one_slash_between(void **s)
{
	static const struct {
		const char *a, *b, *want;
	} rows[] = {
		{ "/a", "b", "/a/b" },	   { "/a/", "/b", "/a/b" },
		{ "/", "b", "/b" },	   { "/", "/", "/" },
		{ "/a//", "//b", "/a/b" }, { "a", "", "a/" },
	};

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got = path_join(rows[i].a, rows[i].b);

		assert_string_equal(got, rows[i].want);
	}
}

static void below_means_whole_parts(void **s)
{
	(void)s;
	assert_true(path_is_below("/a/b", "/a"));
	assert_true(path_is_below("/a", "/a"));
	assert_true(path_is_below("/a", "/"));
	assert_true(path_is_below("/", "/"));
	assert_false(path_is_below("/ab", "/a"));
	assert_false(path_is_below("/", "/a"));
	assert_false(path_is_below("/b/a", "/a"));
}

static void base_is_what_follows_the_last_slash(void **s)
{
	(void)s;
	assert_string_equal(path_base("/a/b"), "b");
	assert_string_equal(path_base("b"), "b");
	assert_string_equal(path_base("/a/"), "");
}

struct tree {
	char path[64];
	int top; /* holds root/ and outside/ */
	int root;
};

/*
 * root/dir/file, root/link -> dir, root/abs -> /dir, root/up -> ../outside,
 * root/loop -> loop, root/dangling -> nowhere, outside/secret.
 */
static int make_tree(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	t->top = unit_make_dir(t->path);
	if (mkdirat(t->top, "root", 0755) || mkdirat(t->top, "outside", 0755))
		return -1;
	t->root = openat(t->top, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	close(openat(t->top, "outside/secret", O_CREAT | O_WRONLY, 0644));
	if (mkdirat(t->root, "dir", 0755))
		return -1;
	close(openat(t->root, "dir/file", O_CREAT | O_WRONLY, 0644));
	*state = t;
	return symlinkat("dir", t->root, "link") ||
	       symlinkat("/dir", t->root, "abs") ||
	       symlinkat("../outside", t->root, "up") ||
	       symlinkat("/../../outside", t->root, "absup") ||
	       symlinkat("loop", t->root, "loop") ||
	       symlinkat("nowhere", t->root, "dangling") ||
	       symlinkat("/proc/self/root", t->root, "magic");
}

static int remove_tree(void **state)
{
	struct tree *t = *state;

	close(t->root);
	close(t->top);
	unit_remove_dir(t->path);
	free(t);
	return 0;
}

static void each_mode_keeps_its_promise(void **s)
{
	/* the errno of opening below root/, 0: it opens */
	static const struct {
		const char *path;
		int host, in_root, in_root_strict, beneath, strict;
	} rows[] = {
		{ "dir/file", 0, 0, 0, 0, 0 },
		{ "link/file", 0, 0, ELOOP, 0, ELOOP },
		{ "abs/file", ENOENT, 0, ELOOP, EXDEV, ELOOP },
		{ "/dir/file", ENOENT, 0, 0, EXDEV, EXDEV },
		{ "up/secret", 0, ENOENT, ELOOP, EXDEV, ELOOP },
		{ "../outside/secret", 0, ENOENT, ENOENT, EXDEV, EXDEV },
		{ "dir/../../outside/secret", 0, ENOENT, ENOENT, EXDEV, EXDEV },
		{ "absup/secret", ENOENT, ENOENT, ELOOP, EXDEV, ELOOP },
		{ "loop", ELOOP, ELOOP, ELOOP, ELOOP, ELOOP },
		{ "dangling", ENOENT, ENOENT, ELOOP, ENOENT, ELOOP },
	};
	struct tree *t = *s;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const int want[] = { rows[i].host, rows[i].in_root,
				     rows[i].in_root_strict, rows[i].beneath,
				     rows[i].strict };

		for (int mode = PATH_HOST; mode <= PATH_STRICT; mode++) {
			int fd = path_open(t->root, rows[i].path,
					   (enum path_mode)mode, O_RDONLY, 0);
			int got = fd < 0 ? errno : 0;

			if (got != want[mode])
				fail_msg("%s, mode %d: errno %d, not %d",
					 rows[i].path, mode, got, want[mode]);
			if (fd >= 0) {
				assert_int_equal(fcntl(fd, F_GETFD),
						 FD_CLOEXEC);
				close(fd);
			}
		}
	}
}

static void no_mode_follows_a_magic_link(void **s)
{
	(void)s;
	assert_int_equal(
		path_open(AT_FDCWD, "/proc/self/exe", PATH_HOST, O_RDONLY, 0),
		-1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(path_open(AT_FDCWD, "/proc/self/root/etc", PATH_HOST,
				   O_RDONLY, 0),
			 -1);
	assert_int_equal(errno, ELOOP);
}

static void strict_does_not_cross_a_mount(void **s)
{
	auto_fd root = open("/", O_PATH | O_DIRECTORY);
	auto_fd in = path_open(root, "proc/version", PATH_BENEATH, O_RDONLY, 0);

	(void)s;
	assert_true(in >= 0);
	assert_int_equal(
		path_open(root, "proc/version", PATH_STRICT, O_RDONLY, 0), -1);
	assert_int_equal(errno, EXDEV);
}

static void a_file_is_made_with_the_mode_given(void **s)
{
	struct tree *t = *s;
	mode_t old = umask(0);
	auto_fd fd = path_open(t->root, "dir/new", PATH_STRICT,
			       O_CREAT | O_EXCL | O_WRONLY, 0640);
	struct stat st;

	umask(old);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void is_there(int dir, const char *path, bool want)
{
	struct stat st;
	int rc = fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW);

	if ((rc == 0) != want)
		fail_msg("%s is %s there", path, want ? "not" : "");
}

static void directories_are_made_inside_the_root(void **s)
{
	static const struct {
		const char *path, *made;
		bool no_symlinks;
	} rows[] = {
		{ "/x/y/z", "root/x/y/z", false },
		{ "x//y/w/", "root/x/y/w", true },
		{ "/link/sub", "root/dir/sub", false },
		{ "/abs/sub2/deep", "root/dir/sub2/deep", false },
		{ "/../../q", "root/q", false },
		{ "/x/../r", "root/r", false },
		{ "/", "root", true },
		{ "", "root", false },
	};
	struct tree *t = *s;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_fd fd = path_make_dirs(t->root, rows[i].path,
					    rows[i].no_symlinks);
		struct stat a, b;

		if (fd < 0)
			fail_msg("%s: %s", rows[i].path, strerror(errno));
		assert_int_equal(fstat(fd, &a), 0);
		assert_int_equal(fstatat(t->top, rows[i].made, &b, 0), 0);
		assert_int_equal(a.st_ino, b.st_ino);
		assert_int_equal(fcntl(fd, F_GETFL) & O_PATH, O_PATH);
	}
	is_there(t->top, "q", false);
}

static void no_directory_is_made_through_what_leads_out(void **s)
{
	static const struct {
		const char *path;
		bool no_symlinks;
		int want;
	} rows[] = {
		{ "/link/no", true, ELOOP },
		{ "/up/no", true, ELOOP },
		{ "/loop/no", false, ELOOP },
		{ "/dangling/no", false, ENOENT },
		{ "/dir/file/no", false, ENOTDIR },
	};
	struct tree *t = *s;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(path_make_dirs(t->root, rows[i].path,
						rows[i].no_symlinks),
				 -1);
		assert_int_equal(errno, rows[i].want);
	}
	/* up -> ../outside stays inside: the name is looked up in the root */
	assert_int_equal(path_make_dirs(t->root, "/up/no", false), -1);
	is_there(t->top, "outside/no", false);
	is_there(t->top, "root/dir/no", false);
}

static void a_path_that_is_too_long_is_refused(void **s)
{
	struct tree *t = *s;
	char path[PATH_MAX + 10], name[256];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(path_make_dirs(t->root, path, false), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(path_open_parent(t->root, path, PARENT_MAKE, name),
			 -1);
	assert_int_equal(errno, ENAMETOOLONG);
	path[300] = '/';
	path[301] = '\0';
	assert_int_equal(path_open_parent(t->root, path, PARENT_MAKE, name),
			 -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void the_parent_is_opened_and_the_name_given_back(void **s)
{
	static const struct {
		const char *path, *parent, *name;
	} rows[] = {
		{ "/a", "root", "a" },
		{ "a", "root", "a" },
		{ "/dir/x", "root/dir", "x" },
		{ "/dir/x//", "root/dir", "x" },
		{ "/link/x", "root/dir", "x" },
		{ "/link", "root", "link" },
		{ "/new/sub/x", "root/new/sub", "x" },
		{ "/dir/..x", "root/dir", "..x" },
		{ "/dir/...", "root/dir", "..." },
	};
	struct tree *t = *s;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char name[256];
		auto_fd fd = path_open_parent(t->root, rows[i].path,
					      PARENT_MAKE, name);
		struct stat a, b;

		if (fd < 0)
			fail_msg("%s: %s", rows[i].path, strerror(errno));
		assert_string_equal(name, rows[i].name);
		assert_int_equal(fstat(fd, &a), 0);
		assert_int_equal(fstatat(t->top, rows[i].parent, &b, 0), 0);
		assert_int_equal(a.st_ino, b.st_ino);
	}
}

static void a_name_that_is_none_has_no_parent(void **s)
{
	static const char *const bad[] = { "/",	      "",	"///", "..",
					   "/dir/..", "/dir/.", "." };
	struct tree *t = *s;
	char name[256] = "untouched";

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(
			path_open_parent(t->root, bad[i], PARENT_MAKE, name),
			-1);
		assert_int_equal(errno, EINVAL);
	}
	assert_int_equal(path_open_parent(t->root, "/no/x", 0, name), -1);
	assert_int_equal(errno, ENOENT);
	for (int how = PARENT_STRICT; how <= (PARENT_STRICT | PARENT_MAKE);
	     how++) {
		assert_int_equal(
			path_open_parent(t->root, "/link/x", how, name), -1);
		assert_int_equal(errno, ELOOP);
	}
	is_there(t->root, "no", false);
	assert_string_equal(name, "untouched");
}

static void an_fd_tells_its_name_while_it_has_one(void **s)
{
	struct tree *t = *s;
	auto_fd fd = openat(t->root, "link/named", O_CREAT | O_WRONLY, 0600);
	auto_free char *name = path_of_fd(fd);
	auto_free char *want = xasprintf("%s/root/dir/named", t->path);
	int pipes[2];

	assert_string_equal(name, want);
	assert_int_equal(unlinkat(t->root, "dir/named", 0), 0);
	assert_null(path_of_fd(fd));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(pipe(pipes), 0);
	assert_null(path_of_fd(pipes[0]));
	close(pipes[0]);
	close(pipes[1]);
	assert_null(path_of_fd(pipes[0]));
}

static void what_lies_beside_the_program_is_found(void **s)
{
	auto_free char *self = path_beside_program("test_path");
	auto_free char *up = path_beside_program("../base/test_path");

	(void)s;
	assert_non_null(self);
	assert_int_equal(self[0], '/');
	assert_non_null(up);
	assert_null(path_beside_program("no-such-helper"));
	assert_int_equal(errno, ENOENT);
}

static void something_is_there_or_not(void **s)
{
	(void)s;
	assert_true(path_is_there("/proc/self/status"));
	assert_false(path_is_there("/proc/self/no-such-file"));
	assert_false(path_is_there(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_cleaned_and_never_leave_the_top),
		cmocka_unit_test(joined_paths_have_one_slash_between),
		cmocka_unit_test(below_means_whole_parts),
		cmocka_unit_test(base_is_what_follows_the_last_slash),
		cmocka_unit_test(each_mode_keeps_its_promise),
		cmocka_unit_test(no_mode_follows_a_magic_link),
		cmocka_unit_test(strict_does_not_cross_a_mount),
		cmocka_unit_test(a_file_is_made_with_the_mode_given),
		cmocka_unit_test(directories_are_made_inside_the_root),
		cmocka_unit_test(no_directory_is_made_through_what_leads_out),
		cmocka_unit_test(a_path_that_is_too_long_is_refused),
		cmocka_unit_test(the_parent_is_opened_and_the_name_given_back),
		cmocka_unit_test(a_name_that_is_none_has_no_parent),
		cmocka_unit_test(an_fd_tells_its_name_while_it_has_one),
		cmocka_unit_test(what_lies_beside_the_program_is_found),
		cmocka_unit_test(something_is_there_or_not),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
