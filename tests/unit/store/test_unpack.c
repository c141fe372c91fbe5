/*
 * test_unpack.c - layer archives become trees, in this process (with one id:
 * owners become an attribute). A table of archives, each told in entries.
 */
#include <sys/stat.h>
#include <sys/xattr.h>

#include "tar.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "store/unpack.h"

#define ENTRIES 6

struct fixture {
	char dir[64];
	char *canary;
	int root;
	struct unpack_use use;
	struct unpack_limits limits;
	struct unpack_dropped dropped;
};

static int setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	auto_free char *root = NULL;

	close(unit_make_dir(f->dir));
	root = xasprintf("%s/root", f->dir);
	f->canary = xasprintf("%s/canary", f->dir);
	assert_int_equal(mkdir(root, 0755), 0);
	assert_int_equal(mkdir(f->canary, 0755), 0);
	f->root = open(root, O_RDONLY | O_DIRECTORY);
	assert_true(f->root >= 0);
	f->limits = (struct unpack_limits){ .bytes = 1 << 20,
					    .entries = 100,
					    .ratio = 200 };
	umask(0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	close(f->root);
	unit_remove_dir(f->dir);
	free(f->canary);
	free(f);
	return 0;
}

static int unpack(struct fixture *f, const struct tar_entry *v, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct unpack u = { .root = f->root,
			    .limits = &f->limits,
			    .use = &f->use };
	int r;

	for (size_t i = 0; i < ENTRIES && v[i].name; i++)
		tar_add(&b, &v[i]);
	tar_end(&b);
	u.in = tar_file(&b);
	r = unpack_layer(&u, &f->dropped, e);
	close(u.in);
	return r;
}

static void hostile_archives_are_refused(void **state)
{
	static const struct {
		const char *why;
		struct tar_entry v[ENTRIES];
	} rows[] = {
		{ "leaves the layer", { TAR_FILE("../x") } },
		{ "leaves the layer", { TAR_FILE("a/../../x") } },
		{ "absolute", { TAR_FILE("/x") } },
		{ "symlink or file",
		  { TAR_SYMLINK("l", "../canary"), TAR_FILE("l/x") } },
		{ "symlink or file",
		  { TAR_DIR("d/"), TAR_SYMLINK("d", "../canary"),
		    TAR_FILE("d/x") } },
		{ "symlink or file", { TAR_FILE("f"), TAR_FILE("f/x") } },
		{ "leaves the layer", { TAR_LINK("h", "../canary") } },
		{ "no such file",
		  { TAR_SYMLINK("l", "../canary"), TAR_LINK("h", "l/x") } },
		{ "no such file",
		  { TAR_LINK("h", "later"), TAR_FILE("later") } },
		{ "no regular file", { TAR_DIR("d/"), TAR_LINK("h", "d") } },
		{ "no regular file",
		  { TAR_FILE(".wh.w"), TAR_LINK("h", "w") } },
		{ "not a directory", { TAR_SYMLINK(".", "../canary") } },
		{ "not a directory", { TAR_FILE("f"), TAR_LINK("./", "f") } },
		{ "hides no name", { TAR_FILE(".wh...") } },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;

		assert_err(unpack(f, rows[i].v, &e), &e, ERR_INPUT,
			   rows[i].why);
		assert_int_equal(rmdir(f->canary), 0); /* it is empty */
		assert_int_equal(mkdir(f->canary, 0755), 0);
		teardown(state);
		setup(state);
		f = *state;
	}
}

