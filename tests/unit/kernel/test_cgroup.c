/*
 * test_cgroup.c - kernel/cgroup*: lines, settings and numbers on directories
 * that look like cgroups; and real ones of both versions where root may make
 * them.
 */
#include "unit.h"
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/cgroup.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"

/* A NULL-terminated vector. */
#define WORDS(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

/* ---- directories that look like them ---- */

static void put(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

static struct cgroup *fake(const struct unit_place *p, const char *line,
			   enum cgroup_mode mode)
{
	const struct cgroup_fs fs = { mode, p->dir };
	char *const *lines = WORDS(line);
	struct err e = ERR_INIT;
	struct cgroup *c;

	assert_ok(cgroup_open(&fs, lines, &c, &e), &e);
	return c;
}

static void a_line_is_found_by_its_controller(void **state)
{
	char *const *lines = WORDS("name=systemd:/", "cpu,cpuacct:/a b:c/d",
				   "memory:/m", ":/unified");

	(void)state;
	assert_string_equal(cgroup_line_path(lines, "cpuacct"), "/a b:c/d");
	assert_string_equal(cgroup_line_path(lines, "memory"), "/m");
	assert_string_equal(cgroup_line_path(lines, ""), "/unified");
	assert_null(cgroup_line_path(lines, "mem"));
	assert_null(cgroup_line_path(lines, "pids"));
}

static void our_own_lines_are_read(void **state)
{
	AUTO(strv_free) char **lines = NULL;
	struct err e = ERR_INIT;
	int proc = procfs_open_host(&e);

	(void)state;
	assert_ok(proc, &e);
	assert_ok(cgroup_lines_of(proc, getpid(), &lines, &e), &e);
	close(proc);
	strv_foreach (line, lines)
		assert_non_null(strstr(*line, ":/"));
}

static const struct {
	const char *setting, *got;
	bool same;
} reports[] = {
	{ "memory.max=67108864", "67108864\n", true },
	{ "memory.max=67108865", "67108864\n", true },
	{ "memory.max=67108864", "max\n", false },
	{ "memory.max=max", "max\n", true },
	{ "memory.max=67108864", "134217728\n", false },
	{ "memory.max=67108864", "67104768\n", false },
	{ "memory.oom.group=1", "1\n", true },
	{ "memory.oom.group=1", "0\n", false },
	{ "hugetlb.2MB.max=3000000", "2097152\n", true },
	{ "hugetlb.2MB.max=5000000", "2097152\n", false },
	{ "cpu.max=50000 100000", "50000 100000\n", true },
	{ "cpu.max=50000 100000", "max 100000\n", false },
	{ "cpu.max=max", "max 100000\n", true },
	{ "cpu.weight=39", "39\n", true },
	{ "cpu.weight=39", "390\n", false },
	{ "cpuset.cpus=0,1,2,7", "0-2,7\n", true },
	{ "cpuset.cpus=0-2", "0-1\n", false },
	{ "cpuset.mems=0", "\n", false },
	{ "io.weight=100", "default 100\n", true },
	{ "io.weight=100", "default 10\n", false },
	{ "io.max=8:0 rbps=1048576",
	  "8:0 rbps=1048576 wbps=max riops=max wiops=max\n", true },
	{ "io.max=8:0 rbps=1048576",
	  "8:16 rbps=1048576 wbps=max riops=max wiops=max\n", false },
	{ "io.max=8:0 rbps=1\n8:16 wiops=2",
	  "8:0 rbps=1 wbps=max\n8:16 rbps=max wiops=2\n", true },
	{ "io.max=8:0 rbps=1\n8:16 wiops=2", "8:0 rbps=1 wbps=max\n", false },
	{ "io.max=8:0 rbps=max", "", true },
	{ "io.max=8:0 rbps=max wbps=7", "", false },
	{ "pids.max=20", "20\n", true },
	{ "pids.max=20", "max\n", false },
	{ "pids.max=20", "", false },
	{ "?memory.swap.max=0", NULL, true },
	{ "memory.swap.max=0", NULL, false },
};

static void a_report_is_compared_with_the_setting(void **state)
{
	struct unit_place *p = *state;
	struct cgroup *c = fake(p, ":/", CGROUP_V2);

	for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
		const char *name =
			reports[i].setting + (*reports[i].setting == '?');
		char *const *settings = WORDS(reports[i].setting);
		char file[64];
		struct err e = ERR_INIT;

		snprintf(file, sizeof(file), "%.*s", (int)strcspn(name, "="),
			 name);
		unlinkat(p->dir, file, 0);
		if (reports[i].got)
			put(p->dir, file, reports[i].got);
		if (reports[i].same)
			assert_ok(cgroup_check(c, settings, &e), &e);
		else
			assert_err(cgroup_check(c, settings, &e), &e,
				   ERR_VERIFY, file);
	}
	cgroup_free(c);
}

