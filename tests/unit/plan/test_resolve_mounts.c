/* test_resolve_mounts.c - plan/resolve_mounts: binds, tmpfs, volumes,
 * devices. */
#include "case.h"

static void mounts_are_read_only_nosuid_and_nodev(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "mount bind /a /x", "bind /a -> /x ro,nosuid,nodev rec" },
		{ "mount bind /a /x rw", "bind /a -> /x nosuid,nodev rec" },
		{ "mount bind /a/../b/ /x/", "bind /b -> /x ro,nosuid,nodev" },
		{ "mount bind /a /x suid dev", "bind /a -> /x ro recursive" },
		{ "mount bind /f /x\nfact /f file 0600",
		  "bind /f -> /x ro,nosuid,nodev file,0600" },
		{ "mount bind /s /x\nfact /s socket 0666",
		  "bind /s -> /x ro,nosuid,nodev socket,0666" },
		{ "mount tmpfs - /x",
		  "mount tmpfs /x nosuid,nodev,noexec mode=1777,"
		  "size=536870912,uid=1,gid=1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd sh\n%s", rows[i].line);
		AUTO(plan_free) struct plan *p = case_plan(text);

		assert_step(p, rows[i].want);
	}
}

static void what_the_sandbox_stands_on_cannot_be_covered(void **state)
{
	static const char *const rows[] = {
		"/",	      "/proc",	  "/proc/sys", "/sys",
		"/sys/fs",    "/dev",	  "/dev/pts",  "/dev/pts/0",
		"/x/../proc", "//dev/./", "/../sys/x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *bind =
			xasprintf("image.cmd sh\nmount bind /a %s", rows[i]);
		auto_free char *tmpfs =
			xasprintf("image.cmd sh\nmount tmpfs - %s", rows[i]);
		auto_free char *volume =
			xasprintf("image.cmd sh\nimage.volumes %s", rows[i]);

		case_refused(bind, ERR_USAGE, "mount at");
		case_refused(tmpfs, ERR_USAGE, "mount at");
		case_refused(volume, ERR_INPUT, "the image asks for a volume");
	}
	case_refused("image.cmd sh\nimage.volumes /dev/shm", ERR_INPUT,
		     "/dev/shm");
}

static void targets_and_sources_are_absolute_and_single(void **state)
{
	(void)state;
	case_refused("image.cmd sh\nmount bind /a x", ERR_USAGE,
		     "must be absolute");
	case_refused("image.cmd sh\nmount bind a /x", ERR_USAGE,
		     "not an absolute path");
	case_refused("image.cmd sh\nmount bind /a /x\nmount tmpfs - /y/../x",
		     ERR_USAGE, "two mounts at /x");
}

static void deeper_targets_come_later(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\nmount bind /1 /a/b/c\n"
				   "mount bind /2 /a/b\nmount bind /3 /z\n"
				   "mount bind /4 /a");

	(void)state;
	assert_before(p, "bind /3", "bind /4");
	assert_before(p, "bind /4", "bind /2");
	assert_before(p, "bind /2", "bind /1");
	assert_before(p, "mount sysfs", "bind /3");
	assert_before(p, "bind /1", "mask");
}

static void a_standard_mount_gives_way(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\nmount bind /a /dev/shm rw");

	(void)state;
	assert_no_step(p, "mount tmpfs /dev/shm");
	assert_step(p, "bind /a -> /dev/shm");
}

static void volumes_need_a_mount_only_below_a_read_only_root(void **state)
{
	AUTO(plan_free)
	struct plan *w = case_plan("image.cmd sh\nimage.volumes /v");
	AUTO(plan_free)
	struct plan *ro = case_plan("image.cmd sh\nimage.volumes /v\n"
				    "image.volumes /u\nread_only\n"
				    "mount bind /a /u");

	(void)state;
	assert_no_step(w, "mount tmpfs /v");
	assert_step(ro, "mount tmpfs /v nosuid,nodev mode=755");
	assert_no_step(ro, "mount tmpfs /u");
	assert_step(ro, "bind /a -> /u");
}

static void devices_stand_below_dev(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\ndevices /dev/net/tun\n"
				   "devices /dev/fuse:/dev/f:r\n"
				   "devices /dev/null:r");

	(void)state;
	assert_step(p, "device /dev/net/tun -> /dev/net/tun 10:200 writable");
	assert_step(p, "device /dev/fuse -> /dev/f 10:200");
	assert_no_step(p, "device /dev/fuse -> /dev/f 10:200 writable");
	assert_no_step(p, "device /dev/null -> /dev/null 1:3 writable");
	assert_before(p, "mount tmpfs /dev", "device /dev/net/tun");
}

static void other_devices_are_refused(void **state)
{
	static const struct case_refusal rows[] = {
		{ "devices dev/x", "expected /SOURCE" },
		{ "devices /dev/x:y", "expected /SOURCE" },
		{ "devices /dev/x:/dev/y:/dev/z", "expected /SOURCE" },
		{ "devices /dev/x:/dev/y:q", "expected /SOURCE" },
		{ "devices /dev/x:/etc/x", "below /dev" },
		{ "devices /dev/x:/dev/../etc/x", "below /dev" },
		{ "devices /dev/x:/dev", "below /dev" },
		{ "devices /dev/x:/dev/pts/0", "below /dev" },
		{ "devices /dev/x:/dev/fd/3", "below /dev" },
		{ "devices /dev/x:/dev/null", "is there already" },
		{ "devices /srv/f:/dev/f\nfact /srv/f file 0644",
		  "not a device node" },
	};

	(void)state;
	cases_refused(rows, ARRAY_SIZE(rows), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mounts_are_read_only_nosuid_and_nodev),
		cmocka_unit_test(what_the_sandbox_stands_on_cannot_be_covered),
		cmocka_unit_test(targets_and_sources_are_absolute_and_single),
		cmocka_unit_test(deeper_targets_come_later),
		cmocka_unit_test(a_standard_mount_gives_way),
		cmocka_unit_test(
			volumes_need_a_mount_only_below_a_read_only_root),
		cmocka_unit_test(devices_stand_below_dev),
		cmocka_unit_test(other_devices_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
