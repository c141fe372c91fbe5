/*
 * test_policies.c - engine/policies: which files are read, by whom they may be
 * written, in which layer they stand, what their paths mean.
 */
#include "unit.h"
#include <errno.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/policies.h"

#define USER_DIR ".config/immure/policy.d"

/* A home with a directory for policies, and the shipped policy beside this
 * program, where an uninstalled one looks for it. */
static struct {
	char home[64];
	int fd;
	char *shipped;
	bool installed; /* then that one is read */
	struct host host;
} t;

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = openat(t.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int setup(void **state)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	auto_free char *dir = NULL;
	int fd;

	(void)state;
	t.shipped = path_join(DATADIR, "policy/default.policy");
	t.installed = path_is_there(t.shipped);
	if (t.installed)
		return 0;
	free(t.shipped);
	if (n < 0)
		return -1;
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	*strrchr(self, '/') = '\0';
	dir = path_join(self, "policy");
	t.shipped = path_join(dir, "default.policy");
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -1;
	fd = open(t.shipped, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || fd_write_all(fd, "permit any\n", 11))
		return -1;
	close(fd);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (!t.installed)
		unlink(t.shipped);
	free(t.shipped);
	return 0;
}

static int make_home(void **state)
{
	(void)state;
	t.fd = unit_make_dir(t.home);
	t.host = (struct host){ .uid = geteuid(), .home = t.home };
	return t.fd < 0 || mkdirat(t.fd, ".config", 0755) ||
	       mkdirat(t.fd, ".config/immure", 0755) ||
	       mkdirat(t.fd, USER_DIR, 0755);
}

static int remove_home(void **state)
{
	(void)state;
	close(t.fd);
	unit_remove_dir(t.home);
	return 0;
}

static struct policy_set *load(void)
{
	struct err e = ERR_INIT;
	struct policy_set *s = policies_load(&t.host, &e);

	if (!s)
		fail_msg("%s", e.msg);
	return s;
}

static void refused(enum err_kind kind, const char *part)
{
	struct err e = ERR_INIT;

	assert_null(policies_load(&t.host, &e));
	if (e.kind != kind || !strstr(e.msg, part))
		fail_msg("%s: %s; expected \"%s\"", err_word(e.kind), e.msg,
			 part);
}

static const struct rule *last_rule(const struct policy_set *s)
{
	const struct policy *p = &s->layers[s->n - 1];

	assert_true(p->n > 0);
	return &p->rules[p->n - 1];
}

static void without_files_of_the_user_there_is_one_layer(void **state)
{
	struct policy_set *s = load();

	(void)state;
	assert_int_equal(s->n, 1);
	assert_string_equal(s->layers[0].file, t.shipped);
	policy_set_free(s);
	/* nor without the directory, nor without a home */
	assert_int_equal(unlinkat(t.fd, USER_DIR, AT_REMOVEDIR), 0);
	s = load();
	assert_int_equal(s->n, 1);
	policy_set_free(s);
	t.host.home = NULL;
	s = load();
	assert_int_equal(s->n, 1);
	policy_set_free(s);
}

static void files_of_the_user_are_a_layer_in_name_order(void **state)
{
	struct policy_set *s;

	(void)state;
	put(USER_DIR "/20.policy", "deny bind\n", 0600);
	put(USER_DIR "/10.policy", "permit any\n", 0644);
	put(USER_DIR "/30.policy~", "garbage\n", 0644);
	put(USER_DIR "/.40.policy", "garbage\n", 0644);
	put(USER_DIR "/README", "garbage\n", 0644);
	s = load();
	assert_int_equal(s->n, 2);
	assert_int_equal(s->layers[1].n, 2);
	assert_int_equal(s->layers[1].rules[0].action, RULE_PERMIT);
	assert_int_equal(s->layers[1].rules[1].action, RULE_DENY);
	assert_non_null(strstr(last_rule(s)->file, "/20.policy"));
	assert_int_equal(last_rule(s)->line, 1);
	policy_set_free(s);
}

static void what_others_may_write_is_refused(void **state)
{
	static const mode_t modes[] = { 0620, 0602, 0666 };

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		put(USER_DIR "/1.policy", "permit any\n", modes[i]);
		refused(ERR_INPUT, "chmod go-w");
	}
	put(USER_DIR "/1.policy", "permit any\n", 0644);
	policy_set_free(load());
	assert_int_equal(fchmodat(t.fd, USER_DIR, 0775, 0), 0);
	refused(ERR_INPUT, "policy.d");
}

