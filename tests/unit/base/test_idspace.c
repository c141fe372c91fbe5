/* test_idspace.c - base/idspace: the ids of a user. */
#include "unit.h"
#include "base/idspace.h"
#include "base/table.h"

static struct host host_of(struct id_range *v, size_t n)
{
	return (struct host){
		.uid = 1000,
		.gid = 100,
		.user = (char *)"u",
		.subuid = v,
		.n_subuid = n,
		.subgid = v,
		.n_subgid = n,
		.newuidmap = (char *)"/usr/bin/newuidmap",
		.newgidmap = (char *)"/usr/bin/newgidmap",
	};
}

static void assert_row(const struct idmap_list *l, size_t i, uint32_t inside,
		       uint32_t outer, uint32_t count)
{
	assert_true(i < l->n);
	assert_int_equal(l->v[i].inside, inside);
	assert_int_equal(l->v[i].outer, outer);
	assert_int_equal(l->v[i].count, count);
}

static void id_0_is_the_user_and_the_ranges_follow(void **state)
{
	struct id_range v[] = { { 100000, 1000 }, { 500000, 7 } };
	struct host h = host_of(v, 2);
	struct idmap_list uids, gids;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(idspace_outer(&h, false, &uids, &gids, &e), &e);
	assert_int_equal(uids.n, 3);
	assert_row(&uids, 0, 0, 1000, 1);
	assert_row(&uids, 1, 1, 100000, 1000);
	assert_row(&uids, 2, 1001, 500000, 7);
	assert_row(&gids, 0, 0, 100, 1);
	assert_int_equal(idspace_size(v, 2), 1007);
	idmap_list_done(&uids);
	idmap_list_done(&gids);
}

static void single_is_the_user_alone_and_needs_nothing(void **state)
{
	struct host h = host_of(NULL, 0);
	struct idmap_list uids, gids;
	struct err e = ERR_INIT;

	(void)state;
	h.newuidmap = h.newgidmap = NULL;
	assert_ok(idspace_outer(&h, true, &uids, &gids, &e), &e);
	assert_int_equal(uids.n, 1);
	assert_int_equal(gids.n, 1);
	assert_row(&uids, 0, 0, 1000, 1);
	assert_row(&gids, 0, 0, 100, 1);
	idmap_list_done(&uids);
	idmap_list_done(&gids);
}

static void root_gives_away_no_id_of_its_own(void **state)
{
	struct id_range v[] = { { 100000, 10 }, { 200000, 10 } };
	struct host h = host_of(v, 2);
	struct idmap_list uids, gids;
	struct err e = ERR_INIT;

	(void)state;
	h.uid = h.gid = 0;
	h.newuidmap = NULL; /* root writes its maps itself */
	for (int single = 0; single < 2; single++) {
		assert_ok(idspace_outer(&h, single, &uids, &gids, &e), &e);
		assert_int_equal(uids.n, single ? 1 : 2);
		assert_row(&uids, 0, 0, 100000, single ? 1 : 10);
		idmap_list_done(&uids);
		idmap_list_done(&gids);
	}
}

/* Not even one: that would be the host's root. */
static void root_without_ranges_is_refused(void **state)
{
	struct host h = host_of(NULL, 0);
	struct idmap_list uids, gids;
	struct err e = ERR_INIT;

	(void)state;
	h.uid = h.gid = 0;
	for (int single = 0; single < 2; single++) {
		assert_err(idspace_outer(&h, single, &uids, &gids, &e), &e,
			   ERR_HOST, "usermod --add-subuids");
		assert_null(strstr(e.msg, "--userns=single"));
	}
}

static void bad_ranges_are_refused(void **state)
{
	static const struct {
		struct id_range v[2];
		size_t n;
		const char *part;
	} rows[] = {
		{ { { 0, 0 } }, 0, "usermod --add-subuids" },
		{ { { 0, 10 } }, 1, "no range of subordinate ids" },
		{ { { 5, 0 } }, 1, "no range of subordinate ids" },
		{ { { UINT32_MAX, 1 } }, 1, "no range of subordinate ids" },
		{ { { UINT32_MAX - 5, 10 } }, 1, "no range" },
		{ { { 990, 11 } }, 1, "holds the uid 1000" },
		{ { { 5000, 10 }, { 5009, 10 } }, 2, "overlap" },
		{ { { 5000, 10 }, { 4991, 10 } }, 2, "overlap" },
		{ { { 5000, 10 }, { 5002, 3 } }, 2, "overlap" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct id_range v[2] = { rows[i].v[0], rows[i].v[1] };
		struct idmap_list uids = { 0 }, gids = { 0 };
		struct host h = host_of(v, rows[i].n);
		struct err e = ERR_INIT;

		assert_err(idspace_outer(&h, false, &uids, &gids, &e), &e,
			   ERR_HOST, rows[i].part);
		assert_null(uids.v); /* written only on success */
	}
}

static void ranges_may_touch(void **state)
{
	struct id_range v[] = { { 1001, 10 }, { 1011, 10 }, { 990, 10 } };
	struct host h = host_of(v, 3);
	struct idmap_list uids, gids;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(idspace_outer(&h, false, &uids, &gids, &e), &e);
	assert_int_equal(uids.n, 4);
	idmap_list_done(&uids);
	idmap_list_done(&gids);
}

static void what_is_missing_is_named(void **state)
{
	struct id_range v[] = { { 100000, 10 } };
	struct host h = host_of(v, 1);
	struct idmap_list uids, gids;
	struct err e = ERR_INIT;

	(void)state;
	h.newgidmap = NULL;
	assert_err(idspace_outer(&h, false, &uids, &gids, &e), &e, ERR_HOST,
		   "newgidmap");
	h.newuidmap = NULL;
	assert_err(idspace_outer(&h, false, &uids, &gids, &e), &e, ERR_HOST,
		   "apt-get install uidmap");
	h = host_of(v, 1);
	h.subid_overlaps = true;
	assert_err(idspace_outer(&h, false, &uids, &gids, &e), &e, ERR_HOST,
		   "overlap another user's");
	h = host_of(v, 1);
	h.n_subgid = 0;
	assert_err(idspace_outer(&h, false, &uids, &gids, &e), &e, ERR_HOST,
		   "--add-subgids");
}

static void a_sum_of_ranges_does_not_wrap(void **state)
{
	struct id_range v[] = { { 1, UINT32_MAX - 1 }, { 1, UINT32_MAX - 1 } };

	(void)state;
	assert_int_equal(idspace_size(v, 2), UINT32_MAX - 2);
	assert_int_equal(idspace_size(NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(id_0_is_the_user_and_the_ranges_follow),
		cmocka_unit_test(single_is_the_user_alone_and_needs_nothing),
		cmocka_unit_test(root_gives_away_no_id_of_its_own),
		cmocka_unit_test(root_without_ranges_is_refused),
		cmocka_unit_test(bad_ranges_are_refused),
		cmocka_unit_test(ranges_may_touch),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(a_sum_of_ranges_does_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
