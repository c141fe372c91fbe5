/* test_diff.c - plan/diff: the steps that differ, and no others. */
#include "case.h"
#include "plan/diff.h"

static size_t diff(const char *a, const char *b, struct buf *out)
{
	AUTO(plan_free) struct plan *pa = case_plan(a), *pb = case_plan(b);
	uint8_t ha[PLAN_HASH_LEN], hb[PLAN_HASH_LEN];
	size_t n;

	n = plan_diff(pa, pb, out);
	plan_hash(pa, ha);
	plan_hash(pb, hb);
	assert_true((n == 0) == (memcmp(ha, hb, sizeof(ha)) == 0));
	return n;
}

static void equal_plans_have_no_difference(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(diff("image.cmd sh", "image.cmd sh", &b), 0);
	assert_int_equal(b.len, 0);
}

static void an_added_mount_is_one_line(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(
		diff("image.cmd sh", "image.cmd sh\nmount bind /srv/x /x", &b),
		1);
	assert_memory_equal(b.p, "+ bind /srv/x -> /x ro,nosuid,nodev", 35);
	buf_clear(&b);
	assert_int_equal(
		diff("image.cmd sh\nmount bind /srv/x /x", "image.cmd sh", &b),
		1);
	assert_memory_equal(b.p, "- bind /srv/x -> /x", 19);
}

static void a_changed_operand_is_a_pair(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(diff("image.cmd sh",
			      "image.cmd sh\nhostname box\n"
			      "env HOSTNAME=immure",
			      &b),
			 6);
	assert_non_null(strstr(b.p, "- hostname immure\n+ hostname box\n"));
}

static void what_was_turned_off_counts(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	assert_true(diff("image.cmd sh", "image.cmd sh\nseccomp unconfined",
			 &b) >= 4);
	assert_non_null(strstr(b.p, "\"seccomp_off\":true"));
	assert_non_null(strstr(b.p, "- seccomp default/deny"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_plans_have_no_difference),
		cmocka_unit_test(an_added_mount_is_one_line),
		cmocka_unit_test(a_changed_operand_is_a_pair),
		cmocka_unit_test(what_was_turned_off_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
