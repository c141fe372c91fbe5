/*
 * test_work.c - the worker's coordinator: its questions and their answers,
 * what it refuses to be started with, and a removal that can do nothing else.
 */
#include <errno.h>
#include <sys/socket.h>

#include "bench.h"
#include "base/table.h"
#include "store/child.h"
#include "store/worker.h"

/* ---- talking ---- */

static void what_is_said_arrives_and_fits(void **state)
{
	struct bench *b = *state;
	auto_free char *longer = xasprintf("%0600d", 0);
	auto_free char *digest = xasprintf("sha256:%064d", 1);
	struct err e = ERR_INIT;
	struct msg m;

	assert_ok(work_say(&b->w, MSG_WARN, "text", &e), &e);
	assert_true(bench_hear(b, &m));
	assert_int_equal(m.what, MSG_WARN);
	assert_string_equal(m.text, "text");
	assert_ok(work_say(&b->w, MSG_WARN, longer, &e), &e);
	assert_true(bench_hear(b, &m));
	assert_int_equal(strlen(m.text), sizeof(m.text) - 1);
	assert_ok(work_say_digest(&b->w, MSG_BLOB, digest, 7, &e), &e);
	assert_true(bench_hear(b, &m));
	assert_string_equal(m.digest, digest);
	assert_int_equal(m.size, 7);
	assert_false(bench_hear(b, &m));
}

static void only_one_is_yes(void **state)
{
	static const uint64_t sizes[] = { 1, 0, 2, UINT64_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct bench *b = *state;
		struct msg m = { .what = MSG_ANSWER, .size = sizes[i] };
		struct err e = ERR_INIT;

		assert_ok(msg_send(b->store, &m, &e), &e);
		assert_int_equal(
			work_ask(&b->w, MSG_ASK_BLOB, "sha256:", 1, &e),
			sizes[i] == 1);
	}
}

static void what_is_no_answer_is_not_taken_for_one(void **state)
{
	struct bench *b = *state;
	struct msg m = { .what = MSG_DONE, .size = 1 };
	struct err e = ERR_INIT;

	assert_ok(msg_send(b->store, &m, &e), &e);
	assert_err(work_ask(&b->w, MSG_ASK_BLOB, "sha256:", 1, &e), &e, ERR_BUG,
		   "does not answer");
	/* nor is the end of the store, which may still be written to: least
	 * of all is it the answer before */
	bench_answer(b, "1");
	assert_int_equal(work_ask(&b->w, MSG_ASK_BLOB, "sha256:", 1, &e), 1);
	assert_int_equal(shutdown(b->store, SHUT_WR), 0);
	assert_err(work_ask(&b->w, MSG_ASK_BLOB, "sha256:", 1, &e), &e, ERR_BUG,
		   "does not answer");
	close(TAKE_FD(b->store));
	assert_err(work_ask(&b->w, MSG_ASK_BLOB, "sha256:", 1, &e), &e, ERR_SYS,
		   "talk to the other side");
}

/* ---- being started ---- */

/* Fds for WORKER_FD_SOCK and WORKER_FD_TREE; -1: none is there. */
struct start {
	int sock, tree;
	char **words;
};

static void put(int fd, int at)
{
	if (fd < 0)
		close(at);
	else if (dup2(fd, at) < 0)
		_exit(99);
}

static int loads(void *arg, struct report *r, struct err *e)
{
	const struct start *s = arg;
	int sock = s->sock < 0 ? -1 : fcntl(s->sock, F_DUPFD, 64);
	int tree = s->tree < 0 ? -1 : fcntl(s->tree, F_DUPFD, 64);

	(void)r;
	/* the report's pipe is above these: the bench has five fds open */
	put(sock, WORKER_FD_SOCK);
	put(tree, WORKER_FD_TREE);
	close(5);
	return work_load(s->words, e);
}

/* Runs work_load in a child that has these. */
static struct report load(struct start *s)
{
	const int keep[] = { s->sock < 0 ? s->tree : s->sock,
			     s->sock < 0 ? -1 : s->tree, -1 };
	struct report r = { .ok = false };
	struct child c;
	struct err e = ERR_INIT;

	assert_ok(child_start(&c, loads, s, keep, &e), &e);
	assert_ok(child_wait(&c, "the worker", &r, &e), &e);
	return r;
}

static void by_hand_it_does_nothing(void **state)
{
	struct bench *b = *state;
	char *words[] = { NULL };
	struct start rows[] = {
		{ -1, -1, words },
		{ -1, b->dir, words },
		{ b->w.sock, -1, words },
		{ b->dir, b->dir, words },
		{ b->w.sock, b->w.sock, words },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct report r = load(&rows[i]);

		assert_false(r.ok);
		assert_int_equal(r.err.kind, ERR_USAGE);
		assert_non_null(strstr(r.err.msg, "not by hand"));
	}
}

