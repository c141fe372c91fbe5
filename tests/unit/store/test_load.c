/*
 * test_load.c - the store against its worker: one that lies, one that says
 * nothing, one that never ends, and one that does as it should. This program
 * is the worker too; the host's architecture says what it shall do.
 */
#include <errno.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <time.h>

#include "fixture.h"
#include "placed.h"
#include "base/spawn.h"
#include "base/strv.h"
#include "base/table.h"
#include "store/msg.h"
#include "store/staging.h"
#include "store/worker.h"

/* ---- the worker ---- */

static int say(enum msg_what what, const char *digest, uint64_t size,
	       const char *text)
{
	struct msg m = { .what = what, .size = size };

	snprintf(m.digest, sizeof(m.digest), "%s", digest);
	snprintf(m.text, sizeof(m.text), "%s", text);
	return msg_send(WORKER_FD_SOCK, &m, NULL);
}

static int done(void)
{
	return say(MSG_DONE, "", 0, "");
}

#define NO_DIGEST                                                              \
	"sha256:000000000000000000000000000000000000000000000000000000000000"  \
	"0001"

static int says_nothing(char **words)
{
	(void)words;
	return 0;
}

static int ends_badly(char **words)
{
	(void)words;
	done();
	return 7;
}

static int has_no_image(char **words)
{
	(void)words;
	return done();
}

static int refuses(char **words)
{
	struct msg m = { .what = MSG_ERROR, .err = ERR_INIT };

	(void)words;
	err_set(&m.err, ERR_LIMIT, "the archive is far too large");
	return msg_send(WORKER_FD_SOCK, &m, NULL);
}

static int breaks_out(char **words)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);

	(void)words;
	seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(getppid), 0);
	seccomp_load(f);
	return (int)syscall(SYS_getppid);
}

static int hangs(char **words)
{
	(void)words;
	pause();
	return 0;
}

static int babbles(char **words)
{
	(void)words;
	return write(WORKER_FD_SOCK, "garbage", 7) == 7 ? 0 : 1;
}

static int answers_itself(char **words)
{
	(void)words;
	return say(MSG_ANSWER, "", 1, "");
}

static int asks_for_no_digest(char **words)
{
	(void)words;
	return say(MSG_ASK_LAYER, "sha256:../../../etc", 0, "");
}

static int asks_for_no_blob(char **words)
{
	(void)words;
	return say(MSG_ASK_BLOB, "../index.json", 1, "");
}

static int has_a_bad_name(char **words)
{
	(void)words;
	return say(MSG_IMAGE, NO_DIGEST, 1, "../../x") || done();
}

static int has_a_bad_layer(char **words)
{
	(void)words;
	return say(MSG_LAYER, "sha256:../../../../tmp", 1, "") || done();
}

/* It claims blobs that it never prepared. */
static int has_prepared_nothing(char **words)
{
	(void)words;
	return say(MSG_BLOB, NO_DIGEST, 1, "") ||
	       say(MSG_IMAGE, NO_DIGEST, 1, "x") || done();
}

static int repeats_its_words(char **words)
{
	auto_free char *all = strv_join(words, " ");

	return say(MSG_WARN, "", 0, all) || say(MSG_PROGRESS, "", 0, "half");
}

/* Tells what it is answered, a digit each. */
static int asks(char **words)
{
	static const enum msg_what what[] = { MSG_ASK_LAYER, MSG_ASK_BLOB };
	char text[3] = "";
	struct msg m;

	(void)words;
	for (int i = 0; i < 2; i++) {
		if (say(what[i], NO_DIGEST, 4, "") ||
		    msg_recv(WORKER_FD_SOCK, &m, NULL) != 1 ||
		    m.what != MSG_ANSWER)
			return 1;
		text[i] = (char)('0' + m.size);
	}
	return say(MSG_WARN, "", 0, text);
}

/* A document into blobs/, and said. */
static int prepare(int blobs, const char *text, char ret[DIGEST_MAX])
{
	char hex[SHA256_HEX + 1];

	sha256_of(text, strlen(text), hex);
	snprintf(ret, DIGEST_MAX, "sha256:%s", hex);
	return file_write_at(blobs, hex, text, strlen(text), NULL) ||
	       say(MSG_BLOB, ret, strlen(text), "");
}

static int prepare_layer(const char *diff_id)
{
	int layers = file_open_dir(WORKER_FD_TREE, STAGING_LAYERS, true, NULL);
	int layer =
		file_open_dir(layers, diff_id + strlen("sha256:"), true, NULL);

	return file_open_dir(layer, LAYER_TREE, true, NULL) < 0 ||
	       file_write_at(layer, LAYER_OWNERS, "ids", 3, NULL) ||
	       say(MSG_LAYER, diff_id, 0, "");
}

