/* test_build_mount.c - plan/build_mount: mounts, binds and devices as steps. */
#include <sys/stat.h>

#include "case.h"
#include "plan/parts.h"

static void a_locked_flag_of_the_host_stays(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\nmount bind /a /x\n"
				   "fact /a dir 0755 ro");

	(void)state;
	assert_step(p, "bind /a -> /x ro,nosuid,nodev");
	case_refused("image.cmd sh\nmount bind /a /x rw\n"
		     "fact /a dir 0755 ro",
		     ERR_USAGE, "read-only on the host");
}

static void ids_in_options_are_those_of_the_outer_namespace(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	AUTO(plan_free)
	struct plan *root = case_plan("image.cmd sh\nuserns root");
	AUTO(plan_free)
	struct plan *one = case_plan("image.cmd sh\nuserns single");

	(void)state;
	assert_step(p, "mount devpts /dev/pts nosuid,noexec newinstance,"
		       "ptmxmode=0666,mode=620,gid=6");
	assert_step(root, "mount devpts /dev/pts nosuid,noexec newinstance,"
			  "ptmxmode=0666,mode=620,gid=5");
	assert_step(root, "mount tmpfs /dev nosuid,nodev,noexec "
			  "mode=755,size=64k");
	/* group 5 does not exist there */
	assert_no_step(one, "mount devpts /dev/pts nosuid,noexec newinstance,"
			    "ptmxmode=0666,mode=620,");
}

/* ---- one mount at a time ---- */

#define S(text) ((char *)(uintptr_t)(text))

/* The steps of one mount and one device (NULL: none), of a sandbox whose ids
 * 0 to 9 are 1 to 10 of the outer space; as text. NULL with *e. */
static char *steps_of(const struct spec_mount *m, const struct spec_device *d,
		      struct err *e)
{
	struct spec_idmap map = { 0, 1, 10 };
	struct spec_mount mount = *m;
	struct spec_device device = d ? *d : (struct spec_device){ 0 };
	struct spec s = { .mounts = &mount,
			  .n_mounts = 1,
			  .devices = &device,
			  .n_devices = d ? 1 : 0 };
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct build b = { .s = &s,
			   .p = p,
			   .uids = { &map, 1 },
			   .gids = { &map, 1 },
			   .root_uid = 1,
			   .root_gid = 1 };
	struct buf text = BUF_INIT;

	if (build_mounts(&b, e))
		return NULL;
	plan_foreach (t, p) {
		if (t->op == OP_SYMLINK)
			continue;
		buf_str(&text, text.len ? "; " : "");
		plan_print_step(t, false, &text);
	}
	return buf_take(&text);
}

static void options_are_translated_one_by_one(void **state)
{
	static const struct {
		const char *type, *data, *want;
	} rows[] = {
		{ "tmpfs", NULL, " uid=1,gid=1" },
		{ "tmpfs", "", " uid=1,gid=1" },
		{ "tmpfs", ",,mode=755,", " mode=755,uid=1,gid=1" },
		{ "tmpfs", "uid=0,gid=9", " uid=1,gid=10" },
		{ "tmpfs", "uid=3", " uid=4,gid=1" },
		{ "proc", "hidepid=2,gid=4", " hidepid=2,gid=5" },
		{ "mqueue", NULL, "" },
		{ "devpts", "gid=5,mode=620", " gid=6,mode=620" },
		/* it has no such group: the file system's default is root's */
		{ "devpts", "gid=10,mode=620", " mode=620" },
		{ "tmpfs", "xuid=0", " xuid=0,uid=1,gid=1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct spec_mount m = { .type = S(rows[i].type),
					      .target = S("/m"),
					      .data = S(rows[i].data) };
		auto_free char *want =
			xasprintf("mount %s /m%s", rows[i].type, rows[i].want);
		struct err e = ERR_INIT;
		auto_free char *got = steps_of(&m, NULL, &e);

		if (!got)
			fail_msg("row %zu: %s", i, e.msg);
		assert_string_equal(got, want);
	}
}

static void ids_that_nobody_has_are_refused(void **state)
{
	static const char *const data[] = { "uid=10", "gid=4294967295",
					    "uid=",   "uid=x",
					    "gid=-1", "mode=755,uid=4294967296",
					    "uid= 1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(data); i++) {
		const struct spec_mount m = { .type = S("tmpfs"),
					      .target = S("/m"),
					      .data = S(data[i]) };
		struct err e = ERR_INIT;

		assert_null(steps_of(&m, NULL, &e));
		assert_err(-1, &e, ERR_USAGE, "mount at /m: ");
	}
}

static struct spec_mount bind_of(uint32_t mode)
{
	return (struct spec_mount){ .type = S("bind"),
				    .source = S("/a"),
				    .target = S("/b"),
				    .recursive = true,
				    .facts = { .mode = mode,
					       .resolved = S("/real/a") } };
}

static void a_bind_that_nobody_looked_at_is_a_bug(void **state)
{
	const struct spec_mount m = bind_of(0);
	struct err e = ERR_INIT;

	(void)state;
	assert_null(steps_of(&m, NULL, &e));
	assert_err(-1, &e, ERR_BUG, "bind /a: its source was not looked at");
}

