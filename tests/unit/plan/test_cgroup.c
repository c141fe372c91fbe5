/*
 * test_cgroup.c - plan/cgroup and base/cgroup_ask: limits as files of both
 * versions, what is out of range, and the amounts that settings hold.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/cgroup_ask.h"
#include "base/strv.h"
#include "base/table.h"
#include "plan/cgroup.h"

#define M (1ll << 20)

static struct cgroup_device disk = { 8, 16, .weight = 500,
				     .read_bytes = 1048576, .writes = 7 };
static char size[] = "2MB", access_rwm[] = "rwm", list[] = "0-1";
static struct cgroup_huge huge = { size, 4194304 };
static struct cgroup_access rows[] = {
	{ false, 'a', -1, -1, access_rwm },
	{ true, 'c', 1, -1, access_rwm },
};
static char *unified[] = { (char[]){ "memory.high=5" }, NULL };

/* Limits, and the settings of version 1 and 2; NULL: there is no such. */
static const struct {
	struct cgroup_limits l;
	const char *v1, *v2, *v1_controllers, *v2_controllers;
} cases[] = {
	{ { .memory = 64 * M },
	  "memory.limit_in_bytes=67108864",
	  "memory.max=67108864",
	  "memory",
	  "memory" },
	{ { .memory = -1 },
	  "memory.limit_in_bytes=-1",
	  "memory.max=max",
	  "memory",
	  "memory" },
	{ { .memory = 64 * M, .swap = 96 * M, .reservation = M },
	  "memory.limit_in_bytes=67108864 "
	  "memory.memsw.limit_in_bytes=100663296 "
	  "memory.soft_limit_in_bytes=1048576",
	  "memory.max=67108864 memory.swap.max=33554432 memory.low=1048576",
	  "memory",
	  "memory" },
	{ { .memory = 64 * M, .swap = -1 },
	  "memory.limit_in_bytes=67108864 memory.memsw.limit_in_bytes=-1",
	  "memory.max=67108864 memory.swap.max=max",
	  "memory",
	  "memory" },
	{ { .swappiness = 1 }, "memory.swappiness=0", NULL, "memory", "" },
	{ { .no_oom_killer = true },
	  "memory.oom_control=1",
	  NULL,
	  "memory",
	  "" },
	{ { .kernel = M },
	  "memory.kmem.limit_in_bytes=1048576",
	  "",
	  "memory",
	  "" },
	{ { .cpu_quota = 150000, .cpu_period = 100000 },
	  "cpu.cfs_period_us=100000 cpu.cfs_quota_us=150000",
	  "cpu.max=150000,100000",
	  "cpu",
	  "cpu" },
	{ { .cpu_quota = -1 },
	  "cpu.cfs_quota_us=-1",
	  "cpu.max=max,100000",
	  "cpu",
	  "cpu" },
	{ { .cpu_shares = 2 }, "cpu.shares=2", "cpu.weight=1", "cpu", "cpu" },
	{ { .cpu_shares = 1024 },
	  "cpu.shares=1024",
	  "cpu.weight=39",
	  "cpu",
	  "cpu" },
	{ { .cpu_shares = 262144 },
	  "cpu.shares=262144",
	  "cpu.weight=10000",
	  "cpu",
	  "cpu" },
	{ { .cpu_idle = 2, .cpu_burst = 5 },
	  "cpu.cfs_burst_us=5 cpu.idle=1",
	  "cpu.max.burst=5 cpu.idle=1",
	  "cpu",
	  "cpu" },
	{ { .cpu_realtime = 5 }, "cpu.rt_runtime_us=5", NULL, "cpu", "" },
	{ { .cpus = list, .mems = list },
	  "cpuset.cpus=0-1 cpuset.mems=0-1",
	  "cpuset.cpus=0-1 cpuset.mems=0-1",
	  "cpuset",
	  "cpuset" },
	{ { .pids = 9 }, "pids.max=9", "pids.max=9", "pids", "pids" },
	{ { .pids = -1 }, "pids.max=max", "pids.max=max", "pids", "pids" },
	{ { .io_weight = 10 },
	  "blkio.weight|blkio.bfq.weight=10",
	  "io.weight=1",
	  "blkio",
	  "io" },
	{ { .io_weight = 1000 },
	  "blkio.weight|blkio.bfq.weight=1000",
	  "io.weight=10000",
	  "blkio",
	  "io" },
	{ { .devices = &disk, .n_devices = 1 },
	  "blkio.weight_device|blkio.bfq.weight_device=8:16,500 "
	  "blkio.throttle.read_bps_device=8:16,1048576 "
	  "blkio.throttle.write_iops_device=8:16,7",
	  "io.weight=8:16,4950 io.max=8:16,rbps=1048576,wiops=7",
	  "blkio",
	  "io" },
	{ { .huge = &huge, .n_huge = 1 },
	  "hugetlb.2MB.limit_in_bytes=4194304",
	  "hugetlb.2MB.max=4194304",
	  "hugetlb",
	  "hugetlb" },
	{ { .access = rows, .n_access = 2 },
	  "devices.deny=a devices.allow=c,1:*,rwm",
	  "devices.deny=a devices.allow=c,1:*,rwm",
	  "devices",
	  "" },
	{ { .unified = unified }, NULL, "memory.high=5", "", "memory" },
	{ { 0 }, "", "", "", "" },
};

