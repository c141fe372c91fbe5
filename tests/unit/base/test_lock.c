/* test_lock.c - base/lock: who waits for whom, and replaced lock files. */
#include "unit.h"
#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "base/lock.h"

static void the_file_is_made_private(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	auto_fd fd = lock_open_at(p->dir, "l", LOCK_EXCLUSIVE, &e);
	struct stat st;

	assert_ok(fd, &e);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fstatat(p->dir, "l", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void a_lock_excludes_until_it_is_closed(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	int fd = lock_open_at(p->dir, "l", LOCK_EXCLUSIVE, &e), again;

	assert_ok(fd, &e);
	assert_err(lock_open_at(p->dir, "l", LOCK_TRY_EXCLUSIVE, &e), &e,
		   ERR_CONFLICT, "l: in use");
	close(fd);
	again = lock_open_at(p->dir, "l", LOCK_TRY_EXCLUSIVE, &e);
	assert_ok(again, &e);
	close(again);
}

static void shared_locks_agree_and_exclude_a_writer(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	auto_fd one = lock_open_at(p->dir, "l", LOCK_SHARED, &e);
	auto_fd two = lock_open_at(p->dir, "l", LOCK_SHARED, &e);

	assert_ok(one, &e);
	assert_ok(two, &e);
	assert_err(lock_open_at(p->dir, "l", LOCK_TRY_EXCLUSIVE, &e), &e,
		   ERR_CONFLICT, "in use");
}

static void a_symlink_is_not_a_lock(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;

	assert_int_equal(symlinkat("elsewhere", p->dir, "link"), 0);
	assert_err(lock_open_at(p->dir, "link", LOCK_SHARED, &e), &e, ERR_SYS,
		   "link");
	assert_int_equal(faccessat(p->dir, "elsewhere", F_OK, 0), -1);
}

static void a_waiter_locks_the_file_that_has_the_name(void **s)
{
	struct unit_place *p = *s;
	struct err e = ERR_INIT;
	int fd = lock_open_at(p->dir, "gone", LOCK_EXCLUSIVE, &e), status;
	struct stat st;
	pid_t pid;

	assert_ok(fd, &e);
	pid = fork();
	if (pid == 0) {
		int mine;

		close(fd);
		mine = lock_open_at(p->dir, "gone", LOCK_EXCLUSIVE, NULL);
		_exit(mine < 0 || fstat(mine, &st) ? 1
		      : st.st_nlink == 1	   ? 0
						   : 2);
	}
	usleep(100000); /* it waits on the file that now loses its name */
	assert_int_equal(unlinkat(p->dir, "gone", 0), 0);
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(faccessat(p->dir, "gone", F_OK, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_is_made_private),
		cmocka_unit_test(a_lock_excludes_until_it_is_closed),
		cmocka_unit_test(shared_locks_agree_and_exclude_a_writer),
		cmocka_unit_test(a_symlink_is_not_a_lock),
		cmocka_unit_test(a_waiter_locks_the_file_that_has_the_name),
	};

	return cmocka_run_group_tests(tests, place_set_up, place_tear_down);
}
