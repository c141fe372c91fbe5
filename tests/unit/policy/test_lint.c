/*
 * test_lint.c - what is found in a policy, rule by rule, and that the shipped
 * ones have nothing but what they are for.
 */
#include "change.h"
#include "policy/lint.h"

static void lint(const struct policy_set *set, struct lint *l)
{
	policy_lint(&set->layers[0], l);
	policy_lint_sort(l);
}

static bool has(const struct lint *l, enum lint_kind kind, size_t rule,
		const char *why)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].kind == kind && l->v[i].rule == rule &&
		    strstr(l->v[i].why, why))
			return true;
	return false;
}

static size_t count(const struct lint *l, enum lint_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->v[i].kind == kind;
	return n;
}

/* rules, kind, the rule that is found (from 0), a part of the reason; NULL:
 * there is no finding of this kind */
static const struct {
	const char *rules;
	enum lint_kind kind;
	size_t rule;
	const char *why;
} rows[] = {
	{ "permit bind path /no/such", LINT_NEVER, 0, "/no/such is not there" },
	{ "permit bind under /no/such", LINT_NEVER, 0, "is not there" },
	{ "permit bind path /srv/data", LINT_NEVER, 0, NULL },
	{ "permit bind kind socket path /srv/data", LINT_NEVER, 0,
	  "/srv/data is a dir" },
	{ "permit bind kind dir path /srv/data", LINT_NEVER, 0, NULL },
	{ "deny bind kind file sockets", LINT_NEVER, 0, "only a dir" },
	{ "deny bind relabel ro", LINT_NEVER, 0, "written to the host" },
	{ "deny bind relabel owner self under /srv", LINT_NEVER, 0, NULL },
	{ "permit bind path /srv/data under /home", LINT_NEVER, 0,
	  "does not lie below /home" },
	{ "permit bind path /srv/data under /srv", LINT_NEVER, 0, NULL },
	{ "permit device path /srv/data", LINT_NEVER, 0, "no device" },
	{ "permit device path /dev/kvm", LINT_NEVER, 0, NULL },
	{ "permit rootfs path /etc/hosts", LINT_NEVER, 0, "no directory" },
	{ "permit image name docker.io/* registry quay.io", LINT_NEVER, 0,
	  "not from quay.io" },
	{ "permit image name docker.io/* registry docker.io", LINT_NEVER, 0,
	  NULL },
	{ "permit mask-removal /proc/cpuinfo", LINT_NEVER, 0,
	  "neither masked nor read-only" },
	{ "permit mask-removal /proc/k*", LINT_NEVER, 0, NULL },
	{ "permit mask-removal /proc/sys", LINT_NEVER, 0, NULL },
	{ "permit sysctl net/ipv4/x", LINT_NEVER, 0, "have dots" },

	{ "permit bind ro; deny bind", LINT_SHADOWED, 0, "rules:2" },
	{ "deny bind; permit bind ro", LINT_SHADOWED, 0, NULL },
	{ "permit bind; deny any", LINT_SHADOWED, 0, "deny any" },
	{ "permit bind path /srv/data; deny bind under /srv", LINT_SHADOWED, 0,
	  "deny bind under /srv" },
	{ "permit bind under /srv; deny bind path /srv/data", LINT_SHADOWED, 0,
	  NULL },
	/* a deny of a path is about what holds it, too */
	{ "deny bind path /srv/data; permit bind path /srv/data", LINT_SHADOWED,
	  0, NULL },
	{ "deny bind path /srv/data; permit bind under /srv", LINT_SHADOWED, 0,
	  NULL },
	{ "deny bind path /srv/data; permit bind", LINT_SHADOWED, 0,
	  "permit bind" },
	{ "permit sysctl net.ipv4.x; deny sysctl net.*", LINT_SHADOWED, 0,
	  "net.*" },
	{ "permit sysctl net.*; deny sysctl net.ipv4.x", LINT_SHADOWED, 0,
	  NULL },
	{ "permit sysctl n*t; deny sysctl n*", LINT_SHADOWED, 0, NULL },
	{ "permit sysctl n*t; deny sysctl *", LINT_SHADOWED, 0, "deny" },
	{ "permit bind to /data/x; deny bind to /data", LINT_SHADOWED, 0,
	  "to /data" },
	{ "permit capability CHOWN; deny capability CHOWN", LINT_SHADOWED, 0,
	  "CHOWN" },
	{ "permit capability CHOWN; deny capability KILL", LINT_SHADOWED, 0,
	  NULL },
	{ "permit bind peer guest; deny bind", LINT_SHADOWED, 0, "deny bind" },
	{ "permit bind; deny bind peer guest", LINT_SHADOWED, 0, NULL },
	{ "permit bind peer guest; deny bind peer 2000", LINT_SHADOWED, 0,
	  "2000" },
	{ "limit pids 5; limit pids 7", LINT_SHADOWED, 0, "limit pids 7" },
	{ "limit pids 5; limit nofile 7", LINT_SHADOWED, 0, NULL },
	{ "limit pids 5; deny any", LINT_SHADOWED, 0, NULL },
	{ "limit pids 5; limit pids 7 peer guest", LINT_SHADOWED, 0, NULL },
	{ "require seccomp; require seccomp", LINT_SHADOWED, 0, "seccomp" },
	{ "require landlock abi 5; require landlock", LINT_SHADOWED, 0, NULL },
	{ "require landlock abi 5; require landlock abi 6", LINT_SHADOWED, 0,
	  "abi 6" },
	{ "require landlock abi 6; require landlock abi 5", LINT_SHADOWED, 0,
	  NULL },

	{ "permit privileged", LINT_ESCAPE, 0, "no wall" },
	{ "permit capability", LINT_ESCAPE, 0, "CVE-2022-0492" },
	{ "permit capability compat", LINT_ESCAPE, 0, NULL },
	{ "permit capability; deny capability SYS_ADMIN", LINT_ESCAPE, 0,
	  "kernel modules" },
	{ "permit namespace host pid", LINT_ESCAPE, 0, "traced" },
	{ "permit namespace", LINT_ESCAPE, 0, "loopback" },
	{ "permit namespace; permit abstract-sockets", LINT_ESCAPE, 1,
	  "abstract sockets" },
	{ "permit nested-userns", LINT_ESCAPE, 0, "CVE-2023-32233" },
	{ "permit unconfined", LINT_ESCAPE, 0, "set-user-id" },
	{ "permit unconfined label", LINT_ESCAPE, 0, "AppArmor" },
	{ "permit profile", LINT_ESCAPE, 0, "every system call" },
	{ "permit profile seccomp default", LINT_ESCAPE, 0, NULL },
	{ "permit bind", LINT_ESCAPE, 0, "control socket" },
	{ "permit bind ro; deny bind kind socket; deny bind sockets; "
	  "deny bind kind block",
	  LINT_ESCAPE, 0, NULL },
	{ "permit bind rw owner root", LINT_ESCAPE, 0, "files of root" },
	{ "permit device", LINT_ESCAPE, 0, "a disk" },
	{ "permit device standard", LINT_ESCAPE, 0, NULL },
	{ "permit filesystem", LINT_ESCAPE, 0, "release_agent" },
	{ "permit mask-removal", LINT_ESCAPE, 0, "kernel parameters" },
	{ "permit sysctl", LINT_ESCAPE, 0, "a crash runs" },
	{ "permit any", LINT_ESCAPE, 0, "everything that no other line" },
	{ "permit any; deny bind", LINT_ESCAPE, 0, "narrows" },
	{ "permit rootfs", LINT_ESCAPE, 0, "the host's root" },
};