static void a_setting_is_written(void **state)
{
	char *const *settings = WORDS("pids.max=7", "?memory.swap.max=0");
	struct unit_place *p = *state;
	struct cgroup *c = fake(p, ":/", CGROUP_V2);
	auto_free char *text = NULL;
	struct err e = ERR_INIT;

	put(p->dir, "pids.max", "");
	assert_ok(cgroup_set(c, settings, &e), &e);
	assert_ok(cgroup_read(c, "pids.max", &text, &e), &e);
	assert_string_equal(text, "7");
	cgroup_free(c);
}

static void a_setting_without_a_file_is_refused(void **state)
{
	char *const *missing = WORDS("memory.max=7");
	char *const *elsewhere = WORDS("../memory.max=7");
	char *const *empty = WORDS("=7");
	struct unit_place *p = *state;
	struct cgroup *c = fake(p, ":/", CGROUP_V2);
	struct err e = ERR_INIT;

	assert_err(cgroup_set(c, missing, &e), &e, ERR_HOST, "memory.max=7");
	assert_err(cgroup_set(c, elsewhere, &e), &e, ERR_INPUT, "FILE=VALUE");
	assert_err(cgroup_set(c, empty, &e), &e, ERR_INPUT, "FILE=VALUE");
	cgroup_free(c);
}

static void a_directory_that_is_a_link_is_not_entered(void **state)
{
	struct unit_place *p = *state;
	const struct cgroup_fs fs = { CGROUP_V2, p->dir };
	char *const *lines = WORDS(":/link/x");
	struct err e = ERR_INIT;
	struct cgroup *c;

	assert_int_equal(mkdirat(p->dir, "real", 0755), 0);
	assert_int_equal(mkdirat(p->dir, "real/x", 0755), 0);
	assert_int_equal(symlinkat("real", p->dir, "link"), 0);
	assert_err(cgroup_open(&fs, lines, &c, &e), &e, ERR_SYS, "link");
}

