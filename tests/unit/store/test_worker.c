/*
 * test_worker.c - how immure-image is found and started: its words, its fds
 * and trees, and what is said when it fails. This program is the worker too.
 */
#include <errno.h>
#include <sys/syscall.h>

#include "placed.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "store/work.h"
#include "store/worker.h"

/* ---- the worker ---- */

/* What it may do in a tree: "w" make a file, "r" list, "-" nothing is there. */
static char may(int tree)
{
	auto_fd fd = -1;

	if (fcntl(tree, F_GETFD) < 0)
		return '-';
	fd = openat(tree, "made", O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd >= 0)
		return 'w';
	return errno == EROFS ? 'r' : '?';
}

static int tell_all(char **words)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	char text[16] = "";
	struct stat st;

	strv_foreach (word, words)
		buf_printf(&b, "[%s] ", *word);
	if (read(WORKER_FD_IN, text, sizeof(text) - 1) < 0)
		return 1;
	fstat(WORKER_FD_IN, &st);
	buf_printf(&b, "%s%s tree %c oci %c", S_ISCHR(st.st_mode) ? "null" : "",
		   text, may(WORKER_FD_TREE), may(WORKER_FD_OCI));
	return fd_send(WORKER_FD_SOCK, b.p, b.len, -1) ? 1 : 0;
}

static int worker(char **words)
{
	struct err e = ERR_INIT;

	if (words[0] && !strcmp(words[0], "exit"))
		return atoi(words[1]);
	if (!words[0] || strcmp(words[0], "remove"))
		return tell_all(words);
	if (faccessat(WORKER_FD_TREE, "stubborn", F_OK, 0) == 0)
		return 9;
	/* by the call itself: a sanitizer does more at the end of a program
	 * than the filter allows */
	syscall(SYS_exit_group, work_remove(&e) ? 1 : 0);
	return 1;
}

/* ---- the tests ---- */

/* What a worker of these words and fds tells; heap. */
static char *told(struct worker *w)
{
	struct id_range range;
	struct host h = placed_host(&range, NULL);
	char text[256];
	struct err e = ERR_INIT;
	int pair[2];
	ssize_t n;
	pid_t pid;

	assert_ok(fd_socketpair(pair, &e), &e);
	w->sock = pair[1];
	pid = worker_start(&h, w, &e);
	assert_ok(pid, &e);
	close(pair[1]);
	n = fd_recv(pair[0], text, sizeof(text) - 1, NULL);
	close(pair[0]);
	assert_true(n >= 0);
	text[n] = '\0';
	assert_int_equal(spawn_wait(pid, &e), 0);
	return xstrdup(text);
}

/* A directory that belongs to id 0 of the worker's space. */
static char *make_tree(struct unit_place *p, const char *name)
{
	char *path = xasprintf("%s/%s", p->path, name);

	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(chown(path, 500000, 500000), 0);
	return path;
}

static void its_words_fds_and_trees_are_where_it_looks(void **state)
{
	auto_free char *tree = make_tree(*state, "tree");
	auto_free char *oci = make_tree(*state, "oci");
	char *words[] = { (char[]){ "a word" }, (char[]){ "" },
			  (char[]){ "--x" }, NULL };
	auto_free char *one = NULL, *two = NULL;
	struct worker w = { .words = words, .in = -1, .tree = tree };

	one = told(&w);
	assert_string_equal(one, "[a word] [] [--x] null tree w oci -");
	unlinkat(((struct unit_place *)*state)->dir, "tree/made", 0);
	w.in = fileno(tmpfile());
	w.oci = oci;
	assert_int_equal(pwrite(w.in, "archive", 7, 0), 7);
	two = told(&w);
	assert_string_equal(two, "[a word] [] [--x] archive tree w oci r");
}

static void a_tree_that_is_not_there_starts_nothing(void **state)
{
	struct id_range range;
	struct host h = placed_host(&range, NULL);
	char *words[] = { (char[]){ "x" }, NULL };
	struct worker w = {
		.words = words, .in = -1, .sock = -1, .tree = "/nonexistent"
	};
	struct err e = ERR_INIT;

	(void)state;
	assert_err(worker_start(&h, &w, &e), &e, ERR_SYS, "/nonexistent");
}

static void its_status_is_its_own(void **state)
{
	struct id_range range;
	struct host h = placed_host(&range, NULL);
	auto_free char *tree = make_tree(*state, "tree");
	char *words[] = { (char[]){ "exit" }, (char[]){ "7" }, NULL };
	struct worker w = {
		.words = words, .in = -1, .sock = -1, .tree = tree
	};
	struct err e = ERR_INIT;
	pid_t pid = worker_start(&h, &w, &e);

	assert_ok(pid, &e);
	assert_int_equal(spawn_wait(pid, &e), 7);
}

static void a_tree_of_foreign_ids_is_emptied(void **state)
{
	struct unit_place *p = *state;
	struct id_range range;
	struct host h = placed_host(&range, NULL);
	auto_free char *tree = make_tree(p, "tree");
	auto_free char *deep = make_tree(p, "tree/deep");
	auto_free char *file = xasprintf("%s/file", deep);
	struct err e = ERR_INIT;

	close(open(file, O_WRONLY | O_CREAT, 0600));
	assert_int_equal(chown(file, 500999, 500999), 0);
	assert_int_equal(chmod(deep, 0), 0);
	assert_int_equal(symlinkat("..", p->dir, "tree/up"), 0);
	close(openat(p->dir, "canary", O_WRONLY | O_CREAT, 0600));
	assert_ok(worker_remove(&h, tree, &e), &e);
	assert_int_equal(rmdir(tree), 0); /* it is empty */
	assert_int_equal(faccessat(p->dir, "canary", F_OK, 0), 0);
}

static void a_removal_that_fails_is_an_error(void **state)
{
	struct id_range range;
	struct host h = placed_host(&range, NULL);
	auto_free char *tree = make_tree(*state, "tree");
	auto_free char *stubborn = make_tree(*state, "tree/stubborn");
	struct err e = ERR_INIT;

	assert_err(worker_remove(&h, tree, &e), &e, ERR_SYS,
		   "the worker ended with status 9");
	assert_non_null(strstr(e.msg, tree));
	assert_int_equal(access(stubborn, F_OK), 0);
}

/* Last: afterwards it is no longer beside this program. */
static void without_one_beside_us_it_is_the_installed_one(void **state)
{
	static const char installed[] = LIBEXECDIR "/" PLACED_WORKER;
	struct id_range range;
	struct host h = placed_host(&range, NULL);
	auto_free char *tree = make_tree(*state, "tree");
	char exe[128];
	auto_free char *beside = NULL;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	struct err e = ERR_INIT;

	assert_true(n > 0);
	exe[n] = '\0';
	beside = xasprintf("%s/" PLACED_WORKER, dirname(exe));
	assert_int_equal(unlink(beside), 0);
	if (access(installed, F_OK) == 0)
		skip(); /* it would be started */
	assert_err(worker_remove(&h, tree, &e), &e, ERR_SYS, installed);
}

#define TEST(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, place_set_up, place_tear_down)

static int tests(void)
{
	const struct CMUnitTest all[] = {
		TEST(its_words_fds_and_trees_are_where_it_looks),
		TEST(a_tree_that_is_not_there_starts_nothing),
		TEST(its_status_is_its_own),
		TEST(a_tree_of_foreign_ids_is_emptied),
		TEST(a_removal_that_fails_is_an_error),
		TEST(without_one_beside_us_it_is_the_installed_one),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
	return placed_main(argc, argv, worker, tests);
}