static void what_belongs_to_others_is_refused(void **state)
{
	(void)state;
	put(USER_DIR "/1.policy", "permit any\n", 0644);
	t.host.uid = geteuid() + 1; /* as if we were another */
	if (geteuid() == 0) {	    /* root's are everybody's */
		policy_set_free(load());
		if (fchownat(t.fd, USER_DIR "/1.policy", 4711, 0, 0))
			skip(); /* this root may not give files away */
	}
	refused(ERR_INPUT, "others could change");
}

static void what_is_no_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkfifoat(t.fd, USER_DIR "/1.policy", 0600), 0);
	refused(ERR_INPUT, "not a regular file");
	assert_int_equal(unlinkat(t.fd, USER_DIR "/1.policy", 0), 0);
	assert_int_equal(symlinkat("none", t.fd, USER_DIR "/1.policy"), 0);
	refused(ERR_SYS, "1.policy");
}

static void a_bad_word_names_its_place(void **state)
{
	(void)state;
	put(USER_DIR "/1.policy", "permit any\n\nperm bind\n", 0644);
	refused(ERR_INPUT, "1.policy:3");
}

static void paths_of_rules_become_objects(void **state)
{
	struct policy_set *s;
	struct rule_cond *c;
	struct stat st;

	(void)state;
	assert_int_equal(mkdirat(t.fd, "data", 0755), 0);
	assert_int_equal(symlinkat("data", t.fd, "link"), 0);
	put(USER_DIR "/1.policy",
	    "permit bind path ~/link\ndeny bind under ~/none\n", 0644);
	s = load();
	assert_int_equal(fstatat(t.fd, "data", &st, 0), 0);
	c = &s->layers[1].rules[0].conds[0];
	assert_true(c->is_path && c->has_id);
	assert_int_equal(c->id.dev, st.st_dev);
	assert_int_equal(c->id.ino, st.st_ino);
	assert_int_equal(fstat(t.fd, &st), 0);
	assert_int_equal(c->parents[0].ino, st.st_ino);
	/* no such object: it can be none that is bound */
	c = &s->layers[1].rules[1].conds[0];
	assert_true(c->is_path);
	assert_false(c->has_id);
	policy_set_free(s);
}

/* /etc/passwd and /etc/group have root everywhere. */
static void users_and_groups_of_rules_become_ids(void **state)
{
	struct policy_set *s;
	const struct policy *p;

	(void)state;
	put(USER_DIR "/1.policy",
	    "permit any peer root\npermit any peer-group root\n"
	    "permit any peer 4242\n",
	    0644);
	s = load();
	p = &s->layers[1];
	assert_int_equal(p->rules[0].conds[0].number, 0);
	assert_int_equal(p->rules[1].conds[0].number, 0);
	assert_int_equal(p->rules[2].conds[0].number, 4242);
	policy_set_free(s);
	put(USER_DIR "/1.policy", "permit any\ndeny any peer no_such_user\n",
	    0644);
	refused(ERR_INPUT, "1.policy:2: peer no_such_user: no such name in "
			   "/etc/passwd");
	put(USER_DIR "/1.policy", "deny any peer-group no_such_group\n", 0644);
	refused(ERR_INPUT, "no such name in /etc/group");
}

static void a_named_file_stands_in_for_the_users(void **state)
{
	auto_free char *path = path_join(t.home, "mine");
	struct err e = ERR_INIT;
	struct policy_set *s;

	(void)state;
	put(USER_DIR "/1.policy", "deny any\n", 0644);
	put("mine", "permit any\n", 0644);
	s = policies_load_file(&t.host, path, &e);
	if (!s)
		fail_msg("%s", e.msg);
	assert_int_equal(s->n, 2);
	assert_string_equal(s->layers[0].file, t.shipped);
	assert_string_equal(s->layers[1].file, path);
	assert_int_equal(s->layers[1].n, 1);
	policy_set_free(s);
	put("mine", "permit any\n", 0666);
	assert_null(policies_load_file(&t.host, path, &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

static void without_the_shipped_policy_nothing_is_judged(void **state)
{
	auto_free char *away = xasprintf("%s~", t.shipped);

	(void)state;
	if (t.installed)
		skip(); /* not ours to take away */
	assert_int_equal(rename(t.shipped, away), 0);
	refused(ERR_HOST, "default.policy");
	assert_int_equal(rename(away, t.shipped), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_home, remove_home)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_files_of_the_user_there_is_one_layer),
		TEST(files_of_the_user_are_a_layer_in_name_order),
		TEST(what_others_may_write_is_refused),
		TEST(what_belongs_to_others_is_refused),
		TEST(what_is_no_file_is_refused),
		TEST(a_bad_word_names_its_place),
		TEST(paths_of_rules_become_objects),
		TEST(users_and_groups_of_rules_become_ids),
		TEST(a_named_file_stands_in_for_the_users),
		TEST(without_the_shipped_policy_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
