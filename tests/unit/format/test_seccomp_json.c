/*
 * test_seccomp_json.c - profiles as docker, podman and the runtime-spec write
 * them; everything unknown is refused by name.
 */
#include "unit.h"

#include <errno.h>
#include <linux/seccomp.h>
#include "base/file.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/seccomp_json.h"

#define CAP_SYS_ADMIN_BIT (1ull << 21)

static int parse_with(const char *json, const struct seccomp_facts *f,
		      struct seccomp_profile *p, struct err *e)
{
	const struct buf text = { .p = (char *)(uintptr_t)json,
				  .len = strlen(json) };

	return seccomp_json_parse("p.json", &text, f, p, e);
}

static int parse(const char *json, struct seccomp_profile *p, struct err *e)
{
	const struct seccomp_facts f = { .arch = "amd64",
					 .kernel_major = 5,
					 .kernel_minor = 10 };

	return parse_with(json, &f, p, e);
}

#define PROFILE(more) "{\"defaultAction\":\"SCMP_ACT_ERRNO\"" more "}"
#define RULES(rules)  PROFILE(",\"syscalls\":[" rules "]")
#define RULE(more)    RULES("{\"names\":[\"read\"]" more "}")
#define ALLOW	      ",\"action\":\"SCMP_ACT_ALLOW\""

static void a_default_without_errno_is_eperm(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(PROFILE(""), &p, &e), &e);
	assert_int_equal(p.dflt, SECCOMP_ACT_ERRNO);
	assert_int_equal(p.dflt_errno, EPERM);
	assert_int_equal(p.n_rules, 0);
	assert_string_equal(p.arch, "amd64");
	assert_null(p.arches);
	assert_false(p.tolerant);
}

static const struct {
	const char *word;
	enum seccomp_act act;
} actions[] = {
	{ "SCMP_ACT_KILL", SECCOMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_TRAP", SECCOMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SECCOMP_ACT_ERRNO },
	{ "SCMP_ACT_TRACE", SECCOMP_ACT_TRACE },
	{ "SCMP_ACT_NOTIFY", SECCOMP_ACT_NOTIFY },
	{ "SCMP_ACT_LOG", SECCOMP_ACT_LOG },
	{ "SCMP_ACT_ALLOW", SECCOMP_ACT_ALLOW },
};

static void every_action_of_the_spec_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
		struct err e = ERR_INIT;
		char json[256];

		snprintf(json, sizeof(json),
			 "{\"defaultAction\":\"%s\",\"syscalls\":[{\"name\":"
			 "\"read\",\"action\":\"%s\"}]}",
			 actions[i].word, actions[i].word);
		assert_ok(parse(json, &p, &e), &e);
		assert_int_equal(p.dflt, actions[i].act);
		assert_int_equal(p.rules[0].act, actions[i].act);
	}
}

static void every_operator_of_the_spec_is_known(void **state)
{
	static const char *const ops[] = { "NE", "LT", "LE",	   "EQ",
					   "GE", "GT", "MASKED_EQ" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
		struct err e = ERR_INIT;
		char json[256];

		snprintf(json, sizeof(json),
			 RULE(ALLOW ",\"args\":[{\"index\":%zu,\"value\":7,"
				    "\"op\":\"SCMP_CMP_%s\"}]"),
			 i % 6, ops[i]);
		assert_ok(parse(json, &p, &e), &e);
		assert_int_equal(p.rules[0].n_args, 1);
		assert_int_equal(p.rules[0].args[0].op, (enum seccomp_cmp)i);
		assert_int_equal(p.rules[0].args[0].index, i % 6);
		assert_int_equal(p.rules[0].args[0].value, 7);
	}
}

