/*
 * test_running.c - the files of named sandboxes that run.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "store/running.h"

struct place {
	char dir[64];
	char *runtime;
};

static int setup(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));

	close(unit_make_dir(p->dir));
	p->runtime = xasprintf("%s/immure", p->dir);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	unit_remove_dir(p->dir);
	free(p->runtime);
	free(p);
	return 0;
}

static int start(const struct place *p, const char *name, int64_t when)
{
	static char *const command[] = { (char *)"sh", (char *)"-c", NULL };
	const struct running r = { .name = (char *)name,
				   .image = (char *)"x:1",
				   .command = (char **)command,
				   .plan = (char *)"abcd",
				   .pid = getpid(),
				   .started = when };
	struct err e = ERR_INIT;
	int fd = running_claim(p->runtime, name, &e);

	assert_true(fd >= 0);
	assert_ok(running_tell(fd, &r, &e), &e);
	return fd;
}

static bool is_file(const struct place *p, const char *name)
{
	auto_free char *path = xasprintf("%s/running/%s", p->runtime, name);

	return access(path, F_OK) == 0;
}

static void what_runs_is_found_by_its_name(void **state)
{
	AUTO(running_done) struct running r = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd fd = start(p, "web", 5);

	assert_ok(running_find(p->runtime, "web", &r, &e), &e);
	assert_string_equal(r.image, "x:1");
	assert_string_equal(r.command[1], "-c");
	assert_string_equal(r.plan, "abcd");
	assert_null(r.record);
	assert_int_equal(r.pid, getpid());
	assert_int_equal(r.started, 5);
}

static void a_name_is_taken_once(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd fd = start(p, "web", 5);

	assert_int_equal(running_claim(p->runtime, "web", &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_non_null(strstr(e.msg, "web"));
}

static void a_released_name_is_free_and_leaves_no_file(void **state)
{
	AUTO(running_done) struct running r = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;

	running_release(p->runtime, "web", start(p, "web", 5));
	assert_false(is_file(p, "web"));
	assert_int_equal(running_find(p->runtime, "web", &r, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
	assert_false(is_file(p, "web")); /* to ask makes none */
}

static void what_a_killed_launcher_left_is_removed(void **state)
{
	AUTO(running_list_done) struct running_list l = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;

	close(start(p, "web", 5)); /* the kernel frees the lock */
	assert_true(is_file(p, "web"));
	assert_ok(running_list(p->runtime, &l, &e), &e);
	assert_int_equal(l.n, 0);
	assert_false(is_file(p, "web"));
}

static void a_name_of_a_killed_one_can_be_taken(void **state)
{
	AUTO(running_done) struct running r = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd fd = -1;

	close(start(p, "web", 5));
	fd = running_claim(p->runtime, "web", &e);
	assert_true(fd >= 0);
	/* it has said nothing yet: the words of the old one do not count */
	assert_int_equal(running_find(p->runtime, "web", &r, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
}

static void a_sandbox_that_ended_is_not_told_of(void **state)
{
	struct running r = { .name = (char *)"web" }, found = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd fd = running_claim(p->runtime, "web", &e);

	r.pid = fork();
	if (!r.pid)
		_exit(0);
	assert_int_equal(waitpid(r.pid, NULL, 0), r.pid);
	assert_ok(running_tell(fd, &r, &e), &e);
	assert_int_equal(running_find(p->runtime, "web", &found, &e), -1);
}

static void the_list_is_by_age(void **state)
{
	AUTO(running_list_done) struct running_list l = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_fd a = start(p, "young", 9);
	auto_fd b = start(p, "old", 3);

	assert_ok(running_list(p->runtime, &l, &e), &e);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.v[0].name, "old");
	assert_string_equal(l.v[1].name, "young");
	assert_true(a >= 0 && b >= 0);
}

static void where_none_ever_ran_the_list_is_empty(void **state)
{
	AUTO(running_list_done) struct running_list l = { 0 };
	struct place *p = *state;
	struct err e = ERR_INIT;

	assert_ok(running_list(p->runtime, &l, &e), &e);
	assert_int_equal(l.n, 0);
	assert_int_equal(access(p->runtime, F_OK), -1);
}

static void a_name_is_no_path(void **state)
{
	static const char *const bad[] = { "", ".", "..", "../x", "a/b", "-x" };
	AUTO(running_done) struct running r = { 0 };
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(running_claim(p->runtime, bad[i], &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
		assert_int_equal(running_find(p->runtime, bad[i], &r, &e), -1);
		assert_int_equal(e.kind, ERR_MISSING);
	}
}

static void a_link_in_the_place_of_a_file_is_refused(void **state)
{
	struct place *p = *state;
	struct err e = ERR_INIT;
	auto_free char *path = xasprintf("%s/running/web", p->runtime);
	auto_fd fd = start(p, "other", 1);

	assert_true(fd >= 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(running_claim(p->runtime, "web", &e), -1);
	assert_int_equal(e.kind, ERR_SYS);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_runs_is_found_by_its_name),
		T(a_name_is_taken_once),
		T(a_released_name_is_free_and_leaves_no_file),
		T(what_a_killed_launcher_left_is_removed),
		T(a_name_of_a_killed_one_can_be_taken),
		T(a_sandbox_that_ended_is_not_told_of),
		T(the_list_is_by_age),
		T(where_none_ever_ran_the_list_is_empty),
		T(a_name_is_no_path),
		T(a_link_in_the_place_of_a_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
