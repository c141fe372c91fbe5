/*
 * test_learn.c - engine/learn and engine/denials: from records to the least
 * profile, to Landlock rules and to a summary.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/table.h"
#include "engine/learn.h"
#include "format/landlock_rules.h"
#include "kernel/seccomp.h"

static const struct seccomp_facts facts = { .arch = "amd64",
					    .kernel_major = 6,
					    .kernel_minor = 1 };

/* A record of these events: "call nr a0 a1 a2 errno; …" would hide too much,
 * so they are JSON members. Numbers are given here. */
static void add(struct records *r, const char *mode, const char *calls,
		const char *const *events)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct record one;

	buf_printf(&b,
		   "{\"event\":\"start\",\"version\":1,\"profile\":\"default\","
		   "\"mode\":\"%s\",\"calls\":\"%s\",\"arch\":\"amd64\"}\n",
		   mode, calls);
	for (size_t i = 0; events[i]; i++)
		buf_printf(&b, "{\"n\":%zu,%s}\n", i + 1, events[i]);
	buf_str(&b, "{\"event\":\"end\",\"calls\":9,\"dropped\":0}\n");
	assert_ok(record_parse("r", &b, &one, &e), &e);
	*GROW(r->v, r->n) = one;
	r->n++;
}

#define CALL(name, nr, a0, a1, a2)                                             \
	"\"event\":\"call\",\"call\":\"" name "\",\"nr\":" #nr                 \
	",\"args\":[" #a0 "," #a1 "," #a2 ",0,0,0]"
#define DENIED(errnum) ",\"denied\":true,\"errno\":" #errnum
#define NEED(path, access)                                                     \
	",\"path\":\"" path "\",\"needs\":[{\"path\":\"" path                  \
	"\",\"access\":" #access "}]"

/* The learned profile, compiled. */
struct result {
	struct buf text;
	struct learn_sums sums;
	struct seccomp_profile p;
	struct blob filters[SECCOMP_STACK_MAX];
	size_t n;
};

static void result_done(struct result *x)
{
	buf_done(&x->text);
	seccomp_profile_done(&x->p);
	for (size_t i = 0; i < x->n; i++)
		blob_done(&x->filters[i]);
}
DEFINE_AUTO_DONE(struct result, result_done);

static void learn(const struct records *r, const char *base, struct result *x)
{
	struct err e = ERR_INIT;
	const struct learn_how how = { base, facts };

	assert_ok(learn_profile(r, &how, &x->text, &x->sums, &e), &e);
	assert_ok(seccomp_json_parse("l", &x->text, &facts, &x->p, &e), &e);
	assert_ok(seccomp_compile("l", &x->p, x->filters, &x->n, &e), &e);
}

/* 0: passes; else the errno. */
static int answer(const struct result *x, int nr, uint64_t a0, uint64_t a1,
		  uint64_t a2)
{
	struct {
		int nr;
		uint32_t arch;
		uint64_t ip, args[6];
	} d = { nr, 0xc000003e, 0, { a0, a1, a2, 0, 0, 0 } };
	uint32_t r = seccomp_emulate(x->filters, x->n, (const void *)&d);

	if (r == 0x7fff0000) /* SECCOMP_RET_ALLOW */
		return 0;
	assert_int_equal(r & 0xffff0000, 0x00050000);
	return (int)(r & 0xffff);
}