static void a_rule_keeps_all_that_it_says(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;
	const struct seccomp_rule *r;

	(void)state;
	assert_ok(parse(RULES("{\"name\":\"x\",\"action\":\"SCMP_ACT_ALLOW\","
			      "\"excludes\":{\"arches\":[\"amd64\"]}},"
			      "{\"names\":[\"clone\",\"fork\"],\"action\":"
			      "\"SCMP_ACT_ERRNO\",\"errnoRet\":13,\"comment\":"
			      "\"why\",\"includes\":{},\"excludes\":{},"
			      "\"args\":[{\"index\":0,\"value\":2114060288,"
			      "\"valueTwo\":5,\"op\":\"SCMP_CMP_MASKED_EQ\"},"
			      "{\"index\":0,\"value\":9223372036854775807,"
			      "\"op\":\"SCMP_CMP_NE\"}]}"),
			&p, &e),
		  &e);
	assert_int_equal(p.n_rules, 1);
	r = &p.rules[0];
	assert_int_equal(r->at, 1);
	assert_int_equal(strv_len(r->names), 2);
	assert_string_equal(r->names[1], "fork");
	assert_int_equal(r->err, 13);
	assert_int_equal(r->n_args, 2);
	assert_int_equal(r->args[0].value, 2114060288);
	assert_int_equal(r->args[0].value2, 5);
	assert_true(r->args[1].value == INT64_MAX);
}

static void an_otherwise_rule_is_marked(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(RULE(ALLOW ",\"otherwise\":true"), &p, &e), &e);
	assert_true(p.rules[0].otherwise);
}

static void podmans_errno_names_are_numbers(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse("{\"defaultAction\":\"SCMP_ACT_ERRNO\","
			"\"defaultErrno\":\"ENOSYS\",\"syscalls\":[{\"name\":"
			"\"read\",\"action\":\"SCMP_ACT_ERRNO\",\"errno\":"
			"\"EINVAL\",\"errnoRet\":22}]}",
			&p, &e),
		  &e);
	assert_int_equal(p.dflt_errno, ENOSYS);
	assert_int_equal(p.rules[0].err, EINVAL);
}

static void flags_become_the_kernels_bits(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(PROFILE(",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\","
				"\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\","
				"\"SECCOMP_FILTER_FLAG_TSYNC\"]"),
			&p, &e),
		  &e);
	assert_int_equal(p.flags, SECCOMP_FILTER_FLAG_LOG |
					  SECCOMP_FILTER_FLAG_SPEC_ALLOW |
					  SECCOMP_FILTER_FLAG_TSYNC);
}

static void the_machines_row_of_archmap_is_taken(void **state)
{
	static const char json[] =
		PROFILE(",\"archMap\":[{\"architecture\":\"SCMP_ARCH_AARCH64\","
			"\"subArchitectures\":[\"SCMP_ARCH_ARM\"]},"
			"{\"architecture\":\"SCMP_ARCH_X86_64\","
			"\"subArchitectures\":[\"SCMP_ARCH_X86\","
			"\"SCMP_ARCH_X32\"]}]");
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct seccomp_facts f = { .arch = "arm64" };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(json, &p, &e), &e);
	assert_int_equal(strv_len(p.arches), 3);
	assert_true(strv_has(p.arches, "SCMP_ARCH_X32"));
	seccomp_profile_done(&p);
	assert_ok(parse_with(json, &f, &p, &e), &e);
	assert_int_equal(strv_len(p.arches), 2);
	assert_true(strv_has(p.arches, "SCMP_ARCH_ARM"));
}

