/*
 * test_policy_text.c - the language of policy files: what is a rule, what is
 * refused and where, and that everything it knows is documented.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/policy_text.h"

static int parse(const char *text, struct policy *p, struct err *e)
{
	return policy_text_parse("t.policy", text, strlen(text), p, e);
}

/* ---- what is a rule ---- */

static void a_rule_has_action_subject_and_conditions(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;
	const struct rule *r;

	(void)state;
	assert_ok(parse("# head\n\n\tdeny  bind kind socket under /run # why\n",
			&p, &e),
		  &e);
	assert_int_equal(p.n, 1);
	assert_string_equal(p.file, "t.policy");
	r = &p.rules[0];
	assert_int_equal(r->action, RULE_DENY);
	assert_int_equal(r->subject, SUBJECT_BIND);
	assert_string_equal(r->what, "bind");
	assert_int_equal(r->line, 3);
	assert_int_equal(r->column, 2);
	assert_string_equal(r->text, "deny  bind kind socket under /run");
	assert_string_equal(r->file, "t.policy");
	assert_int_equal(r->n_conds, 2);
	assert_int_equal(r->conds[0].id_key, KEY_KIND);
	assert_string_equal(r->conds[0].value, "socket");
	assert_false(r->conds[0].is_path);
	assert_int_equal(r->conds[1].id_key, KEY_UNDER);
	assert_string_equal(r->conds[1].value, "/run");
	assert_true(r->conds[1].is_path);
	assert_false(r->conds[1].has_id);
}

/* Each is a whole file and has this many rules. */
static const struct {
	const char *text;
	size_t rules;
} accepted[] = {
	{ "", 0 },
	{ "\n\n", 0 },
	{ "# only a comment", 0 },
	{ "permit any", 1 },
	{ "permit any\n", 1 },
	{ "permit any\ndeny privileged", 2 },
	{ "permit\tbind\tro", 1 },
	{ "permit bind", 1 },
	{ "permit bind ro owner self kind dir under /srv to /data", 1 },
	{ "permit bind path /", 1 },
	{ "permit bind under ~", 1 },
	{ "permit bind under ~/src", 1 },
	{ "permit bind path \"/srv/with blank\"", 1 },
	{ "permit bind path \"/srv/#x\"", 1 },
	{ "permit bind path /srv/a#b", 1 },
	{ "permit bind path \"/srv/\\xff\\\"\\\\\"", 1 },
	{ "permit bind path /srv/\xc3\xa9", 1 },
	{ "deny bind protected # Gr\xc3\xbc\xc3\x9f", 1 },
	{ "permit device standard", 1 },
	{ "permit device rw path /dev/kvm", 1 },
	{ "permit capability", 1 },
	{ "permit capability NET_ADMIN", 1 },
	{ "permit capability cap_net_admin", 1 },
	{ "permit capability compat", 1 },
	{ "permit namespace", 1 },
	{ "permit namespace host network", 1 },
	{ "permit unconfined", 1 },
	{ "permit unconfined no_new_privs", 1 },
	{ "permit missing label", 1 },
	{ "permit filesystem", 1 },
	{ "permit filesystem ro", 1 },
	{ "permit filesystem tmpfs rw to /tmp", 1 },
	{ "permit sysctl net.*", 1 },
	{ "permit mask-removal /proc/kcore", 1 },
	{ "permit user root", 1 },
	{ "limit pids 512", 1 },
	{ "limit pids unlimited", 1 },
	{ "limit storage 4g peer alice", 1 },
	{ "limit nofile 4k peer-group 100 peer 1000", 1 },
	{ "require seccomp", 1 },
	{ "require landlock abi 6 peer root", 1 },
	{ "require audit-log", 1 },
	{ "permit any peer alice", 1 },
	{ "permit bind above /run exec sockets unsearched", 1 },
	{ "permit device number 10:*", 1 },
	{ "permit image registry quay.io pinned", 1 },
	{ "permit label apparmor as immure-*", 1 },
	{ "permit label", 1 },
	{ "permit annotation \"value\" value x", 1 },
	{ "permit sysctl net.* value 1", 1 },
	{ "permit namespace host time", 1 },
	{ "deny abstract-sockets", 1 },
	{ "permit image name docker.io/library/*", 1 },
	{ "permit image name docker.io/library/debian:12", 1 },
	{ "permit image name *:latest", 1 },
	{ "permit profile seccomp file", 1 },
	{ "permit rootfs path /srv/root", 1 },
};

