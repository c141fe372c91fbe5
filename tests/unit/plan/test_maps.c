/* test_maps.c - plan/maps: inner id maps and the ranges they come from. */
#include "case.h"
#include "base/idspace.h"
#include "plan/maps.h"

static void assert_rows(const struct idmap_list *l, const char *want)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	for (size_t i = 0; i < l->n; i++)
		buf_printf(&b, "%s%u:%u:%u", i ? " " : "", l->v[i].inside,
			   l->v[i].outer, l->v[i].count);
	assert_string_equal(b.p ? b.p : "", want);
}

static void the_caller_stands_where_it_is_put(void **state)
{
	static const struct {
		uint32_t size;
		int64_t own;
		const char *want;
	} rows[] = {
		{ 100, -1, "0:1:100" },
		{ 100, 0, "0:0:1 1:1:100" },
		{ 100, 7, "0:1:7 7:0:1 8:8:93" },
		{ 100, 99, "0:1:99 99:0:1 100:100:1" },
		{ 100, 100, "0:1:100 100:0:1" },
		{ 100, 5000, "0:1:100 5000:0:1" },
		{ 0, 0, "0:0:1" },
		{ 0, -1, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct idmap_list l = { 0 };

		maps_fill(&l, rows[i].size, rows[i].own);
		assert_rows(&l, rows[i].want);
		idmap_list_done(&l);
	}
}

/* With the caller inside, every id of the space is used exactly once. */
static void no_id_is_lost_or_said_twice(void **state)
{
	(void)state;
	for (int64_t own = 0; own < 12; own++) {
		struct idmap_list l = { 0 };
		unsigned seen = 0;

		maps_fill(&l, 10, own);
		for (uint32_t inside = 0; inside < 20; inside++) {
			int64_t outer = maps_outer(&l, inside);

			if (outer < 0)
				continue;
			assert_false(seen & 1u << outer);
			seen |= 1u << outer;
		}
		assert_int_equal(seen, 0x7ff);
		assert_int_equal(maps_outer(&l, (uint32_t)own), 0);
		idmap_list_done(&l);
	}
}

static void a_row_does_not_cross_rows_of_the_outer_map(void **state)
{
	struct spec_idmap outer_rows[] = { { 0, 1000, 1 },
					   { 1, 100000, 10 },
					   { 11, 300000, 5 } };
	struct spec_idmap inner_rows[] = { { 0, 0, 14 } };
	struct idmap_list outer = { outer_rows, 3 }, inner = { inner_rows, 1 };
	struct idmap_list got = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(maps_split(&inner, &outer, &got, &e), &e);
	assert_rows(&got, "0:0:1 1:1:10 11:11:3");
	idmap_list_done(&got);
	inner_rows[0].count = 17;
	assert_err(maps_split(&inner, &outer, &got, &e), &e, ERR_USAGE,
		   "id 16 of the id space");
	idmap_list_done(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_caller_stands_where_it_is_put),
		cmocka_unit_test(no_id_is_lost_or_said_twice),
		cmocka_unit_test(a_row_does_not_cross_rows_of_the_outer_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