static void only_directories_are_bound_with_what_is_below(void **state)
{
	static const struct {
		uint32_t mode;
		bool recursive;
	} rows[] = { { S_IFDIR | 0755, true },
		     { S_IFREG | 0644, false },
		     { S_IFSOCK | 0600, false },
		     { S_IFCHR | 0600, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct spec_mount m = bind_of(rows[i].mode);
		struct err e = ERR_INIT;
		auto_free char *got = steps_of(&m, NULL, &e);

		assert_non_null(got);
		assert_int_equal(strstr(got, "recursive") != NULL,
				 rows[i].recursive);
	}
}

/* The step owns all that it says: the spec may go. */
static void a_bind_carries_what_was_found(void **state)
{
	struct object_id parents[] = { { 1, 2 }, { 1, 3 } };
	struct spec_mount m = bind_of(S_IFDIR | 0700);
	struct spec s = { .mounts = &m, .n_mounts = 1 };
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	struct build b = { .s = &s, .p = p };
	const struct step *t;
	struct err e = ERR_INIT;

	(void)state;
	m.attr = MOUNT_ATTR_NOSUID;
	m.facts.locked_attr = MOUNT_ATTR_NOEXEC;
	m.facts.id = (struct object_id){ 7, 8 };
	m.facts.uid = 5;
	m.facts.gid = 6;
	m.facts.parents = parents;
	m.facts.n_parents = 2;
	assert_ok(build_mounts(&b, &e), &e);
	t = &p->steps[0];
	assert_int_equal(t->op, OP_BIND);
	assert_int_equal(t->bind.id.dev, 7);
	assert_int_equal(t->bind.id.ino, 8);
	assert_int_equal(t->bind.uid, 5);
	assert_int_equal(t->bind.gid, 6);
	assert_int_equal(t->bind.mode, S_IFDIR | 0700);
	assert_int_equal(t->bind.attr, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	assert_string_equal(t->bind.resolved, "/real/a");
	assert_int_equal(t->bind.n_parents, 2);
	assert_ptr_not_equal(t->bind.parents, parents);
	assert_int_equal(t->bind.parents[1].ino, 3);
}

/* ---- devices ---- */

static const struct spec_mount dev = { .type = (char *)(uintptr_t) "tmpfs",
				       .target = (char *)(uintptr_t) "/dev" };

static void a_device_is_a_node_and_nothing_else(void **state)
{
	static const struct {
		uint32_t mode;
		bool fine;
	} rows[] = { { S_IFCHR | 0666, true },	 { S_IFBLK | 0600, true },
		     { S_IFREG | 0666, false },	 { S_IFDIR | 0755, false },
		     { S_IFSOCK | 0666, false }, { 0, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct spec_device d = {
			.source = S("/dev/x"),
			.path = S("/dev/y"),
			.facts = { .mode = rows[i].mode, .rdev = makedev(8, 1) }
		};
		struct err e = ERR_INIT;
		auto_free char *got = steps_of(&dev, &d, &e);

		assert_int_equal(got != NULL, rows[i].fine);
		if (got)
			assert_non_null(strstr(got, "; device /dev/x -> /dev/y "
						    "8:1"));
		else
			assert_err(-1, &e, ERR_USAGE, "not a device node");
	}
}

static void devices_need_a_dev_of_the_sandboxs_own(void **state)
{
	const struct spec_device d = { .source = S("/dev/x"),
				       .path = S("/dev/y"),
				       .facts = { .mode = S_IFCHR } };
	struct spec_mount bound = bind_of(S_IFDIR | 0755);
	const struct spec_mount other = { .type = S("tmpfs"),
					  .target = S("/dev/shm") };
	struct err e = ERR_INIT;

	(void)state;
	bound.target = S("/dev");
	assert_null(steps_of(&bound, &d, &e));
	assert_err(-1, &e, ERR_USAGE, "a /dev of the sandbox's own");
	assert_null(steps_of(&other, &d, &e));
	assert_err(-1, &e, ERR_USAGE, "a /dev of the sandbox's own");
}

static void links_stand_in_dev_and_only_there(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd x");

	(void)state;
	assert_before(p, "mount tmpfs /dev ", "symlink /dev/fd");
	assert_before(p, "symlink /dev/fd", "mount devpts");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_locked_flag_of_the_host_stays),
		cmocka_unit_test(
			ids_in_options_are_those_of_the_outer_namespace),
		cmocka_unit_test(options_are_translated_one_by_one),
		cmocka_unit_test(ids_that_nobody_has_are_refused),
		cmocka_unit_test(a_bind_that_nobody_looked_at_is_a_bug),
		cmocka_unit_test(only_directories_are_bound_with_what_is_below),
		cmocka_unit_test(a_bind_carries_what_was_found),
		cmocka_unit_test(a_device_is_a_node_and_nothing_else),
		cmocka_unit_test(devices_need_a_dev_of_the_sandboxs_own),
		cmocka_unit_test(links_stand_in_dev_and_only_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
