/*
 * test_seccomp.c - the compiled filters answer what the profile says, for
 * every call number and the corners of every argument.
 */
#include "seccomp_check.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* ---- the built-in profiles ---- */

#define CAP(n) (1ull << (n))
static const uint64_t cap_sets[] = {
	0,
	0x800405fb,		    /* podman's eleven */
	CAP(21),		    /* CAP_SYS_ADMIN */
	CAP(12) | CAP(13),	    /* CAP_NET_ADMIN, CAP_NET_RAW */
	CAP(19) | CAP(23) | CAP(2), /* SYS_PTRACE, SYS_NICE, DAC_READ_SEARCH */
	(1ull << 41) - 1,
};

static void make_builtin(const char *name, const struct oracle_machine *m,
			 uint64_t caps, struct compiled *c)
{
	struct err e = ERR_INIT;
	const char *json;
	size_t len;

	json = seccomp_builtin_json(name, &len);
	assert_non_null(json);
	assert_int_equal(len, strlen(json));
	assert_ok(parse(json, m->name, caps, &c->p, &e), &e);
	assert_ok(seccomp_compile(name, &c->p, c->filters, &c->n, &e), &e);
}

static void every_built_in_filter_answers_what_its_profile_says(void **state)
{
	size_t compared = 0;

	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++) {
		for (size_t i = 0; i < ARRAY_SIZE(oracle_machines); i++) {
			for (size_t j = 0; j < ARRAY_SIZE(cap_sets); j++) {
				AUTO(compiled_done) struct compiled c = { 0 };

				make_builtin(*n, &oracle_machines[i],
					     cap_sets[j], &c);
				compared += compare_all(&oracle_machines[i], &c,
							*n, 40000);
			}
		}
	}
	print_message("# %zu answers compared\n", compared);
	assert_true(compared > 1000000);
}

static void no_rule_of_a_built_in_profile_is_idle_or_doubtful(void **state)
{
	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++) {
		for (size_t i = 0; i < ARRAY_SIZE(cap_sets); i++) {
			AUTO(seccomp_report_done)
			struct seccomp_report r = { 0 };
			AUTO(compiled_done) struct compiled c = { 0 };
			struct err e = ERR_INIT;

			make_builtin(*n, &oracle_machines[0], cap_sets[i], &c);
			assert_ok(seccomp_check(&c.p, &r, &e), &e);
			if (r.n)
				fail_msg("%s, caps %#llx: %s", *n,
					 (unsigned long long)cap_sets[i],
					 r.v[0].text);
		}
	}
}

static void what_the_build_compiled_is_what_is_compiled_here(void **state)
{
	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++) {
		AUTO(compiled_done) struct compiled c = { 0 };
		const struct blob *b;
		size_t n_blobs;

		b = seccomp_builtin(*n, &n_blobs);
		assert_non_null(b);
		for (size_t i = 0; i < ARRAY_SIZE(oracle_machines); i++) {
			compiled_done(&c);
			make_builtin(*n, &oracle_machines[i], 0, &c);
			if (!strcmp(c.filters[0].digest, b[0].digest))
				break;
		}
		assert_int_equal(c.n, n_blobs);
		for (size_t i = 0; i < n_blobs; i++) {
			assert_string_equal(c.filters[i].digest, b[i].digest);
			assert_string_equal(c.filters[i].name, b[i].name);
			assert_int_equal(c.filters[i].size, b[i].size);
			assert_memory_equal(c.filters[i].data, b[i].data,
					    b[i].size);
		}
	}
}

static void there_is_no_profile_of_another_name(void **state)
{
	size_t n;

	(void)state;
	assert_null(seccomp_builtin("defaults", &n));
	assert_null(seccomp_builtin("", &n));
	assert_null(seccomp_builtin_json("Default", &n));
}

/* How many numbers can pass at all: the first filter alone, its tests tried
 * with every combination that a rule names. */
