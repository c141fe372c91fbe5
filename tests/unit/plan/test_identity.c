/* test_identity.c - plan/identity: the id space and the sandbox's map in it. */
#include <sched.h>

#include "case.h"
#include "plan/parts.h"

static void ids_that_do_not_exist_are_refused(void **state)
{
	(void)state;
	case_refused("image.cmd sh\nuser.id 65536:0", ERR_USAGE,
		     "user 65536 is not in the sandbox's map, which ends at "
		     "65535");
	case_refused("image.cmd sh\nuser.id 0:70000", ERR_USAGE, "group 70000");
	case_refused("image.cmd sh\nuser.id 0:0 70000", ERR_USAGE,
		     "group 70000");
	case_refused("image.cmd sh\nuidmap 0:1:10\nuser.id 10:0", ERR_USAGE,
		     "user 10");
}

static void hosts_that_cannot_are_told_how_to_mend_it(void **state)
{
	static const struct case_refusal rows[] = {
		{ "host.has_userns no", "immure doctor" },
		{ "host.max_user_namespaces 1", "sysctl -w" },
		{ "userns nomap\nsubids none", "usermod --add-subuids" },
		{ "userns nomap\nhost.newuidmap none", "newuidmap" },
		{ "subids 100000:10 100005:10", "overlap" },
		{ "subids 500:1000", "holds the uid 1000 itself" },
		{ "subids 0:65536", "no range of subordinate ids" },
		{ "host.uid 0\nsubids none", "usermod" },
	};

	(void)state;
	cases_refused(rows, ARRAY_SIZE(rows), ERR_HOST);
}

static void no_more_user_namespaces_unless_privileged(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	AUTO(plan_free)
	struct plan *privileged = case_plan("image.cmd sh\nprivileged");

	(void)state;
	assert_before(p, "nslimit 1", "userns");
	assert_no_step(privileged, "nslimit");
}

/* ---- specs that come from elsewhere: their maps are checked ---- */

/* A spec of these maps, for both kinds of ids, and a build of it. */
struct attempt {
	struct spec_idmap map[3];
	size_t n;
	struct spec s;
	struct build b;
};

static int start(struct attempt *a, const struct host *h, struct err *e)
{
	a->s.unshare |= CLONE_NEWNS | CLONE_NEWTIME;
	a->b = (struct build){ .s = &a->s,
			       .h = h,
			       .p = xcalloc(1, sizeof(struct plan)),
			       .uids = { a->map, a->n },
			       .gids = { a->map, a->n } };
	return build_start(&a->b, e);
}

/* The same, and its plan goes again. */
static int try(struct attempt *a, struct err *e)
{
	AUTO(case_free) struct test_case *c = case_parse("image.cmd x");
	int r = start(a, c->h, e);

	plan_free(a->b.p);
	return r;
}

