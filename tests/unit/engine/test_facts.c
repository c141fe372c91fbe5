/*
 * test_facts.c - engine/facts: what an object is, not what its name says.
 */
#include "unit.h"
#include <errno.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include "base/alloc.h"
#include "base/path.h"
#include "engine/facts.h"

static char top[64];
static int top_fd;

static int setup(void **state)
{
	(void)state;
	top_fd = unit_make_dir(top);
	if (top_fd < 0 || mkdirat(top_fd, "dir", 0751) ||
	    mkdirat(top_fd, "dir/sub", 0755) ||
	    symlinkat("dir/sub", top_fd, "link") ||
	    mkfifoat(top_fd, "dir/sub/fifo", 0600))
		return -1;
	close(openat(top_fd, "dir/sub/file", O_CREAT | O_WRONLY, 0640));
	return symlinkat("../link/file", top_fd, "dir/alias");
}

static int teardown(void **state)
{
	(void)state;
	close(top_fd);
	unit_remove_dir(top);
	return 0;
}

static void get(const char *name, struct source_facts *f)
{
	auto_free char *path = path_join(top, name);
	struct err e = ERR_INIT;

	assert_ok(facts_of(path, f, &e), &e);
}

static void assert_is(const struct object_id *id, const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(id->dev, st.st_dev);
	assert_int_equal(id->ino, st.st_ino);
}

/* The resolved path and every directory above, up to the root. */
static void assert_chain(const struct source_facts *f)
{
	auto_free char *at = xstrdup(f->resolved);
	size_t i = 0;

	assert_is(&f->id, at);
	while (strcmp(at, "/") != 0) {
		char *slash = strrchr(at, '/');

		slash[slash == at] = '\0';
		assert_true(i < f->n_parents);
		assert_is(&f->parents[i++], at);
	}
	assert_int_equal(i, f->n_parents);
}

static void an_object_is_known_with_all_above_it(void **state)
{
	static const struct {
		const char *name, *resolved;
		uint32_t mode;
	} rows[] = {
		{ "dir", "dir", S_IFDIR | 0751 },
		{ "dir/sub/file", "dir/sub/file", S_IFREG | 0640 },
		{ "dir/sub/fifo", "dir/sub/fifo", S_IFIFO | 0600 },
		{ "dir/../dir/./sub/", "dir/sub", S_IFDIR | 0755 },
		/* what links lead to, not where they stand */
		{ "link", "dir/sub", S_IFDIR | 0755 },
		{ "dir/alias", "dir/sub/file", S_IFREG | 0640 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(source_facts_done) struct source_facts f = { 0 };
		auto_free char *want = path_join(top, rows[i].resolved);

		get(rows[i].name, &f);
		assert_string_equal(f.resolved, want);
		assert_int_equal(f.mode & ~022u, rows[i].mode & ~022u);
		assert_int_equal(f.uid, geteuid());
		assert_int_equal(f.gid, getegid());
		assert_chain(&f);
	}
}

static void the_root_has_nothing_above_it_but_itself(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(facts_of("/", &f, &e), &e);
	assert_string_equal(f.resolved, "/");
	assert_int_equal(f.n_parents, 1);
	assert_is(&f.parents[0], "/");
}

static void a_device_tells_its_number(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_ok(facts_of_object("/dev/null", &f, &e), &e);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_int_equal(f.rdev, st.st_rdev);
	assert_true(S_ISCHR(f.mode));
	assert_null(f.resolved); /* not asked for, not looked for */
}

static void the_flags_of_its_filesystem_are_kept(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct err e = ERR_INIT;
	struct statvfs v;

	(void)state;
	assert_ok(facts_of("/proc", &f, &e), &e);
	assert_int_equal(statvfs("/proc", &v), 0);
	assert_int_equal(!!(f.locked_attr & MOUNT_ATTR_RDONLY),
			 !!(v.f_flag & ST_RDONLY));
	assert_int_equal(!!(f.locked_attr & MOUNT_ATTR_NOSUID),
			 !!(v.f_flag & ST_NOSUID));
	assert_int_equal(!!(f.locked_attr & MOUNT_ATTR_NODEV),
			 !!(v.f_flag & ST_NODEV));
	assert_int_equal(!!(f.locked_attr & MOUNT_ATTR_NOEXEC),
			 !!(v.f_flag & ST_NOEXEC));
}

static void what_is_not_there_is_never_made(void **state)
{
	auto_free char *path = path_join(top, "none");
	struct source_facts f = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(facts_of(path, &f, &e), &e, ERR_MISSING, "never made");
	assert_int_equal(access(path, F_OK), -1);
	assert_null(f.resolved);
}

static void a_magic_link_is_no_name(void **state)
{
	struct source_facts f = { 0 };
	struct err e = ERR_INIT;
	char path[32];

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", top_fd);
	assert_err(facts_of(path, &f, &e), &e, ERR_SYS, path);
}

static void an_object_that_lost_its_name_is_an_error(void **state)
{
	struct source_facts f = { 0 };
	struct err e = ERR_INIT;
	char before[4096];

	(void)state;
	/* "." of a directory that is removed: open it is, find it nobody can */
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(mkdirat(top_fd, "gone", 0755), 0);
	assert_int_equal(fchdir(top_fd), 0);
	assert_int_equal(chdir("gone"), 0);
	assert_int_equal(unlinkat(top_fd, "gone", AT_REMOVEDIR), 0);
	assert_int_equal(facts_of(".", &f, &e), -1);
	assert_int_equal(chdir(before), 0);
}

static void too_many_directories_are_a_limit(void **state)
{
	struct source_facts f = { 0 };
	struct err e = ERR_INIT;
	char path[1024];
	size_t n = strlen(top);

	(void)state;
	strcpy(path, top);
	for (int i = 0; i < 260; i++, n += 2) {
		strcpy(path + n, "/d");
		assert_int_equal(mkdir(path, 0755), 0);
	}
	assert_err(facts_of(path, &f, &e), &e, ERR_LIMIT, "below more than");
}

static void a_spec_is_filled_where_the_host_is_named(void **state)
{
	auto_free char *dir = path_join(top, "dir");
	struct spec_mount mounts[] = {
		{ .type = (char *)"tmpfs", .target = (char *)"/t" },
		{ .type = (char *)"bind",
		  .source = dir,
		  .target = (char *)"/b" },
	};
	struct spec_device devices[] = {
		{ .path = (char *)"/dev/null", .source = (char *)"/dev/null" },
	};
	struct spec s = { .mounts = mounts,
			  .n_mounts = 2,
			  .devices = devices,
			  .n_devices = 1 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(facts_fill(&s, &e), &e);
	assert_int_equal(mounts[0].facts.mode, 0);
	assert_is(&mounts[1].facts.id, dir);
	assert_true(mounts[1].facts.n_parents > 1);
	assert_is(&devices[0].facts.id, "/dev/null");
	source_facts_done(&mounts[1].facts);
	source_facts_done(&devices[0].facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_known_with_all_above_it),
		cmocka_unit_test(the_root_has_nothing_above_it_but_itself),
		cmocka_unit_test(a_device_tells_its_number),
		cmocka_unit_test(the_flags_of_its_filesystem_are_kept),
		cmocka_unit_test(what_is_not_there_is_never_made),
		cmocka_unit_test(a_magic_link_is_no_name),
		cmocka_unit_test(an_object_that_lost_its_name_is_an_error),
		cmocka_unit_test(a_spec_is_filled_where_the_host_is_named),
		cmocka_unit_test(too_many_directories_are_a_limit),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
