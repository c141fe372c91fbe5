/*
 * test_entry_build.c - the plan of a program that enters a container.
 */
#include <linux/sched.h>

#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "plan/build.h"
#include "plan/bundle.h"
#include "plan/check.h"
#include "plan/resolve.h"

static struct spec *entry(void)
{
	struct spec *s = xcalloc(1, sizeof(*s));

	s->bundle = xcalloc(1, sizeof(*s->bundle));
	s->bundle->is_entry = true;
	s->bundle->entered = xstrdup("c1");
	strv_add(&s->argv, "id");
	strv_add(&s->env, "PATH=/bin");
	s->cwd = xstrdup("/");
	s->landlock = NEED_OFF;
	return s;
}

static void join(struct spec *s, uint64_t ns)
{
	struct bundle_join *j = GROW(s->bundle->joins, s->bundle->n_joins);

	s->bundle->n_joins++;
	j->ns = ns;
	j->path = xstrdup("/proc/7/ns/x");
	j->id.ino = 1;
}

static void add_maps(struct spec *s)
{
	const struct spec_idmap row = { 0, 100000, 1000 };

	*GROW(s->uid_map, s->n_uid_map) = row;
	s->n_uid_map++;
	*GROW(s->gid_map, s->n_gid_map) = row;
	s->n_gid_map++;
}

static struct plan *build(struct spec *s, struct err *e)
{
	const struct host h = { 0 };

	return plan_build(s, &h, e);
}

static void it_enters_and_makes_nothing(void **state)
{
	AUTO(spec_free) struct spec *s = entry();
	AUTO(plan_free) struct plan *p = NULL;
	struct err e = ERR_INIT;

	(void)state;
	join(s, CLONE_NEWNS);
	join(s, CLONE_NEWPID);
	p = build(s, &e);
	assert_non_null(p);
	assert_int_equal(plan_check(p, &e), 0);
	assert_int_equal(p->kind, PLAN_ENTRY);
	assert_int_equal(plan_namespaces(p), 0);
	assert_null(plan_find(p, OP_IDMAP));
	assert_false(plan_find(p, OP_ENTER)->enter.root);
	assert_string_equal(p->subject, "container c1");
}

static void a_user_namespace_is_entered_as_its_root(void **state)
{
	AUTO(spec_free) struct spec *s = entry();
	AUTO(plan_free) struct plan *p = NULL;
	struct err e = ERR_INIT;

	(void)state;
	join(s, CLONE_NEWNS);
	join(s, CLONE_NEWUSER);
	add_maps(s);
	p = build(s, &e);
	assert_non_null(p);
	assert_int_equal(plan_check(p, &e), 0);
	assert_int_equal(plan_find(p, OP_IDMAP)->idmap.how, IDMAP_THERE);
	assert_true(plan_find(p, OP_ENTER)->enter.root);
	assert_false(plan_find(p, OP_IDS)->ids.set_groups);
}

static void a_user_who_is_not_there_is_refused(void **state)
{
	AUTO(spec_free) struct spec *s = entry();
	struct err e = ERR_INIT;

	(void)state;
	join(s, CLONE_NEWNS);
	join(s, CLONE_NEWUSER);
	add_maps(s);
	s->uid = 1000;
	assert_null(build(s, &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

static void without_a_mount_namespace_it_does_not_pass(void **state)
{
	AUTO(spec_free) struct spec *s = entry();
	AUTO(plan_free) struct plan *p = NULL;
	struct err e = ERR_INIT;

	(void)state;
	join(s, CLONE_NEWPID);
	p = build(s, &e);
	assert_non_null(p);
	assert_int_equal(plan_check(p, &e), -1);
	assert_int_equal(e.kind, ERR_BUG);
}

static void descriptors_are_named(void **state)
{
	AUTO(spec_free) struct spec *s = entry();
	AUTO(plan_free) struct plan *p = NULL;
	struct err e = ERR_INIT;

	(void)state;
	join(s, CLONE_NEWNS);
	s->bundle->passed = xcalloc(2, sizeof(uint32_t));
	s->bundle->passed[0] = 3;
	s->bundle->passed[1] = 6;
	s->bundle->n_passed = 2;
	p = build(s, &e);
	assert_non_null(p);
	assert_int_equal(plan_check(p, &e), 0);
	assert_int_equal(plan_find(p, OP_PASS)->pass.n_fds, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_enters_and_makes_nothing),
		cmocka_unit_test(a_user_namespace_is_entered_as_its_root),
		cmocka_unit_test(a_user_who_is_not_there_is_refused),
		cmocka_unit_test(without_a_mount_namespace_it_does_not_pass),
		cmocka_unit_test(descriptors_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
