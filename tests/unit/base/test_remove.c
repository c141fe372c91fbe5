/*
 * test_remove.c - base/remove: deep, locked and hostile trees. Dropped to an
 * unprivileged id where modes are to matter.
 */
#include "unit.h"
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/file.h"

static void touch(int dir, const char *name)
{
	int fd = openat(dir, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static bool is_there(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void what_is_not_there_is_removed_already(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;

	assert_ok(file_remove_tree(p->dir, "nothing", &e), &e);
	assert_err(file_remove_tree(p->dir, "..", &e), &e, ERR_BUG, "..");
	assert_err(file_remove_tree(p->dir, "a/b", &e), &e, ERR_BUG, "a/b");
}

static void files_and_trees_go_and_neighbours_stay(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;

	touch(p->dir, "neighbour");
	touch(p->dir, "file");
	assert_int_equal(mkdirat(p->dir, "tree", 0700), 0);
	assert_int_equal(mkdirat(p->dir, "tree/sub", 0700), 0);
	touch(p->dir, "tree/sub/x");
	assert_int_equal(mkfifoat(p->dir, "tree/fifo", 0600), 0);
	assert_int_equal(symlinkat("..", p->dir, "tree/up"), 0);
	assert_int_equal(symlinkat("../neighbour", p->dir, "tree/link"), 0);
	assert_ok(file_remove_tree(p->dir, "tree", &e), &e);
	assert_ok(file_remove_tree(p->dir, "file", &e), &e);
	assert_false(is_there(p->dir, "tree"));
	assert_false(is_there(p->dir, "file"));
	assert_true(is_there(p->dir, "neighbour"));
}

static void a_symlink_goes_and_its_target_stays(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;

	assert_int_equal(mkdirat(p->dir, "target", 0700), 0);
	touch(p->dir, "target/x");
	assert_int_equal(symlinkat("target", p->dir, "alias"), 0);
	assert_ok(file_remove_tree(p->dir, "alias", &e), &e);
	assert_false(is_there(p->dir, "alias"));
	assert_true(is_there(p->dir, "target/x"));
}

static void a_tree_deeper_than_our_fds_goes(void **s)
{
	struct rlimit old, few = { 64, 64 };
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	int at, next, rc;

	at = openat(p->dir, ".", O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 3000; i++) {
		assert_int_equal(mkdirat(at, i ? "d" : "deep", 0700), 0);
		next = openat(at, i ? "d" : "deep", O_RDONLY | O_DIRECTORY);
		close(at);
		at = next;
		touch(at, "f");
		/* in the way of the names that are moved up */
		touch(at, ".deep-1");
	}
	close(at);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	rc = file_remove_tree(p->dir, "deep", &e);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_ok(rc, &e);
	assert_false(is_there(p->dir, "deep"));
}

/* In a child as an id without privilege: locked directories. */
static int remove_locked(struct unit_place *p)
{
	struct err e = ERR_INIT;
	int dir;

	if (geteuid() == 0 &&
	    (setresgid(4242, 4242, 4242) || setresuid(4242, 4242, 4242)))
		return 2;
	dir = openat(p->dir, ".", O_RDONLY | O_DIRECTORY);
	if (mkdirat(dir, "locked", 0700) || mkdirat(dir, "locked/a", 0700) ||
	    mkdirat(dir, "locked/a/b", 0700) ||
	    mkdirat(dir, "locked/a/b/c", 0700))
		return 3;
	close(openat(dir, "locked/a/b/x", O_CREAT | O_WRONLY, 0));
	if (fchmodat(dir, "locked/a/b", 0555, 0) ||
	    fchmodat(dir, "locked/a", 0, 0) || fchmodat(dir, "locked", 0500, 0))
		return 4;
	if (file_remove_tree(dir, "locked", &e)) {
		print_error("%s\n", e.msg);
		return 5;
	}
	return 0;
}

static void a_locked_tree_of_ours_is_unlocked_and_goes(void **s)
{
	struct unit_place *p = *s;
	int status;
	pid_t pid;

	assert_int_equal(fchmod(p->dir, 0777), 0);
	pid = fork();
	if (pid == 0)
		_exit(remove_locked(p));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(is_there(p->dir, "locked"));
}

/* No chmod but fchmod from here on: Linux before 6.6, and no /proc. */
static int chmod_by_fd_only(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	const uint32_t absent = SCMP_ACT_ERRNO(ENOSYS);

	/* 452: fchmodat2, younger than the library */
	return !f || seccomp_rule_add(f, absent, 452, 0) ||
	       seccomp_rule_add(f, absent, SCMP_SYS(chmod), 0) ||
	       seccomp_rule_add(f, absent, SCMP_SYS(fchmodat), 0) ||
	       seccomp_load(f);
}

static int remove_on_old_kernel(struct unit_place *p)
{
	struct err e = ERR_INIT;
	int dir;

	if (geteuid() == 0 &&
	    (setresgid(4242, 4242, 4242) || setresuid(4242, 4242, 4242)))
		return 2;
	dir = openat(p->dir, ".", O_RDONLY | O_DIRECTORY);
	if (mkdirat(dir, "old", 0700) || mkdirat(dir, "old/a", 0700) ||
	    mkdirat(dir, "old/a/b", 0700))
		return 3;
	touch(dir, "old/a/b/x");
	if (fchmodat(dir, "old/a/b", 0444, 0) ||
	    fchmodat(dir, "old/a", 0555, 0) || fchmodat(dir, "old", 0500, 0))
		return 4;
	if (chmod_by_fd_only())
		return 5;
	return file_remove_tree(dir, "old", &e) ? 6 : 0;
}

static void what_can_be_read_is_unlocked_without_proc(void **s)
{
	struct unit_place *p = *s;
	int status;
	pid_t pid;

	assert_int_equal(fchmod(p->dir, 0777), 0);
	pid = fork();
	if (pid == 0)
		_exit(remove_on_old_kernel(p));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_false(is_there(p->dir, "old"));
}

/* A bind mount of a sibling of the same filesystem below the tree. */
static int remove_with_mount(struct unit_place *p)
{
	struct err e = ERR_INIT;
	char from[96], to[96];

	snprintf(from, sizeof(from), "%s/precious", p->path);
	snprintf(to, sizeof(to), "%s/tree/mnt", p->path);
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(from, to, NULL, MS_BIND, NULL))
		return 77;
	if (file_remove_tree(p->dir, "tree", &e) == 0)
		return 1;
	return is_there(p->dir, "precious/x") ? 0 : 2;
}

static void what_is_mounted_below_is_not_touched(void **s)
{
	struct unit_place *p = *s;
	int status;
	pid_t pid;

	assert_int_equal(mkdirat(p->dir, "precious", 0700), 0);
	touch(p->dir, "precious/x");
	assert_int_equal(mkdirat(p->dir, "tree", 0700), 0);
	assert_int_equal(mkdirat(p->dir, "tree/mnt", 0700), 0);
	pid = fork();
	if (pid == 0)
		_exit(remove_with_mount(p));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == 77) {
		print_message("# mounting is not permitted here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_there_is_removed_already),
		cmocka_unit_test(files_and_trees_go_and_neighbours_stay),
		cmocka_unit_test(a_symlink_goes_and_its_target_stays),
		cmocka_unit_test(a_tree_deeper_than_our_fds_goes),
		cmocka_unit_test(a_locked_tree_of_ours_is_unlocked_and_goes),
		cmocka_unit_test(what_can_be_read_is_unlocked_without_proc),
		cmocka_unit_test(what_is_mounted_below_is_not_touched),
	};

	return cmocka_run_group_tests(tests, place_set_up, place_tear_down);
}
