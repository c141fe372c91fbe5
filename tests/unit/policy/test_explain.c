/*
 * test_explain.c - the words of a verdict.
 */
#include "change.h"
#include "base/json.h"

static void explain_err(const char *change, const struct policy_set *set,
			struct err *e)
{
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(verdict_free) struct verdict *v = NULL;

	case_make(&c, change);
	v = policy_judge(c.plan, some_hash, c.host, set);
	assert_false(v->permitted);
	assert_int_equal(policy_explain_err(v, c.plan, e), -1);
	assert_int_equal(e->kind, ERR_DENIED);
	assert_true(strlen(e->msg) < sizeof(e->msg) - 1);
	assert_null(strchr(e->msg, '\n'));
}

/* policy, change, message */
static const struct {
	const char *text, *change, *msg;
} denials[] = {
	{ "permit any\ndeny  bind kind socket # no", "bind:rw:/srv/link",
	  "policy: writable bind of a socket: /srv/link (/run/docker.sock) -> "
	  "/x; it is /run/docker.sock (not for sandboxes) (step 35): denied "
	  "by my.policy:2 \"deny  bind kind socket\"; to permit it write: "
	  "permit bind rw kind socket path /run/docker.sock" },
	{ "permit any\ndeny bind protected", "bind:ro:/run",
	  "policy: bind of a directory: /run -> /x; it is /run (not for "
	  "sandboxes) (step 35): denied by my.policy:2 \"deny bind "
	  "protected\"; to permit it write: permit bind ro path /run" },
	{ "permit any\ndeny bind protected", "bind:ro:/home",
	  "policy: bind of a directory: /home -> /x; it holds /home/u (not "
	  "for sandboxes) (step 35): denied by my.policy:2 \"deny bind "
	  "protected\"; to permit it write: permit bind ro path /home" },
	{ "permit any\ndeny bind protected", "bind:ro:/home/u/.ssh/key",
	  "policy: bind of a file: /home/u/.ssh/key -> /x; it lies in "
	  "/home/u/.ssh (not for sandboxes) (step 35): denied by my.policy:2 "
	  "\"deny bind protected\"; to permit it write: permit bind ro path "
	  "/home/u/.ssh/key" },
	{ "permit any\ndeny privileged\ndeny capability", "privileged caps:BPF",
	  "policy: privileged mode (plan): denied by my.policy:2 \"deny "
	  "privileged\"; to permit it write: permit privileged (and 1 more)" },
};

static void a_denial_names_step_rule_place_and_cure(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(denials); i++) {
		AUTO(policy_set_free)
		struct policy_set *set = new_set("my.policy", denials[i].text);
		struct err e = ERR_INIT;

		explain_err(denials[i].change, set, &e);
		assert_string_equal(e.msg, denials[i].msg);
	}
}

static void a_denial_that_no_rule_made_says_so(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("my.policy", "permit image");
	struct err e = ERR_INIT;

	(void)state;
	explain_err("", set, &e);
	assert_non_null(strstr(e.msg, "denied: no rule of my.policy permits "
				      "it; to permit it write: permit "));
	assert_non_null(strstr(e.msg, " more)"));
}

static void a_denial_without_policy_says_so(void **state)
{
	struct policy_set none = { NULL, 0 };
	struct err e = ERR_INIT;

	(void)state;
	explain_err("", &none, &e);
	assert_non_null(strstr(e.msg, "denied: there is no policy"));
}

static void the_step_of_the_denied_fact_is_in_the_error(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("p", "permit any\ndeny bind");
	AUTO(case_done) struct case_of c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	case_make(&c, "bind:ro:/srv/data");
	explain_err("bind:ro:/srv/data", set, &e);
	assert_true(e.step >= 0 && (size_t)e.step < c.plan->n);
	assert_int_equal(c.plan->steps[e.step].op, OP_BIND);
}