static void these_files_are_policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(accepted); i++) {
		AUTO(policy_done) struct policy p = { 0 };
		struct err e = ERR_INIT;

		if (parse(accepted[i].text, &p, &e) < 0)
			fail_msg("%s: %s", accepted[i].text, e.msg);
		if (p.n != accepted[i].rules)
			fail_msg("%s: %zu rules", accepted[i].text, p.n);
	}
}

/* ---- what is refused, and where ---- */

static const struct {
	const char *text, *place, *part;
} refused[] = {
	{ "allow bind", "1:1:", "permit" },
	{ "Permit bind", "1:1:", "permit" },
	{ "dney bind", "1:1:", "a rule begins with deny" },
	{ "\"permit\" bind", "1:1:", "unknown action" },
	{ "permit", "1:7:", "subject is missing" },
	{ "permit # bind", "1:8:", "subject is missing" },
	{ "permit binds", "1:8:", "did you mean bind" },
	{ "permit \"bind\"", "1:8:", "unknown subject" },
	{ "permit xyzzyplugh", "1:8:", "see immure-policy(5)" },
	{ "permit any\n\n  deny bnid", "3:8:", "did you mean bind" },
	{ "permit bind kinds socket", "1:13:", "did you mean kind" },
	{ "permit bind standard", "1:13:", "of bind; known: ro rw kind" },
	{ "permit device kind char", "1:15:", "unknown condition \"kind\"" },
	{ "permit privileged ro", "1:19:", "known: peer peer-group" },
	{ "permit any bind", "1:12:", "known: peer peer-group" },
	{ "permit bind kind", "1:17:", "\"kind\" needs a value" },
	{ "permit bind kind pipe", "1:18:", "one of: file dir socket fifo" },
	{ "permit bind owner me", "1:19:", "one of: self root other" },
	{ "permit bind ro rw", "1:1:", "exclude each other" },
	{ "permit bind ro ro", "1:16:", "said twice" },
	{ "permit bind path /a path /b", "1:21:", "said twice" },
	{ "permit bind path srv", "1:18:", "not absolute" },
	{ "permit bind path ~u/x", "1:18:", "not absolute" },
	{ "permit bind to ~/x", "1:16:", "not absolute" },
	{ "permit bind path /a/../b", "1:18:", "write /b" },
	{ "permit bind path /a/", "1:18:", "write /a" },
	{ "permit bind path //a", "1:18:", "write /a" },
	{ "permit bind under ~/a/../../b", "1:19:", "write ~/b" },
	{ "permit capability NET_ADMINN", "1:19:", "no capability" },
	{ "permit capability all", "1:19:", "no capability" },
	{ "permit namespace network", "1:18:", "known: host" },
	{ "permit namespace host net", "1:23:", "one of: user mount pid" },
	{ "permit unconfined selinux", "1:19:", "one of: seccomp" },
	{ "permit unconfined seccomp landlock", "1:27:", "known: peer" },
	{ "permit user 0", "1:13:", "one of: root" },
	{ "limit pids many", "1:12:", "number (k, m, g may follow)" },
	{ "limit pids -1", "1:12:", "number (k" },
	{ "limit pids 99999999999999999999", "1:12:", "number (k" },
	{ "limit pids", "1:11:", "how much of pids" },
	{ "limit", "1:6:", "what does it limit" },
	{ "limit peer alice", "1:7:", "what does it limit" },
	{ "limit swap 5", "1:7:", "one of: pids memory" },
	{ "limit pids 5 6", "1:14:", "known: peer peer-group" },
	{ "permit limit pids 5", "1:8:", "write limit RESOURCE" },
	{ "deny limit", "1:6:", "write limit RESOURCE" },
	{ "require", "1:8:", "what does it require" },
	{ "require walls", "1:9:", "one of: seccomp landlock" },
	{ "require seccomp abi 6", "1:1:", "abi belongs to" },
	{ "require landlock abi six", "1:22:", "write a number" },
	{ "require \"seccomp", "1:9:", "has no end" },
	{ "permit any peer", "1:16:", "needs a value" },
	{ "permit any peer a/b", "1:17:", "write a name or an id" },
	{ "permit any peer 4294967296", "1:17:", "no such id" },
	{ "permit bind above srv", "1:19:", "not absolute" },
	{ "permit require seccomp", "1:8:", "unknown subject" },
	{ "limt pids 5", "1:1:", "a rule begins with limit" },
	{ "permit image name debian:12", "1:19:", "not a full one" },
	{ "permit image name docker.io/library/debian", "1:19:", "full one" },
	{ "permit image digest sha256:abc", "1:21:", "write it whole" },
	{ "permit bind path \"/a", "1:18:", "has no end" },
	{ "permit bind path \"/a\"x", "1:22:", "a blank must follow" },
	{ "permit bind path /a\"b\"", "1:20:", "quote the whole word" },
	{ "permit bind path /a\\ b", "1:20:", "quote the whole word" },
	{ "permit bind path \"/\\n\"", "1:21:", "unknown escape" },
	{ "permit bind path \"/\\x00\"", "1:21:", "not 00" },
	{ "permit bind path \"/\\xFF\"", "1:21:", "0-9a-f" },
	{ "permit bind path \"/\\x4", "1:21:", "unknown escape" },
	{ "permit bind path \"\"", "1:18:", "1 to 4095" },
	{ "permit any\r\n", "1:11:", "end lines with \\n alone" },
	{ "permit any # \x1b[2K", "1:14:", "0x1b" },
	{ "permit any # \xe2\x80\xae", "1:14:", "not printable" },
	{ "permit bind path /\xff", "1:19:", "not printable UTF-8" },
};