/* An image of one empty layer, as it should be; it calls it "x". */
static int works(char **words)
{
	int blobs = file_open_dir(WORKER_FD_TREE, STAGING_BLOBS, true, NULL);
	AUTO(buf_done) struct buf b = BUF_INIT;
	char layer[DIGEST_MAX], config[DIGEST_MAX], manifest[DIGEST_MAX];
	size_t size;

	(void)words;
	if (prepare(blobs, "a layer", layer) || prepare_layer(layer))
		return 1;
	buf_printf(&b,
		   "{\"architecture\":\"works\",\"os\":\"linux\",\"rootfs\":{"
		   "\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}",
		   layer);
	size = b.len;
	if (prepare(blobs, b.p, config))
		return 1;
	buf_clear(&b);
	buf_printf(&b,
		   "{\"schemaVersion\":2,\"config\":{\"mediaType\":"
		   "\"application/vnd.oci.image.config.v1+json\",\"digest\":"
		   "\"%s\",\"size\":%zu},\"layers\":[{\"mediaType\":"
		   "\"application/vnd.oci.image.layer.v1.tar\",\"digest\":"
		   "\"%s\",\"size\":7}]}",
		   config, size, layer);
	return prepare(blobs, b.p, manifest) ||
	       say(MSG_IMAGE, manifest, b.len, "x") || done();
}

static const struct {
	const char *word;
	int (*fn)(char **words);
} plays[] = {
	{ "nothing", says_nothing },
	{ "badly", ends_badly },
	{ "no-image", has_no_image },
	{ "refuses", refuses },
	{ "breaks-out", breaks_out },
	{ "hangs", hangs },
	{ "babbles", babbles },
	{ "answers", answers_itself },
	{ "no-digest", asks_for_no_digest },
	{ "no-blob", asks_for_no_blob },
	{ "bad-name", has_a_bad_name },
	{ "bad-layer", has_a_bad_layer },
	{ "unprepared", has_prepared_nothing },
	{ "words", repeats_its_words },
	{ "asks", asks },
	{ "works", works },
};

static int worker(char **words)
{
	if (!strcmp(words[0], "remove"))
		return file_remove_tree(WORKER_FD_TREE, STAGING_LAYERS, NULL) ||
		       file_remove_tree(WORKER_FD_TREE, STAGING_BLOBS, NULL);
	for (size_t i = 0; words[1] && i < ARRAY_SIZE(plays); i++)
		if (!strcmp(words[1], plays[i].word))
			return plays[i].fn(words);
	return 99;
}

/* ---- the tests ---- */

static char heard[1024]; /* of progress and warnings, a line each */

static void hear(const char *line)
{
	strncat(heard, line, sizeof(heard) - strlen(heard) - 2);
	strcat(heard, "\n");
}

/* Loads (or imports as `name`) from a worker that plays this. */
static int play(struct fixture *f, const char *what, const char *name,
		char ***names, struct err *e)
{
	struct load_budget budget = { .bytes = 1000,
				      .entries = 100,
				      .ratio = 10,
				      .seconds = 60,
				      .progress = hear,
				      .warn = hear };
	struct load_source from = { .fd = -1, .budget = &budget };
	auto_free char *arch = xstrdup(what);
	struct id_range range;
	struct host h = placed_host(&range, arch);

	if (!strcmp(what, "hangs"))
		budget.seconds = 1;
	heard[0] = '\0';
	return name ? store_import(&f->store, &h, &from, name, e)
		    : store_load(&f->store, &h, &from, names, e);
}

/* Nothing is left of it: no temporary, no image. */
static void assert_untouched(struct fixture *f)
{
	AUTO(index_done) struct index index = { 0 };
	auto_free char *tmp = xasprintf("%s/tmp", f->path);
	auto_free char *blobs = xasprintf("%s/blobs/sha256", f->path);
	struct err e = ERR_INIT;

	assert_ok(index_load(&f->store, &index, &e), &e);
	assert_int_equal(index.n, 0);
	/* they are empty */
	assert_int_equal(rmdir(tmp), 0);
	assert_int_equal(rmdir(blobs), 0);
	assert_int_equal(mkdir(tmp, 0700), 0);
	assert_int_equal(mkdir(blobs, 0700), 0);
}

