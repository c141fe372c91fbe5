/* test_build_root.c - plan/build_root: the tree as steps. */
#include "case.h"

static void each_kind_of_root_has_its_step(void **state)
{
	static const struct {
		const char *text, *has, *has_not;
	} rows[] = {
		{ "image.cmd x", "overlay /store/l1 /store/l2 volatile",
		  "readonly / " },
		{ "image.cmd x\nread_only", "overlay", "rootdir" },
		{ "root dir /r\ncommand x", "overlay /r volatile", "rootdir" },
		{ "root dir /r\ncommand x\nread_only",
		  "rootdir /r ro,nosuid,nodev", "overlay" },
		{ "root dir /r\ncommand x\nread_only\nmount tmpfs - /t",
		  "overlay /r volatile", "rootdir" },
		{ "root host", "tmproot size 512m owner 1", "overlay" },
		{ "root host\nread_only", "tmproot", "upper" },
		{ "image.cmd x\nkeep", "upper directory /store/containers/c1",
		  "upper tmpfs" },
		{ "image.cmd x\nroot_size 2097152", "upper tmpfs size 2m",
		  "upper directory" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = case_plan(rows[i].text);

		assert_step(p, rows[i].has);
		assert_no_step(p, rows[i].has_not);
	}
}

static void what_is_kept_is_synced(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd x\nkeep");

	(void)state;
	assert_false(p->steps[step_at(p, "overlay")].overlay.volatile_);
}

static void layers_are_staged_before_linux_6_15(void **state)
{
	static const struct {
		unsigned major, minor;
		bool staged;
	} rows[] = { { 5, 15, true },
		     { 6, 1, true },
		     { 6, 14, true },
		     { 6, 15, false },
		     { 7, 0, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text = xasprintf("image.cmd x\n"
						 "host.kernel_major %u\n"
						 "host.kernel_minor %u",
						 rows[i].major, rows[i].minor);
		AUTO(plan_free) struct plan *p = case_plan(text);

		assert_int_equal(p->steps[step_at(p, "overlay")].overlay.staged,
				 rows[i].staged);
	}
}

static void a_host_without_overlay_is_refused(void **state)
{
	(void)state;
	case_refused("image.cmd x\nhost.has_overlay_userns no", ERR_HOST,
		     "overlayfs in a user namespace");
	plan_free(case_plan("root dir /r\ncommand x\nread_only\n"
			    "host.has_overlay_userns no"));
}

/* Nothing of ours may land in a directory of the host. */
static void our_files_come_before_anything_of_the_host(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nmount bind /a /etc rw\n"
				   "workdir /made/here");

	(void)state;
	assert_before(p, "file /etc/resolv.conf", "bind /a -> /etc");
	assert_before(p, "dir /made/here", "bind /a -> /etc");
}

static void
the_directory_is_made_unless_something_is_mounted_there(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nworkdir /src/a\n"
				   "mount bind /a /src");
	AUTO(plan_free)
	struct plan *ro = case_plan("root dir /r\ncommand x\nread_only\n"
				    "workdir /w");

	(void)state;
	assert_no_step(p, "dir");
	assert_no_step(ro, "dir");
}

static void a_read_only_root_is_closed_last(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nread_only\ntty\n"
				   "mount bind /a /b");
	struct step *before = &p->steps[step_at(p, "pivot") - 1];

	(void)state;
	assert_int_equal(before->op, OP_READONLY);
	assert_string_equal(before->path.path, "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_root_has_its_step),
		cmocka_unit_test(what_is_kept_is_synced),
		cmocka_unit_test(layers_are_staged_before_linux_6_15),
		cmocka_unit_test(a_host_without_overlay_is_refused),
		cmocka_unit_test(our_files_come_before_anything_of_the_host),
		cmocka_unit_test(
			the_directory_is_made_unless_something_is_mounted_there),
		cmocka_unit_test(a_read_only_root_is_closed_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
