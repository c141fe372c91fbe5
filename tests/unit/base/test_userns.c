/*
 * test_userns.c - base/userns: what an id is called above our user namespace.
 */
#include "unit.h"
#include "base/userns.h"
#include "base/table.h"

static void an_id_is_looked_up_in_every_row(void **state)
{
	static const struct {
		const char *map;
		uid_t uid, want;
	} t[] = {
		{ "         0          0 4294967295\n", 1000, 1000 },
		{ "0 1000 1\n1 100000 65536\n", 0, 1000 },
		{ "0 1000 1\n1 100000 65536\n", 1, 100000 },
		{ "0 1000 1\n1 100000 65536\n", 65536, 165535 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		struct err e = ERR_INIT;
		uid_t got = 7;

		assert_ok(userns_map_above(t[i].map, t[i].uid, &got, &e), &e);
		assert_int_equal(got, t[i].want);
	}
}

static void an_id_without_a_name_is_an_error(void **state)
{
	static const char *const t[] = { "", "1 100000 65536\n", "0 5\n", "x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		struct err e = ERR_INIT;
		uid_t got = 7;

		assert_err(userns_map_above(t[i], 0, &got, &e), &e, ERR_HOST,
			   "user 0 has no name");
		assert_int_equal(got, 7);
	}
}

static void ours_can_be_read(void **state)
{
	struct err e = ERR_INIT;
	uid_t got;

	(void)state;
	assert_ok(userns_uid_above(geteuid(), &got, &e), &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_looked_up_in_every_row),
		cmocka_unit_test(an_id_without_a_name_is_an_error),
		cmocka_unit_test(ours_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