static void maps_are_whole_and_say_no_id_twice(void **state)
{
	static const struct {
		struct spec_idmap map[3];
		size_t n;
		const char *part; /* NULL: fine */
	} rows[] = {
		{ { { 0, 1, 10 } }, 1, NULL },
		{ { { 0, 1, 10 }, { 10, 11, 1 } }, 2, NULL },
		{ { { 10, 11, 1 }, { 0, 1, 10 } }, 2, NULL },
		{ { { 0, 1, 10 }, { 9, 11, 1 } }, 2, "rows 1 and 2 overlap" },
		{ { { 0, 1, 10 }, { 10, 10, 1 } }, 2, "rows 1 and 2 overlap" },
		{ { { 0, 1, 1 }, { 5, 6, 5 }, { 9, 20, 1 } },
		  3,
		  "rows 2 and 3 overlap" },
		{ { { 0, 1, 0 } }, 1, "row 1 is empty" },
		{ { { 0, 1, 1 }, { 1, 2, 0 } }, 2, "row 2 is empty" },
		{ { { 0, 4294967290u, 6 } }, 1, "beyond the last id" },
		{ { { 4294967290u, 1, 6 } }, 1, "beyond the last id" },
		{ { { 0, 1, 4294967295u } }, 1, "beyond the last id" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct attempt a = { .n = rows[i].n };
		struct err e = ERR_INIT;

		memcpy(a.map, rows[i].map, sizeof(a.map));
		if (!rows[i].part)
			assert_ok(try(&a, &e), &e);
		else
			assert_err(try(&a, &e), &e, ERR_USAGE, rows[i].part);
	}
}

static void a_spec_without_a_map_is_a_bug(void **state)
{
	struct attempt a = { .n = 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(try(&a, &e), &e, ERR_BUG, "no uid map");
}

static void the_user_and_its_groups_are_in_the_map(void **state)
{
	uint32_t groups[] = { 3, 10 };
	static const struct {
		uint32_t uid, gid;
		size_t n_groups;
		bool single;
		const char *part;
	} rows[] = {
		{ 9, 9, 1, false, NULL },
		{ 10, 0, 0, false,
		  "user 10 is not in the sandbox's map, "
		  "which ends at 9" },
		{ 0, 10, 0, false, "group 10" },
		{ 0, 0, 2, false, "group 10" },
		/* nobody can set them there: they are not looked at */
		{ 0, 0, 2, true, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct attempt a = { .map = { { 0, 1, 10 } }, .n = 1 };
		struct err e = ERR_INIT;

		a.s.uid = rows[i].uid;
		a.s.gid = rows[i].gid;
		a.s.groups = groups;
		a.s.n_groups = rows[i].n_groups;
		a.s.single_id = rows[i].single;
		if (!rows[i].part)
			assert_ok(try(&a, &e), &e);
		else
			assert_err(try(&a, &e), &e, ERR_USAGE, rows[i].part);
	}
}

static void what_we_make_belongs_to_root_or_else_to_the_user(void **state)
{
	static const struct {
		struct spec_idmap map;
		uint32_t uid, root, user;
	} rows[] = {
		{ { 0, 1, 10 }, 0, 1, 1 },
		{ { 0, 1, 10 }, 5, 1, 6 },
		{ { 5, 3, 10 }, 7, 5, 5 }, /* there is no id 0 inside */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct attempt a = { .map = { rows[i].map }, .n = 1 };
		struct err e = ERR_INIT;

		a.s.uid = a.s.gid = rows[i].uid;
		assert_ok(try(&a, &e), &e);
		assert_int_equal(a.b.root_uid, rows[i].root);
		assert_int_equal(a.b.root_gid, rows[i].root);
		assert_int_equal(a.b.user_uid, rows[i].user);
		assert_int_equal(a.b.user_gid, rows[i].user);
	}
}

static void who_writes_the_outer_map_depends_on_who_asks(void **state)
{
	static const struct {
		const char *lines;
		bool direct, groups;
	} rows[] = {
		{ "", false, true },
		{ "userns single", true, false },
		{ "host.uid 0", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].lines);
		AUTO(plan_free) struct plan *p = case_plan(text);
		const struct step *t = &p->steps[1];
		bool direct = rows[i].direct;

		assert_int_equal(t->op, OP_IDMAP);
		assert_int_equal(t->idmap.how,
				 direct ? IDMAP_DIRECT : IDMAP_HELPER);
		assert_int_equal(t->idmap.setgroups, rows[i].groups);
		assert_int_equal(t->idmap.newuidmap != NULL, !direct);
		assert_int_equal(t->idmap.newgidmap != NULL, !direct);
	}
}

static void a_keyring_and_a_clock_only_where_they_can_be(void **state)
{
	static const bool yes_no[] = { true, false };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes_no); i++) {
		struct attempt a = { .map = { { 0, 1, 10 } }, .n = 1 };
		AUTO(case_free) struct test_case *c = case_parse("image.cmd x");
		struct err e = ERR_INIT;
		uint64_t flags;

		a.s.keyring = c->h->has_timens = yes_no[i];
		assert_ok(start(&a, c->h, &e), &e);
		assert_int_equal(a.b.p->n, yes_no[i] ? 3 : 2);
		flags = a.b.p->steps[0].clone.flags;
		/* a user namespace always, whatever the spec forgot */
		assert_true(flags & CLONE_NEWUSER);
		assert_int_equal(!!(flags & CLONE_NEWTIME), yes_no[i]);
		plan_free(a.b.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_that_do_not_exist_are_refused),
		cmocka_unit_test(hosts_that_cannot_are_told_how_to_mend_it),
		cmocka_unit_test(no_more_user_namespaces_unless_privileged),
		cmocka_unit_test(maps_are_whole_and_say_no_id_twice),
		cmocka_unit_test(a_spec_without_a_map_is_a_bug),
		cmocka_unit_test(the_user_and_its_groups_are_in_the_map),
		cmocka_unit_test(
			what_we_make_belongs_to_root_or_else_to_the_user),
		cmocka_unit_test(who_writes_the_outer_map_depends_on_who_asks),
		cmocka_unit_test(a_keyring_and_a_clock_only_where_they_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