/* The store's words are checked too; what is wrong is told to the store. */
static void words_that_make_no_sense_are_told(void **state)
{
	static const struct {
		const char *words[9], *why;
	} rows[] = {
		{ { "load" }, "not by hand" },
		{ { "store", "a", "0", "0", "1", "1", "1", "1" },
		  "not by hand" },
		{ { "load", "a", "0", "0", "1", "1", "1" }, "not by hand" },
		{ { "load", "a", "-1", "0", "1", "1", "1", "1" }, "uids" },
		{ { "load", "a", "0", "x", "1", "1", "1", "1" }, "gids" },
		{ { "load", "a", "0", "0", "9223372036854775807", "1", "1",
		    "1" },
		  "bytes" },
		{ { "load", "a", "0", "0", "1", "1073741825", "1", "1" },
		  "entries" },
		{ { "load", "a", "0", "0", "1", "1", "", "1" }, "ratio" },
		{ { "load", "a", "0", "0", "1", "1", "0", "1" }, "ratio" },
		{ { "load", "a", "5", "0", "1", "1", "1", "1" }, "ids" },
		{ { "import", "a", "0", "5", "1", "1", "1", "1" }, "ids" },
		{ { "import", "a", "0", "0", "1", "1", "1", "1e9" },
		  "seconds" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct start s = { b->w.sock, b->dir,
				   (char **)(uintptr_t)rows[i].words };
		struct msg m;

		assert_true(load(&s).ok); /* it was told */
		assert_true(bench_hear(b, &m));
		assert_int_equal(m.what, MSG_ERROR);
		assert_int_equal(m.err.kind, ERR_USAGE);
		if (!strstr(m.err.msg, rows[i].why))
			fail_msg("row %zu: %s", i, m.err.msg);
		assert_false(bench_hear(b, &m));
	}
}

/* ---- removal ---- */

typedef int after_fn(void);
struct removal {
	int tree;
	after_fn *after;
};

static int removes(void *arg, struct report *r, struct err *e)
{
	const struct removal *job = arg;
	int up = fcntl(job->tree, F_DUPFD, 64);

	(void)r;
	put(up, WORKER_FD_TREE);
	if (work_remove(e))
		return -1;
	return job->after() == 0 ? 0 : err_set(e, ERR_DENIED, "after");
}

static int nothing_more(void)
{
	return 0;
}

static int opens_another_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES ? 0 : -1;
}

static int starts_another(void)
{
	return fork() < 0;
}

static int makes_a_file(void)
{
	return mkdirat(WORKER_FD_TREE, "new", 0755);
}

/* Empties "tree", then tries something else. */
static int removal(struct bench *b, after_fn *after, struct report *r,
		   struct err *e)
{
	struct removal job = { .after = after };
	struct child c;
	int started;

	job.tree = file_open_dir(b->dir, "tree", true, e);
	assert_ok(job.tree, e);
	started = child_start(&c, removes, &job, (int[]){ job.tree, -1 }, e);
	close(job.tree);
	assert_ok(started, e);
	return child_wait(&c, "the remover", r, e);
}

static void a_removal_empties_one_directory_and_no_more(void **state)
{
	struct bench *b = *state;
	struct report r;
	struct err e = ERR_INIT;

	if (geteuid() != 0)
		skip(); /* it keeps capabilities of root */
	assert_int_equal(mkdirat(b->dir, "tree", 0755), 0);
	assert_int_equal(mkdirat(b->dir, "tree/locked", 0), 0);
	assert_int_equal(mkdirat(b->dir, "tree/locked/below", 0), 0);
	assert_int_equal(mkdirat(b->dir, "canary", 0755), 0);
	assert_int_equal(mkdirat(b->dir, "canary/below", 0755), 0);
	assert_int_equal(symlinkat("../canary", b->dir, "tree/link"), 0);
	assert_int_equal(mkfifoat(b->dir, "tree/fifo", 0644), 0);
	assert_ok(removal(b, nothing_more, &r, &e), &e);
	if (!r.ok)
		fail_msg("%s", r.err.msg);
	assert_int_equal(unlinkat(b->dir, "tree", AT_REMOVEDIR), 0);
	assert_true(bench_has(b, "canary/below"));
}

static void a_remover_can_do_nothing_else(void **state)
{
	after_fn *const killed[] = { starts_another, makes_a_file };
	struct bench *b = *state;
	struct report r;
	struct err e = ERR_INIT;

	if (geteuid() != 0)
		skip(); /* it keeps capabilities of root */
	for (size_t i = 0; i < ARRAY_SIZE(killed); i++)
		assert_err(removal(b, killed[i], &r, &e), &e, ERR_VERIFY,
			   "must not make");
	assert_ok(removal(b, opens_another_file, &r, &e), &e);
	assert_false(r.ok);
	assert_int_equal(r.err.kind, ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(what_is_said_arrives_and_fits),
		BENCH_TEST(only_one_is_yes),
		BENCH_TEST(what_is_no_answer_is_not_taken_for_one),
		BENCH_TEST(by_hand_it_does_nothing),
		BENCH_TEST(words_that_make_no_sense_are_told),
		BENCH_TEST(a_removal_empties_one_directory_and_no_more),
		BENCH_TEST(a_remover_can_do_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
