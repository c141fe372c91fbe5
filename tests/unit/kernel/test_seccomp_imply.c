/*
 * test_seccomp_imply.c - what tests of one argument say of each other, held
 * against every value of a small world and the ends of the large one.
 */
#include "unit.h"

#include "base/table.h"
#include "kernel/seccomp_imply.h"

static const uint64_t values[] = {
	0,
	1,
	2,
	3,
	4,
	5,
	6,
	7,
	8,
	15,
	UINT32_MAX,
	1ull << 32,
	UINT64_MAX - 1,
	UINT64_MAX,
};

/* Every operator with every value; masks of four bits and all. */
static size_t all_tests(struct seccomp_arg *ret, size_t max)
{
	static const uint64_t masks[] = { 0, 1,	 2,	     3,		5,
					  7, 15, UINT32_MAX, UINT64_MAX };
	size_t n = 0;

	for (int op = CMP_NE; op < CMP_MASKED_EQ; op++)
		for (size_t i = 0; i < ARRAY_SIZE(values); i++)
			ret[n++] = (struct seccomp_arg){
				.op = (enum seccomp_cmp)op, .value = values[i]
			};
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++)
		for (size_t k = 0; k < 9; k++)
			ret[n++] = (struct seccomp_arg){ .op = CMP_MASKED_EQ,
							 .value = masks[i],
							 .value2 = values[k] };
	assert_true(n <= max);
	return n;
}

/* A value of the world that passes `a` and not `b`; false: none. */
static bool find_between(const struct seccomp_arg *a,
			 const struct seccomp_arg *b, bool want_b)
{
	for (uint64_t v = 0; v < 32; v++)
		if (seccomp_test_holds(a, v) &&
		    seccomp_test_holds(b, v) == want_b)
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (seccomp_test_holds(a, values[i]) &&
		    seccomp_test_holds(b, values[i]) == want_b)
			return true;
	return false;
}

static void what_is_implied_never_fails(void **state)
{
	struct seccomp_arg t[256];
	size_t n = all_tests(t, ARRAY_SIZE(t)), implied = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			if (!seccomp_test_implies(&t[i], &t[j]))
				continue;
			implied++;
			if (find_between(&t[i], &t[j], false))
				fail_msg(
					"op %d %llu %llu does not imply op %d "
					"%llu %llu",
					t[i].op, (unsigned long long)t[i].value,
					(unsigned long long)t[i].value2,
					t[j].op, (unsigned long long)t[j].value,
					(unsigned long long)t[j].value2);
		}
	}
	print_message("# %zu of %zu pairs are implied\n", implied, n * n);
	assert_true(implied > 2000);
}

static void what_clashes_never_holds_together(void **state)
{
	struct seccomp_arg t[256];
	size_t n = all_tests(t, ARRAY_SIZE(t)), clashes = 0;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			bool clash = seccomp_tests_clash(&t[i], &t[j]);

			assert_int_equal(clash,
					 seccomp_tests_clash(&t[j], &t[i]));
			clashes += clash;
			assert_false(clash && find_between(&t[i], &t[j], true));
		}
	}
	assert_true(clashes > 2000);
}

static void tests_of_other_arguments_say_nothing(void **state)
{
	const struct seccomp_arg a = { .index = 0, .op = CMP_EQ, .value = 1 };
	const struct seccomp_arg b = { .index = 1, .op = CMP_EQ, .value = 1 };
	const struct seccomp_arg c = { .index = 1, .op = CMP_EQ, .value = 2 };

	(void)state;
	assert_false(seccomp_test_implies(&a, &b));
	assert_false(seccomp_tests_clash(&a, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_implied_never_fails),
		cmocka_unit_test(what_clashes_never_holds_together),
		cmocka_unit_test(tests_of_other_arguments_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