/* One rule with this condition; does it stay? Kernel 5.10, amd64. */
static const struct {
	const char *cond;
	uint64_t caps;
	bool stays;
} conditions[] = {
	{ "", 0, true },
	{ ",\"includes\":{},\"excludes\":{}", 0, true },
	{ ",\"includes\":null", 0, true },
	{ ",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", 0, false },
	{ ",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", CAP_SYS_ADMIN_BIT,
	  true },
	{ ",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\",\"CAP_BPF\"]}",
	  CAP_SYS_ADMIN_BIT, false },
	{ ",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", 0, true },
	{ ",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", CAP_SYS_ADMIN_BIT,
	  false },
	{ ",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\",\"CAP_BPF\"]}",
	  CAP_SYS_ADMIN_BIT, false },
	{ ",\"includes\":{\"arches\":[\"amd64\",\"x32\"]}", 0, true },
	{ ",\"includes\":{\"arches\":[\"arm64\"]}", 0, false },
	{ ",\"excludes\":{\"arches\":[\"arm64\",\"s390x\"]}", 0, true },
	{ ",\"excludes\":{\"arches\":[\"amd64\"]}", 0, false },
	{ ",\"includes\":{\"minKernel\":\"4.8\"}", 0, true },
	{ ",\"includes\":{\"minKernel\":\"5.10\"}", 0, true },
	{ ",\"includes\":{\"minKernel\":\"5.11\"}", 0, false },
	{ ",\"includes\":{\"minKernel\":\"6.0\"}", 0, false },
	{ ",\"excludes\":{\"minKernel\":\"4.20\"}", 0, false },
	{ ",\"excludes\":{\"minKernel\":\"5.11\"}", 0, true },
	{ ",\"includes\":{\"minKernel\":\"\"}", 0, true },
	{ ",\"includes\":{\"arches\":[\"amd64\"],\"caps\":[\"CAP_BPF\"]}", 0,
	  false },
};

static void includes_and_excludes_decide_as_docker_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
		const struct seccomp_facts f = { .arch = "amd64",
						 .caps = conditions[i].caps,
						 .kernel_major = 5,
						 .kernel_minor = 10 };
		struct err e = ERR_INIT;
		char json[512];

		snprintf(json, sizeof(json), RULE(ALLOW "%s"),
			 conditions[i].cond);
		assert_ok(parse_with(json, &f, &p, &e), &e);
		if ((p.n_rules == 1) != conditions[i].stays)
			fail_msg("%s", json);
	}
}

#define ARGS(arg) RULE(ALLOW ",\"args\":[{" arg "}]")
#define OP	  "\"op\":\"SCMP_CMP_EQ\""