static void a_worker_that_does_not_do_right_changes_nothing(void **state)
{
	static const struct {
		const char *what;
		enum err_kind kind;
		const char *part;
	} rows[] = {
		{ "nothing", ERR_SYS, "ended with status 0" },
		{ "badly", ERR_SYS, "ended with status 7" },
		{ "no-image", ERR_INPUT, "there is no image in it" },
		{ "refuses", ERR_LIMIT, "the archive is far too large" },
		{ "breaks-out", ERR_VERIFY, "system call that it must not" },
		{ "hangs", ERR_LIMIT, "it took more than 1 seconds" },
		{ "babbles", ERR_VERIFY, "sent what it should not" },
		{ "answers", ERR_VERIFY, "sent message" },
		{ "no-digest", ERR_INPUT, "diff id" },
		{ "no-blob", ERR_INPUT, "blob" },
		{ "bad-name", ERR_INPUT, "../../x" },
		{ "bad-layer", ERR_INPUT, "sha256:../../../../tmp" },
		{ "unprepared", ERR_BUG, "it is not there" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(strv_free) char **names = NULL;
		struct err e = ERR_INIT;

		if (play(f, rows[i].what, NULL, &names, &e) == 0)
			fail_msg("%s was loaded", rows[i].what);
		if (e.kind != rows[i].kind || !strstr(e.msg, rows[i].part))
			fail_msg("%s: %s \"%s\"", rows[i].what,
				 err_word(e.kind), e.msg);
		assert_null(names);
		assert_untouched(f);
	}
}

static void its_words_are_the_budget_and_the_ids(void **state)
{
	struct err e = ERR_INIT;

	play(*state, "words", NULL, NULL, &e);
	/* of a thousand ids, id 0 is root's and not the image's */
	assert_string_equal(heard, "load words 999 999 1000 100 10 60\nhalf\n");
	play(*state, "words", "x", NULL, &e);
	assert_string_equal(heard,
			    "import words 999 999 1000 100 10 60\nhalf\n");
}

static void its_questions_are_answered_from_the_store(void **state)
{
	struct fixture *f = *state;
	auto_free char *owners = xasprintf("layers/%064d/owners", 1);
	auto_free char *blob = xasprintf("blobs/sha256/%064d", 1);
	struct err e = ERR_INIT;

	play(f, "asks", NULL, NULL, &e);
	assert_string_equal(heard, "00\n");
	fixture_layer(f, 1);
	fixture_write(f, owners, "ids");
	play(f, "asks", NULL, NULL, &e);
	assert_string_equal(heard, "10\n");
	fixture_write(f, blob, "four");
	play(f, "asks", NULL, NULL, &e);
	assert_string_equal(heard, "11\n");
	fixture_write(f, blob, "of another size");
	play(f, "asks", NULL, NULL, &e);
	assert_string_equal(heard, "10\n");
}

/* Its files belong to other ids than this host would give them now. */
static void a_layer_of_one_id_is_not_taken_for_one_of_many(void **state)
{
	struct fixture *f = *state;
	auto_free char *owners = xasprintf("layers/%064d/owners", 1);
	struct err e = ERR_INIT;

	fixture_layer(f, 1);
	fixture_write(f, owners, "single");
	assert_err(play(f, "asks", NULL, NULL, &e), &e, ERR_CONFLICT,
		   "unpacked when this user had no subordinate ids");
}

static void assert_is_image(struct fixture *f, const char *name)
{
	struct err e = ERR_INIT;
	AUTO(image_free)
	struct image *i = store_image_find(&f->store, name, "works", &e);

	if (!i)
		fail_msg("%s: %s", name, e.msg);
	assert_int_equal(i->n_layers, 1);
}

static void what_is_right_becomes_an_image(void **state)
{
	struct fixture *f = *state;
	AUTO(strv_free) char **names = NULL, **again = NULL;
	struct err e = ERR_INIT;

	assert_ok(play(f, "works", NULL, &names, &e), &e);
	assert_int_equal(strv_len(names), 1);
	assert_string_equal(names[0], "x:latest");
	assert_is_image(f, "x");
	/* a second time it is there already */
	assert_ok(play(f, "works", NULL, &again, &e), &e);
	assert_is_image(f, "x");
}

/* Whatever the worker calls it. */
static void an_import_has_the_name_that_was_asked_for(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	assert_ok(play(f, "works", "mine:1", NULL, &e), &e);
	assert_is_image(f, "mine:1");
	assert_null(store_image_find(&f->store, "x", NULL, &e));
	/* and with a bad one nothing is started */
	assert_err(play(f, "words", "Not A Name", NULL, &e), &e, ERR_INPUT,
		   "Not A Name");
	assert_string_equal(heard, "");
}

static int tests(void)
{
	const struct CMUnitTest all[] = {
		FIXTURE_TEST(a_worker_that_does_not_do_right_changes_nothing),
		FIXTURE_TEST(its_words_are_the_budget_and_the_ids),
		FIXTURE_TEST(its_questions_are_answered_from_the_store),
		FIXTURE_TEST(a_layer_of_one_id_is_not_taken_for_one_of_many),
		FIXTURE_TEST(what_is_right_becomes_an_image),
		FIXTURE_TEST(an_import_has_the_name_that_was_asked_for),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
	return placed_main(argc, argv, worker, tests);
}
