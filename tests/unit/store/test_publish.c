/*
 * test_publish.c - a load that was killed after its commit is completed by
 * the next opening, from whatever point; before it, nothing is seen of it.
 */
#include "fixture.h"
#include "store/publish.h"
#include "store/staging.h"

#define X "docker.io/library/x:latest"

static void move(struct fixture *f, const char *from, const char *to)
{
	auto_free char *a = xasprintf("%s/%s", f->path, from);
	auto_free char *b = xasprintf("%s/%s", f->path, to);

	if (rename(a, b))
		fail_msg("%s to %s", a, b);
}

static void stage_blob(struct fixture *f, const char *digest, struct buf *c)
{
	auto_free char *from = xasprintf("blobs/sha256/%s", digest + 7);
	auto_free char *to = xasprintf("tmp/new/blobs/%s", digest + 7);

	move(f, from, to);
	buf_printf(c, "blob %s 0 -\n", digest);
}

static void stage_layer(struct fixture *f, unsigned n, struct buf *c)
{
	auto_free char *from = xasprintf("layers/%064u", n);
	auto_free char *to = xasprintf("tmp/new/layers/%064u", n);

	move(f, from, to);
	buf_printf(c, "layer sha256:%064u 0 -\n", n);
}

/* An image whose parts are moved out of the store, into tmp/new; `c` gets the
 * text of its commit. */
static struct fixture_image stage(struct fixture *f, const char *name,
				  struct buf *c)
{
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");

	fixture_mkdir(f, "tmp/new/blobs");
	fixture_mkdir(f, "tmp/new/layers");
	stage_blob(f, i.config, c);
	stage_blob(f, i.digest, c);
	stage_layer(f, 1, c);
	stage_layer(f, 2, c);
	buf_printf(c, "image %s %llu %s\nend\n", i.digest,
		   (unsigned long long)i.size, name);
	return i;
}

static void reopen(struct fixture *f)
{
	struct err e = ERR_INIT;

	store_close(&f->store);
	assert_ok(store_open(f->path, &f->store, &e), &e);
}

static bool is_whole(struct fixture *f, const char *name)
{
	AUTO(image_free)
	struct image *i = store_image_find(&f->store, name, "amd64", NULL);

	return i != NULL;
}

static void a_committed_load_is_completed(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf c = BUF_INIT;

	stage(f, X, &c);
	fixture_write(f, "tmp/new/commit", c.p);
	reopen(f);
	assert_true(is_whole(f, "x"));
	assert_false(fixture_has(f, "tmp/new/commit"));
}

/* Killed after the n-th rename, and after the index was written. */
static void it_is_completed_from_every_point(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf c = BUF_INIT;
	struct fixture_image i = stage(f, X, &c);
	auto_free char *b1 = xasprintf("tmp/new/blobs/%s", i.config + 7);
	auto_free char *t1 = xasprintf("blobs/sha256/%s", i.config + 7);
	auto_free char *b2 = xasprintf("tmp/new/blobs/%s", i.digest + 7);
	auto_free char *t2 = xasprintf("blobs/sha256/%s", i.digest + 7);
	auto_free char *l1 = xasprintf("layers/%064u", 1u);
	auto_free char *s1 = xasprintf("tmp/new/layers/%064u", 1u);

	fixture_write(f, "tmp/new/commit", c.p);
	for (int point = 0; point < 4; point++) {
		if (point > 0)
			move(f, s1, l1);
		if (point > 1)
			move(f, b1, t1);
		if (point > 2)
			move(f, b2, t2);
		reopen(f);
		assert_true(is_whole(f, "x"));
		/* back to the beginning */
		move(f, l1, s1);
		move(f, t1, b1);
		move(f, t2, b2);
		fixture_write(f, "tmp/new/commit", c.p);
	}
	reopen(f);
	assert_true(is_whole(f, "x"));
	/* the index has it already */
	fixture_write(f, "tmp/new/commit", c.p);
	reopen(f);
	assert_true(is_whole(f, "x"));
}

static void without_a_commit_nothing_is_seen(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf c = BUF_INIT;

	stage(f, X, &c);
	reopen(f);
	assert_false(is_whole(f, "x"));
	assert_true(fixture_has(f, "tmp/new/blobs")); /* for the sweep */
}

