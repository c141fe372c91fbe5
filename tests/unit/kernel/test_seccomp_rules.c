/*
 * test_seccomp_rules.c - what rules mean when they meet: denials beside
 * allows, two tests of one argument, contradictions, and what is reported.
 */
#include "seccomp_check.h"

static int make(const char *json, struct compiled *c, struct err *e)
{
	if (parse(json, "amd64", 0, &c->p, e) < 0)
		return -1;
	return seccomp_compile("test", &c->p, c->filters, &c->n, e);
}

/* ---- what libseccomp loses ---- */

static uint32_t ask(const struct compiled *c, int nr, uint64_t a0, uint64_t a1)
{
	const struct seccomp_data d = { .nr = nr,
					.arch = oracle_machines[0].audit,
					.args = { a0, a1 } };

	return seccomp_emulate(c->filters, c->n, &d);
}

#define ALLOW	 SECCOMP_RET_ALLOW
#define ERRNO(n) (SECCOMP_RET_ERRNO | (n))
#define SOCKET	 41 /* amd64 */

static void a_denial_beside_an_allow_of_the_same_call_holds(void **state)
{
	static const char *const orders[] = {
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"errnoRet\":97,\"args\":[{\"index\":0,\"value\":40,"
		"\"op\":\"SCMP_CMP_EQ\"}]}]}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\","
		"\"errnoRet\":97,\"args\":[{\"index\":0,\"value\":40,"
		"\"op\":\"SCMP_CMP_EQ\"}]},"
		"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\"}]}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		AUTO(compiled_done) struct compiled c = { 0 };
		struct err e = ERR_INIT;

		assert_ok(make(orders[i], &c, &e), &e);
		assert_int_equal(c.n, 2);
		assert_string_equal(c.filters[1].name, "test/deny");
		assert_int_equal(ask(&c, SOCKET, 40, 0), ERRNO(97));
		assert_int_equal(ask(&c, SOCKET, 1, 0), ALLOW);
		assert_int_equal(ask(&c, SOCKET, 41, 0), ALLOW);
	}
}

static void a_denial_with_the_default_errno_holds_beside_an_allow(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(make("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		       "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\"},"
		       "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\","
		       "\"args\":[{\"index\":0,\"value\":40,"
		       "\"op\":\"SCMP_CMP_EQ\"}]}]}",
		       &c, &e),
		  &e);
	assert_int_equal(ask(&c, SOCKET, 40, 0), ERRNO(1));
	assert_int_equal(ask(&c, SOCKET, 2, 0), ALLOW);
}

#define NOT_38_NOT_40                                                          \
	"\"args\":[{\"index\":0,\"value\":40,\"op\":\"SCMP_CMP_NE\"},"         \
	"{\"index\":0,\"value\":38,\"op\":\"SCMP_CMP_NE\"}]"

static void two_unequal_tests_of_one_argument_both_hold(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(make("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		       "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_"
		       "ALLOW\"," NOT_38_NOT_40 "}]}",
		       &c, &e),
		  &e);
	assert_int_equal(ask(&c, SOCKET, 40, 0), ERRNO(1));
	assert_int_equal(ask(&c, SOCKET, 38, 0), ERRNO(1));
	assert_int_equal(ask(&c, SOCKET, 39, 0), ALLOW);
	assert_int_equal(ask(&c, SOCKET, 40 | 1ull << 32, 0), ALLOW);
}

static void a_range_in_one_rule_is_a_range(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(make("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
		       "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\","
		       "\"args\":[{\"index\":0,\"value\":5,"
		       "\"op\":\"SCMP_CMP_GE\"},{\"index\":0,\"value\":9,"
		       "\"op\":\"SCMP_CMP_LT\"}]}]}",
		       &c, &e),
		  &e);
	for (uint64_t v = 0; v < 16; v++)
		assert_int_equal(ask(&c, SOCKET, v, 0),
				 v >= 5 && v < 9 ? ALLOW : ERRNO(1));
	assert_int_equal(ask(&c, SOCKET, 1ull << 32 | 6, 0), ERRNO(1));
}

