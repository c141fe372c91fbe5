/*
 * test_hold.c - images in use: one file for each, gone with the last user;
 * what stands in it, and what others may have put there.
 */
#include <sys/file.h>

#include "fixture.h"
#include "base/strv.h"
#include "base/table.h"
#include "store/hold.h"
#include "store/staging.h"

#define X "docker.io/library/x:latest"

/* An image of layers 1 and 2, read from the store. */
static struct image *loaded(struct fixture *f)
{
	struct fixture_image i = fixture_unnamed(f, LAYERS(1, 2), "amd64");
	struct image *image;
	struct err e = ERR_INIT;

	fixture_name(f, &i, X);
	image = store_image_find(&f->store, "x", "amd64", &e);
	if (!image)
		fail_msg("%s", e.msg);
	return image;
}

/* The layers in use, by their last digit: "1 2". Heap. */
static char *held(struct fixture *f)
{
	AUTO(strv_free) char **v = NULL;
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_ok(hold_list(&f->store, &v, &e), &e);
	strv_foreach (hex, v)
		buf_printf(&b, "%s%lu", b.len ? " " : "",
			   strtoul(*hex, NULL, 10));
	return buf_take(&b);
}

static void assert_held(struct fixture *f, const char *want)
{
	auto_free char *got = held(f);

	assert_string_equal(got, want);
}

static char *hold_path(const struct image *i)
{
	return xasprintf("holds/%s", i->digest + strlen("sha256:"));
}

static void layers_are_held_as_long_as_anybody_has_the_fd(void **state)
{
	struct fixture *f = *state;
	AUTO(image_free) struct image *image = loaded(f);
	auto_free char *path = hold_path(image);
	struct err e = ERR_INIT;
	int first, second, copy;

	assert_held(f, "");
	first = store_image_hold(&f->store, image, &e);
	second = store_image_hold(&f->store, image, &e);
	copy = dup(second);
	assert_true(first >= 0 && second >= 0 && copy >= 0);
	assert_true(fcntl(first, F_GETFD) & FD_CLOEXEC);
	assert_held(f, "1 2");
	close(first);
	close(second);
	assert_held(f, "1 2");
	close(copy);
	assert_true(fixture_has(f, path));
	assert_held(f, "");
	assert_false(fixture_has(f, path)); /* left over: it was removed */
}

static void however_many_hold_an_image_it_is_one_file(void **state)
{
	struct fixture *f = *state;
	AUTO(image_free) struct image *image = loaded(f);
	auto_free char *path = xasprintf("%s/holds", f->path);
	AUTO(strv_free) char **names = NULL;
	struct err e = ERR_INIT;
	auto_fd dir = -1;
	int hold[3];

	for (size_t k = 0; k < ARRAY_SIZE(hold); k++) {
		hold[k] = store_image_hold(&f->store, image, &e);
		assert_ok(hold[k], &e);
	}
	dir = open(path, O_RDONLY | O_DIRECTORY);
	assert_ok(staging_list(dir, "holds", &names, &e), &e);
	assert_int_equal(strv_len(names), 1);
	for (size_t k = 0; k < ARRAY_SIZE(hold); k++)
		close(hold[k]);
}

static void a_layer_that_has_gone_cannot_be_held(void **state)
{
	struct fixture *f = *state;
	AUTO(image_free) struct image *image = loaded(f);
	auto_free char *root = fixture_layer_path(2, "");
	auto_free char *full = xasprintf("%s/%s", f->path, root);
	struct err e = ERR_INIT;

	assert_int_equal(rmdir(full), 0);
	assert_err(store_image_hold(&f->store, image, &e), &e, ERR_MISSING,
		   "removed meanwhile");
	/* nor one that another took the place of */
	assert_int_equal(mkdir(full, 0755), 0);
	image->layers[1].id.ino++;
	assert_err(store_image_hold(&f->store, image, &e), &e, ERR_MISSING,
		   "load the image again");
	assert_held(f, "");
}

static void half_a_hold_is_written_again(void **state)
{
	static const char *const left[] = {
		"", "00000",
		"far too long: two names of layers are a hundred and thirty "
		"bytes, and this one has no end in sight, for it was made by "
		"somebody who did not know when to stop, or did not care"
	};
	struct fixture *f = *state;
	AUTO(image_free) struct image *image = loaded(f);
	auto_free char *path = hold_path(image);

	fixture_mkdir(f, "holds");
	for (size_t i = 0; i < ARRAY_SIZE(left); i++) {
		struct err e = ERR_INIT;
		int fd;

		fixture_write(f, path, left[i]);
		fd = store_image_hold(&f->store, image, &e);
		assert_ok(fd, &e);
		assert_held(f, "1 2");
		close(fd);
	}
}

static void what_is_no_file_of_ours_is_not_followed(void **state)
{
	struct fixture *f = *state;
	AUTO(image_free) struct image *image = loaded(f);
	auto_free char *path = hold_path(image);
	auto_free char *full = xasprintf("%s/%s", f->path, path);
	auto_free char *canary = xasprintf("%s/canary", f->dir);
	struct err e = ERR_INIT;

	fixture_mkdir(f, "holds");
	assert_int_equal(symlink(canary, full), 0);
	assert_err(store_image_hold(&f->store, image, &e), &e, ERR_SYS,
		   "hold an image");
	assert_int_equal(access(canary, F_OK), -1);
	assert_int_equal(unlink(full), 0);
	strcpy(image->digest, "sha256:../../canary");
	assert_int_equal(store_image_hold(&f->store, image, &e), -1);
	assert_int_equal(access(canary, F_OK), -1);
}

/* Somebody holds a lock on whatever is in it: it is a line of text each. */
static void lines_are_taken_as_they_are_and_empty_ones_left_out(void **state)
{
	struct fixture *f = *state;
	auto_free char *full = xasprintf("%s/holds/any", f->path);
	auto_fd fd = -1;

	fixture_mkdir(f, "holds");
	fixture_write(f, "holds/any", "\n7\n\n8");
	fd = open(full, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_SH), 0);
	assert_held(f, "7 8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(layers_are_held_as_long_as_anybody_has_the_fd),
		FIXTURE_TEST(however_many_hold_an_image_it_is_one_file),
		FIXTURE_TEST(a_layer_that_has_gone_cannot_be_held),
		FIXTURE_TEST(half_a_hold_is_written_again),
		FIXTURE_TEST(what_is_no_file_of_ours_is_not_followed),
		FIXTURE_TEST(
			lines_are_taken_as_they_are_and_empty_ones_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
