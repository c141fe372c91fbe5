/*
 * test_doors.c - the calls that escapes begin with, put to filters: one that
 * lets all pass has every finding, the built-in profiles have none.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include "unit.h"
#include "base/alloc.h"
#include "engine/doors.h"
#include "kernel/seccomp.h"
#include "plan/build.h"
#include "plan/ops.h"

static void add_filter(struct plan *p, const char *name, const void *data,
		       size_t size)
{
	struct blob *b = &plan_add(p, OP_SECCOMP)->seccomp.filter;

	b->name = xstrdup(name);
	b->data = xmemdup(data, size);
	b->size = size;
}

static void add_builtin(struct plan *p, const char *name, bool bytes)
{
	size_t n = 0;
	const struct blob *v = seccomp_builtin(name, &n);

	assert_non_null(v);
	for (size_t i = 0; i < n; i++) {
		struct blob *b;

		add_filter(p, v[i].name, v[i].data, v[i].size);
		b = &p->steps[p->n - 1].seccomp.filter;
		memcpy(b->digest, v[i].digest, sizeof(b->digest));
		if (!bytes) {
			free(b->data);
			b->data = NULL;
		}
	}
}

static void every_call_is_known(void **state)
{
	(void)state;
	/* what another machine has not: x32 */
#if defined(__x86_64__)
	assert_int_equal(doors_unknown(), 0);
#else
	assert_true(doors_unknown() < 4);
#endif
}

static void a_filter_that_lets_all_pass_has_every_finding(void **state)
{
	const struct sock_filter all[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	add_filter(p, "all", all, sizeof(all));
	doors_ask(p, &a);
	for (int b = BREACH_DOOR_FAMILIES; b <= BREACH_DOOR_HOST; b++)
		if (!audit_has(&a, (enum audit_breach)b))
			fail_msg("%s is not found",
				 audit_row((enum audit_breach)b)->id);
}

static void a_second_filter_closes_what_the_first_opens(void **state)
{
	const struct sock_filter all[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	add_filter(p, "all", all, sizeof(all));
	add_builtin(p, "default", true);
	doors_ask(p, &a);
	assert_int_equal(a.n, 0);
}

static void built_in_profiles_have_none(void **state)
{
	static const char *const names[] = { "default", "strict", "build" };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
		AUTO(audit_done) struct audit a = { 0 };

		/* with their bytes, and by digest as in a saved plan */
		add_builtin(p, names[i % 3], i < 3);
		doors_ask(p, &a);
		if (a.n)
			fail_msg("%s: %s", names[i % 3], a.v[0].hits[0].what);
		assert_int_equal(a.n_blind, 0);
	}
}

static void debug_lets_debuggers_in_and_nothing_else(void **state)
{
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	add_builtin(p, "debug", true);
	doors_ask(p, &a);
	assert_int_equal(a.n, 1);
	assert_true(audit_has(&a, BREACH_DOOR_TRACE));
}

static void unknown_bytes_are_not_seen(void **state)
{
	AUTO(plan_free) struct plan *p = xcalloc(1, sizeof(*p));
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	plan_add(p, OP_SECCOMP)->seccomp.filter.name = xstrdup("/x.json");
	doors_ask(p, &a);
	assert_int_equal(a.n, 0);
	assert_int_equal(a.n_blind, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_known),
		cmocka_unit_test(a_filter_that_lets_all_pass_has_every_finding),
		cmocka_unit_test(a_second_filter_closes_what_the_first_opens),
		cmocka_unit_test(built_in_profiles_have_none),
		cmocka_unit_test(debug_lets_debuggers_in_and_nothing_else),
		cmocka_unit_test(unknown_bytes_are_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
