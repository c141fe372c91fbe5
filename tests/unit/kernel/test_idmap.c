/*
 * test_idmap.c - kernel/idmap: what is written to which file, and that what
 * the kernel reports is compared with it. Once with a directory in the place
 * of /proc, once with the kernel.
 */
#include "unit.h"
#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/table.h"
#include "kernel/idmap.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"

#define PID 77

static struct spec_idmap two_rows[] = { { 0, 100000, 10 }, { 20, 200000, 5 } };
static struct spec_idmap one_row[] = { { 0, 100000, 65536 } };
static const struct idmap_list two = { two_rows, 2 }, one = { one_row, 1 };

/* A directory that looks like /proc/77. */
struct fake {
	char path[64];
	int dir;
};

static void put(struct fake *f, const char *name, const char *text)
{
	int fd = openat(f->dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static const char *get(struct fake *f, const char *name)
{
	static char text[256];
	int fd = openat(f->dir, name, O_RDONLY);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, text, sizeof(text) - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
	return text;
}

static void fake_make(struct fake *f)
{
	f->dir = unit_make_dir(f->path);
	assert_true(f->dir >= 0);
	assert_int_equal(mkdirat(f->dir, "77", 0700), 0);
	put(f, "77/uid_map", "");
	put(f, "77/gid_map", "");
	put(f, "77/setgroups", "");
}

static void fake_done(struct fake *f)
{
	close(f->dir);
	unit_remove_dir(f->path);
}

static void the_rows_are_written_one_a_line(void **state)
{
	const struct idmap m = { .uids = &two,
				 .gids = &one,
				 .setgroups = true };
	struct err e = ERR_INIT;
	struct fake f;

	(void)state;
	fake_make(&f);
	assert_ok(idmap_write(f.dir, PID, &m, &e), &e);
	assert_string_equal(get(&f, "77/uid_map"),
			    "0 100000 10\n20 200000 5\n");
	assert_string_equal(get(&f, "77/gid_map"), "0 100000 65536\n");
	assert_string_equal(get(&f, "77/setgroups"), "");
	fake_done(&f);
}

static void without_setgroups_it_is_denied_first(void **state)
{
	const struct idmap m = { .uids = &one, .gids = &one };
	struct err e = ERR_INIT;
	struct fake f;

	(void)state;
	fake_make(&f);
	assert_ok(idmap_write(f.dir, PID, &m, &e), &e);
	assert_string_equal(get(&f, "77/setgroups"), "deny");
	fake_done(&f);
	/* and when it cannot be denied, nothing is mapped */
	fake_make(&f);
	put(&f, "77/setgroups", "allowed"); /* reads "denywed" then */
	assert_err(idmap_write(f.dir, PID, &m, &e), &e, ERR_VERIFY,
		   "setgroups");
	assert_string_equal(get(&f, "77/uid_map"), "");
	fake_done(&f);
}

static void another_map_than_the_written_one_is_an_error(void **state)
{
	const struct idmap m = { .uids = &one,
				 .gids = &two,
				 .setgroups = true };
	static const struct {
		const char *file, *before;
	} rows[] = {
		/* what stands behind what is written stays */
		{ "77/uid_map", "0 100000 65536\n1 2 3\n" },
		{ "77/uid_map", "0 100000 65536\nx\n" },
		{ "77/uid_map", "0 100000 6553678" },
		{ "77/gid_map", "0 100000 10\n20 200000 5\n40 300000 1\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		struct fake f;

		fake_make(&f);
		put(&f, rows[i].file, rows[i].before);
		assert_err(idmap_write(f.dir, PID, &m, &e), &e, ERR_VERIFY,
			   rows[i].file + 3);
		fake_done(&f);
	}
}

static void a_map_that_is_too_long_is_an_error(void **state)
{
	static struct spec_idmap rows[400];
	const struct idmap_list many = { rows, ARRAY_SIZE(rows) };
	const struct idmap m = { .uids = &many,
				 .gids = &one,
				 .setgroups = true };
	struct err e = ERR_INIT;
	struct fake f;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i] = (struct spec_idmap){ i, 100000 + i, 1 };
	fake_make(&f);
	assert_err(idmap_write(f.dir, PID, &m, &e), &e, ERR_LIMIT, "400 rows");
	assert_string_equal(get(&f, "77/uid_map"), "");
	fake_done(&f);
}

static void a_process_that_is_gone_is_an_error(void **state)
{
	const struct idmap m = { .uids = &one, .gids = &one };
	struct err e = ERR_INIT;
	struct fake f;

	(void)state;
	fake_make(&f);
	assert_err(idmap_write(f.dir, 78, &m, &e), &e, ERR_SYS,
		   "/proc/78/setgroups");
	fake_done(&f);
}

/* ---- with the kernel ---- */

/* The maps that this user may write. */
static struct idmap outer_map(void)
{
	static struct spec_idmap own_uid, own_gid;
	static const struct idmap_list uid = { &own_uid, 1 },
				       gid = { &own_gid, 1 };

	if (geteuid() == 0)
		return (struct idmap){ .uids = &two,
				       .gids = &two,
				       .setgroups = true };
	own_uid = (struct spec_idmap){ 0, geteuid(), 1 };
	own_gid = (struct spec_idmap){ 0, getegid(), 1 };
	return (struct idmap){ .uids = &uid, .gids = &gid };
}

/* Root itself is not in the map; and who changes ids is not dumpable, so its
 * /proc is closed. */
static int be_id_0(void)
{
	return setresgid(0, 0, 0) || setresuid(0, 0, 0) ||
	       prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

/* Runs `fn` in a mapped user namespace; its exit status, -1: none here. */
static int in_namespace(int (*fn)(int proc))
{
	const struct idmap m = outer_map();
	struct err e = ERR_INIT;
	auto_fd proc = procfs_open_host(&e), pidfd = -1;
	int go[2], status;
	char c;
	pid_t pid;

	assert_ok(proc, &e);
	assert_ok(fd_pipe(go, &e), &e);
	pid = ns_clone(CLONE_NEWUSER, &pidfd);
	if (pid == 0) {
		alarm(20);
		_exit(fd_read_exact(go[0], &c, 1) || be_id_0() ? 99 : fn(proc));
	}
	close(go[0]);
	if (pid < 0) {
		close(go[1]);
		return -1;
	}
	assert_ok(idmap_write(proc, pid, &m, &e), &e);
	assert_int_equal(fd_write_all(go[1], "g", 1), 0);
	close(go[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int enter(int proc, const struct spec_idmap *row, struct err *e)
{
	struct spec_idmap copy = *row;
	const struct idmap_list l = { &copy, 1 };
	const struct idmap m = { .uids = &l, .gids = &l, .setgroups = false };

	return idmap_enter(proc, &m, e);
}

static int enter_inner(int proc)
{
	const struct spec_idmap row = { 5, 0, 1 };
	struct err e = ERR_INIT;

	if (enter(proc, &row, &e) < 0) {
		print_error("%s\n", e.msg);
		return 1;
	}
	return geteuid() == 5 && getegid() == 5 ? 0 : 2;
}

static int enter_with_an_id_that_is_not_there(int proc)
{
	const struct spec_idmap row = { 0, 4711, 1 };
	struct err e = ERR_INIT;

	if (enter(proc, &row, &e) == 0)
		return 1;
	return e.kind == ERR_SYS && strstr(e.msg, "uid_map") ? 0 : 2;
}

static void the_kernel_maps_what_was_written(void **state)
{
	int r = in_namespace(enter_inner);

	(void)state;
	if (r < 0)
		skip(); /* no user namespaces here */
	assert_int_equal(r, 0);
}

static void an_inner_map_that_the_kernel_refuses_is_an_error(void **state)
{
	int r = in_namespace(enter_with_an_id_that_is_not_there);

	(void)state;
	if (r < 0)
		skip(); /* no user namespaces here */
	assert_int_equal(r, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rows_are_written_one_a_line),
		cmocka_unit_test(without_setgroups_it_is_denied_first),
		cmocka_unit_test(another_map_than_the_written_one_is_an_error),
		cmocka_unit_test(a_map_that_is_too_long_is_an_error),
		cmocka_unit_test(a_process_that_is_gone_is_an_error),
		cmocka_unit_test(the_kernel_maps_what_was_written),
		cmocka_unit_test(
			an_inner_map_that_the_kernel_refuses_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
