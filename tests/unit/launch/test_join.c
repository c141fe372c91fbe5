/*
 * test_join.c - namespaces are entered by what was judged, not by their names.
 */
#include "unit.h"
#include <linux/sched.h>
#include "base/alloc.h"
#include "plan/build.h"
#include "kernel/ns.h"
#include "kernel/procfs.h"
#include "launch/join.h"

/* A plan that enters our own namespace of host names, or says so. */
static struct plan *make_plan(uint64_t ino_off)
{
	struct plan *p = xcalloc(1, sizeof(*p));
	struct step *s = GROW(p->steps, p->n);
	struct err e = ERR_INIT;

	p->n++;
	s->op = OP_JOIN;
	s->join.ns = CLONE_NEWUTS;
	s->join.path = xstrdup("/proc/self/ns/uts");
	assert_ok(ns_own(CLONE_NEWUTS, &s->join.id, &e), &e);
	s->join.id.ino += ino_off;
	return p;
}

static void another_than_the_judged_one_is_not_entered(void **state)
{
	AUTO(plan_free) struct plan *p = make_plan(1);
	struct joined j;
	struct err e = ERR_INIT;
	auto_fd proc = procfs_open_host(&e);

	(void)state;
	assert_true(proc >= 0);
	assert_err(join_enter(p, proc, &j, &e), &e, ERR_VERIFY,
		   "is not the namespace that was judged");
	assert_int_equal(j.n, 0);
}

static void nor_by_a_process_in_between(void **state)
{
	AUTO(plan_free) struct plan *p = make_plan(1);
	int pidfd = -1;
	const struct join_child c = { .ret_pidfd = &pidfd };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(join_clone(p, &c, &e), &e, ERR_VERIFY,
		   "is not the namespace that was judged");
	assert_int_equal(pidfd, -1);
}

static void one_of_another_kind_is_none(void **state)
{
	AUTO(plan_free) struct plan *p = make_plan(0);
	struct joined j;
	struct err e = ERR_INIT;
	auto_fd proc = procfs_open_host(&e);

	(void)state;
	p->steps[0].join.ns = CLONE_NEWIPC;
	assert_err(join_enter(p, proc, &j, &e), &e, ERR_INPUT,
		   "is no ipc namespace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_than_the_judged_one_is_not_entered),
		cmocka_unit_test(nor_by_a_process_in_between),
		cmocka_unit_test(one_of_another_kind_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