static const struct {
	const char *json, *part;
} refused[] = {
	{ "", "p.json" },
	{ "[]", "expected an object" },
	{ "{}", "defaultAction is missing" },
	{ "{\"defaultAction\":null}", "defaultAction is missing" },
	{ "{\"defaultAction\":1}", "defaultAction" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALOW\"}",
	  "did you mean SCMP_ACT_ALLOW" },
	{ "{\"defaultAction\":\"allow\"}", "unknown defaultAction" },
	{ PROFILE(",\"sysCalls\":[]"), "did you mean \"syscalls\"" },
	{ PROFILE(",\"syscalls\":{}"), "syscalls" },
	{ PROFILE(",\"syscalls\":[1]"), "syscalls[0]: expected an object" },
	{ PROFILE(",\"defaultErrnoRet\":-1"), "-1 is not in" },
	{ PROFILE(",\"defaultErrnoRet\":4096"), "4096 is not in" },
	{ PROFILE(",\"defaultErrnoRet\":1,\"defaultErrno\":\"ENOSYS\""),
	  "differ" },
	{ PROFILE(",\"defaultErrno\":\"EWHAT\""), "EWHAT" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrnoRet\":1}",
	  "only SCMP_ACT_ERRNO" },
	{ PROFILE(",\"flags\":[\"SECCOMP_FILTER_FLAG_NEW_LISTENER\"]"),
	  "unknown flag" },
	{ PROFILE(",\"flags\":[1]"), "flags" },
	{ PROFILE(",\"listenerMetadata\":\"x\""), "listener" },
	{ PROFILE(",\"architectures\":[\"SCMP_ARCH_PDP11\"]"), "PDP11" },
	{ PROFILE(",\"architectures\":[\"SCMP_ARCH_X86\"]"),
	  "SCMP_ARCH_X86_64" },
	{ PROFILE(",\"architectures\":[\"SCMP_ARCH_X86_64\"],\"archMap\":[{"
		  "\"architecture\":\"SCMP_ARCH_X86_64\"}]"),
	  "both architectures and archMap" },
	{ PROFILE(",\"archMap\":[{}]"), "archMap[0]" },
	{ PROFILE(",\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\"},"
		  "{\"architecture\":\"SCMP_ARCH_X86_64\"}]"),
	  "twice" },
	{ PROFILE(",\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\","
		  "\"subarchitectures\":[]}]"),
	  "subArchitectures" },
	{ RULES("{\"action\":\"SCMP_ACT_ALLOW\"}"), "names is missing" },
	{ RULES("{\"names\":[],\"action\":\"SCMP_ACT_ALLOW\"}"),
	  "names is missing or empty" },
	{ RULES("{\"names\":[\"a\"],\"name\":\"b\","
		"\"action\":\"SCMP_ACT_ALLOW\"}"),
	  "both name and names" },
	{ RULES("{\"names\":[\"a b\"],\"action\":\"SCMP_ACT_ALLOW\"}"),
	  "no name of a call" },
	{ RULES("{\"names\":[\"\"],\"action\":\"SCMP_ACT_ALLOW\"}"),
	  "no name of a call" },
	{ RULE(""), "action is missing" },
	{ RULE(",\"action\":\"SCMP_ACT_DENY\""), "unknown action" },
	{ RULE(ALLOW ",\"errnoRet\":1"), "errnoRet: 1" },
	{ RULE(ALLOW ",\"arg\":[]"), "did you mean \"args\"" },
	{ RULE(ALLOW ",\"otherwise\":1"), "otherwise" },
	{ RULE(ALLOW
	       ",\"otherwise\":true,\"args\":[{\"index\":0,\"value\":1," OP
	       "}]"),
	  "takes no args" },
	{ RULE(ALLOW ",\"includes\":{\"cap\":[]}"), "did you mean \"caps\"" },
	{ RULE(ALLOW ",\"includes\":{\"caps\":[\"CAP_SYS_ADMlN\"]}"),
	  "did you mean CAP_SYS_ADMIN" },
	{ RULE(ALLOW ",\"excludes\":{\"arches\":[\"amd46\"]}"),
	  "did you mean amd64" },
	{ RULE(ALLOW ",\"includes\":{\"minKernel\":\"5\"}"), "MAJOR.MINOR" },
	{ RULE(ALLOW ",\"includes\":{\"minKernel\":\"5.x\"}"), "minKernel" },
	{ ARGS("\"value\":1," OP), "args[0]: index is missing" },
	{ ARGS("\"index\":1," OP), "args[0]: value is missing" },
	{ ARGS("\"index\":1,\"value\":1"), "op is missing" },
	{ ARGS("\"index\":6,\"value\":1," OP), "index: 6 is not in" },
	{ ARGS("\"index\":-2,\"value\":1," OP), "index: -2 is not in" },
	{ ARGS("\"index\":0,\"value\":-2," OP), "value: -2 is negative" },
	{ ARGS("\"index\":0,\"value\":1,\"valueTwo\":1," OP), "valueTwo" },
	{ ARGS("\"index\":0,\"value\":1.5," OP), "value" },
	{ ARGS("\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_IN\""),
	  "unknown op" },
	{ ARGS("\"index\":0,\"value\":1,\"mask\":1," OP), "unknown member" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultAction\":"
	  "\"SCMP_ACT_ALLOW\"}",
	  "p.json" },
	{ PROFILE("") "x", "p.json" },
};

static void what_is_wrong_is_refused_by_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct seccomp_profile p = { 0 };
		struct err e = ERR_INIT;

		assert_err(parse(refused[i].json, &p, &e), &e, ERR_INPUT,
			   refused[i].part);
		/* nothing is written on failure */
		assert_null(p.rules);
		assert_null(p.arch);
	}
}