static size_t count_open(const struct compiled *c,
			 const struct oracle_machine *m)
{
	size_t open = 0;

	for (int nr = 0; nr < N_CALLS; nr++) {
		const struct seccomp_rule *rules[64];
		bool allowed = false, denied = false;
		size_t n = 0;

		for (size_t i = 0; i < c->p.n_rules; i++) {
			if (!oracle_names(m, &c->p.rules[i], (uint32_t)nr))
				continue;
			rules[n++] = &c->p.rules[i];
		}
		for (size_t i = 0; i < n; i++) {
			allowed |= rules[i]->act == SECCOMP_ACT_ALLOW;
			denied |= rules[i]->act != SECCOMP_ACT_ALLOW &&
				  !rules[i]->n_args && !rules[i]->otherwise;
		}
		open += allowed && !denied;
	}
	return open;
}

static void the_profiles_admit_no_more_calls_than_agreed(void **state)
{
	static const struct {
		const char *name;
		size_t most;
	} limits[] = { { "default", 293 },
		       { "build", 284 },
		       { "strict", 227 },
		       { "debug", 297 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		AUTO(compiled_done) struct compiled c = { 0 };
		size_t n;

		make_builtin(limits[i].name, &oracle_machines[0], 0, &c);
		n = count_open(&c, &oracle_machines[0]);
		print_message("# %s admits %zu calls\n", limits[i].name, n);
		assert_true(n <= limits[i].most);
		assert_true(n > 200);
	}
}

static void the_filters_are_small(void **state)
{
	(void)state;
	for (const char *const *n = seccomp_builtin_names(); *n; n++) {
		size_t count;
		const struct blob *b = seccomp_builtin(*n, &count);

		assert_int_equal(count, 2);
		assert_true(b[0].size / sizeof(struct sock_filter) <= 532);
		assert_true(b[1].size / sizeof(struct sock_filter) <= 45);
	}
}

/* ---- the kernel ---- */

/* In a child of its own: 0, or the number of the check that failed. */
static int under_default(void)
{
	const struct blob *b;
	struct err e = ERR_INIT;
	size_t n;

	b = seccomp_builtin("default", &n);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 1;
	for (size_t i = 0; i < n; i++)
		if (seccomp_install(&b[i], &e))
			return 2;
	if (prctl(PR_GET_SECCOMP) != 2)
		return 3;
	if (socket(AF_ALG, SOCK_SEQPACKET, 0) >= 0 || errno != EAFNOSUPPORT)
		return 4;
	if (syscall(SYS_ioctl, -1, 0x5412ull | 7ull << 32, 0) >= 0 ||
	    errno != EPERM)
		return 5;
	if (syscall(SYS_unshare, 0x10000000) >= 0 || errno != EPERM)
		return 6;
	if (syscall(SYS_clone3, NULL, 0) >= 0 || errno != ENOSYS)
		return 7;
	if (socket(AF_UNIX, SOCK_STREAM, 0) < 0)
		return 8;
	if (syscall(-1) >= 0 || errno != ENOSYS)
		return 9;
	return 0;
}

static void the_kernel_takes_the_filters_and_obeys(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (!pid)
		_exit(under_default());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void bytes_that_are_no_program_are_not_installed(void **state)
{
	char bytes[12] = { 0 };
	const struct blob bad[] = {
		{ .name = (char *)"odd", .data = bytes, .size = 12 },
		{ .name = (char *)"empty", .data = bytes, .size = 0 },
		{ .name = (char *)"huge", .data = bytes, .size = 8 * 4097 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err e = ERR_INIT;

		assert_err(seccomp_install(&bad[i], &e), &e, ERR_BUG,
			   bad[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_built_in_filter_answers_what_its_profile_says),
		cmocka_unit_test(
			no_rule_of_a_built_in_profile_is_idle_or_doubtful),
		cmocka_unit_test(
			what_the_build_compiled_is_what_is_compiled_here),
		cmocka_unit_test(there_is_no_profile_of_another_name),
		cmocka_unit_test(the_profiles_admit_no_more_calls_than_agreed),
		cmocka_unit_test(the_filters_are_small),
		cmocka_unit_test(the_kernel_takes_the_filters_and_obeys),
		cmocka_unit_test(bytes_that_are_no_program_are_not_installed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
