/*
 * test_tree.c - one layer's tree, entry by entry: what stands in the way,
 * what is replaced, and that nothing is ever made outside.
 */
#include <sys/stat.h>
#include <sys/xattr.h>

#include "unit.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/table.h"
#include "store/tree.h"

static const struct tree_node plain = { .mode = 0644,
					.mtime = { .tv_sec = 1000000000 } };
static const struct tree_node folder = { .mode = 0755,
					 .mtime = { .tv_sec = 1000000000 } };

/* A tree in "in" of a place that has a canary beside it. */
struct yard {
	struct unit_place place;
	int root;
	struct tree t;
};

static int setup(void **state)
{
	struct yard *y = xcalloc(1, sizeof(*y));

	umask(0);
	y->place.dir = unit_make_dir(y->place.path);
	if (mkdirat(y->place.dir, "in", 0755) ||
	    mkdirat(y->place.dir, "canary", 0755))
		return -1;
	y->root = openat(y->place.dir, "in", O_RDONLY | O_DIRECTORY);
	tree_init(&y->t, y->root, true);
	*state = y;
	return y->root < 0;
}

static int teardown(void **state)
{
	struct yard *y = *state;

	tree_done(&y->t);
	close(y->root);
	close(y->place.dir);
	unit_remove_dir(y->place.path);
	free(y);
	return 0;
}

