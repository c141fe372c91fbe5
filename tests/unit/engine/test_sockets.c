/*
 * test_sockets.c - engine/sockets: what is found below a directory, and that
 * everything that was not seen counts as not searched.
 */
#include "unit.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include "base/alloc.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/facts.h"
#include "engine/sockets.h"

static struct {
	char dir[64];
	int fd;
} t;

static int setup(void **state)
{
	(void)state;
	t.fd = unit_make_dir(t.dir);
	return t.fd < 0;
}

static int teardown(void **state)
{
	(void)state;
	close(t.fd);
	unit_remove_dir(t.dir);
	return 0;
}

static void make_dir(const char *path)
{
	assert_int_equal(mkdirat(t.fd, path, 0755), 0);
}

static void make_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/%s", t.dir, path);
	assert_int_equal(bind(s, (struct sockaddr *)&a, sizeof(a)), 0);
	close(s);
}

static struct source_facts search(const char *path)
{
	auto_free char *full = *path ? path_join(t.dir, path) : xstrdup(t.dir);
	struct source_facts f = { 0 };
	struct err e = ERR_INIT;

	assert_ok(facts_of(full, &f, &e), &e);
	assert_ok(sockets_find(full, true, &f, &e), &e);
	return f;
}

static void a_socket_is_found_at_any_depth(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };

	(void)state;
	make_dir("a");
	make_dir("a/b");
	make_dir("a/b/c");
	make_socket("a/b/c/app.sock");
	f = search("");
	assert_int_equal(strv_len(f.sockets), 1);
	assert_string_equal(f.sockets[0], "a/b/c/app.sock");
	assert_false(f.unsearched);
}

static void without_a_socket_nothing_is_said(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };

	(void)state;
	make_dir("a");
	assert_int_equal(mkfifoat(t.fd, "a/fifo", 0600), 0);
	assert_int_equal(symlinkat("/run", t.fd, "a/link"), 0);
	f = search("");
	assert_null(f.sockets);
	assert_false(f.unsearched);
}

static void a_symlink_is_not_followed(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	auto_free char *to = path_join(t.dir, "elsewhere");

	(void)state;
	make_dir("elsewhere");
	make_socket("elsewhere/s");
	make_dir("here");
	assert_int_equal(symlinkat(to, t.fd, "here/link"), 0);
	f = search("here");
	assert_null(f.sockets);
	assert_false(f.unsearched);
}

static void enough_of_them_are_named(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };

	(void)state;
	for (int i = 0; i < SOCKETS_NAMES + 4; i++) {
		auto_free char *name = xasprintf("s%d", i);

		make_socket(name);
	}
	f = search("");
	assert_int_equal(strv_len(f.sockets), SOCKETS_NAMES);
}

static void what_is_too_deep_is_not_searched(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	int at = dup(t.fd);

	(void)state;
	for (int i = 0; i <= SOCKETS_DEPTH; i++) {
		int below;

		assert_int_equal(mkdirat(at, "d", 0755), 0);
		below = openat(at, "d", O_RDONLY | O_DIRECTORY);
		close(at);
		at = below;
	}
	close(at);
	f = search("");
	assert_true(f.unsearched);
}

static void a_file_is_not_searched(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	int fd = openat(t.fd, "file", O_WRONLY | O_CREAT, 0600);

	(void)state;
	close(fd);
	f = search("file");
	assert_null(f.sockets);
	assert_false(f.unsearched);
}

static void another_object_by_now_is_refused(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(facts_of(t.dir, &f, &e), &e);
	f.id.ino++;
	assert_int_equal(sockets_find(t.dir, true, &f, &e), -1);
	assert_int_equal(e.kind, ERR_VERIFY);
}

/* Without the mounts below, what they hide is not seen: /proc is one of "/". */
static void what_a_mount_hides_counts_as_not_searched(void **state)
{
	AUTO(source_facts_done) struct source_facts f = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(facts_of("/dev", &f, &e), &e);
	assert_ok(sockets_find("/dev", false, &f, &e), &e);
	/* /dev/pts, where there is one, is a mount of its own */
	if (path_is_there("/dev/pts/ptmx"))
		assert_true(f.unsearched);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(a_socket_is_found_at_any_depth),
		ROW(without_a_socket_nothing_is_said),
		ROW(a_symlink_is_not_followed),
		ROW(enough_of_them_are_named),
		ROW(what_is_too_deep_is_not_searched),
		ROW(a_file_is_not_searched),
		ROW(another_object_by_now_is_refused),
		ROW(what_a_mount_hides_counts_as_not_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