static void a_rule_that_does_not_apply_must_be_right_all_the_same(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(parse(RULE(",\"action\":\"SCMP_ACT_DENY\",\"includes\":{"
			      "\"caps\":[\"CAP_SYS_ADMIN\"]}"),
			 &p, &e),
		   &e, ERR_INPUT, "SCMP_ACT_DENY");
}

static void a_listener_and_its_metadata_are_kept(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(PROFILE(",\"listenerPath\":\"/run/x\","
				"\"listenerMetadata\":\"who\""),
			&p, &e),
		  &e);
	assert_string_equal(p.listener, "/run/x");
	assert_string_equal(p.metadata, "who");
}

static void values_have_all_64_bits(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse(RULE(ALLOW ",\"args\":[{\"index\":5,"
				   "\"value\":18446744073709551615,"
				   "\"valueTwo\":9223372036854775808,"
				   "\"op\":\"SCMP_CMP_MASKED_EQ\"}]"),
			&p, &e),
		  &e);
	assert_true(p.rules[0].args[0].value == UINT64_MAX);
	assert_true(p.rules[0].args[0].value2 == 1ull << 63);
}

static void another_machine_is_refused(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	const struct seccomp_facts f = { .arch = "s390x" };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(parse_with(PROFILE(""), &f, &p, &e), &e, ERR_HOST, "s390x");
}

static void too_many_tests_and_bytes_are_refused(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	const struct seccomp_facts f = { .arch = "amd64" };
	struct err e = ERR_INIT;

	(void)state;
	buf_str(&b, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{"
		    "\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\","
		    "\"args\":[");
	for (int i = 0; i < 33; i++)
		buf_printf(&b, "%s{\"index\":0,\"value\":%d," OP "}",
			   i ? "," : "", i);
	buf_str(&b, "]}]}");
	assert_err(parse(b.p, &p, &e), &e, ERR_LIMIT, "32 tests");
	while (b.len <= SECCOMP_JSON_MAX)
		buf_str(&b, "                                ");
	assert_err(seccomp_json_parse("big", &b, &f, &p, &e), &e, ERR_LIMIT,
		   "big: larger");
}

/* The profile of podman, when it is installed, as it comes. */
static void podmans_own_profile_is_read(void **state)
{
	AUTO(seccomp_profile_done) struct seccomp_profile p = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	const struct seccomp_facts f = { .arch = "amd64",
					 .kernel_major = 6,
					 .kernel_minor = 1 };
	struct err e = ERR_INIT;

	(void)state;
	if (file_read("/usr/share/containers/seccomp.json", SECCOMP_JSON_MAX,
		      &b, &e) < 0) {
		print_message("# podman's profile is not installed\n");
		skip();
	}
	assert_ok(seccomp_json_parse("podman", &b, &f, &p, &e), &e);
	assert_true(p.n_rules > 10);
	assert_true(strv_has(p.arches, "SCMP_ARCH_X32"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_default_without_errno_is_eperm),
		cmocka_unit_test(every_action_of_the_spec_is_known),
		cmocka_unit_test(every_operator_of_the_spec_is_known),
		cmocka_unit_test(a_rule_keeps_all_that_it_says),
		cmocka_unit_test(an_otherwise_rule_is_marked),
		cmocka_unit_test(podmans_errno_names_are_numbers),
		cmocka_unit_test(flags_become_the_kernels_bits),
		cmocka_unit_test(the_machines_row_of_archmap_is_taken),
		cmocka_unit_test(includes_and_excludes_decide_as_docker_does),
		cmocka_unit_test(what_is_wrong_is_refused_by_name),
		cmocka_unit_test(
			a_rule_that_does_not_apply_must_be_right_all_the_same),
		cmocka_unit_test(a_listener_and_its_metadata_are_kept),
		cmocka_unit_test(values_have_all_64_bits),
		cmocka_unit_test(another_machine_is_refused),
		cmocka_unit_test(too_many_tests_and_bytes_are_refused),
		cmocka_unit_test(podmans_own_profile_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