static mode_t mode_of(const struct yard *y, const char *path)
{
	struct stat st;

	if (fstatat(y->root, path, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	return S_ISCHR(st.st_mode) && st.st_rdev == 0 ? S_IFCHR : st.st_mode;
}

static int put_file(struct yard *y, const char *path, struct err *e)
{
	int fd = tree_open(&y->t, path, &plain, e);

	return fd < 0 ? -1 : tree_close(fd, path, 0, &plain, e);
}

static bool is_opaque(const struct yard *y, const char *path)
{
	auto_fd fd = openat(y->root, path, O_RDONLY | O_NOFOLLOW);
	char value[2];

	return fgetxattr(fd, "user.overlay.opaque", value, 2) == 1 &&
	       value[0] == 'y';
}

/* The image's owner of a file in a tree of one id, or "". */
static const char *owner_of(const struct yard *y, const char *path,
			    char ret[32])
{
	auto_fd fd = openat(y->root, path, O_RDONLY | O_NOFOLLOW);
	ssize_t n = fgetxattr(fd, "user.immure.owner", ret, 31);

	ret[n > 0 ? n : 0] = '\0';
	return ret;
}

/* ---- nothing outside ---- */

static int makes_dir(struct yard *y, const char *path, struct err *e)
{
	return tree_directory(&y->t, path, &folder, e);
}

static int makes_symlink(struct yard *y, const char *path, struct err *e)
{
	return tree_symlink(&y->t, path, "x", &plain, e);
}

static int makes_link(struct yard *y, const char *path, struct err *e)
{
	return tree_link(&y->t, path, "file", e);
}

static int links_to(struct yard *y, const char *path, struct err *e)
{
	return tree_link(&y->t, "new", path, e);
}

static int makes_whiteout(struct yard *y, const char *path, struct err *e)
{
	return tree_whiteout(&y->t, path, e);
}

static int makes_opaque(struct yard *y, const char *path, struct err *e)
{
	return tree_opaque(&y->t, path, e);
}

static int clears(struct yard *y, const char *path, struct err *e)
{
	return tree_absent(&y->t, path, e);
}

static int reopens(struct yard *y, const char *path, struct err *e)
{
	int fd = tree_reopen(&y->t, path, e);

	return fd < 0 ? -1 : close(fd);
}

typedef int act_fn(struct yard *y, const char *path, struct err *e);
static act_fn *const acts[] = {
	put_file,	makes_dir,    makes_symlink, makes_link, links_to,
	makes_whiteout, makes_opaque, clears,	     reopens,
};

/* format/layer lets no such path through; the tree holds all the same. */
static void no_path_leads_out_of_the_tree(void **state)
{
	static const char *const paths[] = { "../canary/x",
					     "out/x",
					     "abs/x",
					     "d/../../canary/x",
					     "/tmp/immure-unit-canary",
					     "file/x" };
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(tree_symlink(&y->t, "out", "../canary", &plain, &e), &e);
	assert_ok(tree_symlink(&y->t, "abs", "/tmp", &plain, &e), &e);
	assert_ok(tree_directory(&y->t, "d", &folder, &e), &e);
	assert_ok(put_file(y, "file", &e), &e);
	for (size_t i = 0; i < ARRAY_SIZE(acts) * ARRAY_SIZE(paths); i++) {
		const char *path = paths[i / ARRAY_SIZE(acts)];

		if (acts[i % ARRAY_SIZE(acts)](y, path, &e) == 0)
			fail_msg("act %zu on %s was done", i % ARRAY_SIZE(acts),
				 path);
	}
	/* it is empty still */
	assert_int_equal(unlinkat(y->place.dir, "canary", AT_REMOVEDIR), 0);
	assert_int_equal(access("/tmp/immure-unit-canary", F_OK), -1);
	assert_int_equal(mode_of(y, "new"), 0);
}

static void a_symlink_is_no_file_to_be_opened_again(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(tree_symlink(&y->t, "s", "/etc/passwd", &plain, &e), &e);
	assert_int_equal(tree_reopen(&y->t, "s", &e), -1);
	assert_int_equal(e.kind, ERR_SYS);
}

/* ---- replacing ---- */

/* The directory that goes is the one that the tree holds open. */
static void the_directory_of_the_latest_entry_may_go(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(put_file(y, "d/e/f", &e), &e);
	assert_ok(put_file(y, "d", &e), &e);
	assert_int_equal(mode_of(y, "d"), S_IFREG | 0644);
	assert_err(put_file(y, "d/e/g", &e), &e, ERR_INPUT, "symlink or file");
	assert_ok(tree_absent(&y->t, "d", &e), &e);
	assert_ok(put_file(y, "d/e/g", &e), &e);
	assert_int_equal(mode_of(y, "d/e/f"), 0);
	assert_int_equal(mode_of(y, "d/e/g"), S_IFREG | 0644);
}

static void whatever_was_there_makes_room(void **state)
{
	static act_fn *const makers[] = { put_file, makes_dir, makes_symlink,
					  makes_link };
	static const mode_t want[] = { S_IFREG, S_IFDIR, S_IFLNK, S_IFREG };
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(put_file(y, "file", &e), &e);
	for (size_t i = 0; i < ARRAY_SIZE(makers) * ARRAY_SIZE(makers); i++) {
		size_t old = i / ARRAY_SIZE(makers);
		size_t new = i % ARRAY_SIZE(makers);

		assert_ok(tree_absent(&y->t, "x", &e), &e);
		assert_ok(makers[old](y, "x", &e), &e);
		assert_ok(makers[new](y, "x", &e), &e);
		assert_int_equal(mode_of(y, "x") & S_IFMT, want[new]);
	}
	assert_int_equal(mode_of(y, "file"), S_IFREG | 0644);
}

static void a_directory_that_comes_again_keeps_its_files(void **state)
{
	static const struct tree_node first = { .mode = 0700,
						.uid = 5,
						.gid = 6 };
	static const struct tree_node second = { .mode = 0711 };
	struct yard *y = *state;
	struct err e = ERR_INIT;
	char owner[32];

	assert_ok(tree_directory(&y->t, "d", &first, &e), &e);
	assert_ok(put_file(y, "d/f", &e), &e);
	assert_string_equal(owner_of(y, "d", owner), "5:6");
	assert_ok(tree_directory(&y->t, "d", &second, &e), &e);
	assert_int_equal(mode_of(y, "d"), S_IFDIR | 0711);
	assert_int_equal(mode_of(y, "d/f"), S_IFREG | 0644);
	/* the later entry's owner, root, is the one that counts */
	assert_string_equal(owner_of(y, "d", owner), "0:0");
}

static void a_link_to_itself_changes_nothing(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;
	struct stat a, b;

	assert_ok(put_file(y, "d/a", &e), &e);
	assert_ok(tree_link(&y->t, "d/a", "d/a", &e), &e);
	assert_ok(tree_link(&y->t, "b", "d/a", &e), &e);
	assert_ok(tree_link(&y->t, "b", "d/a", &e), &e);
	assert_int_equal(fstatat(y->root, "d/a", &a, 0), 0);
	assert_int_equal(fstatat(y->root, "b", &b, 0), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_int_equal(a.st_nlink, 2);
}

/* The new name is not the target's: the target's own way goes for it. */
static void a_link_over_the_directory_of_its_target_fails(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(put_file(y, "d/f", &e), &e);
	assert_err(tree_link(&y->t, "d", "d/f", &e), &e, ERR_SYS, "link d");
}

/* ---- owners, lengths, times ---- */

static void with_many_ids_the_owner_is_shifted_by_one(void **state)
{
	static const struct tree_node n = { .mode = 0600, .uid = 7, .gid = 8 };
	static const struct tree_node root = { .mode = 0755 };
	struct yard *y = *state;
	struct err e = ERR_INIT;
	struct stat st;

	if (geteuid() != 0)
		skip(); /* chown needs it */
	y->t.single = false;
	assert_ok(tree_close(tree_open(&y->t, "f", &n, &e), "f", 0, &n, &e),
		  &e);
	assert_int_equal(fstatat(y->root, "f", &st, 0), 0);
	assert_int_equal(st.st_uid, 8);
	assert_int_equal(st.st_gid, 9);
	assert_ok(tree_symlink(&y->t, "s", "f", &n, &e), &e);
	assert_int_equal(fstatat(y->root, "s", &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(st.st_uid, 8);
	/* an existing directory is root's again: id 1 of the space */
	assert_ok(tree_directory(&y->t, "d", &n, &e), &e);
	assert_ok(tree_directory(&y->t, "d", &root, &e), &e);
	assert_int_equal(fstatat(y->root, "d", &st, 0), 0);
	assert_int_equal(st.st_uid, 1);
	assert_int_equal(st.st_gid, 1);
}

static void a_file_gets_the_length_that_was_promised(void **state)
{
	static const struct {
		uint64_t promised;
		off_t want;
	} rows[] = { { 0, 4 }, { 4, 4 }, { 5, 5 }, { 1 << 20, 1 << 20 } };
	struct yard *y = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		struct stat st;
		int fd = tree_open(&y->t, "f", &plain, &e);

		assert_int_equal(write(fd, "text", 4), 4);
		assert_ok(tree_close(fd, "f", rows[i].promised, &plain, &e),
			  &e);
		assert_int_equal(fcntl(fd, F_GETFD), -1);
		assert_int_equal(fstatat(y->root, "f", &st, 0), 0);
		assert_int_equal(st.st_size, rows[i].want);
		assert_int_equal(st.st_mtime, 1000000000);
	}
}

static void a_directory_has_its_time_after_its_files(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;
	struct stat st;

	assert_ok(tree_root(&y->t, &folder, &e), &e);
	assert_ok(tree_directory(&y->t, "d", &folder, &e), &e);
	assert_ok(tree_directory(&y->t, "gone", &folder, &e), &e);
	assert_ok(tree_directory(&y->t, "file", &folder, &e), &e);
	assert_ok(put_file(y, "d/f", &e), &e);
	assert_ok(tree_absent(&y->t, "gone", &e), &e);
	assert_ok(tree_symlink(&y->t, "file", "d", &plain, &e), &e);
	assert_ok(tree_finish(&y->t, &e), &e);
	assert_int_equal(fstatat(y->root, "d", &st, 0), 0);
	assert_int_equal(st.st_mtime, 1000000000);
	assert_int_equal(fstat(y->root, &st), 0);
	assert_int_equal(st.st_mtime, 1000000000);
}

/* 64 MiB of names; the same one again and again counts each time. */
static void the_names_of_directories_have_a_budget(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;
	char path[4001];
	size_t n = 0;

	memset(path, 'd', sizeof(path) - 1);
	for (size_t i = 250; i < sizeof(path); i += 250)
		path[i] = '/';
	path[4000] = '\0';
	while (tree_directory(&y->t, path, &folder, &e) == 0)
		n++;
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_in_range(n, (64 << 20) / 4050, (64 << 20) / 4000);
}

static void a_name_too_long_for_any_file_is_refused(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;
	char path[300];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_err(put_file(y, path, &e), &e, ERR_SYS, "make file");
	path[280] = '/';
	assert_int_equal(put_file(y, path, &e), -1);
}

/* ---- whiteouts ---- */

static void a_whiteout_gives_way_to_the_layers_own_entry(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	/* before it */
	assert_ok(put_file(y, "f", &e), &e);
	assert_ok(tree_whiteout(&y->t, "f", &e), &e);
	assert_int_equal(mode_of(y, "f"), S_IFREG | 0644);
	assert_ok(tree_directory(&y->t, "d", &folder, &e), &e);
	assert_ok(tree_whiteout(&y->t, "d", &e), &e);
	assert_true(is_opaque(y, "d"));
	/* after it */
	assert_ok(tree_whiteout(&y->t, "w", &e), &e);
	assert_ok(tree_whiteout(&y->t, "w", &e), &e);
	assert_int_equal(mode_of(y, "w"), S_IFCHR);
	assert_ok(put_file(y, "w", &e), &e);
	assert_int_equal(mode_of(y, "w"), S_IFREG | 0644);
}

/* What is below a hidden directory hides what the lower layers had in it. */
static void the_way_through_a_whiteout_is_opaque(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(tree_whiteout(&y->t, "a/b", &e), &e);
	assert_ok(put_file(y, "a/b/c/f", &e), &e);
	assert_true(is_opaque(y, "a/b"));
	assert_false(is_opaque(y, "a"));
	assert_false(is_opaque(y, "a/b/c"));
	assert_int_equal(mode_of(y, "a/b/c/f"), S_IFREG | 0644);
}

static void opaque_is_any_directory_also_the_root(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(tree_opaque(&y->t, "", &e), &e);
	assert_true(is_opaque(y, "."));
	assert_ok(tree_opaque(&y->t, "new/below", &e), &e);
	assert_true(is_opaque(y, "new/below"));
	assert_false(is_opaque(y, "new"));
}

static void what_is_left_out_leaves_a_whiteout_alone(void **state)
{
	struct yard *y = *state;
	struct err e = ERR_INIT;

	assert_ok(tree_whiteout(&y->t, "w", &e), &e);
	assert_ok(tree_absent(&y->t, "w", &e), &e);
	assert_int_equal(mode_of(y, "w"), S_IFCHR);
	assert_ok(tree_absent(&y->t, "never/there", &e), &e);
	assert_int_equal(mode_of(y, "never"), S_IFDIR | 0755);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_path_leads_out_of_the_tree),
		TEST(a_symlink_is_no_file_to_be_opened_again),
		TEST(the_directory_of_the_latest_entry_may_go),
		TEST(whatever_was_there_makes_room),
		TEST(a_directory_that_comes_again_keeps_its_files),
		TEST(a_link_to_itself_changes_nothing),
		TEST(a_link_over_the_directory_of_its_target_fails),
		TEST(with_many_ids_the_owner_is_shifted_by_one),
		TEST(a_file_gets_the_length_that_was_promised),
		TEST(a_directory_has_its_time_after_its_files),
		TEST(the_names_of_directories_have_a_budget),
		TEST(a_name_too_long_for_any_file_is_refused),
		TEST(a_whiteout_gives_way_to_the_layers_own_entry),
		TEST(the_way_through_a_whiteout_is_opaque),
		TEST(opaque_is_any_directory_also_the_root),
		TEST(what_is_left_out_leaves_a_whiteout_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