static void two_allows_that_exclude_nothing_are_refused(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(make("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
			"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\","
			"\"args\":[{\"index\":0,\"value\":40,"
			"\"op\":\"SCMP_CMP_NE\"}]},"
			"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\","
			"\"args\":[{\"index\":0,\"value\":38,"
			"\"op\":\"SCMP_CMP_NE\"}]}]}",
			&c, &e),
		   &e, ERR_INPUT, "put both tests into one rule");
}

#define CONTRADICTION                                                          \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["                 \
	"{\"names\":[\"setns\"],\"action\":\"SCMP_ACT_ALLOW\"},"               \
	"{\"names\":[\"setns\"],\"action\":\"SCMP_ACT_ERRNO\","                \
	"\"errnoRet\":13}]}"
#define SETNS 308

static void rules_that_contradict_each_other_are_refused(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(make(CONTRADICTION, &c, &e), &e, ERR_INPUT,
		   "setns: ERRNO 13 (syscalls[1]) and ALLOW (syscalls[0])");
	assert_int_equal(c.n, 0);
}

static void a_tolerant_compiler_takes_the_stricter_of_two(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(CONTRADICTION, "amd64", 0, &c.p, &e), &e);
	c.p.tolerant = true;
	assert_ok(seccomp_compile("t", &c.p, c.filters, &c.n, &e), &e);
	assert_int_equal(ask(&c, SETNS, 0, 0), ERRNO(13));
}

/* ---- findings ---- */

#define ONE(rule)                                                              \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" rule "]}"
#define TWO(a, b) ONE(a "," b)
#define RULE(name, act, more)                                                  \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" act "\"" more "}"
#define ARG(i, op, v)                                                          \
	",\"args\":[{\"index\":" #i ",\"value\":" #v ",\"op\":\"SCMP_CMP_" op  \
	"\"}]"

#define BOTH(op, v, op2, v2)                                                   \
	",\"args\":[{\"index\":0,\"value\":" #v ",\"op\":\"SCMP_CMP_" #op      \
	"\"},{\"index\":0,\"value\":" #v2 ",\"op\":\"SCMP_CMP_" #op2 "\"}]"

static const struct {
	const char *json;
	enum seccomp_finding_kind kind;
	bool fatal;
	const char *part;
} findings[] = {
	{ TWO(RULE("read", "ALLOW", ""), RULE("read", "ALLOW", "")),
	  FINDING_SHADOWED, false, "say the same" },
	{ TWO(RULE("read", "KILL", ""), RULE("read", "ALLOW", "")),
	  FINDING_CONTRADICTION, true, "KILL_THREAD (syscalls[0])" },
	{ TWO(RULE("read", "KILL", ""), RULE("read", "ALLOW", ARG(0, "EQ", 1))),
	  FINDING_SHADOWED, false, "always decides before" },
	{ ONE(RULE("read", "ERRNO", "")), FINDING_DEFAULT, false,
	  "what happens without it" },
	{ ONE(RULE("read", "ERRNO", ARG(0, "EQ", 1))), FINDING_DEFAULT, false,
	  "what happens without it" },
	{ ONE(RULE("no_such_call", "ALLOW", "")), FINDING_UNKNOWN, false,
	  "no_such_call" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[" RULE(
		  "no_such_call", "ERRNO", "") "]}",
	  FINDING_UNKNOWN, true, "would not hold" },
	{ ONE(RULE("read", "ALLOW", ARG(0, "LT", 0))), FINDING_NEVER, false,
	  "no value passes" },
	{ ONE(RULE("read", "ALLOW", BOTH(GE, 9, LT, 9))), FINDING_NEVER, false,
	  "no value passes" },
	{ ONE(RULE("read", "ALLOW", BOTH(EQ, 1, EQ, 2))), FINDING_NEVER, false,
	  "no value passes" },
	{ TWO(RULE("read", "ALLOW", ARG(0, "EQ", 7)),
	      RULE("read", "KILL", ARG(0, "GE", 5))),
	  FINDING_SHADOWED, false, "always decides before" },
	{ TWO(RULE("read", "LOG", ARG(0, "LT", 5)),
	      RULE("read", "ALLOW", ARG(0, "LE", 4))),
	  FINDING_CONTRADICTION, true, "contradict" },
	{ TWO(RULE("ioctl", "ALLOW", ""),
	      RULE("ioctl", "ERRNO", ARG(1, "EQ", 21522))),
	  FINDING_WIDE, false, "high bits" },
	{ ONE(RULE("read", "ERRNO", ",\"errnoRet\":0")), FINDING_SUCCESS, false,
	  "reports success" },
	{ TWO(RULE("socket", "ALLOW", ""),
	      RULE("socket", "ERRNO", ",\"otherwise\":true")),
	  FINDING_SHADOWED, false, "never decides" },
	{ TWO(RULE("socket", "ERRNO", ",\"errnoRet\":97,\"otherwise\":true"),
	      RULE("socket", "ERRNO", ",\"otherwise\":true")),
	  FINDING_CONTRADICTION, true, "contradict" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":["
	  "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X32\"]}",
	  FINDING_ARCH, false, "SCMP_ARCH_X32" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":["
	  "\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]}",
	  FINDING_FLAG, false, "listener" },
};

