/* test_file.c - base/file: bounded reads, atomic writes, directories. */
#include "unit.h"
#include <errno.h>
#include <dirent.h>
#include <sys/stat.h>
#include "base/file.h"

static void what_was_written_is_read_back(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	struct stat st;

	assert_ok(file_write_at(p->dir, "f", "one\0two", 7, &e), &e);
	assert_ok(file_read_at(p->dir, "f", 7, &b, &e), &e);
	assert_int_equal(b.len, 7);
	assert_memory_equal(b.p, "one\0two", 8);
	assert_ok(file_write_at(p->dir, "f", "", 0, &e), &e);
	assert_ok(file_read_at(p->dir, "f", 7, &b, &e), &e);
	assert_int_equal(b.len, 0);
	assert_int_equal(fstatat(p->dir, "f", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* Entries of the directory. */
static int count(int dir)
{
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));
	int n = -2;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void a_failed_write_leaves_nothing_behind(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	int before;

	assert_int_equal(mkdirat(p->dir, "d", 0700), 0);
	before = count(p->dir);
	assert_err(file_write_at(p->dir, "d", "x", 1, &e), &e, ERR_SYS,
		   "d: rename");
	assert_int_equal(count(p->dir), before);
	assert_err(file_write_at(p->dir, "a/b", "x", 1, &e), &e, ERR_BUG,
		   "a/b");
	assert_err(file_write_at(p->dir, "..", "x", 1, &e), &e, ERR_BUG, "..");
	assert_err(file_write_at(p->dir, "", "x", 1, &e), &e, ERR_BUG, "");
}

static void reads_are_bounded_and_of_regular_files(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct unit_place *p = *s;
	struct err e = ERR_INIT;

	buf_str(&b, "kept");
	assert_ok(file_write_at(p->dir, "big", "12345678", 8, &e), &e);
	assert_err(file_read_at(p->dir, "big", 7, &b, &e), &e, ERR_LIMIT,
		   "larger than 7 bytes");
	assert_err(file_read_at(p->dir, "none", 7, &b, &e), &e, ERR_MISSING,
		   "none");
	assert_int_equal(mkfifoat(p->dir, "fifo", 0600), 0);
	assert_err(file_read_at(p->dir, "fifo", 7, &b, &e), &e, ERR_INPUT,
		   "not a regular file");
	assert_err(file_read("/dev/null", 7, &b, &e), &e, ERR_INPUT,
		   "not a regular file");
	assert_err(file_read("/", 7, &b, &e), &e, ERR_INPUT, "not a regular");
	assert_int_equal(symlinkat("big", p->dir, "link"), 0);
	assert_err(file_read_at(p->dir, "link", 70, &b, &e), &e, ERR_SYS,
		   "link");
	assert_err(file_read_at(p->dir, "../x", 70, &b, &e), &e, ERR_SYS, "x");
	assert_string_equal(b.p, "kept");
}

static void a_file_without_a_size_is_read_to_its_end(void **s)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)s;
	assert_ok(file_read("/proc/self/status", 1 << 16, &b, &e), &e);
	assert_non_null(strstr(b.p, "NoNewPrivs:"));
	assert_err(file_read("/proc/self/status", 10, &b, &e), &e, ERR_LIMIT,
		   "larger than 10");
}

static void missing_directories_are_made_private(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/m1//m2/m3/", p->path);
	assert_ok(file_make_dirs(path, &e), &e);
	assert_ok(file_make_dirs(path, &e), &e);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/file/x", p->path);
	assert_ok(file_write_at(p->dir, "file", "", 0, &e), &e);
	assert_err(file_make_dirs(path, &e), &e, ERR_SYS, "mkdir");
	assert_ok(file_make_dirs("/proc/self/", &e), &e);
	assert_ok(file_make_dirs("/", &e), &e);
}

static void a_symlink_is_not_a_directory_of_ours(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	int fd = file_open_dir(p->dir, "new", true, &e);

	assert_ok(fd, &e);
	close(fd);
	fd = file_open_dir(p->dir, "new", false, &e);
	assert_ok(fd, &e);
	close(fd);
	assert_int_equal(symlinkat("new", p->dir, "alias"), 0);
	assert_err(file_open_dir(p->dir, "alias", true, &e), &e, ERR_SYS,
		   "alias");
	assert_err(file_open_dir(p->dir, "nix", false, &e), &e, ERR_MISSING,
		   "nix");
	assert_err(file_open_dir(p->dir, "..", false, &e), &e, ERR_BUG, "..");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_back),
		cmocka_unit_test(a_failed_write_leaves_nothing_behind),
		cmocka_unit_test(reads_are_bounded_and_of_regular_files),
		cmocka_unit_test(a_file_without_a_size_is_read_to_its_end),
		cmocka_unit_test(missing_directories_are_made_private),
		cmocka_unit_test(a_symlink_is_not_a_directory_of_ours),
	};

	return cmocka_run_group_tests(tests, place_set_up, place_tear_down);
}
