/*
 * test_cgroups.c - engine/cgroups: what is written down of cgroups, and what
 * becomes of it.
 */
#include "unit.h"
#include "base/alloc.h"
#include "engine/cgroups.h"
#include "kernel/cgroup.h"

#define WORDS(...) ((char *const *)(const char *const[]){ __VA_ARGS__, NULL })

static bool is_noted(const struct unit_place *p, const char *name)
{
	auto_free char *path = xasprintf("cgroups/%s", name);

	return faccessat(p->dir, path, F_OK, 0) == 0;
}

static void what_is_made_is_written_down_and_forgotten(void **state)
{
	struct unit_place *p = *state;
	struct host h = { .runtime_dir = p->path };
	struct err e = ERR_INIT;
	struct cgroup_notes *n = cgroups_open(&h, &e);

	if (!n)
		fail_msg("%s", e.msg);
	assert_ok(cgroups_note(n, WORDS("memory:/a/immure-1", "pids:/b"), &e),
		  &e);
	assert_true(is_noted(p, "immure-1"));
	cgroups_forget(n);
	assert_false(is_noted(p, "immure-1"));
	cgroups_free(n);
}

/* The note of one that is not there is of no use to anybody. */
static void a_sweep_forgets_what_is_gone(void **state)
{
	AUTO(cgroup_fs_done) struct cgroup_fs fs = CGROUP_FS_INIT;
	struct unit_place *p = *state;
	struct host h = { .runtime_dir = p->path };
	struct err e = ERR_INIT;
	struct cgroup_notes *n;

	assert_ok(cgroup_fs_open(&fs, &e), &e);
	if (fs.mode != CGROUP_V2 && fs.mode != CGROUP_HYBRID)
		skip(); /* no version 2 to look in */
	n = cgroups_open(&h, &e);
	assert_non_null(n);
	assert_ok(cgroups_note(n, WORDS(":/immure-no-such-thing"), &e), &e);
	cgroups_free(n); /* its maker was killed */
	cgroups_sweep_left(&h);
	assert_false(is_noted(p, "immure-no-such-thing"));
}

static void without_a_runtime_directory_none_is_made(void **state)
{
	struct host h = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_null(cgroups_open(&h, &e));
	assert_non_null(strstr(e.msg, "XDG_RUNTIME_DIR"));
	cgroups_sweep_left(&h); /* nothing to do */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_made_is_written_down_and_forgotten,
			place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(a_sweep_forgets_what_is_gone,
						place_set_up, place_tear_down),
		cmocka_unit_test(without_a_runtime_directory_none_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
