/*
 * test_rules.c - rules against facts, and the line that permits a fact.
 */
#include "change.h"
#include "policy/rules.h"

/* ---- patterns ---- */

static const struct {
	const char *glob, *name;
	bool match;
} globs[] = {
	{ "net.*", "net.ipv4.x", true },
	{ "net.*", "net.", true },
	{ "net.*", "net", false },
	{ "net.*", "ne.x", false },
	{ "*", "anything", true },
	{ "*.x", "a.b.x", true },
	{ "*.x", "a.b.xx", false },
	{ "a*b*c", "abc", true },
	{ "a*b*c", "a-b-b-c", true },
	{ "a*b*c", "a-c-b", false },
	{ "a**b", "ab", true },
	{ "kernel.sem", "kernel.sem", true },
	{ "kernel.sem", "kernel.semx", false },
	{ "kernel.sem", "kernel.se", false },
	{ "Net.*", "net.x", false },
};

static void a_star_stands_for_any_run_of_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(globs); i++) {
		auto_free char *text =
			xasprintf("permit sysctl %s", globs[i].glob);
		AUTO(policy_set_free)
		struct policy_set *set = new_set("t", text);
		struct fact f = { .subject = SUBJECT_SYSCTL };

		f.value[KEY_SYSCTL] = globs[i].name;
		if (rule_matches(&set->layers[0].rules[0], &f) !=
		    globs[i].match)
			fail_msg("%s, %s", globs[i].glob, globs[i].name);
	}
}

static void a_long_pattern_of_stars_is_tried_in_linear_time(void **state)
{
	AUTO(buf_done) struct buf text = BUF_INIT, name = BUF_INIT;
	AUTO(policy_set_free) struct policy_set *set = NULL;
	struct fact f = { .subject = SUBJECT_SYSCTL };

	(void)state;
	buf_str(&text, "permit sysctl ");
	for (int i = 0; i < 500; i++)
		buf_str(&text, "*a");
	buf_char(&text, 'b');
	for (int i = 0; i < 4000; i++)
		buf_char(&name, 'a');
	set = new_set("t", text.p);
	f.value[KEY_SYSCTL] = name.p;
	assert_false(rule_matches(&set->layers[0].rules[0], &f));
}

/* ---- objects ---- */

static void a_path_that_does_not_exist_matches_nothing(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set =
		new_set("t", "permit bind path /no\ndeny bind under /no");
	struct object_id zero = { 0 };
	struct fact f = { .subject = SUBJECT_BIND, .id = &zero };

	(void)state;
	assert_null(rule_decides(&set->layers[0], &f));
}

static void the_same_inode_of_another_filesystem_is_another_object(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("t", "permit bind path /srv/data");
	struct object_id id = set->layers[0].rules[0].conds[0].id;
	struct fact f = { .subject = SUBJECT_BIND, .id = &id };

	(void)state;
	assert_true(rule_matches(&set->layers[0].rules[0], &f));
	id.dev++;
	assert_false(rule_matches(&set->layers[0].rules[0], &f));
}

static void an_equal_path_string_permits_nothing(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("t", "permit bind path /srv/data");
	struct object_id swapped = { 8, 4711 };
	struct fact f = { .subject = SUBJECT_BIND, .id = &swapped };

	(void)state;
	f.value[KEY_PATH] = "/srv/data";
	assert_false(rule_matches(&set->layers[0].rules[0], &f));
}

/* ---- advice ---- */