static void usage_of_version_2_is_read(void **state)
{
	struct unit_place *p = *state;
	struct cgroup *c = fake(p, ":/", CGROUP_V2);
	struct err e = ERR_INIT;
	struct cgroup_stat s;
	uint64_t kills;

	put(p->dir, "memory.current", "4096\n");
	put(p->dir, "memory.max", "max\n");
	put(p->dir, "memory.events",
	    "low 0\nhigh 0\nmax 5\noom 1\n"
	    "oom_kill 2\noom_group_kill 1\n");
	put(p->dir, "cpu.stat",
	    "usage_usec 30\nuser_usec 20\n"
	    "system_usec 10\nnr_periods 3\n");
	put(p->dir, "pids.current", "4\n");
	put(p->dir, "io.stat",
	    "8:0 rbytes=1 wbytes=2 rios=3 wios=4\n"
	    "8:16 rbytes=10 wbytes=20 rios=30 wios=40\n");
	put(p->dir, "cpu.pressure",
	    "some avg10=1.25 avg60=0.00 avg300=0.00 total=99\n"
	    "full avg10=0.05 avg60=0.00 avg300=0.00 total=7\n");
	assert_ok(cgroup_stat(c, &s, &e), &e);
	assert_int_equal(s.memory, 4096);
	assert_true(s.memory_limit == CGROUP_UNKNOWN);
	assert_int_equal(s.memory_failures, 5);
	assert_int_equal(s.oom_kills, 2);
	assert_int_equal(s.cpu_us, 30);
	assert_int_equal(s.periods, 3);
	assert_int_equal(s.pids, 4);
	assert_int_equal(s.read_bytes, 11);
	assert_int_equal(s.writes, 44);
	assert_int_equal(s.cpu_pressure.some10, 125);
	assert_int_equal(s.cpu_pressure.full10, 5);
	assert_int_equal(s.cpu_pressure.some_us, 99);
	assert_true(s.memory_pressure.some10 == CGROUP_UNKNOWN);
	assert_ok(cgroup_oom_kills(c, &kills, &e), &e);
	assert_int_equal(kills, 2);
	cgroup_free(c);
}