/* Settings as one text: words of a setting by ',', settings by ' '. */
static char *text_of(char **v)
{
	char *text;

	strv_foreach (s, v)
		for (char *p = *s; *p; p++)
			if (*p == ' ')
				*p = ',';
	text = strv_join(v, " ");
	return text;
}

static void check(const struct cgroup_limits *l, enum cgroup_mode mode,
		  const char *want, const char *controllers)
{
	AUTO(strv_free) char **set = NULL, **names = NULL;
	auto_free char *got = NULL, *got_names = NULL;
	struct err e = ERR_INIT;

	if (!want) {
		assert_err(cgroup_settings(l, mode, &set, &names, &e), &e,
			   ERR_USAGE, "version");
		return;
	}
	assert_ok(cgroup_settings(l, mode, &set, &names, &e), &e);
	got = text_of(set);
	got_names = text_of(names);
	assert_string_equal(got, want);
	assert_string_equal(got_names, controllers);
}

static void a_limit_is_a_file_of_either_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		check(&cases[i].l, CGROUP_V1, cases[i].v1,
		      cases[i].v1_controllers);
		check(&cases[i].l, CGROUP_V2, cases[i].v2,
		      cases[i].v2_controllers);
	}
}

static void a_limit_out_of_range_is_an_error(void **state)
{
	static char word[] = "zero", down[] = "2-1", none[] = "",
		    slash[] = "../memory.max=1", plain[] = "memory.max";
	static char *up[] = { slash, NULL }, *no_value[] = { plain, NULL };
	static struct cgroup_huge bad = { word, 1 };
	static const struct {
		struct cgroup_limits l;
		const char *part;
	} t[] = {
		{ { .memory = 4096 }, "512k" },
		{ { .swap = 64 * M }, "takes a limit of memory" },
		{ { .memory = 64 * M, .swap = M }, "below the limit" },
		{ { .memory = M, .reservation = 2 * M }, "above the limit" },
		{ { .cpu_shares = 1 }, "cpu shares 1" },
		{ { .cpu_shares = 262145 }, "cpu shares" },
		{ { .cpu_period = 10 }, "cpu period 10" },
		{ { .cpu_quota = 10 }, "cpu quota 10" },
		{ { .cpus = word }, "as 0-2,7" },
		{ { .mems = down }, "as 0-2,7" },
		{ { .cpus = none }, "as 0-2,7" },
		{ { .io_weight = 9 }, "weight 9" },
		{ { .io_weight = 1001 }, "weight 1001" },
		{ { .huge = &bad, .n_huge = 1 }, "as 2MB" },
		{ { .unified = up }, "no file" },
		{ { .unified = no_value }, "no file" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		AUTO(strv_free) char **set = NULL, **names = NULL;
		struct err e = ERR_INIT;

		assert_true(cgroup_limits_any(&t[i].l));
		assert_err(
			cgroup_settings(&t[i].l, CGROUP_V2, &set, &names, &e),
			&e, ERR_USAGE, t[i].part);
	}
}

static void swap_is_off_and_all_ends_when_memory_is_out(void **state)
{
	static const struct {
		struct cgroup_limits l;
		enum cgroup_mode mode;
		const char *want;
	} t[] = {
		{ { .memory = 64 * M },
		  CGROUP_V2,
		  "?memory.swap.max=0 memory.oom.group=1" },
		{ { .memory = 64 * M, .swap = -1 },
		  CGROUP_V2,
		  "memory.oom.group=1" },
		{ { .memory = 64 * M },
		  CGROUP_V1,
		  "?memory.memsw.limit_in_bytes=67108864" },
		{ { .memory = -1 }, CGROUP_V2, "" },
		{ { .pids = 5 }, CGROUP_V2, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		AUTO(strv_free) char **set = NULL;
		auto_free char *got = NULL;

		cgroup_settings_default(&t[i].l, t[i].mode, &set);
		got = text_of(set);
		assert_string_equal(got, t[i].want);
	}
}

static void settings_are_told_as_amounts(void **state)
{
	static const struct {
		const char *set;
		uint64_t memory, pids, cpus;
	} t[] = {
		{ "memory.max=64|pids.max=7|cpu.max=150000 100000", 64, 7, 2 },
		{ "memory.limit_in_bytes=64|cpu.cfs_period_us=50000|"
		  "cpu.cfs_quota_us=50000",
		  64, UINT64_MAX, 1 },
		{ "cpu.cfs_quota_us=100001", UINT64_MAX, UINT64_MAX, 2 },
		{ "memory.max=max|pids.max=max|cpu.max=max 100000", UINT64_MAX,
		  UINT64_MAX, UINT64_MAX },
		{ "memory.limit_in_bytes=-1|cpu.cfs_quota_us=-1", UINT64_MAX,
		  UINT64_MAX, UINT64_MAX },
		{ "pids.max=9|pids.max=3", UINT64_MAX, 3, UINT64_MAX },
		{ "memory.maximal=3", UINT64_MAX, UINT64_MAX, UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		struct cgroup_ask c = { .set = strv_split(t[i].set, '|') };

		assert_true(cgroup_ask_memory(&c) == t[i].memory);
		assert_true(cgroup_ask_pids(&c) == t[i].pids);
		assert_true(cgroup_ask_cpus(&c) == t[i].cpus);
		cgroup_ask_done(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limit_is_a_file_of_either_version),
		cmocka_unit_test(a_limit_out_of_range_is_an_error),
		cmocka_unit_test(swap_is_off_and_all_ends_when_memory_is_out),
		cmocka_unit_test(settings_are_told_as_amounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
