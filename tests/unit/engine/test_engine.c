/*
 * test_engine.c - opening and closing. What it plans and runs is tested live.
 */
#include "unit.h"
#include <fcntl.h>
#include "engine/engine.h"

static void closing_leaves_the_standard_streams(void **state)
{
	struct err e = ERR_INIT;
	struct engine *g = engine_open_bundles(&e);

	(void)state;
	assert_non_null(g);
	assert_non_null(engine_host(g));
	assert_non_null(engine_policy(g));
	engine_free(g);
	for (int fd = 0; fd <= 2; fd++)
		assert_true(fcntl(fd, F_GETFD) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closing_leaves_the_standard_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