static void usage_of_version_1_is_read(void **state)
{
	struct unit_place *p = *state;
	struct err e = ERR_INIT;
	struct cgroup_stat s;
	struct cgroup *c;

	assert_int_equal(mkdirat(p->dir, "memory", 0755), 0);
	put(p->dir, "memory/memory.usage_in_bytes", "8192\n");
	put(p->dir, "memory/memory.limit_in_bytes", "9223372036854771712\n");
	put(p->dir, "memory/memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
	c = fake(p, "memory:/", CGROUP_V1);
	assert_ok(cgroup_stat(c, &s, &e), &e);
	assert_int_equal(s.memory, 8192);
	assert_true(s.memory_limit == CGROUP_UNKNOWN);
	assert_int_equal(s.oom_kills, 3);
	assert_true(s.pids == CGROUP_UNKNOWN);
	cgroup_free(c);
}

/* ---- real ones ---- */

struct real {
	struct cgroup_fs fs;
	struct cgroup *c;
};

/* Version 1: what is tried here; version 2: whatever it has. */
#define V1	  WORDS("memory", "pids", "freezer", "cpuset")
#define V2_HYBRID WORDS("hugetlb")

static void make(struct real *r, char *const *controllers)
{
	const struct cgroup_new n = { .controllers = controllers };
	struct err e = ERR_INIT;

	assert_ok(cgroup_make(&r->fs, &n, &r->c, &e), &e);
}

static void open_real(struct real *r)
{
	struct err e = ERR_INIT;

	if (geteuid() != 0)
		skip(); /* only root may make cgroups here */
	*r = (struct real){ .fs = CGROUP_FS_INIT };
	assert_ok(cgroup_fs_open(&r->fs, &e), &e);
	if (r->fs.mode != CGROUP_HYBRID)
		skip(); /* the others are tried in a guest */
}

/* A child that sleeps, in the cgroup. */
static pid_t sleeper(struct real *r)
{
	int into = cgroup_clone_fd(r->c), pidfd = -1;
	struct err e = ERR_INIT;
	pid_t pid = ns_clone_into(into, 0, &pidfd);

	if (pid == 0) {
		sleep(60);
		_exit(0);
	}
	assert_true(pid > 0);
	close(pidfd);
	if (into < 0)
		assert_ok(cgroup_put(r->c, pid, &e), &e);
	assert_ok(cgroup_has(r->c, pid, &e), &e);
	return pid;
}

static void check_life(struct real *r)
{
	AUTO(strv_free) char **lines = cgroup_lines(r->c);
	struct cgroup *again = NULL;
	auto_free pid_t *pids = NULL;
	struct err e = ERR_INIT;
	pid_t pid = sleeper(r);
	bool frozen;
	size_t n;

	assert_err(cgroup_has(r->c, getpid(), &e), &e, ERR_VERIFY, "not in");
	assert_ok(cgroup_pids(r->c, &pids, &n, &e), &e);
	assert_int_equal(n, 1);
	assert_int_equal(pids[0], pid);
	assert_ok(cgroup_freeze(r->c, true, 2000, &e), &e);
	assert_ok(cgroup_is_frozen(r->c, &frozen, &e), &e);
	assert_true(frozen);
	assert_ok(cgroup_freeze(r->c, false, 2000, &e), &e);
	assert_false(cgroup_sweep(&r->fs, lines)); /* it is in use */
	assert_ok(cgroup_freeze(r->c, true, 2000, &e), &e);
	signal(SIGCHLD, SIG_IGN); /* reaped as they end */
	assert_ok(cgroup_kill(r->c, 5000, &e), &e);
	signal(SIGCHLD, SIG_DFL);
	assert_ok(cgroup_remove(&r->fs, r->c, 2000, &e), &e);
	assert_err(cgroup_open(&r->fs, lines, &again, &e), &e, ERR_MISSING,
		   "gone");
	cgroup_fs_done(&r->fs);
}

static void a_cgroup_of_version_1_lives_and_ends(void **state)
{
	char *const *settings =
		WORDS("memory.limit_in_bytes=33554432", "pids.max=10");
	char *const *wrong = WORDS("pids.max=11");
	struct err e = ERR_INIT;
	struct real r;

	(void)state;
	open_real(&r);
	make(&r, V1);
	assert_int_equal(r.c->n, 4);
	assert_int_equal(cgroup_clone_fd(r.c), -1);
	assert_ok(cgroup_set(r.c, settings, &e), &e);
	assert_ok(cgroup_check(r.c, settings, &e), &e);
	assert_err(cgroup_check(r.c, wrong, &e), &e, ERR_VERIFY, "pids.max");
	check_life(&r);
}

static void a_cgroup_of_version_2_lives_and_ends(void **state)
{
	struct real r;

	(void)state;
	open_real(&r);
	make(&r, V2_HYBRID);
	assert_true(cgroup_clone_fd(r.c) >= 0);
	check_life(&r);
}

/* Of two limits that bound each other each order works. */
static void memory_with_swap_is_lowered_and_raised(void **state)
{
	char *const *low = WORDS("memory.limit_in_bytes=16777216",
				 "memory.memsw.limit_in_bytes=33554432");
	char *const *high = WORDS("memory.limit_in_bytes=67108864",
				  "memory.memsw.limit_in_bytes=134217728");
	auto_free char *memsw = NULL;
	struct err e = ERR_INIT;
	struct real r;

	(void)state;
	open_real(&r);
	make(&r, V1);
	assert_ok(cgroup_read(r.c, "memory.memsw.limit_in_bytes", &memsw, &e),
		  &e);
	for (int i = 0; memsw && i < 2; i++) {
		assert_ok(cgroup_set(r.c, low, &e), &e);
		assert_ok(cgroup_check(r.c, low, &e), &e);
		assert_ok(cgroup_set(r.c, high, &e), &e);
		assert_ok(cgroup_check(r.c, high, &e), &e);
	}
	assert_ok(cgroup_remove(&r.fs, r.c, 1000, &e), &e);
	cgroup_fs_done(&r.fs);
}

static void what_is_left_behind_is_swept(void **state)
{
	AUTO(strv_free) char **lines = NULL;
	struct cgroup *again = NULL;
	struct err e = ERR_INIT;
	struct real r;

	(void)state;
	open_real(&r);
	make(&r, V1);
	lines = cgroup_lines(r.c);
	assert_false(cgroup_sweep(&r.fs, lines)); /* its maker lives */
	cgroup_free(r.c);
	assert_true(cgroup_sweep(&r.fs, lines));
	assert_true(cgroup_sweep(&r.fs, lines)); /* done already */
	assert_err(cgroup_open(&r.fs, lines, &again, &e), &e, ERR_MISSING,
		   "gone");
	cgroup_fs_done(&r.fs);
}

static void a_controller_that_is_nowhere_is_refused(void **state)
{
	char *const *controllers = WORDS("memory", "nosuch");
	const struct cgroup_new n = { .controllers = controllers };
	struct err e = ERR_INIT;
	struct real r;

	(void)state;
	open_real(&r);
	assert_err(cgroup_make(&r.fs, &n, &r.c, &e), &e, ERR_HOST, "nosuch");
	cgroup_fs_done(&r.fs);
}

static void a_failed_start_leaves_no_directory(void **state)
{
	static const char parent[] = "/immure-unit-nowhere";
	const struct cgroup_new n = { .controllers = V1, .parent = parent };
	struct err e = ERR_INIT;
	struct real r;
	int dir;

	(void)state;
	open_real(&r);
	assert_err(cgroup_make(&r.fs, &n, &r.c, &e), &e, ERR_SYS, parent);
	dir = cgroup_open_dir(&r.fs, "memory", parent);
	assert_int_equal(dir, -1);
	cgroup_fs_done(&r.fs);
}

static int count_notes(void *arg, char *const *lines, struct err *e)
{
	(void)lines, (void)e;
	++*(int *)arg;
	return 0;
}

/* Who notes a cgroup ends what is in it: others' is never noted. */
static void one_that_others_are_in_is_refused_before_it_is_noted(void **state)
{
	struct cgroup_new n = { .controllers = WORDS("memory", "pids"),
				.note = count_notes };
	auto_free char *sub = NULL;
	struct cgroup *c = NULL;
	struct err e = ERR_INIT;
	int notes = 0;
	struct real r;
	pid_t pid;

	(void)state;
	open_real(&r);
	make(&r, n.controllers);
	sub = xstrdup(path_base(r.c->dirs[0].path));
	n.name = sub;
	n.note_arg = &notes;
	pid = sleeper(&r);
	for (int below = 0; below < 2; below++) {
		assert_err(cgroup_make(&r.fs, &n, &c, &e), &e, ERR_CONFLICT,
			   "with processes in it");
		assert_int_equal(notes, 0);
		assert_int_equal(kill(pid, 0), 0);
		for (size_t i = 0; i < r.c->n && !below; i++)
			assert_int_equal(
				mkdirat(r.c->dirs[i].fd, "below", 0755), 0);
		for (size_t i = 0; i < r.c->n && !below; i++) {
			char text[16];

			snprintf(text, sizeof(text), "%d", (int)pid);
			assert_int_equal(cgroup_write_at(r.c->dirs[i].fd,
							 "below/cgroup.procs",
							 text),
					 0);
		}
	}
	assert_ok(cgroup_signal(r.c, SIGKILL, &e), &e);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_ok(cgroup_remove(&r.fs, r.c, 2000, &e), &e);
	cgroup_fs_done(&r.fs);
}

#define IN_PLACE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_found_by_its_controller),
		cmocka_unit_test(our_own_lines_are_read),
		IN_PLACE(a_report_is_compared_with_the_setting),
		IN_PLACE(a_setting_is_written),
		IN_PLACE(a_setting_without_a_file_is_refused),
		IN_PLACE(a_directory_that_is_a_link_is_not_entered),
		IN_PLACE(usage_of_version_2_is_read),
		IN_PLACE(usage_of_version_1_is_read),
		cmocka_unit_test(a_cgroup_of_version_1_lives_and_ends),
		cmocka_unit_test(a_cgroup_of_version_2_lives_and_ends),
		cmocka_unit_test(memory_with_swap_is_lowered_and_raised),
		cmocka_unit_test(what_is_left_behind_is_swept),
		cmocka_unit_test(a_controller_that_is_nowhere_is_refused),
		cmocka_unit_test(a_failed_start_leaves_no_directory),
		cmocka_unit_test(
			one_that_others_are_in_is_refused_before_it_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