static void only_what_was_seen_passes(void **state)
{
	AUTO(records_done) struct records r = { 0 };
	AUTO(result_done) struct result x = { .text = BUF_INIT };
	const char *const events[] = {
		CALL("getpid", 39, 0, 0, 0),
		CALL("socket", 41, 2, 1, 6) ",\"program\":\"/usr/bin/curl\"",
		CALL("socket", 41, 40, 1, 0) DENIED(97),
		CALL("ptrace", 101, 0, 0, 0) DENIED(1),
		CALL("clone3", 435, 0, 0, 0) DENIED(38),
		NULL,
	};

	(void)state;
	add(&r, "deny", "all", events);
	learn(&r, NULL, &x);
	assert_int_equal(answer(&x, 39, 0, 0, 0), 0);
	assert_int_equal(answer(&x, 41, 2, 1, 6), 0);
	/* the flags of the type do not count, its kind does */
	assert_int_equal(answer(&x, 41, 2, 0x80001, 6), 0);
	assert_int_equal(answer(&x, 41, 2, 2, 6), 97);
	assert_int_equal(answer(&x, 41, 10, 1, 6), 97);
	assert_int_equal(answer(&x, 41, 40, 1, 0), 97);
	assert_int_equal(answer(&x, 101, 0, 0, 0), 1);
	assert_int_equal(answer(&x, 435, 0, 0, 0), 38);
	assert_int_equal(answer(&x, 0, 0, 0, 0), 0);	/* read: assumed */
	assert_int_equal(answer(&x, 110, 0, 0, 0), 38); /* never seen */
	assert_non_null(strstr(x.text.p, "first by /usr/bin/curl"));
	assert_int_equal(x.sums.calls, 13 + 2);
}

static void several_records_are_taken_together(void **state)
{
	AUTO(records_done) struct records r = { 0 };
	AUTO(result_done) struct result x = { .text = BUF_INIT };
	const char *const one[] = { CALL("ioctl", 16, 1, 21505, 0), NULL };
	const char *const two[] = { CALL("ioctl", 16, 1, 21523, 0), NULL };

	(void)state;
	add(&r, "deny", "all", one);
	add(&r, "deny", "all", two);
	learn(&r, NULL, &x);
	assert_int_equal(answer(&x, 16, 3, 21505, 0), 0);
	assert_int_equal(answer(&x, 16, 3, 21523, 0), 0);
	assert_int_equal(answer(&x, 16, 3, 21524, 0), 38);
}

static void a_base_stays_but_for_what_passed(void **state)
{
	AUTO(records_done) struct records r = { 0 };
	AUTO(result_done) struct result x = { .text = BUF_INIT };
	const char *const events[] = {
		CALL("ptrace", 101, 0, 0, 0) DENIED(1),
		CALL("socket", 41, 40, 1, 0) DENIED(97),
		CALL("ioctl", 16, 0, 21522, 0) DENIED(1),
		CALL("userfaultfd", 323, 0, 0, 0) DENIED(1),
		NULL,
	};

	(void)state;
	add(&r, "allow", "denied", events);
	learn(&r, "default", &x);
	assert_int_equal(answer(&x, 101, 0, 0, 0), 0);
	assert_int_equal(answer(&x, 101, 16, 0, 0), 1); /* PTRACE_ATTACH */
	assert_int_equal(answer(&x, 41, 40, 1, 0), 0);
	assert_int_equal(answer(&x, 41, 38, 1, 0), 97);
	assert_int_equal(answer(&x, 41, 2, 1, 0), 0);
	assert_int_equal(answer(&x, 16, 0, 21522, 0), 0);
	assert_int_equal(answer(&x, 16, 0, 21532, 0), 1);
	assert_int_equal(answer(&x, 323, 0, 0, 0), 0);
	assert_int_equal(answer(&x, 321, 0, 0, 0), 1); /* bpf */
	assert_int_equal(x.sums.added, 4);
	assert_non_null(strstr(x.text.p, "ADDED"));
}

static void what_was_denied_adds_nothing(void **state)
{
	AUTO(records_done) struct records r = { 0 };
	AUTO(result_done) struct result x = { .text = BUF_INIT };
	const char *const events[] = { CALL("ptrace", 101, 0, 0, 0) DENIED(1),
				       NULL };

	(void)state;
	add(&r, "deny", "denied", events);
	learn(&r, "strict", &x);
	assert_int_equal(answer(&x, 101, 0, 0, 0), 1);
	assert_int_equal(x.sums.added, 0);
}

