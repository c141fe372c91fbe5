/*
 * test_path_resolve.c - links inside a root lead to places inside it, missing
 * ones, too; no loop is followed for ever.
 */
#include <errno.h>
#include <sys/stat.h>
#include "unit.h"
#include "base/cleanup.h"
#include "base/path.h"

struct place {
	char path[64];
	int root;
};

static int setup(void **state)
{
	static struct place p;
	const struct {
		const char *target, *name;
	} links[] = {
		{ "/run", "var/run" },
		{ "../../../../etc", "up" },
		{ "../run/r/stub", "etc/resolv.conf" },
		{ "loop2", "loop1" },
		{ "loop1", "loop2" },
	};

	*state = &p;
	p.root = unit_make_dir(p.path);
	if (p.root < 0 || mkdirat(p.root, "var", 0755) ||
	    mkdirat(p.root, "run", 0755) || mkdirat(p.root, "etc", 0755))
		return -1;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlinkat(links[i].target, p.root, links[i].name))
			return -1;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	close(p->root);
	unit_remove_dir(p->path);
	return 0;
}

static void every_path_leads_inside(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/", "/" },
		{ "/etc/x/y", "/etc/x/y" },
		{ "/var/run/a", "/run/a" },
		{ "/up/passwd", "/etc/passwd" },
		{ "/../../etc", "/etc" },
		{ "/etc/resolv.conf", "/run/r/stub" },
		{ "/etc/resolv.conf/../b", "/run/r/b" },
		{ "/none/../etc/./z", "/etc/z" },
	};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *got = path_resolve(p->root, rows[i].path, NULL);

		assert_non_null(got);
		assert_string_equal(got, rows[i].want);
	}
}

static void what_a_mount_will_cover_leads_nowhere(void **state)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/etc/resolv.conf", "/etc/resolv.conf" },
		{ "/up/resolv.conf/x", "/etc/resolv.conf/x" },
		{ "/etcetera", "/etcetera" },
		{ "/var/run/a", "/run/a" },
		{ "/etc/../var/run", "/run" },
	};
	const char *const covered[] = { "/", "/etc", NULL };
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *got =
			path_resolve(p->root, rows[i].path,
				     (char *const *)(uintptr_t)covered);

		assert_non_null(got);
		assert_string_equal(got, rows[i].want);
	}
}

static void a_loop_is_an_error(void **state)
{
	struct place *p = *state;

	assert_null(path_resolve(p->root, "/loop1/x", NULL));
	assert_int_equal(errno, ELOOP);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_path_leads_inside),
		TEST(what_a_mount_will_cover_leads_nowhere),
		TEST(a_loop_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
