/*
 * test_idjob.c - what a worker finds: ids, fds, trees, environment; and that
 * it dies with its parent. A shell is the worker. Needs root, for a range of
 * subordinate ids of the test's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/spawn.h"
#include "kernel/idjob.h"

static struct id_range range = { 500000, 1000 };

static struct host root_host(void)
{
	return (struct host){ .user = (char[]){ "root" },
			      .subuid = &range,
			      .subgid = &range,
			      .n_subuid = 1,
			      .n_subgid = 1,
			      .has_userns = true };
}

/* Runs the script; its output, and its status in *ret. Fd 3 is `pass`. */
static char *output(const char *script, const struct idjob_tree *tree, int pass,
		    int *ret)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, xstrdup(script),
			 NULL };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct host h = root_host();
	struct idjob j = { .path = "/bin/sh", .argv = argv, .n_fds = 4 };
	struct err e = ERR_INIT;
	int p[2];
	pid_t pid;

	assert_ok(fd_pipe(p, &e), &e);
	memcpy(j.fds, (int[]){ -1, p[1], 2, pass }, 4 * sizeof(int));
	if (tree) {
		j.trees[0] = *tree;
		j.n_trees = 1;
	}
	pid = idjob_start(&h, &j, &e);
	if (pid < 0)
		fail_msg("%s", e.msg);
	close(p[1]);
	assert_ok(file_read_fd(p[0], 65536, "output", &b, &e), &e);
	close(p[0]);
	*ret = spawn_wait(pid, &e);
	free(argv[2]);
	return buf_take(&b);
}

/* Each script prints one line. */
static void a_worker_is_cut_off(void **state)
{
	static const struct {
		const char *script, *want;
	} rows[] = {
		{ "id -u; id -g", "0\n0\n" },
		{ "id -G", "0\n" },
		{ "echo $$", "1\n" },
		{ "env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | wc -l", "0\n" },
		{ "tr -s ' ' </proc/self/uid_map | head -1",
		  " 0 500000 1000\n" },
		{ "grep -c . /proc/net/dev", "3\n" }, /* two of heading, lo */
		{ "grep NoNewPrivs /proc/self/status | cut -f2", "1\n" },
		{ "ulimit -c", "0\n" },
		{ "kill -0 2 2>/dev/null || echo alone", "alone\n" },
		{ "cat </dev/stdin | wc -c", "0\n" },
	};

	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status;
		auto_free char *got = output(rows[i].script, NULL, -1, &status);

		if (strcmp(got, rows[i].want))
			fail_msg("%s: got \"%s\"", rows[i].script, got);
	}
}

static void it_has_the_fds_it_was_given_and_no_other(void **state)
{
	int status, extra, passed;
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	extra = dup(2); /* not O_CLOEXEC */
	passed = open("/etc/passwd", O_RDONLY);
	assert_int_equal(fstat(passed, &st), 0);
	{
		auto_free char *fds =
			output("for i in 3 4 5 6 7 8 9; do eval "
			       "\"true <&$i\" 2>/dev/null && echo -n $i; "
			       "done",
			       NULL, passed, &status);
		auto_free char *size =
			output("wc -c <&3", NULL, passed, &status);

		assert_string_equal(fds, "3");
		assert_int_equal(atol(size), st.st_size);
	}
	close(extra);
	close(passed);
}

/* Fd 4 is the tree: its files, and nothing above it. */
static void a_tree_ends_at_its_root(void **state)
{
	struct idjob_tree tree = { .writable = true };
	char dir[64];
	auto_free char *inside = NULL, *got = NULL;
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	close(unit_make_dir(dir));
	inside = xasprintf("%s/inside", dir);
	assert_int_equal(mkdir(inside, 0755), 0);
	assert_int_equal(chown(inside, 500000, 500000), 0);
	assert_int_equal(chmod(dir, 0755), 0);
	tree.path = inside;
	got = output("cd /proc/self/fd/4/ && touch made && ls && cd -P .. && "
		     "ls",
		     &tree, -1, &status);
	unit_remove_dir(dir);
	assert_string_equal(got, "made\nmade\n");
}

static void a_tree_may_be_read_only(void **state)
{
	struct idjob_tree tree = { .path = "/tmp", .writable = false };
	auto_free char *got = NULL;
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	got = output("touch /proc/self/fd/4/x 2>/dev/null || echo refused",
		     &tree, -1, &status);
	assert_string_equal(got, "refused\n");
}

static void its_status_is_told(void **state)
{
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	free(output("exit 7", NULL, -1, &status));
	assert_int_equal(status, 7);
}

static void what_cannot_start_is_told(void **state)
{
	struct host h = root_host();
	char *argv[] = { (char[]){ "x" }, NULL };
	struct idjob j = { .path = "/nonexistent/program", .argv = argv };
	struct err e = ERR_INIT;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_err(idjob_start(&h, &j, &e), &e, ERR_SYS,
		   "/nonexistent/program");
	j.path = "/etc/passwd"; /* no program */
	assert_err(idjob_start(&h, &j, &e), &e, ERR_SYS, "/etc/passwd");
	j.path = "/bin/true";
	j.trees[0].path = "/nonexistent";
	j.n_trees = 1;
	assert_err(idjob_start(&h, &j, &e), &e, ERR_SYS, "/nonexistent");
}

/* A parent that is killed takes the worker with it: the pipe that the worker
 * holds is closed. */
static void it_dies_with_its_parent(void **state)
{
	struct pollfd end = { .events = POLLIN };
	struct err e = ERR_INIT;
	char c;
	int p[2];
	pid_t parent;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_ok(fd_pipe(p, &e), &e);
	parent = fork();
	if (parent == 0) {
		struct host h = root_host();
		char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
				 (char[]){ "echo; sleep 60" }, NULL };
		struct idjob j = { .path = "/bin/sh",
				   .argv = argv,
				   .fds = { -1, p[1], -1 },
				   .n_fds = 3 };

		idjob_start(&h, &j, &e);
		close(p[1]);
		pause();
		_exit(0);
	}
	close(p[1]);
	assert_int_equal(read(p[0], &c, 1), 1); /* it runs */
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	end.fd = p[0];
	assert_int_equal(poll(&end, 1, 10000), 1);
	assert_int_equal(read(p[0], &c, 1), 0);
	close(p[0]);
}

static void a_single_id_is_told_apart(void **state)
{
	struct host h = root_host();

	(void)state;
	assert_false(idjob_is_single(&h));
	h.uid = 1000;
	assert_true(idjob_is_single(&h)); /* no newuidmap */
	h.newuidmap = h.newgidmap = (char[]){ "/usr/bin/newuidmap" };
	assert_false(idjob_is_single(&h));
	h.n_subgid = 0;
	assert_true(idjob_is_single(&h));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_is_cut_off),
		cmocka_unit_test(it_has_the_fds_it_was_given_and_no_other),
		cmocka_unit_test(a_tree_ends_at_its_root),
		cmocka_unit_test(a_tree_may_be_read_only),
		cmocka_unit_test(its_status_is_told),
		cmocka_unit_test(what_cannot_start_is_told),
		cmocka_unit_test(it_dies_with_its_parent),
		cmocka_unit_test(a_single_id_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