static void what_cannot_be_learned_is_said(void **state)
{
	AUTO(records_done) struct records denied = { 0 }, lie = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	const char *const none[] = { NULL };
	const char *const wrong[] = { CALL("getpid", 40, 0, 0, 0), NULL };
	struct learn_how how = { NULL, facts };
	struct learn_sums sums = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	add(&denied, "allow", "denied", none);
	assert_err(learn_profile(&denied, &how, &b, &sums, &e), &e, ERR_USAGE,
		   "--base default");
	assert_err(learn_landlock(&denied, &b, &sums, &e), &e, ERR_USAGE,
		   "--record-calls all");
	how.base = "/nowhere";
	assert_err(learn_profile(&denied, &how, &b, &sums, &e), &e, ERR_MISSING,
		   "--base: /nowhere");
	how.base = "default";
	how.facts.arch = "arm64";
	assert_err(learn_profile(&denied, &how, &b, &sums, &e), &e, ERR_INPUT,
		   "amd64");
	/* the number is another call's: the proof fails */
	add(&lie, "deny", "all", wrong);
	how = (struct learn_how){ NULL, facts };
	assert_err(learn_profile(&lie, &how, &b, &sums, &e), &e, ERR_INPUT,
		   "getpid passed");
	assert_int_equal(b.len, 0);
}

/* ---- Landlock ---- */

enum { X = 1, W = 2, R = 4, RD = 8, RM = 32, MD = 128, MR = 256, TR = 0x4000 };

struct rules {
	struct landlock_path *v;
	size_t n;
};

static void rules_done(struct rules *x)
{
	landlock_rules_free(x->v, x->n);
}
DEFINE_AUTO_DONE(struct rules, rules_done);

static void learn_rules(const char *const *events, struct rules *x)
{
	AUTO(records_done) struct records r = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct learn_sums sums = { 0 };
	struct err e = ERR_INIT;

	add(&r, "deny", "all", events);
	assert_ok(learn_landlock(&r, &b, &sums, &e), &e);
	assert_ok(landlock_rules_parse("l", &b, &x->v, &x->n, &e), &e);
	assert_int_equal(x->n, sums.rules);
}

static void assert_rule(const struct rules *x, const char *path,
			uint64_t access)
{
	uint64_t got = 0;

	for (size_t i = 0; i < x->n; i++)
		if (!strcmp(x->v[i].path, path))
			got = x->v[i].access;
	if (got != access)
		fail_msg("%s: 0x%llx instead of 0x%llx", path,
			 (unsigned long long)got, (unsigned long long)access);
}

#define OPEN CALL("openat", 257, 0, 0, 0)

static void a_few_files_stay_files_and_many_become_a_directory(void **state)
{
	AUTO(rules_done) struct rules x = { 0 };
	const char *const events[] = {
		OPEN NEED("/etc/passwd", 4),
		OPEN NEED("/etc/group", 4),
		OPEN NEED("/lib/a", 4),
		OPEN NEED("/lib/b", 4),
		OPEN NEED("/lib/c", 5),
		OPEN NEED("/lib/d", 6),
		OPEN NEED("/a", 4),
		OPEN NEED("/b", 4),
		OPEN NEED("/c", 4),
		OPEN NEED("/d", 4),
		NULL,
	};

	(void)state;
	learn_rules(events, &x);
	assert_rule(&x, "/etc/passwd", R);
	assert_rule(&x, "/etc/group", R);
	assert_rule(&x, "/lib", R);
	assert_rule(&x, "/lib/a", 0);
	assert_rule(&x, "/lib/c", X); /* never a whole directory */
	assert_rule(&x, "/lib/d", W);
	assert_rule(&x, "/", 0); /* nor ever the root */
	assert_rule(&x, "/a", R);
}