static mode_t mode_of(struct fixture *f, const char *path)
{
	struct stat st;

	if (fstatat(f->root, path, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	return st.st_mode;
}

static void files_are_made_as_the_archive_says(void **state)
{
	static const struct tar_entry v[ENTRIES] = {
		{ "d/", '5', NULL, NULL, 01777, 0, 0 },
		{ "d/f", '0', NULL, "text", 04755, 0, 0 },
		TAR_LINK("d/h", "d/f"),
		TAR_SYMLINK("s", "/etc/passwd"),
		TAR_DATA("a/b/c", "deep"),
	};
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct stat st, link;

	assert_ok(unpack(f, v, &e), &e);
	assert_int_equal(mode_of(f, "d"), S_IFDIR | 01777);
	assert_int_equal(mode_of(f, "d/f"), S_IFREG | 0755);
	assert_int_equal(mode_of(f, "s") & S_IFMT, S_IFLNK);
	assert_int_equal(mode_of(f, "a/b"), S_IFDIR | 0755);
	assert_int_equal(fstatat(f->root, "d/f", &st, 0), 0);
	assert_int_equal(fstatat(f->root, "d/h", &link, 0), 0);
	assert_int_equal(st.st_ino, link.st_ino);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(st.st_mtime, 1000000000);
	assert_int_equal(fstatat(f->root, "d", &st, 0), 0);
	assert_int_equal(st.st_mtime, 1000000000);
	assert_int_equal(f->dropped.setid, 1);
	assert_int_equal(f->use.bytes, 8);
	assert_int_equal(f->use.entries, 5);
}

static void with_one_id_the_owner_is_an_attribute(void **state)
{
	static const struct tar_entry v[ENTRIES] = {
		TAR_OWNED("f", 70000, 5),
		TAR_FILE("root"),
	};
	struct fixture *f = *state;
	char value[32] = "";
	struct err e = ERR_INIT;
	struct stat st;
	int fd;

	assert_ok(unpack(f, v, &e), &e);
	fd = openat(f->root, "f", O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_uid, geteuid());
	assert_true(fgetxattr(fd, "user.immure.owner", value,
			      sizeof(value) - 1) > 0);
	assert_string_equal(value, "70000:5");
	close(fd);
	fd = openat(f->root, "root", O_RDONLY);
	assert_true(fgetxattr(fd, "user.immure.owner", value, 1) < 0);
	close(fd);
}

static void a_later_entry_replaces_an_earlier_one(void **state)
{
	static const struct tar_entry v[ENTRIES] = {
		TAR_DIR("x/"),	       TAR_FILE("x/y"),
		TAR_DATA("x", "file"), TAR_SYMLINK("s", "../canary"),
		TAR_DATA("s", "new"),
	};
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	assert_ok(unpack(f, v, &e), &e);
	assert_int_equal(mode_of(f, "x"), S_IFREG | 0644);
	assert_int_equal(mode_of(f, "s"), S_IFREG | 0644);
}

static void whiteouts_become_devices_and_marks(void **state)
{
	static const struct tar_entry v[ENTRIES] = {
		TAR_FILE(".wh.gone"),	    TAR_DIR("d/"),
		TAR_FILE("d/.wh..wh..opq"), TAR_FILE(".wh.back"),
		TAR_DIR("back/"),	    TAR_FILE(".wh..wh.plnk/1"),
	};
	struct fixture *f = *state;
	char value[2];
	struct err e = ERR_INIT;
	struct stat st;
	int fd;

	assert_ok(unpack(f, v, &e), &e);
	assert_int_equal(fstatat(f->root, "gone", &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISCHR(st.st_mode) && st.st_rdev == 0);
	for (int i = 0; i < 2; i++) {
		fd = openat(f->root, i ? "back" : "d", O_RDONLY);
		assert_int_equal(fgetxattr(fd, "user.overlay.opaque", value, 2),
				 1);
		assert_int_equal(value[0], 'y');
		close(fd);
	}
	assert_int_equal(mode_of(f, ".wh..wh.plnk"), 0);
}

static void devices_are_left_out_and_counted(void **state)
{
	static const struct tar_entry v[ENTRIES] = {
		TAR_TYPE("c", '3'), TAR_TYPE("b", '4'),	   TAR_TYPE("p", '6'),
		TAR_FILE("over"),   TAR_TYPE("over", '3'),
	};
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	assert_ok(unpack(f, v, &e), &e);
	assert_int_equal(f->dropped.devices, 3);
	assert_int_equal(f->dropped.fifos, 1);
	assert_int_equal(mode_of(f, "c") | mode_of(f, "p"), 0);
	assert_int_equal(mode_of(f, "over"), 0);
}

static void the_budgets_hold(void **state)
{
	static const struct tar_entry v[ENTRIES] = {
		TAR_DATA("a", "12345678"),
		TAR_DATA("b", "12345678"),
		TAR_DATA("c", "12345678"),
	};
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	f->limits.bytes = 23;
	assert_err(unpack(f, v, &e), &e, ERR_LIMIT, "more than 23 bytes");
	f->limits.bytes = 1 << 20;
	f->limits.entries = f->use.entries + 2;
	assert_err(unpack(f, v, &e), &e, ERR_LIMIT, "files");
}

static void an_owner_beyond_the_space_is_refused(void **state)
{
	static const struct tar_entry uid[ENTRIES] = { TAR_OWNED("f", 10, 0) };
	static const struct tar_entry gid[ENTRIES] = { TAR_OWNED("f", 0, 10) };
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	f->limits.uids = f->limits.gids = 10;
	assert_err(unpack(f, uid, &e), &e, ERR_INPUT, "uid 10");
	assert_err(unpack(f, gid, &e), &e, ERR_INPUT, "gid 10");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hostile_archives_are_refused),
		TEST(files_are_made_as_the_archive_says),
		TEST(with_one_id_the_owner_is_an_attribute),
		TEST(a_later_entry_replaces_an_earlier_one),
		TEST(whiteouts_become_devices_and_marks),
		TEST(devices_are_left_out_and_counted),
		TEST(the_budgets_hold),
		TEST(an_owner_beyond_the_space_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
