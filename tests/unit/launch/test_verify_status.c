/*
 * test_verify_status.c - what the kernel says in /proc/PID/status and limits
 * is held against the plan: each single difference is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <sys/resource.h>

#include "base/table.h"
#include "launch/verify.h"
#include "plan/ops.h"

/* A sandbox: root inside is 100000 of the host, group 5 is 100005. */
static struct spec_idmap outer[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
static struct spec_idmap inner[] = { { 0, 1, 65536 } };
static uint32_t groups[] = { 0, 5 };

static struct step steps[] = {
	{ .op = OP_CLONE },
	{ .op = OP_IDMAP,
	  .idmap = { .uids = { outer, 2 }, .gids = { outer, 2 } } },
	{ .op = OP_USERNS,
	  .userns = { .uids = { inner, 1 }, .gids = { inner, 1 } } },
	{ .op = OP_RLIMIT, .rlimit = { RLIMIT_NOFILE, 1024, 4096 } },
	{ .op = OP_RLIMIT, .rlimit = { RLIMIT_CORE, 0, RLIM_INFINITY } },
	{ .op = OP_UMASK, .umask = { 022 } },
	{ .op = OP_BOUNDING, .caps = { 0 } },
	{ .op = OP_IDS,
	  .ids = { .uid = 0,
		   .gid = 5,
		   .groups = groups,
		   .n_groups = 2,
		   .set_groups = true } },
	{ .op = OP_CAPS, .caps = { 0 } },
	{ .op = OP_NNP },
	{ .op = OP_SECCOMP },
	{ .op = OP_SECCOMP },
	{ .op = OP_VERIFY },
	{ .op = OP_EXEC },
};
static const struct plan plan = { .steps = steps, .n = ARRAY_SIZE(steps) };

#define STATUS                                                                 \
	"Name:\timmure\nUmask:\t0022\nState:\tS\n"                             \
	"Uid:\t100000\t100000\t100000\t100000\n"                               \
	"Gid:\t100005\t100005\t100005\t100005\n"                               \
	"SigBlk:\t0000000000000000\nSigIgn:\t0000000000000007\n"               \
	"FDSize:\t64\nGroups:\t100000 100005 \nNStgid:\t7\t1\n"                \
	"CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n"               \
	"CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n"               \
	"CapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n"             \
	"Seccomp_filters:\t2\n"

/* The text with the first `from` replaced by `to`. */
static const char *changed(const char *text, const char *from, const char *to)
{
	static char ret[2048];
	const char *at = strstr(text, from);

	assert_non_null(at);
	snprintf(ret, sizeof(ret), "%.*s%s%s", (int)(at - text), text, to,
		 at + strlen(from));
	return ret;
}

static void what_was_planned_is_accepted(void **state)
{
	struct report r = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(verify_status(&plan, STATUS, 0, &r, &e), 0);
	assert_int_equal(r.seccomp_filters, 2);
	assert_int_equal(r.uid[0], 100000);
	assert_int_equal(r.ignored, 7);
	assert_int_equal(r.n_groups, 2);
}

static void every_single_difference_refuses(void **state)
{
	static const char *const rows[][2] = {
		{ "Uid:\t100000", "Uid:\t1000" },
		{ "100000\nGid", "1000\nGid" },
		{ "Gid:\t100005", "Gid:\t1000" },
		{ "Groups:\t100000 100005", "Groups:\t100000" },
		{ "Groups:\t100000 100005", "Groups:\t100000 1000" },
		{ "Groups:\t100000 100005", "Groups:\t100000 100005 27" },
		{ "CapInh:\t0000000000000000", "CapInh:\t0000000000000001" },
		{ "CapPrm:\t0000000000000000", "CapPrm:\t0000000000200000" },
		{ "CapEff:\t0000000000000000", "CapEff:\t0000000000000400" },
		{ "CapBnd:\t0000000000000000", "CapBnd:\t000001ffffffffff" },
		{ "CapAmb:\t0000000000000000", "CapAmb:\t0000000000000001" },
		{ "NoNewPrivs:\t1", "NoNewPrivs:\t0" },
		{ "Seccomp:\t2", "Seccomp:\t0" },
		{ "Seccomp_filters:\t2", "Seccomp_filters:\t1" },
		{ "Seccomp_filters:\t2", "Seccomp_filters:\t3" },
		{ "Umask:\t0022", "Umask:\t0000" },
		{ "Umask:\t0022\n", "" },
		{ "Seccomp_filters:\t2\n", "" },
		{ "CapBnd:\t0000000000000000\n", "" },
		{ "NoNewPrivs:\t1\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct report r = { 0 };
		struct err e = ERR_INIT;
		const char *text = changed(STATUS, rows[i][0], rows[i][1]);

		if (verify_status(&plan, text, 0, &r, &e) == 0)
			fail_msg("\"%s\" was accepted", rows[i][1]);
		assert_int_equal(e.kind, ERR_VERIFY);
	}
}

static void filters_of_the_caller_are_counted_apart(void **state)
{
	struct report r = { 0 };
	struct err e = ERR_INIT;
	const char *text = changed(STATUS, "filters:\t2", "filters:\t3");

	(void)state;
	assert_int_equal(verify_status(&plan, text, 1, &r, &e), 0);
	memset(&r, 0, sizeof(r));
	assert_int_equal(verify_status(&plan, STATUS, 1, &r, &e), -1);
}

static void limits_are_compared_both_ways(void **state)
{
	static const char text[] =
		"Limit                     Soft Limit           Hard Limit\n"
		"Max core file size        0                    unlimited   "
		" bytes\n"
		"Max open files            1024                 4096        "
		" files\n";
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(verify_limits(&plan, text, &e), 0);
	assert_int_equal(
		verify_limits(&plan, changed(text, "1024", "4096"), &e), -1);
	assert_int_equal(
		verify_limits(&plan, changed(text, "4096", "unlimited"), &e),
		-1);
	assert_int_equal(
		verify_limits(&plan, changed(text, "unlimited", "0"), &e), -1);
	assert_int_equal(
		verify_limits(&plan, changed(text, "Max open", "Min open"), &e),
		-1);
}

static void ids_go_through_both_maps(void **state)
{
	(void)state;
	assert_int_equal(verify_host_id(&plan, 0, 0), 100000);
	assert_int_equal(verify_host_id(&plan, 33, 1), 100033);
	assert_int_equal(verify_host_id(&plan, 65536, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_planned_is_accepted),
		cmocka_unit_test(every_single_difference_refuses),
		cmocka_unit_test(filters_of_the_caller_are_counted_apart),
		cmocka_unit_test(limits_are_compared_both_ways),
		cmocka_unit_test(ids_go_through_both_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
