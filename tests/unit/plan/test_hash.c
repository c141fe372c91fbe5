/* test_hash.c - plan/hash: nothing changes unnoticed. */
#include "change.h"

static void assert_changed(const struct plan *p, const uint8_t before[32],
			   const char *what)
{
	uint8_t after[PLAN_HASH_LEN];

	plan_hash(p, after);
	if (memcmp(before, after, sizeof(after)) == 0)
		fail_msg("the hash does not see %s", what);
}

static void every_operand_of_every_op_is_in_the_hash(void **state)
{
	AUTO(plan_free) struct plan *p = plan_of_all_ops();
	uint8_t before[PLAN_HASH_LEN];

	(void)state;
	plan_foreach (s, p)
		op_foreach_field(f, s->op)
		{
			plan_hash(p, before);
			change_field(f, s);
			assert_changed(p, before, f->name);
		}
}

static void op_need_order_and_facts_are_in_the_hash(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	bool *flags[] = { &p->privileged, &p->no_nnp, &p->no_seccomp,
			  &p->no_landlock };
	char **texts[] = { &p->subject, &p->image_name, &p->image_digest };
	uint8_t before[PLAN_HASH_LEN];
	struct step first;

	(void)state;
	plan_hash(p, before);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		*flags[i] ^= true;
		assert_changed(p, before, "a flag of the plan");
		*flags[i] ^= true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char *old = *texts[i];

		*texts[i] = (char *)"other";
		assert_changed(p, before, "a text of the plan");
		*texts[i] = NULL;
		assert_changed(p, before, "a text that is gone");
		*texts[i] = old;
	}
	p->user_outer = 1;
	assert_changed(p, before, "the caller's id");
	p->user_outer = 0;
	p->steps[4].need = NEED_WANTED;
	assert_changed(p, before, "a need");
	p->steps[4].need = NEED_REQUIRED;
	first = p->steps[3];
	p->steps[3] = p->steps[4];
	p->steps[4] = first;
	assert_changed(p, before, "the order");
	p->n--;
	assert_changed(p, before, "a missing step");
	p->n++;
}

static void the_hash_is_the_same_each_time(void **state)
{
	AUTO(plan_free) struct plan *a = case_plan("image.cmd sh\ntty");
	AUTO(plan_free) struct plan *b = case_plan("tty\nimage.cmd sh");
	uint8_t ha[PLAN_HASH_LEN], hb[PLAN_HASH_LEN];

	(void)state;
	plan_hash(a, ha);
	plan_hash(b, hb);
	assert_memory_equal(ha, hb, sizeof(ha));
}

/* The digest field is what somebody wrote; the bytes are what is loaded. */
static void a_filter_is_hashed_by_its_bytes(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	struct blob *b = &p->steps[step_at(p, "seccomp")].seccomp.filter;
	uint8_t before[PLAN_HASH_LEN];

	(void)state;
	plan_hash(p, before);
	((char *)b->data)[3] ^= 1;
	assert_changed(p, before, "a bit of a filter");
}

static void bytes_that_are_no_text_still_differ(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	char **word = &p->steps[p->n - 1].exec.argv[0];
	uint8_t before[PLAN_HASH_LEN];

	(void)state;
	free(*word);
	*word = xstrdup("\xff");
	plan_hash(p, before);
	(*word)[0] = '\xfe';
	assert_changed(p, before, "an invalid byte");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operand_of_every_op_is_in_the_hash),
		cmocka_unit_test(op_need_order_and_facts_are_in_the_hash),
		cmocka_unit_test(the_hash_is_the_same_each_time),
		cmocka_unit_test(a_filter_is_hashed_by_its_bytes),
		cmocka_unit_test(bytes_that_are_no_text_still_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
