/*
 * test_probe.c - what the host says of itself: subordinate ids, helpers,
 * directories, and the things that must be protected under every alias.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/table.h"
#include "kernel/probe.h"
#include "kernel/probe_parts.h"

DEFINE_AUTO(struct host *, host_free);

static struct host *probed(void)
{
	struct host *h = xcalloc(1, sizeof(*h));
	struct err e = ERR_INIT;

	if (probe_host(false, h, &e) || probe_protected(h, &e))
		fail_msg("%s", e.msg);
	return h;
}

static void the_callers_ranges_are_found_by_name_or_number(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		uint32_t first, last; /* first id of the first and last range */
		bool overlaps;
	} rows[] = {
		{ "u:100000:65536\n", 1, 100000, 100000, false },
		{ "1000:100000:65536\n", 1, 100000, 100000, false },
		{ "x:5:1\nu:300000:10\n1000:200000:20", 2, 300000, 200000,
		  false },
		{ "", 0, 0, 0, false },
		{ "uu:1:1\nu :2:2\n10000:3:3\n", 0, 0, 0, false },
		/* malformed lines are no ranges */
		{ "u:1\nu:a:1\nu:1:-1\nu:1:2:3\nu::\n:::\nu:1:0\n", 0, 0, 0,
		  false },
		{ "u:4294967295:2\nu:4294967290:5\n", 1, 4294967290, 4294967290,
		  false },
		/* somebody else's ids, or our own, inside ours */
		{ "u:100000:65536\nv:165536:65536\n", 1, 100000, 100000,
		  false },
		{ "u:100000:65536\nv:165535:65536\n", 1, 100000, 100000, true },
		{ "v:0:4294967295\nu:100000:1\n", 1, 100000, 100000, true },
		{ "u:100:10\nu:105:10\n", 2, 100, 105, true },
		{ "u:990:100\n", 1, 990, 990, true },
		{ "v:1:100\nw:1:100\nu:1000000:1\n", 1, 1000000, 1000000,
		  false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text = xstrdup(rows[i].text);
		struct subid_view v = { 0 };

		probe_subids(text, "u", 1000, &v);
		assert_int_equal(v.n, rows[i].n);
		assert_int_equal(v.overlaps, rows[i].overlaps);
		if (v.n) {
			assert_int_equal(v.ranges[0].first, rows[i].first);
			assert_int_equal(v.ranges[v.n - 1].first, rows[i].last);
		}
		free(v.ranges);
	}
}

static void the_overlapping_line_is_kept_for_the_message(void **state)
{
	char text[] = "u:100:10\nalice:109:3\n";
	struct subid_view v = { 0 };

	(void)state;
	probe_subids(text, "u", 1000, &v);
	assert_string_equal(v.overlap_line, "alice:109:3");
	assert_int_equal(v.past, 112); /* a new range could begin here */
	free(v.ranges);
}

static void a_passwd_line_is_found_by_its_number(void **state)
{
	static const char text[] = "root:x:0:0:root:/root:/bin/sh\n"
				   "broken\n"
				   ":x:7:7::/nameless:/bin/sh\n"
				   "u:x:1000:1000:U,,,:/home/u:/bin/sh\n"
				   "again:x:1000:1000::/b:/bin/sh\n";
	static const struct {
		uid_t uid;
		const char *name, *home;
	} rows[] = {
		{ 0, "root", "/root" },
		{ 1000, "u", "/home/u" },
		{ 7, NULL, NULL },
		{ 1001, NULL, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *copy = xstrdup(text), *name = NULL,
			       *home = NULL;
		bool found = probe_passwd(copy, rows[i].uid, &name, &home);

		assert_int_equal(found, rows[i].name != NULL);
		if (!found)
			continue;
		assert_string_equal(name, rows[i].name);
		assert_string_equal(home, rows[i].home);
	}
}

static const struct protected_object *find_id(const struct host *h,
					      const struct stat *st)
{
	size_t i;

	for (i = 0; i < h->n_protected; i++)
		if (h->protected_objects[i].id.dev == st->st_dev &&
		    h->protected_objects[i].id.ino == st->st_ino)
			return &h->protected_objects[i];
	return NULL;
}

static bool has_parent(const struct protected_object *o, const char *path)
{
	struct stat st;
	size_t i;

	assert_int_equal(stat(path, &st), 0);
	for (i = 0; i < o->n_parents; i++)
		if (o->parents[i].dev == st.st_dev &&
		    o->parents[i].ino == st.st_ino)
			return true;
	return false;
}

static void the_kernels_trees_are_protected_with_all_below(void **state)
{
	static const char *const paths[] = { "/proc", "/sys", "/dev", "/run" };
	AUTO(host_free) struct host *h = probed();
	const struct protected_object *o;
	struct stat st;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_int_equal(stat(paths[i], &st), 0);
		o = find_id(h, &st);
		assert_non_null(o);
		assert_true(o->is_tree);
		assert_int_equal(o->n_parents, 1);
		assert_true(has_parent(o, "/"));
	}
	assert_int_equal(stat("/etc", &st), 0);
	o = find_id(h, &st);
	assert_non_null(o);
	assert_false(o->is_tree);
}

