/*
 * test_judge.c - what is permitted: the table tests/table/policy.t, layers,
 * and when a permit is written.
 */
#include "change.h"

/* ---- the table ---- */

struct row {
	char *rules, *changes, *want;
	unsigned line, by; /* `by`: UINT_MAX when not said */
};

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	for (n = strlen(s); n && s[n - 1] == ' '; n--)
		s[n - 1] = '\0';
	return s;
}

static struct row parse_row(char *text, unsigned line)
{
	struct row r = { .line = line, .by = UINT32_MAX };
	char *by;

	r.rules = trim(strsep(&text, "|"));
	r.changes = text ? trim(strsep(&text, "|")) : NULL;
	r.want = text ? trim(text) : NULL;
	if (!r.want || (strncmp(r.want, "permit", 6) &&
			strncmp(r.want, "deny", 4) && strcmp(r.want, "none")))
		fail_msg("policy.t:%u: not a row", line);
	by = strchr(r.want, ' ');
	if (by) {
		*by++ = '\0';
		r.by = (unsigned)atoi(by);
	}
	return r;
}

/* Is this finding one of the ordinary plan? */
static bool is_ordinary(const struct finding *f, const struct verdict *base)
{
	for (size_t i = 0; i < base->n; i++)
		if (!strcmp(base->findings[i].what, f->what))
			return true;
	return false;
}

/* The verdict on what the changes add: the first denial, else the first. */
static const struct finding *added(const struct verdict *v,
				   const struct verdict *base)
{
	const struct finding *ret = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const struct finding *f = &v->findings[i];

		if (is_ordinary(f, base))
			continue;
		if (!ret || (ret->permitted && !f->permitted))
			ret = f;
	}
	return ret;
}

static bool check_shipped(const struct row *r)
{
	AUTO(policy_set_free) struct policy_set *set = shipped(r->rules + 1);
	AUTO(verdict_free) struct verdict *v = judge_case(r->changes, set);
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(drop_plan) struct plan *p = new_plan();

	policy_explain_text(v, p, &b);
	if (v->permitted == !strcmp(r->want, "permit"))
		return true;
	print_error("policy.t:%u: not %s:\n%s", r->line, r->want, b.p);
	return false;
}

static bool check_rules(const struct row *r)
{
	AUTO(policy_set_free) struct policy_set *set = NULL;
	AUTO(verdict_free) struct verdict *v = NULL, *base = NULL;
	const struct finding *f;
	auto_free char *text = xstrdup(r->rules);

	for (char *at = text; (at = strchr(at, ';'));)
		*at = '\n';
	set = new_set("t", text);
	base = judge_case("", set);
	v = judge_case(r->changes, set);
	f = added(v, base);
	if (!f && !strcmp(r->want, "none"))
		return true;
	if (f && f->permitted == !strcmp(r->want, "permit") &&
	    (r->by == UINT32_MAX || f->line == r->by))
		return true;
	print_error("policy.t:%u: not %s: rule %u: %s\n", r->line, r->want,
		    f ? f->line : 0, f ? f->what : "no fact was raised");
	return false;
}

static void every_row_of_the_table_holds(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	unsigned line = 0, rows = 0, bad = 0;
	char *at, *text;

	(void)state;
	assert_ok(file_read("tests/table/policy.t", 1 << 20, &b, &e), &e);
	for (at = b.p; (text = strsep(&at, "\n"));) {
		line++;
		if (!*text || *text == '#')
			continue;
		struct row r = parse_row(text, line);

		bad += !(*r.rules == '@' ? check_shipped : check_rules)(&r);
		rows++;
	}
	assert_int_equal(bad, 0);
	assert_true(rows >= 60);
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
	AUTO(host_free) struct host *h = new_host();
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