static void what_was_made_belongs_to_the_directory_that_was_there(void **state)
{
	AUTO(rules_done) struct rules x = { 0 };
	const char *const events[] = {
		CALL("mkdir", 83, 0, 0, 0) ",\"path\":\"/tmp/d\",\"needs\":[{"
					   "\"path\":\"/tmp\",\"access\":128}]",
		CALL("mkdir", 83, 0, 0, 0) ",\"path\":\"/tmp/d/e\",\"needs\":[{"
					   "\"path\":\"/tmp/d\","
					   "\"access\":128}]",
		OPEN ",\"path\":\"/tmp/d/e/f\",\"needs\":[{\"path\":"
		     "\"/tmp/d/e\",\"access\":258}]",
		CALL("execve", 59, 0, 0, 0) NEED("/tmp/d/e/f", 5),
		OPEN ",\"path\":\"/w/new\",\"needs\":[{\"path\":\"/w\","
		     "\"access\":258}]",
		OPEN NEED("/w/new", 16388),
		NULL,
	};

	(void)state;
	learn_rules(events, &x);
	assert_int_equal(x.n, 2);
	assert_rule(&x, "/tmp", MD | MR | W | X | R);
	assert_rule(&x, "/w", MR | W | R | TR);
}

static void what_a_rule_above_grants_needs_no_rule(void **state)
{
	AUTO(rules_done) struct rules x = { 0 };
	const char *const events[] = {
		OPEN NEED("/usr", 12),	    OPEN NEED("/usr/lib", 8),
		OPEN NEED("/usr/lib/x", 4), OPEN NEED("/usr/bin/y", 5),
		OPEN NEED("/dev/pts/3", 6), NULL,
	};

	(void)state;
	learn_rules(events, &x);
	assert_int_equal(x.n, 3);
	assert_rule(&x, "/usr", R | RD);
	assert_rule(&x, "/usr/bin/y", X | R);
	assert_rule(&x, "/dev/pts", R | W);
}

static void denied_calls_need_no_rule(void **state)
{
	AUTO(rules_done) struct rules x = { 0 };
	const char *const events[] = { OPEN DENIED(1) NEED("/etc/x", 4), NULL };

	(void)state;
	learn_rules(events, &x);
	assert_int_equal(x.n, 0);
}

/* ---- denials ---- */

static void denials_are_counted_and_the_rule_is_given(void **state)
{
	AUTO(records_done) struct records r = { 0 };
	AUTO(buf_done) struct buf text = BUF_INIT, json = BUF_INIT;
	const char *const events[] = {
		CALL("getpid", 39, 0, 0, 0),
		CALL("ptrace", 101, 0, 0, 0) DENIED(1) ",\"program\":\"/gdb\"",
		CALL("socket", 41, 40, 1, 0)
			DENIED(97) ",\"program\":\"/x\\u001b[1m\","
				   "\"at\":\"/lib/c.so+0x12\"",
		NULL,
	};

	(void)state;
	add(&r, "deny", "all", events);
	add(&r, "deny", "all", events);
	denials_text(&r, &text);
	assert_non_null(strstr(text.p, "2 different denials"));
	assert_non_null(strstr(text.p, "     2  ptrace(argument 0 = 0x0) = "
				       "EPERM\n        by /gdb"));
	assert_non_null(strstr(text.p, "EAFNOSUPPORT"));
	assert_non_null(strstr(text.p, "at /lib/c.so+0x12"));
	assert_null(strstr(text.p, "getpid"));
	assert_null(strchr(text.p, '\033'));
	assert_non_null(strstr(text.p, "\"valueTwo\": 40 }"));
	denials_json(&r, &json);
	assert_non_null(strstr(json.p, "\"count\": 2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_seen_passes),
		cmocka_unit_test(several_records_are_taken_together),
		cmocka_unit_test(a_base_stays_but_for_what_passed),
		cmocka_unit_test(what_was_denied_adds_nothing),
		cmocka_unit_test(what_cannot_be_learned_is_said),
		cmocka_unit_test(
			a_few_files_stay_files_and_many_become_a_directory),
		cmocka_unit_test(
			what_was_made_belongs_to_the_directory_that_was_there),
		cmocka_unit_test(what_a_rule_above_grants_needs_no_rule),
		cmocka_unit_test(denied_calls_need_no_rule),
		cmocka_unit_test(denials_are_counted_and_the_rule_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