static void findings_are_those_of_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(policy_set_free) struct policy_set *set = NULL;
		AUTO(lint_done) struct lint l = { 0 };
		auto_free char *text = xstrdup(rows[i].rules);

		for (char *at = text; (at = strchr(at, ';'));)
			*at = '\n';
		set = new_set("rules", text);
		lint(set, &l);
		if (!rows[i].why && count(&l, rows[i].kind))
			fail_msg("%s: %s: found: %s", rows[i].rules,
				 lint_word(rows[i].kind), l.v[0].why);
		if (rows[i].why &&
		    !has(&l, rows[i].kind, rows[i].rule, rows[i].why))
			fail_msg("%s: %s is not found", rows[i].rules,
				 rows[i].why);
	}
}

static void a_known_escape_is_understood_by_the_model(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("t", "permit any");
	AUTO(lint_done) struct lint l = { 0 };
	unsigned n = 0;

	(void)state;
	lint(set, &l);
	assert_int_equal(l.n, 1);
	assert_non_null(strstr(l.v[0].why, "known escapes"));
	/* all of them: a row that the model refuses would not be counted */
	n = (unsigned)atoi(strstr(l.v[0].why, "denies, ") + 8);
	assert_true(n >= 48);
}

/* What a shipped policy is for may be an escape; nothing else is found. */
static const struct {
	const char *name;
	size_t escapes;
} ships[] = {
	{ "default", 0 },   { "strict", 0 }, { "multi-tenant", 0 },
	{ "developer", 4 }, { "build", 1 },
};