static void a_long_path_is_shortened_and_the_rule_s_place_kept(void **state)
{
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(policy_set_free)
	struct policy_set *set = new_set("p", "permit any\ndeny bind");
	AUTO(verdict_free) struct verdict *v = NULL;
	struct err e = ERR_INIT;
	char name[4000];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	case_make(&c, "bind:ro:/srv/data");
	for (size_t i = 0; i < c.plan->n; i++) {
		struct step *s = &c.plan->steps[i];

		if (s->op != OP_BIND)
			continue;
		free_strings(s->bind.source, s->bind.resolved, NULL);
		s->bind.source = xstrdup(name);
		s->bind.resolved = xstrdup(name);
	}
	v = policy_judge(c.plan, some_hash, c.host, set);
	assert_int_equal(policy_explain_err(v, c.plan, &e), -1);
	assert_true(strlen(e.msg) < sizeof(e.msg) - 1);
	assert_non_null(strstr(e.msg, "n...n"));
	assert_non_null(strstr(e.msg, "-> /x (step "));
	assert_non_null(strstr(e.msg, "denied by p:2 \"deny bind\""));
	assert_non_null(strstr(e.msg, "immure check prints what to write"));
}

static void control_characters_of_names_are_escaped(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("p", "permit any\ndeny sysctl");
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	case_make(&c, "sysctl:net.\x1b[31mred");
	v = policy_judge(c.plan, some_hash, c.host, set);
	assert_int_equal(policy_explain_err(v, c.plan, &e), -1);
	assert_null(strchr(e.msg, '\x1b'));
	assert_non_null(strstr(e.msg, "\\x1b[31mred"));
	policy_explain_text(v, c.plan, &b);
	assert_null(strchr(b.p, '\x1b'));
}

static void the_text_lists_permitted_facts_too(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	case_make(&c, "bind:ro:/srv/link");
	v = policy_judge(c.plan, some_hash, c.host, set);
	policy_explain_text(v, c.plan, &b);
	assert_non_null(strstr(b.p, "permit  plan     image " IMAGE_NAME));
	assert_non_null(strstr(b.p, "deny    step 35  bind of a socket"));
	assert_non_null(strstr(b.p, "deny   bind protected\n"));
	assert_non_null(strstr(b.p, "to permit it write: permit bind ro kind "
				    "socket path /run/docker.sock\n"));
	assert_non_null(strstr(b.p, "\ndenied: 1 of "));
}

static void the_text_of_a_permit_ends_in_permitted(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	case_make(&c, "");
	v = policy_judge(c.plan, some_hash, c.host, set);
	policy_explain_text(v, c.plan, &b);
	assert_non_null(strstr(b.p, "\npermitted: all of "));
	assert_null(strstr(b.p, "to permit it"));
}

static void the_json_is_valid_and_complete(void **state)
{
	AUTO(policy_set_free) struct policy_set *set = shipped("default");
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *doc = NULL;
	struct json_object *findings;
	const char *permit;
	struct err e = ERR_INIT;
	bool permitted;
	size_t n;

	(void)state;
	case_make(&c, "bind:ro:/srv/link");
	v = policy_judge(c.plan, some_hash, c.host, set);
	policy_explain_json(v, c.plan, &b);
	doc = json_parse("verdict", b.p, b.len, &e);
	if (!doc)
		fail_msg("%s", e.msg);
	assert_ok(json_get_bool(doc, "permitted", true, &permitted, &e), &e);
	assert_false(permitted);
	assert_ok(json_get_str(doc, "permit", &permit, &e), &e);
	assert_null(permit);
	assert_ok(json_get_array(doc, "findings", &findings, &n, &e), &e);
	assert_int_equal(n, v->n);
	for (size_t i = 0; i < n; i++) {
		struct json_object *one = json_at(findings, i);
		const char *what, *advice;

		assert_ok(json_get_str(one, "what", &what, &e), &e);
		assert_ok(json_get_str(one, "advice", &advice, &e), &e);
		assert_string_equal(what, v->findings[i].what);
		assert_true(!advice == v->findings[i].permitted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_denial_names_step_rule_place_and_cure),
		cmocka_unit_test(a_denial_that_no_rule_made_says_so),
		cmocka_unit_test(a_denial_without_policy_says_so),
		cmocka_unit_test(the_step_of_the_denied_fact_is_in_the_error),
		cmocka_unit_test(
			a_long_path_is_shortened_and_the_rule_s_place_kept),
		cmocka_unit_test(control_characters_of_names_are_escaped),
		cmocka_unit_test(the_text_lists_permitted_facts_too),
		cmocka_unit_test(the_text_of_a_permit_ends_in_permitted),
		cmocka_unit_test(the_json_is_valid_and_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
