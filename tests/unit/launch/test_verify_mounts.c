/*
 * test_verify_mounts.c - /proc/PID/mountinfo against the plan: a mount that
 * is missing, lacks a flag, or is not planned refuses the start.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <linux/mount.h>

#include "base/table.h"
#include "launch/verify.h"
#include "plan/ops.h"

#define NSE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

static char proc_type[] = "proc", proc[] = "/proc", kcore[] = "/proc/kcore",
	    acpi[] = "/proc/acpi", sys[] = "/proc/sys", data[] = "/a b",
	    tmpfs[] = "tmpfs", tmp[] = "/t", size[] = "mode=700,size=196000";

static struct step steps[] = {
	{ .op = OP_CLONE },
	{ .op = OP_OVERLAY },
	{ .op = OP_MOUNT,
	  .mount = { .type = proc_type, .target = proc, .attr = NSE } },
	{ .op = OP_BIND,
	  .bind = { .target = data,
		    .attr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID,
		    .recursive = true } },
	{ .op = OP_READONLY, .path = { sys } },
	{ .op = OP_MASK, .path = { kcore } },
	{ .op = OP_MASK, .path = { acpi } },
	{ .op = OP_MOUNT,
	  .mount = { .type = tmpfs, .target = tmp, .data = size } },
	{ .op = OP_EXEC },
};
static const struct plan plan = { .steps = steps, .n = ARRAY_SIZE(steps) };
static const uint8_t none[128];

#define ROOT	       "67 41 0:41 / / rw,nosuid,nodev,relatime - overlay none rw\n"
#define TMPFS(options) "83 67 0:50 / /t rw - tmpfs none rw," options "\n"
/* 196000 bytes are 192k in whole pages of 4k, 16k or 64k */
#define PROC                                                                   \
	TMPFS("size=192k,mode=700")                                            \
	"77 67 0:47 / /proc rw,nosuid,nodev,noexec,relatime - proc none rw\n"
#define BIND  "78 67 8:1 /x /a\\040b ro,nosuid,relatime - ext4 /dev/x rw\n"
#define BELOW "79 78 8:2 / /a\\040b/c ro,nosuid,relatime - ext4 /dev/y rw\n"
#define SYS   "80 77 0:47 /sys /proc/sys ro,nosuid,nodev,noexec - proc none rw\n"
#define KCORE                                                                  \
	"81 77 0:6 /null /proc/kcore ro,nosuid,noexec - devtmpfs none rw\n"
#define HIDDEN "82 77 0:49 / /proc/acpi ro,nosuid,nodev,noexec - tmpfs none "
#define ACPI   HIDDEN "rw,size=4k,nr_inodes=2,mode=555\n"
#define ALL    ROOT PROC BIND SYS KCORE ACPI

static int verify(const char *text, const uint8_t *skipped)
{
	char copy[4096];
	struct report r = { 0 };
	struct err e = ERR_INIT;
	int ret;

	snprintf(copy, sizeof(copy), "%s", text);
	ret = verify_mounts(&plan, copy, skipped, &r, &e);
	if (ret < 0)
		assert_int_equal(e.kind, ERR_VERIFY);
	return ret;
}

static void the_planned_mounts_are_accepted(void **state)
{
	(void)state;
	assert_int_equal(verify(ALL, none), 0);
	assert_int_equal(verify(ALL BELOW, none), 0);
}

static void a_missing_mount_refuses(void **state)
{
	(void)state;
	assert_int_equal(verify(ROOT PROC BIND SYS KCORE, none), -1);
	assert_int_equal(verify(PROC BIND SYS KCORE ACPI, none), -1);
	assert_int_equal(verify(ROOT PROC BIND KCORE ACPI, none), -1);
	assert_int_equal(verify("", none), -1);
}

static void a_mount_more_refuses(void **state)
{
	(void)state;
	assert_int_equal(
		verify(ALL "1 2 8:1 / / rw - ext4 /dev/vda rw\n", none), -1);
	assert_int_equal(verify(ALL "1 2 8:1 / /mnt ro,nosuid,nodev,noexec - "
				    "ext4 /dev/vda rw\n",
				none),
			 -1);
	assert_int_equal(verify(ALL KCORE, none), -1);
	/* below the recursive bind, but without its flags */
	assert_int_equal(verify(ALL "1 2 8:1 / /a\\040b/d rw,nosuid - ext4 "
				    "/dev/y rw\n",
				none),
			 -1);
}

static void a_missing_flag_refuses(void **state)
{
	(void)state;
	assert_int_equal(
		verify("67 41 0:41 / / rw,nosuid - overlay none rw\n" PROC BIND
			       SYS KCORE ACPI,
		       none),
		-1);
	assert_int_equal(verify(ROOT PROC "78 67 8:1 /x /a\\040b rw,nosuid - "
					  "ext4 /dev/x rw\n" SYS KCORE ACPI,
				none),
			 -1);
	assert_int_equal(verify(ROOT PROC BIND
				"80 77 0:47 /sys /proc/sys "
				"rw,nosuid - proc none rw\n" KCORE ACPI,
				none),
			 -1);
}