static void every_error_names_its_line_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		auto_free char *start =
			xasprintf("t.policy:%s ", refused[i].place);
		AUTO(policy_done) struct policy p = { 0 };
		struct err e = ERR_INIT;

		if (parse(refused[i].text, &p, &e) >= 0)
			fail_msg("accepted: %s", refused[i].text);
		if (e.kind != ERR_INPUT ||
		    strncmp(e.msg, start, strlen(start)) != 0 ||
		    !strstr(e.msg, refused[i].part))
			fail_msg("%s\n\t%s", refused[i].text, e.msg);
		assert_null(p.rules);
	}
}

static void a_nul_byte_is_refused(void **state)
{
	static const char text[] = "permit any\0deny any";
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(policy_text_parse("t", text, sizeof(text) - 1, &p, &e), &e,
		   ERR_INPUT, "t:1:11: byte 0x00");
}

static void a_file_that_is_too_large_is_refused(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	while (b.len <= POLICY_MAX)
		buf_str(&b, "# a comment that says nothing\n");
	assert_err(policy_text_parse("t", b.p, b.len, &p, &e), &e, ERR_LIMIT,
		   "at most 262144");
}

static void too_many_rules_or_words_are_refused(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	AUTO(buf_done) struct buf rules = BUF_INIT, words = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < 8193; i++)
		buf_str(&rules, "deny any\n");
	assert_err(policy_text_parse("t", rules.p, rules.len, &p, &e), &e,
		   ERR_INPUT, "t:8193:1: more than 8192 rules");
	buf_str(&words, "permit bind");
	for (int i = 0; i < 64; i++)
		buf_str(&words, " ro");
	assert_err(policy_text_parse("t", words.p, words.len, &p, &e), &e,
		   ERR_INPUT, "more than 64 words");
}

static void a_long_file_name_leaves_room_for_the_reason(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;
	char name[4096];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_err(policy_text_parse(name, "x", 1, &p, &e), &e, ERR_INPUT,
		   ":1:1: unknown action \"x\"");
}

/* ---- values ---- */

static void quotes_and_escapes_give_bytes(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse("permit bind path \"/a b/\\\"\\\\\\x0a\\xff\"", &p, &e),
		  &e);
	assert_string_equal(p.rules[0].conds[0].value, "/a b/\"\\\n\xff");
}