static int make_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	assert_int_equal(bind(fd, (void *)&a, sizeof(a)), 0);
	return fd;
}

static void a_socket_is_protected_through_its_symlink(void **state)
{
	char dir[] = "/tmp/probe.XXXXXX", path[64], alias[64], url[80];
	const struct protected_object *o;
	struct host *h;
	struct stat st;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/real", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/real/s", dir);
	snprintf(alias, sizeof(alias), "%s/alias", dir);
	snprintf(url, sizeof(url), "unix://%s", alias);
	fd = make_socket(path);
	assert_int_equal(symlink(path, alias), 0);
	setenv("DOCKER_HOST", url, 1);
	h = probed();
	unsetenv("DOCKER_HOST");
	assert_int_equal(stat(path, &st), 0);
	o = find_id(h, &st);
	assert_non_null(o);
	assert_string_equal(o->why, "docker control socket");
	/* the directories above the socket itself, not above its alias */
	assert_int_equal(o->n_parents, 4);
	assert_true(has_parent(o, dir));
	assert_true(has_parent(o, "/tmp"));
	host_free(h);
	close(fd);
	unlink(alias);
	unlink(path);
	path[strlen(path) - 2] = '\0';
	rmdir(path);
	rmdir(dir);
}

static void a_store_that_is_not_there_yet_is_guarded_by_its_parent(void **state)
{
	char dir[] = "/tmp/probe.XXXXXX";
	const struct protected_object *o;
	struct host *h;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_DATA_HOME", dir, 1);
	h = probed();
	unsetenv("XDG_DATA_HOME");
	assert_int_equal(stat(dir, &st), 0);
	o = find_id(h, &st);
	assert_non_null(o);
	assert_string_equal(o->path, dir);
	assert_false(o->is_tree);
	host_free(h);
	rmdir(dir);
}

static void a_runtime_directory_open_to_others_is_not_used(void **state)
{
	static const struct {
		mode_t mode;
		bool used;
	} rows[] = { { 0700, true }, { 0755, false }, { 0770, false } };
	char dir[] = "/tmp/probe.XXXXXX";
	struct host h = { .uid = getuid() };
	bool fallback;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("HOME", "/nowhere/x", 1);
	setenv("XDG_RUNTIME_DIR", dir, 1);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(chmod(dir, rows[i].mode), 0);
		probe_dirs(&h, &fallback);
		assert_string_equal(h.data_dir,
				    "/nowhere/x/.local/share/immure");
		assert_int_equal(!strncmp(h.runtime_dir, dir, strlen(dir)),
				 rows[i].used);
		free(h.data_dir);
		free(h.runtime_dir);
		free(h.state_dir);
	}
	free(h.home);
	unsetenv("XDG_RUNTIME_DIR");
	rmdir(dir);
}

static void a_helper_that_is_not_there_is_not_found(void **state)
{
	char problem[128];

	(void)state;
	assert_null(probe_helper("no-such-helper", problem, sizeof(problem)));
	assert_string_equal(problem, "");
}

/* sysfs says 4096 bytes of every attribute */
static void an_attribute_of_the_kernel_is_read_to_its_end(void **state)
{
	struct err e = ERR_INIT;
	char *line = NULL;

	(void)state;
	assert_int_equal(probe_line("/sys/kernel/uevent_seqnum", &line, &e), 0);
	assert_non_null(line);
	assert_true(strspn(line, "0123456789") == strlen(line));
	free(line);
	line = (char *)"";
	assert_int_equal(probe_line("/sys/kernel/nonexistent", &line, &e), 0);
	assert_null(line);
}

static void every_trial_has_a_result(void **state)
{
	AUTO(host_free) struct host *h = probed();
	struct host_trials t;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	memset(&t, 0x55, sizeof(t));
	assert_int_equal(probe_trials(h, &t, &e), 0);
	for (i = 0; i < TRIAL_COUNT; i++)
		assert_in_range(t.errnum[i] + 1, 0, 134);
	/* what this process itself can show */
	assert_int_equal(t.errnum[TRIAL_OPENAT2], 0);
	assert_int_equal(t.errnum[TRIAL_LANDLOCK] == 0, h->landlock_abi > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_callers_ranges_are_found_by_name_or_number),
		cmocka_unit_test(the_overlapping_line_is_kept_for_the_message),
		cmocka_unit_test(a_passwd_line_is_found_by_its_number),
		cmocka_unit_test(
			the_kernels_trees_are_protected_with_all_below),
		cmocka_unit_test(a_socket_is_protected_through_its_symlink),
		cmocka_unit_test(
			a_store_that_is_not_there_yet_is_guarded_by_its_parent),
		cmocka_unit_test(
			a_runtime_directory_open_to_others_is_not_used),
		cmocka_unit_test(a_helper_that_is_not_there_is_not_found),
		cmocka_unit_test(an_attribute_of_the_kernel_is_read_to_its_end),
		cmocka_unit_test(every_trial_has_a_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