static void another_filesystem_refuses(void **state)
{
	(void)state;
	assert_int_equal(verify(ROOT "77 67 0:47 / /proc rw,nosuid,nodev,"
				     "noexec - tmpfs none rw\n" TMPFS(
					     "size=192k,mode=700")
					     BIND SYS KCORE ACPI,
				none),
			 -1);
}

static void other_options_of_a_tmpfs_refuse(void **state)
{
	static const char *const others[] = {
		TMPFS("size=196k,mode=700"), TMPFS("size=188k,mode=700"),
		TMPFS("mode=700"),	     TMPFS("size=192k"),
		TMPFS("size=192k,mode=770"),
	};
	static const char same[] = TMPFS("size=192k,mode=700");
	const char *rest = &(ROOT PROC BIND SYS KCORE ACPI)[strlen(ROOT)];
	char text[4096];

	(void)state;
	assert_memory_equal(rest, same, strlen(same));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		snprintf(text, sizeof(text), ROOT "%s%s", others[i],
			 rest + strlen(same));
		assert_int_equal(verify(text, none), -1);
	}
	assert_int_equal(verify(ROOT PROC BIND SYS KCORE HIDDEN "rw\n", none),
			 -1);
}

static void a_mask_covers_a_file_with_the_null_device_only(void **state)
{
	(void)state;
	assert_int_equal(verify(ROOT PROC BIND SYS ACPI
				"81 77 0:6 /zero /proc/kcore ro,nosuid,noexec "
				"- devtmpfs none rw\n",
				none),
			 -1);
}

static void a_mount_that_propagates_refuses(void **state)
{
	(void)state;
	assert_int_equal(verify(ROOT PROC
				"78 67 8:1 /x /a\\040b ro,nosuid "
				"master:3 - ext4 /dev/x rw\n" SYS KCORE ACPI,
				none),
			 -1);
}

static void a_mask_is_missed_unless_its_path_was_not_there(void **state)
{
	uint8_t skipped[128] = { 0 };

	(void)state;
	skipped[0] = 1 << 6;
	assert_int_equal(verify(ROOT PROC BIND SYS KCORE, skipped), 0);
	assert_int_equal(verify(ROOT PROC BIND SYS ACPI, skipped), -1);
}

static void a_hidden_directory_keeps_its_size(void **state)
{
	(void)state;
	assert_int_equal(
		verify(ROOT PROC BIND SYS KCORE
		       "82 77 0:49 / /proc/acpi ro,nosuid,nodev,noexec - "
		       "tmpfs none rw,nr_inodes=2,mode=555\n",
		       none),
		-1);
}

static void an_unreadable_line_refuses(void **state)
{
	(void)state;
	assert_int_equal(verify(ALL "garbage\n", none), -1);
	assert_int_equal(verify(ALL "1 2 8:1 / /x rw\n", none), -1);
}

static void filesystems_without_their_context_refuse(void **state)
{
	static char files[] = "u:object_r:t:s0:c1,c2";
	struct step with[] = {
		{ .op = OP_CLONE },
		{ .op = OP_CONTEXT, .context = { files } },
		{ .op = OP_MOUNT, .mount = { .type = tmpfs, .target = tmp } },
		{ .op = OP_MOUNT,
		  .mount = { .type = proc_type, .target = proc } },
		{ .op = OP_EXEC },
	};
	const struct plan p = { .steps = with, .n = ARRAY_SIZE(with) };
	static const struct {
		const char *super;
		int want;
	} rows[] = {
		{ "rw,context=\"u:object_r:t:s0:c1,c2\",size=4k", 0 },
		{ "rw,size=4k,context=\"u:object_r:t:s0:c1,c2\"", 0 },
		{ "rw,seclabel", -1 },
		{ "rw,context=\"u:object_r:t:s0:c1,c23\"", -1 },
		{ "rw,context=u:object_r:t:s0", -1 },
		{ "rw,rootcontext=\"u:object_r:t:s0:c1,c2\"", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct report r = { 0 };
		struct err e = ERR_INIT;
		char text[512];

		snprintf(text, sizeof(text),
			 "83 67 0:50 / /t rw - tmpfs none %s\n"
			 "77 67 0:47 / /proc rw - proc none rw,seclabel\n",
			 rows[i].super);
		assert_int_equal(verify_mounts(&p, text, none, &r, &e),
				 rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_planned_mounts_are_accepted),
		cmocka_unit_test(a_missing_mount_refuses),
		cmocka_unit_test(a_mount_more_refuses),
		cmocka_unit_test(a_missing_flag_refuses),
		cmocka_unit_test(another_filesystem_refuses),
		cmocka_unit_test(other_options_of_a_tmpfs_refuse),
		cmocka_unit_test(
			a_mask_covers_a_file_with_the_null_device_only),
		cmocka_unit_test(a_mount_that_propagates_refuses),
		cmocka_unit_test(
			a_mask_is_missed_unless_its_path_was_not_there),
		cmocka_unit_test(a_hidden_directory_keeps_its_size),
		cmocka_unit_test(an_unreadable_line_refuses),
		cmocka_unit_test(filesystems_without_their_context_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