static void the_shipped_policies_have_no_dead_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ships); i++) {
		AUTO(policy_set_free)
		struct policy_set *set = shipped(ships[i].name);
		AUTO(lint_done) struct lint l = { 0 };

		lint(set, &l);
		for (size_t n = 0; n < l.n; n++)
			if (l.v[n].kind != LINT_ESCAPE ||
			    count(&l, LINT_ESCAPE) != ships[i].escapes)
				print_error(
					"%s:%u: %s: %s\n", ships[i].name,
					set->layers[0].rules[l.v[n].rule].line,
					lint_word(l.v[n].kind), l.v[n].why);
		assert_int_equal(count(&l, LINT_NEVER), 0);
		assert_int_equal(count(&l, LINT_SHADOWED), 0);
		assert_int_equal(count(&l, LINT_ESCAPE), ships[i].escapes);
	}
}

static void
a_bind_of_a_parent_of_a_control_socket_names_the_socket(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("t", "deny bind\npermit bind ro");
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(lint_done) struct lint l = { 0 };

	(void)state;
	case_make(&c, "bind:ro:/run");
	c.host->protected_objects[3].is_tree = false;
	for (size_t i = 0; i < c.plan->n; i++)
		if (c.plan->steps[i].op == OP_BIND)
			policy_lint_bind(&set->layers[0], c.host,
					 &c.plan->steps[i], &l);
	policy_lint_sort(&l);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].rule, 1);
	assert_non_null(strstr(l.v[0].why, "/run"));
}

static void sockets_in_what_a_rule_permits_are_named(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set =
		new_set("t", "permit bind under /srv\ndeny bind rw");
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(lint_done) struct lint l = { 0 };

	(void)state;
	case_make(&c, "bind:ro:/srv/data:socket=run/app.sock "
		      "bind:rw:/srv/data:socket=run/app.sock");
	for (size_t i = 0; i < c.plan->n; i++)
		if (c.plan->steps[i].op == OP_BIND)
			policy_lint_bind(&set->layers[0], c.host,
					 &c.plan->steps[i], &l);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0].rule, 0);
	assert_non_null(strstr(l.v[0].why, "run/app.sock"));
}

static void what_is_said_twice_is_said_once(void **state)
{
	AUTO(lint_done) struct lint l = { 0 };

	(void)state;
	policy_lint_sort(&l);
	assert_int_equal(l.n, 0);
	lint_add(&l, LINT_ESCAPE, 3, "b");
	lint_add(&l, LINT_NEVER, 3, "a");
	lint_add(&l, LINT_ESCAPE, 3, "b");
	lint_add(&l, LINT_ESCAPE, 1, "b");
	policy_lint_sort(&l);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.v[0].rule, 1);
	assert_int_equal(l.v[1].kind, LINT_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_are_those_of_the_rules),
		cmocka_unit_test(a_known_escape_is_understood_by_the_model),
		cmocka_unit_test(the_shipped_policies_have_no_dead_rules),
		cmocka_unit_test(
			a_bind_of_a_parent_of_a_control_socket_names_the_socket),
		cmocka_unit_test(sockets_in_what_a_rule_permits_are_named),
		cmocka_unit_test(what_is_said_twice_is_said_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
