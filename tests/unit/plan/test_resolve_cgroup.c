/*
 * test_resolve_cgroup.c - plan/resolve_cgroup: when there is a cgroup, where
 * it is made, and what is said where a limit cannot hold.
 */
#include "case.h"

#define V1     "host.cgroup 1\n"
#define HYBRID "host.cgroup 2\n"
#define V2     "host.cgroup 3\n"
/* v2: alone in a delegated cgroup; with a shell beside; a systemd to ask */
#define ALONE                                                                  \
	V2 "host.cgroup_place /a/b\nhost.cgroup_controllers cpu memory pids\n" \
	   "host.cgroup_is_own\n"
#define CROWDED ALONE "host.cgroup_others 2\n"
#define SYSTEMD                                                                \
	V2 "host.scope_controllers cpu memory pids\n"                          \
	   "host.scope_helper /x/immure-scope\n"
#define ROOT_V1                                                                \
	HYBRID "host.cgroup_controllers memory cpu pids freezer cpuset\n"

static char *step_of(const char *lines)
{
	auto_free char *text = xasprintf("image.cmd x\n%s", lines);
	AUTO(plan_free) struct plan *p = case_plan(text);
	AUTO(buf_done) struct buf b = BUF_INIT;

	plan_foreach (s, p) {
		if (s->op == OP_CGROUP) {
			auto_free char *names =
				strv_join(s->cgroup.controllers, ",");
			auto_free char *set = strv_join(s->cgroup.set, " ");

			buf_printf(
				&b, "%s %s%s%s %s: %s",
				s->cgroup.how == CGROUP_SCOPE ? "scope" : "dir",
				s->cgroup.parent  ? s->cgroup.parent
				: s->cgroup.slice ? s->cgroup.slice
						  : "-",
				s->cgroup.aside ? " aside" : "",
				s->cgroup.helper ? " helper" : "", names, set);
		}
		if (s->op == OP_CGROUPNS)
			buf_str(&b, " +ns");
	}
	return buf_take(&b);
}

static void the_cgroup_is_made_where_it_can_be(void **state)
{
	static const struct {
		const char *lines, *want;
	} t[] = {
		{ ALONE, "" },
		{ ALONE "memory 67108864",
		  "dir /a/b aside memory,pids: memory.max=67108864 "
		  "pids.max=512 ?memory.swap.max=0 memory.oom.group=1" },
		{ ALONE "pids_limit 20", "dir /a/b aside pids: pids.max=20" },
		{ ALONE "cgroups enabled",
		  "dir /a/b aside pids: pids.max=512" },
		{ ALONE "cgroups enabled\npids_limit -1\ncpu_shares 2",
		  "dir /a/b aside cpu: cpu.weight=1" },
		{ ALONE "cgroups disabled\npids_limit 20", "" },
		{ SYSTEMD "pids_limit 20", "" },
		{ SYSTEMD "cpu_quota 50000",
		  "scope - helper cpu,pids: cpu.max=50000 100000 "
		  "pids.max=512" },
		{ CROWDED SYSTEMD "cpu_quota 50000",
		  "scope - helper cpu,pids: cpu.max=50000 100000 "
		  "pids.max=512" },
		{ SYSTEMD "cgroup_parent my.slice\ncpu_shares 2",
		  "scope my.slice helper cpu: cpu.weight=1" },
		{ V2 "cgroup_parent /x//y/\ncpu_shares 2",
		  "dir /x/y cpu: cpu.weight=1" },
		{ V2 "cgroup_parent /x\npids_limit 20\ncpu_shares 2",
		  "dir /x cpu,pids: cpu.weight=1 pids.max=20" },
		{ ROOT_V1 "memory 67108864",
		  "dir - memory,pids,freezer: memory.limit_in_bytes=67108864 "
		  "pids.max=512 ?memory.memsw.limit_in_bytes=67108864 +ns" },
		{ ROOT_V1 "pids_limit 20", "" },
		{ V1 "cgroup_parent /x\nmemory 67108864\nmemory_swap -1",
		  "dir /x memory: memory.limit_in_bytes=67108864 "
		  "memory.memsw.limit_in_bytes=-1 +ns" },
		{ V1 "cgroup_parent /x\ncgroupns host\ncpu_shares 2",
		  "dir /x cpu: cpu.shares=2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		auto_free char *got = step_of(t[i].lines);

		if (strcmp(got, t[i].want) != 0)
			fail_msg("%s\ngot  %s\nwant %s", t[i].lines, got,
				 t[i].want);
	}
}

static void what_cannot_hold_is_refused_with_a_remedy(void **state)
{
	static const struct {
		const char *lines;
		enum err_kind kind;
		const char *part;
	} t[] = {
		{ "memory 67108864", ERR_HOST, "no cgroups are mounted" },
		{ V1 "memory 67108864", ERR_HOST, "unified_cgroup_hierarchy" },
		{ HYBRID "io_weight 100", ERR_HOST, "controller blkio" },
		{ CROWDED "memory 67108864", ERR_HOST, "2 other processes" },
		{ CROWDED "memory 67108864", ERR_HOST, "Delegate=yes" },
		{ ALONE "io_weight 100", ERR_HOST, "delegate.conf" },
		{ SYSTEMD "cpus 0", ERR_HOST, "controller cpuset is not" },
		{ "host.uid 0\n" SYSTEMD "cpus 0", ERR_HOST,
		  "this kernel has no cgroup controller cpuset" },
		{ V2 "memory 67108864", ERR_HOST, "enable-linger" },
		{ V2 "host.scope_controllers memory pids\nmemory 67108864",
		  ERR_HOST, "immure-scope" },
		{ V2 "cgroups enabled", ERR_HOST, "enable-linger" },
		{ V2 "cgroup_parent x\ncpu_shares 2", ERR_USAGE,
		  "--cgroup-parent x" },
		{ V2 "cgroup_parent x.slice\ncpu_shares 2", ERR_HOST,
		  "x.slice" },
		{ ALONE "cgroups sometimes", ERR_USAGE, "--cgroups" },
		{ ALONE "cgroups disabled\nmemory 67108864", ERR_USAGE,
		  "contradict" },
		{ ALONE "cgroups disabled\ncgroup_parent /x", ERR_USAGE,
		  "contradict" },
		{ ALONE "memory 1", ERR_USAGE, "512k" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		auto_free char *text = xasprintf("image.cmd x\n%s", t[i].lines);

		case_refused(text, t[i].kind, t[i].part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cgroup_is_made_where_it_can_be),
		cmocka_unit_test(what_cannot_hold_is_refused_with_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
