/* test_build.c - plan/build: the phases, and what a plan says of itself. */
#include <sched.h>

#include "case.h"

static void the_subject_says_where_it_comes_from(void **state)
{
	static const struct {
		const char *text, *subject;
		bool is_image;
	} rows[] = {
		{ "image.cmd x",
		  "image docker.io/library/debian:12@sha256:d1ce", true },
		{ "root dir /srv/r\ncommand x", "rootfs /srv/r", false },
		{ "root host\ncommand x", "host", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = case_plan(rows[i].text);

		assert_string_equal(p->subject, rows[i].subject);
		assert_int_equal(p->image_name != NULL, rows[i].is_image);
		assert_int_equal(p->image_digest != NULL, rows[i].is_image);
		assert_int_equal(p->user_outer, 0);
	}
}

static void what_was_turned_off_is_a_fact_of_the_plan(void **state)
{
	static const struct {
		const char *line;
		bool privileged, no_nnp, no_seccomp, no_landlock;
	} rows[] = {
		{ "", false, false, false, false },
		{ "no_new_privs no", false, true, false, false },
		{ "seccomp unconfined", false, false, true, false },
		{ "landlock off", false, false, false, true },
		{ "landlock wanted", false, false, false, false },
		{ "privileged", true, true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].line);
		AUTO(plan_free) struct plan *p = case_plan(text);

		assert_int_equal(p->privileged, rows[i].privileged);
		assert_int_equal(p->no_nnp, rows[i].no_nnp);
		assert_int_equal(p->no_seccomp, rows[i].no_seccomp);
		assert_int_equal(p->no_landlock, rows[i].no_landlock);
	}
}

static void phases_never_go_back(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\ntty\nread_only\nkeep no\n"
				   "mount bind /a /b rw\nhostname h");
	enum phase last = PHASE_NS;

	(void)state;
	plan_foreach (s, p) {
		assert_true(op_phase(s->op) >= last);
		last = op_phase(s->op);
	}
	assert_int_equal(p->steps[p->n - 1].op, OP_EXEC);
	assert_int_equal(p->steps[p->n - 2].op, OP_VERIFY);
}

/* What is not the sandbox's own is not touched. */
static void only_namespaces_of_its_own_are_set_up(void **state)
{
	static const struct {
		const char *line;
		bool lo, name;
	} rows[] = {
		{ "hostname h", true, true },
		{ "network host\nhostname h", false, true },
		{ "uts host", true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].line);
		AUTO(plan_free) struct plan *p = case_plan(text);

		assert_int_equal(step_at(p, "loopback") >= 0, rows[i].lo);
		assert_int_equal(step_at(p, "hostname h") >= 0, rows[i].name);
	}
}

static void the_last_step_has_the_command_and_its_environment(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\ncommand a b c\nenv X=1");
	AUTO(plan_free) struct plan *bare = case_plan("image.cmd sh\ninit no");
	struct step *s = &p->steps[p->n - 1];

	(void)state;
	assert_int_equal(strv_len(s->exec.argv), 3);
	assert_string_equal(s->exec.argv[2], "c");
	assert_string_equal(strv_getenv(s->exec.env, "X"), "1");
	assert_true(s->exec.init);
	assert_false(bare->steps[bare->n - 1].exec.init);
}

/* ---- specs that come from elsewhere: from a bundle ---- */

/* The plan of a spec that `change` has changed. */
static struct plan *changed(void (*change)(struct spec *s), struct err *e)
{
	AUTO(case_free) struct test_case *c = case_parse("image.cmd x");
	AUTO(spec_free)
	struct spec *s = plan_resolve(c->r, c->image, &c->user, c->h, e);

	assert_non_null(s);
	case_engine(c, s);
	change(s);
	return plan_build(s, c->h, e);
}

static void has_no_command(struct spec *s)
{
	strv_free(TAKE(s->argv));
}

static void has_an_empty_command(struct spec *s)
{
	strv_free(TAKE(s->argv));
	s->argv = xcalloc(1, sizeof(*s->argv));
}

static void has_no_directory(struct spec *s)
{
	free(TAKE(s->cwd));
}

static void has_a_sysctl_without_value(struct spec *s)
{
	strv_add(&s->sysctls, "net.ipv4.ip_forward");
}

static void what_makes_no_container_is_a_bug(void **state)
{
	static const struct {
		void (*change)(struct spec *s);
		const char *part;
	} rows[] = {
		{ has_no_command, "without command" },
		{ has_an_empty_command, "without command" },
		{ has_no_directory, "or directory" },
		{ has_a_sysctl_without_value,
		  "sysctl net.ipv4.ip_forward has no value" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;

		assert_null(changed(rows[i].change, &e));
		assert_err(-1, &e, ERR_BUG, rows[i].part);
	}
}

static void has_sysctls(struct spec *s)
{
	strv_add(&s->sysctls, "net.ipv4.x=1");
	strv_add(&s->sysctls, "net.y=a=b");
	strv_add(&s->sysctls, "net.z=");
}

static void a_sysctl_is_divided_at_its_first_sign(void **state)
{
	static const char *const want[][2] = { { "net.ipv4.x", "1" },
					       { "net.y", "a=b" },
					       { "net.z", "" } };
	struct err e = ERR_INIT;
	AUTO(plan_free) struct plan *p = changed(has_sysctls, &e);
	size_t n = 0;

	(void)state;
	assert_non_null(p);
	plan_foreach (s, p) {
		if (s->op != OP_SYSCTL)
			continue;
		assert_string_equal(s->sysctl.name, want[n][0]);
		assert_string_equal(s->sysctl.value, want[n][1]);
		n++;
	}
	assert_int_equal(n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_subject_says_where_it_comes_from),
		cmocka_unit_test(what_was_turned_off_is_a_fact_of_the_plan),
		cmocka_unit_test(phases_never_go_back),
		cmocka_unit_test(only_namespaces_of_its_own_are_set_up),
		cmocka_unit_test(
			the_last_step_has_the_command_and_its_environment),
		cmocka_unit_test(what_makes_no_container_is_a_bug),
		cmocka_unit_test(a_sysctl_is_divided_at_its_first_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
