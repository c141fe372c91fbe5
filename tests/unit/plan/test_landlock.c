/* test_landlock.c - plan/landlock: the rule set of a plan. */
#include "case.h"
#include "plan/parts.h"

static void rights_grow_with_the_abi(void **state)
{
	static const struct {
		int abi;
		uint64_t fs, scope;
	} rows[] = {
		{ 2, 0x3fff, 0 },  { 3, 0x7fff, 0 }, { 4, 0x7fff, 0 },
		{ 5, 0xffff, 0 },  { 6, 0xffff, 3 }, { 7, 0xffff, 3 },
		{ 99, 0xffff, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text = xasprintf(
			"image.cmd x\nhost.landlock_abi %d", rows[i].abi);
		AUTO(plan_free) struct plan *p = case_plan(text);
		struct step *s = &p->steps[step_at(p, "landlock")];

		assert_int_equal(s->landlock.abi, rows[i].abi);
		assert_int_equal(s->landlock.fs, rows[i].fs);
		assert_int_equal(s->landlock.scope, rows[i].scope);
		assert_int_equal(s->landlock.net, 0);
		for (size_t j = 0; j < s->landlock.n_paths; j++) {
			uint64_t access = s->landlock.paths[j].access;

			assert_true(access);
			assert_int_equal(access & ~s->landlock.fs, 0);
		}
	}
}

static void landlock_is_required_unless_less_is_asked_for(void **state)
{
	AUTO(plan_free)
	struct plan *wanted = case_plan("image.cmd x\nlandlock wanted\n"
					"host.landlock_abi 1");
	AUTO(plan_free)
	struct plan *required = case_plan("image.cmd x\n"
					  "host.landlock_abi 1");
	AUTO(plan_free)
	struct plan *none = case_plan("image.cmd x\nlandlock wanted\n"
				      "host.landlock_abi 0");

	(void)state;
	assert_step(wanted, "landlock abi 0 allow nothing (wanted)");
	assert_step(required, "landlock abi 1 allow /:rwxm");
	assert_step(none, "landlock abi 0 allow nothing (wanted)");
	case_refused("image.cmd x\nhost.landlock_abi 0", ERR_HOST,
		     "landlock=wanted");
}

static void device_nodes_are_made_nowhere(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd x");
	struct step *s = &p->steps[step_at(p, "landlock")];
	const uint64_t nodes = 1 << 6 | 1 << 11;

	(void)state;
	for (size_t i = 0; i < s->landlock.n_paths; i++)
		assert_int_equal(s->landlock.paths[i].access & nodes, 0);
}

static void
below_a_read_only_root_writes_go_only_where_something_is_mounted(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nread_only\n"
				   "mount bind /a /ro\nmount bind /b /rw rw\n"
				   "mount bind /f /file rw\n"
				   "fact /f file 0644\nmount tmpfs - /tmp");

	(void)state;
	assert_step(p, "landlock abi 7 scope abstract_unix,signal allow /:rx "
		       "/dev:wi /dev/shm:rwxm /dev/mqueue:rwxm /proc:w "
		       "/rw:rwxm /file:rwx /tmp:rwxm");
}

/* The rules that are built for a root of one mount, as a plan prints them. */
static char *rules_for(const struct spec_mount *m, bool read_only, int abi)
{
	struct spec_mount mount = *m;
	struct spec s = { .mounts = &mount,
			  .n_mounts = 1,
			  .read_only = read_only };
	struct host h = { .landlock_abi = abi };
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct build b = { .s = &s, .h = &h, .p = p };
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;

	assert_ok(build_landlock(&b, &e), &e);
	assert_int_equal(p->n, 1);
	plan_print_step(&p->steps[0], false, &text);
	return buf_take(&text);
}

#define T(type_, target_, attr_, mode_)                                        \
	{                                                                      \
		.type = (char *)(uintptr_t)(type_),                            \
		.target = (char *)(uintptr_t)(target_), .attr = (attr_),       \
		.facts = {                                                     \
			.mode = (mode_)                                        \
		}                                                              \
	}

/* Below a read-only root a rule for each mount that needs more than "/". */
static void each_mount_is_allowed_what_it_is_for(void **state)
{
	static const struct {
		struct spec_mount m;
		const char *want;
	} rows[] = {
		{ T("bind", "/d", 0, S_IFDIR | 0755), " /d:rwxm" },
		{ T("bind", "/f", 0, S_IFREG | 0644), " /f:rwx" },
		{ T("bind", "/s", 0, S_IFSOCK | 0644), " /s:rwx" },
		{ T("bind", "/d", MOUNT_ATTR_RDONLY, S_IFDIR | 0755), "" },
		{ T("bind", "/f", MOUNT_ATTR_RDONLY, S_IFREG | 0644), "" },
		{ T("tmpfs", "/t", 0, 0), " /t:rwxm" },
		{ T("tmpfs", "/t", MOUNT_ATTR_RDONLY, 0), "" },
		{ T("proc", "/proc", 0, 0), " /proc:w" },
		{ T("sysfs", "/sys", MOUNT_ATTR_RDONLY, 0), "" },
		{ T("sysfs", "/sys", 0, 0), " /sys:rwxm" },
		{ T("devpts", "/dev/pts", 0, 0), "" },
		{ T("tmpfs", "/dev", 0, 0), " /dev:wi" },
		{ T("bind", "/dev", MOUNT_ATTR_RDONLY, S_IFDIR), " /dev:wi" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got = rules_for(&rows[i].m, true, 7);
		auto_free char *want =
			xasprintf("landlock abi 7 scope abstract_unix,signal "
				  "allow /:rx%s",
				  rows[i].want);

		assert_string_equal(got, want);
	}
}

/* A right that the kernel does not know would be EINVAL. */
static void no_rule_has_a_right_that_the_abi_lacks(void **state)
{
	static const struct {
		int abi;
		bool read_only;
		const char *want;
	} rows[] = {
		{ 5, false, "landlock abi 5 allow /:rwxm /dev:i" },
		{ 4, false, "landlock abi 4 allow /:rwxm" },
		{ 5, true, "landlock abi 5 allow /:rx /dev:wi" },
		{ 4, true, "landlock abi 4 allow /:rx /dev:w" },
		{ 1, true, "landlock abi 1 allow /:rx /dev:w" },
	};
	const struct spec_mount dev = T("tmpfs", "/dev", 0, 0);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got =
			rules_for(&dev, rows[i].read_only, rows[i].abi);

		assert_string_equal(got, rows[i].want);
	}
}

static void turned_off_it_is_no_step_whatever_the_host_has(void **state)
{
	static const int abis[] = { 0, 1, 7 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(abis); i++) {
		struct spec s = { .landlock = NEED_OFF };
		struct host h = { .landlock_abi = abis[i] };
		AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
		struct build b = { .s = &s, .h = &h, .p = p };
		struct err e = ERR_INIT;

		assert_ok(build_landlock(&b, &e), &e);
		assert_int_equal(p->n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rights_grow_with_the_abi),
		cmocka_unit_test(landlock_is_required_unless_less_is_asked_for),
		cmocka_unit_test(device_nodes_are_made_nowhere),
		cmocka_unit_test(
			below_a_read_only_root_writes_go_only_where_something_is_mounted),
		cmocka_unit_test(each_mount_is_allowed_what_it_is_for),
		cmocka_unit_test(no_rule_has_a_right_that_the_abi_lacks),
		cmocka_unit_test(
			turned_off_it_is_no_step_whatever_the_host_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
