/*
 * test_judge.c - what is permitted: the table tests/table/policy.t, layers,
 * and when a permit is written.
 */
#include "change.h"
#include "engine/policy_cases.h"

/* ---- the table ---- */

static void every_row_of_the_table_holds(void **state)
{
	AUTO(policy_cases_done)
	struct policy_cases c = { .shipped = "policy" };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(policy_cases_run(&c, "tests/table/policy.t", &e), &e);
	if (c.bad)
		fail_msg("%s", c.report.p);
	assert_true(c.rows >= 150);
}

/* ---- layers and permits ---- */

static void an_ordinary_plan_gets_a_permit_for_its_own_hash(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(verdict_free) struct verdict *v = judge_case("", set);

	(void)state;
	assert_true(v->permitted);
	assert_true(v->permit.granted);
	assert_memory_equal(v->permit.hash, some_hash, PLAN_HASH_LEN);
}

static void a_denied_plan_gets_no_permit(void **state)
{
	static const uint8_t zero[PLAN_HASH_LEN];
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(verdict_free) struct verdict *v = judge_case("privileged", set);

	(void)state;
	assert_false(v->permitted);
	assert_false(v->permit.granted);
	assert_memory_equal(v->permit.hash, zero, PLAN_HASH_LEN);
}

static void without_any_policy_nothing_is_permitted(void **state)
{
	struct policy_set none = { NULL, 0 };
	AUTO(verdict_free) struct verdict *v = judge_case("", &none);

	(void)state;
	assert_false(v->permitted);
	assert_true(v->n > 0);
	for (size_t i = 0; i < v->n; i++) {
		assert_false(v->findings[i].permitted);
		assert_null(v->findings[i].rule);
		assert_null(v->findings[i].file);
		assert_non_null(v->findings[i].advice);
	}
}

static void an_empty_policy_permits_nothing(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = new_set("empty", "");
	AUTO(verdict_free) struct verdict *v = judge_case("", set);

	(void)state;
	assert_false(v->permitted);
	assert_string_equal(v->findings[0].file, "empty");
	assert_int_equal(v->findings[0].line, 0);
}

static void a_plan_without_steps_has_no_wall_and_is_denied(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("developer");
	AUTO(host_free) struct host *h = model_host();
	struct plan p = { 0 };
	AUTO(verdict_free)
	struct verdict *v = policy_judge(&p, some_hash, h, set);

	(void)state;
	assert_false(v->permitted);
	assert_false(v->permit.granted);
}

/* system, user, and the verdict on a bind of /srv/data */
static const struct {
	const char *system, *user;
	bool permitted;
	size_t layer;
	const char *by;
} layers[] = {
	{ "permit any", "permit any", true, 0, "permit any" },
	{ "permit any", "permit any\ndeny bind", false, 1, "deny bind" },
	{ "permit any\ndeny bind", "permit any", false, 0, "deny bind" },
	{ "permit any\ndeny bind", "permit any\npermit bind path /srv/data",
	  false, 0, "deny bind" },
	{ "permit any", "permit image", false, 1, NULL },
	{ "permit any", "", false, 1, NULL },
	{ "permit any\ndeny bind", "permit any\ndeny bind", false, 0,
	  "deny bind" },
};

static const struct finding *find_bind(const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->findings[i].subject == SUBJECT_BIND)
			return &v->findings[i];
	fail_msg("no bind among the findings");
	return NULL;
}

static void the_users_layer_can_only_narrow_the_systems(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		AUTO(policy_set_free)
		struct policy_set *set = new_set("system", layers[i].system);
		AUTO(verdict_free) struct verdict *v = NULL;
		const struct finding *f;

		add_layer(set, "user", layers[i].user);
		v = judge_case("bind:ro:/srv/data", set);
		f = find_bind(v);
		if (f->permitted != layers[i].permitted ||
		    f->layer != layers[i].layer)
			fail_msg("row %zu: layer %zu", i, f->layer);
		if (layers[i].by)
			assert_string_equal(f->rule, layers[i].by);
		else
			assert_null(f->rule);
		assert_string_equal(f->file, f->layer ? "user" : "system");
	}
}

static void a_file_that_extends_a_layer_has_the_last_word(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(policy_set_free)
	struct policy_set *local =
		new_set("local.policy", "# ours\npermit bind kind socket path "
					"/run/docker.sock\n");
	AUTO(verdict_free) struct verdict *v = NULL, *other = NULL;

	(void)state;
	policy_extend(&set->layers[0], &local->layers[0]);
	v = judge_case("bind:ro:/srv/link", set);
	assert_true(v->permitted);
	assert_string_equal(find_bind(v)->file, "local.policy");
	assert_int_equal(find_bind(v)->line, 2);
	other = judge_case("bind:ro:/run/user/1000/foo.sock", set);
	assert_false(other->permitted);
}

static void findings_stand_in_step_order(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(verdict_free)
	struct verdict *v =
		judge_case("bind:ro:/srv/data without:mask:/proc/keys "
			   "share:pid caps:CHOWN",
			   set);

	(void)state;
	for (size_t i = 1; i < v->n; i++)
		assert_true(v->findings[i - 1].step <= v->findings[i].step);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_table_holds),
		cmocka_unit_test(
			an_ordinary_plan_gets_a_permit_for_its_own_hash),
		cmocka_unit_test(a_denied_plan_gets_no_permit),
		cmocka_unit_test(without_any_policy_nothing_is_permitted),
		cmocka_unit_test(an_empty_policy_permits_nothing),
		cmocka_unit_test(
			a_plan_without_steps_has_no_wall_and_is_denied),
		cmocka_unit_test(the_users_layer_can_only_narrow_the_systems),
		cmocka_unit_test(a_file_that_extends_a_layer_has_the_last_word),
		cmocka_unit_test(findings_stand_in_step_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