static void each_flaw_of_a_profile_is_found_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(findings); i++) {
		AUTO(seccomp_report_done) struct seccomp_report r = { 0 };
		AUTO(compiled_done) struct compiled c = { 0 };
		struct err e = ERR_INIT;
		int rc;

		assert_ok(parse(findings[i].json, "amd64", 0, &c.p, &e), &e);
		assert_ok(seccomp_check(&c.p, &r, &e), &e);
		if (!r.n)
			fail_msg("nothing found in %s", findings[i].json);
		assert_int_equal(r.v[0].kind, findings[i].kind);
		assert_int_equal(r.v[0].fatal, findings[i].fatal);
		assert_non_null(seccomp_finding_word(r.v[0].kind));
		if (!strstr(r.v[0].text, findings[i].part))
			fail_msg("\"%s\" lacks \"%s\"", r.v[0].text,
				 findings[i].part);
		rc = seccomp_compile("t", &c.p, c.filters, &c.n, &e);
		assert_int_equal(rc, findings[i].fatal ? -1 : 0);
	}
}

static void a_notifying_profile_is_refused(void **state)
{
	AUTO(compiled_done) struct compiled c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(make(ONE(RULE("mount", "NOTIFY", "")), &c, &e), &e,
		   ERR_INPUT, "listener");
}

static void an_unknown_machine_is_refused(void **state)
{
	struct seccomp_profile p = { .arch = (char *)"pdp11" };
	struct blob b[SECCOMP_STACK_MAX];
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	assert_err(seccomp_compile("t", &p, b, &n, &e), &e, ERR_HOST, "pdp11");
}

static void a_filter_larger_than_the_kernel_takes_is_refused(void **state)
{
	struct seccomp_arg args[2000];
	char *names[] = { (char *)"read", NULL };
	struct seccomp_rule rule = { .names = names,
				     .act = SECCOMP_ACT_ALLOW,
				     .args = args,
				     .n_args = ARRAY_SIZE(args) };
	struct seccomp_profile p = { .arch = (char *)"amd64",
				     .dflt = SECCOMP_ACT_ERRNO,
				     .rules = &rule,
				     .n_rules = 1 };
	struct blob b[SECCOMP_STACK_MAX];
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(args); i++)
		args[i] = (struct seccomp_arg){ .op = CMP_NE, .value = i };
	assert_err(seccomp_compile("t", &p, b, &n, &e), &e, ERR_LIMIT, "4096");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_denial_beside_an_allow_of_the_same_call_holds),
		cmocka_unit_test(
			a_denial_with_the_default_errno_holds_beside_an_allow),
		cmocka_unit_test(two_unequal_tests_of_one_argument_both_hold),
		cmocka_unit_test(a_range_in_one_rule_is_a_range),
		cmocka_unit_test(two_allows_that_exclude_nothing_are_refused),
		cmocka_unit_test(rules_that_contradict_each_other_are_refused),
		cmocka_unit_test(a_tolerant_compiler_takes_the_stricter_of_two),
		cmocka_unit_test(each_flaw_of_a_profile_is_found_and_named),
		cmocka_unit_test(a_notifying_profile_is_refused),
		cmocka_unit_test(an_unknown_machine_is_refused),
		cmocka_unit_test(
			a_filter_larger_than_the_kernel_takes_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