static void a_commit_that_is_not_whole_is_dropped(void **state)
{
	static const char *const bad[] = {
		"",
		"blob sha256:00",
		"blob md5:00 0 -\nend\n",
		"blob sha256:../../../../x 0 -\nend\n",
		"image \n",
		"nonsense a b c\nend\n",
	};
	struct fixture *f = *state;
	AUTO(buf_done) struct buf c = BUF_INIT;

	stage(f, X, &c);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fixture_write(f, "tmp/new/commit", bad[i]);
		reopen(f);
		assert_false(is_whole(f, "x"));
		assert_false(fixture_has(f, "tmp/new/commit"));
	}
	/* the last line is missing */
	c.p[c.len - strlen("end\n")] = '\0';
	fixture_write(f, "tmp/new/commit", c.p);
	reopen(f);
	assert_false(is_whole(f, "x"));
}

static void what_somebody_works_on_is_not_touched(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf c = BUF_INIT;
	int fd;

	stage(f, X, &c);
	fixture_write(f, "tmp/new/commit", c.p);
	fd = staging_claim(&f->store, "new");
	assert_true(fd >= 0);
	reopen(f);
	assert_false(is_whole(f, "x"));
	assert_true(fixture_has(f, "tmp/new/commit"));
	close(fd);
	reopen(f);
	assert_true(is_whole(f, "x"));
}

/* The worker says which layers there are; a load whose image lacks one is
 * refused, and no name leads to it. */
static void an_image_that_lacks_a_part_gets_no_name(void **state)
{
	struct fixture *f = *state;
	AUTO(buf_done) struct buf c = BUF_INIT;
	AUTO(publish_done) struct publish p = { 0 };
	struct fixture_image i = stage(f, X, &c);
	struct err e = ERR_INIT;
	int dir = staging_claim(&f->store, "new");

	assert_ok(publish_add(&p.blobs, i.config, 0, NULL, &e), &e);
	assert_ok(publish_add(&p.blobs, i.digest, 0, NULL, &e), &e);
	assert_ok(publish_add(&p.images, i.digest, i.size, "x", &e), &e);
	assert_err(publish_all(&f->store, dir, &p, &e), &e, ERR_MISSING,
		   "not unpacked");
	assert_false(is_whole(f, "x"));
	assert_false(fixture_has(f, "tmp/new/commit"));
	assert_ok(publish_add(&p.layers,
			      "sha256:00000000000000000000000000000"
			      "00000000000000000000000000000000001",
			      0, NULL, &e),
		  &e);
	assert_ok(publish_add(&p.layers,
			      "sha256:00000000000000000000000000000"
			      "00000000000000000000000000000000002",
			      0, NULL, &e),
		  &e);
	assert_ok(publish_all(&f->store, dir, &p, &e), &e);
	assert_true(is_whole(f, "x"));
	close(dir);
}

static void what_a_worker_says_is_checked(void **state)
{
	static const struct {
		const char *digest, *name;
	} bad[] = {
		{ "", NULL },
		{ "sha256:../../x", NULL },
		{ "sha512:00", NULL },
		{ "sha256:"
		  "0000000000000000000000000000000000000000000000000000000000"
		  "000000",
		  "../x" },
		{ "sha256:"
		  "0000000000000000000000000000000000000000000000000000000000"
		  "000000",
		  "a b" },
	};
	AUTO(publish_done) struct publish p = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = ERR_INIT;

		if (!publish_add(&p.images, bad[i].digest, 0, bad[i].name, &e))
			fail_msg("%s %s was taken", bad[i].digest, bad[i].name);
	}
	assert_int_equal(p.images.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_committed_load_is_completed),
		FIXTURE_TEST(it_is_completed_from_every_point),
		FIXTURE_TEST(without_a_commit_nothing_is_seen),
		FIXTURE_TEST(a_commit_that_is_not_whole_is_dropped),
		FIXTURE_TEST(what_somebody_works_on_is_not_touched),
		FIXTURE_TEST(an_image_that_lacks_a_part_gets_no_name),
		cmocka_unit_test(what_a_worker_says_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
