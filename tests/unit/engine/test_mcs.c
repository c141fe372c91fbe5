/* test_mcs.c - pairs of categories, each for one sandbox. */
#include "unit.h"
#include <sys/stat.h>
#include "base/cleanup.h"
#include "engine/mcs.h"

#define MANY 200

static void no_two_at_once_have_the_same_pair(void **state)
{
	char dir[] = "/tmp/immure-mcs-XXXXXX", path[64];
	char *levels[MANY];
	int fds[MANY];
	struct err e = ERR_INIT;
	unsigned a, b;

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (int i = 0; i < MANY; i++) {
		assert_ok(mcs_take(dir, &levels[i], &fds[i], &e), &e);
		assert_int_equal(sscanf(levels[i], "s0:c%u,c%u", &a, &b), 2);
		assert_true(a < b && b < 1024);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(levels[i], levels[j]);
	}
	for (int i = 0; i < MANY; i++) {
		close(fds[i]);
		free(levels[i]);
	}
	snprintf(path, sizeof(path), "%s/mcs", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void a_pair_is_free_again_when_its_holder_ends(void **state)
{
	char dir[] = "/tmp/immure-mcs-XXXXXX", path[64];
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *level = NULL;
	int fd, held;
	struct err e = ERR_INIT;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/mcs", dir);
	held = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(fcntl(held, F_OFD_SETLK, &all), 0);
	assert_err(mcs_take(dir, &level, &fd, &e), &e, ERR_LIMIT, "is free");
	assert_null(level);
	close(held);
	assert_ok(mcs_take(dir, &level, &fd, &e), &e);
	close(fd);
	free(level);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_at_once_have_the_same_pair),
		cmocka_unit_test(a_pair_is_free_again_when_its_holder_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
