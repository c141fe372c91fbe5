/* test_resolve_ids.c - plan/resolve_ids, identity: who exists inside. */
#include "case.h"

static const struct step *find(const struct plan *p, enum op op)
{
	plan_foreach (s, p)
		if (s->op == op)
			return s;
	fail();
	return NULL;
}

/* Is the caller (id 0 of the id space) in the sandbox's map? */
static bool knows_caller(const struct plan *p)
{
	const struct idmap_list *l = &find(p, OP_USERNS)->userns.uids;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].outer == 0)
			return true;
	return false;
}

static void the_caller_exists_only_when_asked_for(void **state)
{
	static const struct {
		const char *text;
		bool known;
	} rows[] = {
		{ "image.cmd sh", false },
		{ "image.cmd sh\nmount bind /a /b", false },
		{ "image.cmd sh\nmount tmpfs - /b", false },
		{ "image.cmd sh\nprivileged", false },
		{ "image.cmd sh\nuserns nomap\nmount bind /a /b rw", false },
		{ "image.cmd sh\nmount bind /a /b rw", true },
		{ "image.cmd sh\nuserns keep-id", true },
		{ "image.cmd sh\nuserns root", true },
		{ "image.cmd sh\nuserns single", true },
		{ "image.cmd sh\nsubids none", true },
		{ "image.cmd sh\nhost.newuidmap none", true },
		{ "image.cmd sh\nuidmap 0:0:1", true },
		{ "image.cmd sh\nuidmap 0:1:1", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = case_plan(rows[i].text);

		if (knows_caller(p) != rows[i].known)
			fail_msg("%s", rows[i].text);
	}
}

static void keep_id_runs_as_the_caller_unless_a_user_is_named(void **state)
{
	AUTO(plan_free)
	struct plan *a = case_plan("image.cmd sh\nuserns keep-id\n"
				   "user.id 7:7");
	AUTO(plan_free)
	struct plan *b = case_plan("image.cmd sh\nuserns keep-id\nuser x\n"
				   "user.id 7:7 7 8");

	(void)state;
	assert_step(a, "ids uid 1000 gid 1000 set_groups groups 1000");
	assert_step(a, "userns uids 0:1:1000,1000:0:1,");
	assert_step(b, "ids uid 7 gid 7 set_groups groups 7,7,8");
	assert_step(b, "userns uids 0:1:7,7:0:1,8:8:");
}

static void with_one_id_no_groups_are_set(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\nuserns single\n"
				   "user.id 33:34 44");

	(void)state;
	assert_step(p, "idmap directly uids 0:1000:1 gids 0:1000:1 "
		       "no setgroups");
	assert_step(p, "userns uids 33:0:1 gids 34:0:1");
	assert_step(p, "ids uid 33 gid 34 no set_groups groups none");
}

static void maps_that_cannot_be_are_refused(void **state)
{
	static const struct case_refusal rows[] = {
		{ "uidmap 0:1", "INSIDE:ID:COUNT" },
		{ "uidmap 0:1:x", "expected a number" },
		{ "uidmap 0:1:0", "no ids" },
		{ "uidmap 0:1:2\nuidmap 1:5:2", "rows 1 and 2 overlap" },
		{ "uidmap 0:1:2\nuidmap 5:2:2", "rows 1 and 2 overlap" },
		{ "uidmap 0:65530:100", "id 65537 of the id space" },
		{ "uidmap 4294967290:1:10", "beyond the last id" },
	};

	(void)state;
	cases_refused(rows, ARRAY_SIZE(rows), ERR_USAGE);
}

static void each_namespace_is_left_out_by_its_own_word(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "clone user,mount,pid,network,ipc,uts,cgroup,time" },
		{ "pid host", "clone user,mount,network,ipc,uts,cgroup,time" },
		{ "network host", "clone user,mount,pid,ipc,uts,cgroup,time" },
		{ "ipc host", "clone user,mount,pid,network,uts,cgroup,time" },
		{ "uts host", "clone user,mount,pid,network,ipc,cgroup,time" },
		{ "cgroupns host",
		  "clone user,mount,pid,network,ipc,uts,time" },
		{ "host.has_timens no",
		  "clone user,mount,pid,network,ipc,uts,cgroup" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd sh\n%s", rows[i].text);
		AUTO(plan_free) struct plan *p = case_plan(text);
		AUTO(buf_done) struct buf b = BUF_INIT;

		plan_print_step(&p->steps[0], false, &b);
		assert_string_equal(b.p, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_caller_exists_only_when_asked_for),
		cmocka_unit_test(
			keep_id_runs_as_the_caller_unless_a_user_is_named),
		cmocka_unit_test(with_one_id_no_groups_are_set),
		cmocka_unit_test(maps_that_cannot_be_are_refused),
		cmocka_unit_test(each_namespace_is_left_out_by_its_own_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