static void capabilities_have_one_spelling_inside(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse("permit capability cap_sys_chroot", &p, &e), &e);
	assert_string_equal(p.rules[0].conds[0].value, "SYS_CHROOT");
}

static void a_path_in_the_home_directory_follows_the_callers_home(void **state)
{
	AUTO(policy_done) struct policy p = { 0 };
	struct err e = ERR_INIT;
	char *path;

	(void)state;
	assert_ok(parse("permit bind under ~/src path ~ to /x", &p, &e), &e);
	path = policy_cond_path(&p.rules[0].conds[0], "/home/u");
	assert_string_equal(path, "/home/u/src");
	free(path);
	assert_null(policy_cond_path(&p.rules[0].conds[0], NULL));
	path = policy_cond_path(&p.rules[0].conds[1], "/home/u");
	assert_int_equal(strncmp(path, "/home/u", 7), 0);
	free(path);
	assert_null(policy_cond_path(&p.rules[0].conds[2], "/home/u"));
}

static void an_extended_policy_keeps_each_rules_own_place(void **state)
{
	AUTO(policy_done) struct policy base = { 0 }, more = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse("permit any", &base, &e), &e);
	assert_ok(policy_text_parse("more", "\ndeny any", 9, &more, &e), &e);
	policy_extend(&base, &more);
	assert_int_equal(base.n, 2);
	assert_string_equal(base.file, "t.policy");
	assert_string_equal(base.rules[1].file, "more");
	assert_int_equal(base.rules[1].line, 2);
	assert_int_equal(more.n, 0);
	assert_null(more.rules);
}

/* ---- what is shipped ---- */

static const char *const shipped[] = { "default", "strict", "multi-tenant",
				       "developer", "build" };

static void the_shipped_policies_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shipped); i++) {
		auto_free char *path =
			xasprintf("policy/%s.policy", shipped[i]);
		AUTO(policy_done) struct policy p = { 0 };
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct err e = ERR_INIT;

		assert_ok(file_read(path, POLICY_MAX, &b, &e), &e);
		assert_ok(policy_text_parse(path, b.p, b.len, &p, &e), &e);
		assert_true(p.n > 10);
	}
}

/* Every word of the language, once. */
static const char *const words[] = {
#define X(id, word, first, text) word,
	POLICY_SUBJECTS(X)
#undef X
#define X(id, word, value, text, meaning) word, text,
		POLICY_KEYS(X)
#undef X
};

/* The first of the words (separated by blanks) that `text` lacks, or NULL. */
static char *find_missing(const char *text, const char *list)
{
	AUTO(strv_free) char **v = strv_split(list, ' ');

	strv_foreach (word, v)
		if (!strstr(text, *word))
			return xstrdup(*word);
	return NULL;
}

static void says_every_word(const char *file)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_ok(file_read(file, 1 << 20, &b, &e), &e);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		auto_free char *missing = find_missing(b.p, words[i]);

		if (missing)
			fail_msg("%s says nothing of %s", file, missing);
	}
}

static void every_word_is_in_the_manual_and_on_the_page(void **state)
{
	(void)state;
	says_every_word("policy/README.md");
	says_every_word("src/man/immure-policy.5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_has_action_subject_and_conditions),
		cmocka_unit_test(these_files_are_policies),
		cmocka_unit_test(every_error_names_its_line_and_column),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(a_file_that_is_too_large_is_refused),
		cmocka_unit_test(too_many_rules_or_words_are_refused),
		cmocka_unit_test(a_long_file_name_leaves_room_for_the_reason),
		cmocka_unit_test(quotes_and_escapes_give_bytes),
		cmocka_unit_test(capabilities_have_one_spelling_inside),
		cmocka_unit_test(
			a_path_in_the_home_directory_follows_the_callers_home),
		cmocka_unit_test(an_extended_policy_keeps_each_rules_own_place),
		cmocka_unit_test(the_shipped_policies_parse),
		cmocka_unit_test(every_word_is_in_the_manual_and_on_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
