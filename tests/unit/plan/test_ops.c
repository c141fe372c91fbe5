/* test_ops.c - plan/ops: the table of operands is whole. */
#include "case.h"

/* Alignment of a kind: the natural one of its size, at most a pointer's. */
static size_t align_of(const struct field *f)
{
	size_t size = field_size(f->kind);

	return size >= sizeof(void *) ? sizeof(void *) : size;
}

/* The bytes of a step that no field of `op` describes; the union's other
 * members do not count, so only what lies between fields is looked at. */
static void mark(uint8_t *used, size_t offset, size_t size)
{
	memset(used + offset, 1, size);
}

static void no_operand_lies_between_two_described_ones(void **state)
{
	(void)state;
	for (int op = 0; op < OP_COUNT; op++) {
		uint8_t used[sizeof(struct step)] = { 0 };
		size_t end = 0;

		op_foreach_field(f, (enum op)op)
		{
			size_t after = f->offset + field_size(f->kind);

			mark(used, f->offset, field_size(f->kind));
			if (f->count_offset)
				mark(used, f->count_offset, sizeof(size_t));
			end = after > end ? after : end;
		}
		op_foreach_field(f, (enum op)op)
		{
			size_t gap = 0;

			while (f->offset > offsetof(struct step, clone) + gap &&
			       !used[f->offset - gap - 1])
				gap++;
			if (gap >= align_of(f))
				fail_msg("%s: %zu bytes before %s are in no "
					 "field",
					 op_word((enum op)op), gap, f->name);
		}
	}
}

static void every_op_has_words_a_phase_and_fields(void **state)
{
	(void)state;
	for (int op = 0; op < OP_COUNT; op++) {
		assert_non_null(op_word((enum op)op));
		assert_non_null(op_text((enum op)op));
		assert_non_null(op_fields((enum op)op));
		assert_non_null(phase_word(op_phase((enum op)op)));
	}
	assert_int_equal(op_actor(OP_CLONE), PARENT);
	assert_int_equal(op_actor(OP_VERIFY), PARENT);
	assert_int_equal(op_actor(OP_EXEC), CHILD);
	assert_int_equal(op_phase(OP_EXEC), PHASE_GO);
}

static void words_of_ops_are_unique(void **state)
{
	(void)state;
	for (int a = 0; a < OP_COUNT; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(op_word((enum op)a),
						op_word((enum op)b));
}

static void a_done_step_is_zero(void **state)
{
	static const struct step zero;
	struct plan *p = case_plan("image.cmd sh\nmount bind /a /b\ntty");

	(void)state;
	plan_foreach (s, p) {
		step_done(s);
		assert_memory_equal(s, &zero, sizeof(zero));
	}
	plan_free(p);
}

static void half_built_plans_and_null_can_be_freed(void **state)
{
	struct plan *p = xcalloc(1, sizeof(*p));

	(void)state;
	for (int op = 0; op < OP_COUNT; op++)
		plan_add(p, (enum op)op);
	plan_free(p);
	plan_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_operand_lies_between_two_described_ones),
		cmocka_unit_test(every_op_has_words_a_phase_and_fields),
		cmocka_unit_test(words_of_ops_are_unique),
		cmocka_unit_test(a_done_step_is_zero),
		cmocka_unit_test(half_built_plans_and_null_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