/* Each is one denial of a policy that permits nothing. */
static const struct {
	const char *change, *advice;
} advised[] = {
	{ "privileged", "permit privileged" },
	{ "bind:ro:/srv/data", "permit bind ro path /srv/data" },
	{ "bind:rw:/srv/data", "permit bind rw path /srv/data" },
	{ "bind:ro:/srv/link",
	  "permit bind ro kind socket path /run/docker.sock" },
	{ "bind:rw:/home/u/pipe",
	  "permit bind rw kind fifo path /home/u/pipe" },
	{ "bind:rw:/srv/data:suid:dev",
	  "permit bind rw suid dev path /srv/data" },
	{ "device:rw:/dev/kvm", "permit device rw path /dev/kvm" },
	{ "fs:ramfs:rw:/x", "permit filesystem ramfs rw" },
	{ "share:network", "permit namespace host network" },
	{ "without:keyring", "permit namespace host keyring" },
	{ "without:nslimit", "permit nested-userns" },
	{ "map-user", "permit user-mapped" },
	{ "caps:NET_ADMIN", "permit capability NET_ADMIN" },
	{ "without:seccomp", "permit unconfined seccomp" },
	{ "without:nnp", "permit unconfined no_new_privs" },
	{ "without:landlock", "permit unconfined landlock" },
	{ "without:caps", "permit unconfined capabilities" },
	{ "no-landlock", "permit missing landlock" },
	{ "label:unconfined", "permit unconfined label" },
	{ "seccomp:build", "permit profile seccomp build" },
	{ "seccomp:/home/u/mine.json",
	  "permit profile seccomp file digest sha256:"
	  "00000000000000000000000000000000"
	  "00000000000000000000000000000007" },
	{ "without:mask:/proc/kcore", "permit mask-removal /proc/kcore" },
	{ "sysctl:net.ipv4.ip_forward", "permit sysctl net.ipv4.ip_forward" },
	{ "pids:none", "limit pids unlimited" },
	{ "pids:600", "limit pids 600" },
	{ "rootfs:/srv/data", "permit rootfs path /srv/data" },
	{ "host-root", "permit host-root" },
};

static const struct finding *find_advice(const struct verdict *v,
					 const char *advice)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->findings[i].advice &&
		    !strcmp(v->findings[i].advice, advice))
			return &v->findings[i];
	return NULL;
}

static void a_denial_says_the_narrowest_line_that_permits_it(void **state)
{
	AUTO(policy_set_free)
	struct policy_set *set = new_set("t", "limit pids 512");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(advised); i++) {
		AUTO(verdict_free)
		struct verdict *v = judge_case(advised[i].change, set);

		if (!find_advice(v, advised[i].advice))
			fail_msg("%s: nobody advises %s", advised[i].change,
				 advised[i].advice);
	}
}

static void what_is_advised_permits_when_it_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(advised); i++) {
		AUTO(policy_set_free)
		struct policy_set *none =
			new_set("t", "deny any\nlimit pids 512");
		AUTO(policy_set_free) struct policy_set *set = NULL;
		AUTO(verdict_free)
		struct verdict *v = judge_case(advised[i].change, none);
		AUTO(verdict_free) struct verdict *again = NULL;
		AUTO(buf_done) struct buf text = BUF_INIT;

		buf_str(&text, "deny any\nlimit pids 512\n");
		for (size_t n = 0; n < v->n; n++)
			if (v->findings[n].advice)
				buf_printf(&text, "%s\n",
					   v->findings[n].advice);
		set = new_set("t", text.p);
		again = judge_case(advised[i].change, set);
		if (!again->permitted)
			fail_msg("%s is denied by\n%s", advised[i].change,
				 text.p);
	}
}

static void advice_about_an_odd_name_is_quoted_and_permits_it(void **state)
{
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(policy_set_free) struct policy_set *set = new_set("t", "");
	AUTO(policy_set_free) struct policy_set *after = NULL;
	AUTO(verdict_free) struct verdict *v = NULL, *again = NULL;
	const char *want = "permit bind ro path "
			   "\"/srv/odd \\\"name\\\" \\xff\\x0a\"";
	auto_free char *text = xasprintf("permit any\ndeny bind\n%s", want);

	(void)state;
	case_make(&c, "bind:ro:/srv/data");
	for (size_t i = 0; i < c.plan->n; i++) {
		struct step *s = &c.plan->steps[i];

		if (s->op != OP_BIND)
			continue;
		free(s->bind.resolved);
		s->bind.resolved = xstrdup("/srv/odd \"name\" \xff\n");
		s->bind.id = model_id(model_find(s->bind.resolved));
	}
	v = policy_judge(c.plan, some_hash, c.host, set);
	assert_non_null(find_advice(v, want));
	after = new_set("t", text);
	again = policy_judge(c.plan, some_hash, c.host, after);
	assert_true(again->permitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_star_stands_for_any_run_of_characters),
		cmocka_unit_test(
			a_long_pattern_of_stars_is_tried_in_linear_time),
		cmocka_unit_test(a_path_that_does_not_exist_matches_nothing),
		cmocka_unit_test(
			the_same_inode_of_another_filesystem_is_another_object),
		cmocka_unit_test(an_equal_path_string_permits_nothing),
		cmocka_unit_test(
			a_denial_says_the_narrowest_line_that_permits_it),
		cmocka_unit_test(what_is_advised_permits_when_it_is_written),
		cmocka_unit_test(
			advice_about_an_odd_name_is_quoted_and_permits_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
