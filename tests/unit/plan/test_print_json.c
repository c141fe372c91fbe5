/* test_print_json.c - plan/print_json: the form that programs read. */
#include "change.h"
#include "base/json.h"

static struct json_object *json_of(const struct plan *p, bool pretty)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct json_object *o;

	plan_print_json(p, pretty, &b);
	o = json_parse("plan", b.p, b.len, &e);
	if (!o)
		fail_msg("%s\n%s", e.msg, b.p);
	return o;
}

static void it_passes_the_strict_parser(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\nenv X=\xc3\xa4\"\\\n"
				   "mount bind /a /b\ntty\n"
				   "ulimit stack 1 unlimited");

	(void)state;
	json_free(json_of(p, false));
	json_free(json_of(p, true));
}

static void every_field_of_a_step_has_its_name(void **state)
{
	AUTO(plan_free) struct plan *p = plan_of_all_ops();
	struct json_object *o, *steps, *step;
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	plan_foreach (s, p)
		op_foreach_field(f, s->op) if (f->kind != FIELD_STR &&
					       f->kind != FIELD_PATH)
			change_field(f, s);
	o = json_of(p, false);
	assert_ok(json_get_array(o, "steps", &steps, &n, &e), &e);
	assert_int_equal(n, p->n);
	plan_foreach (s, p) {
		const char *word = NULL;
		AUTO(buf_done) struct buf b = BUF_INIT;

		step = json_at(steps, (size_t)(s - p->steps));
		assert_ok(json_get_str(step, "op", &word, &e), &e);
		assert_string_equal(word, op_word(s->op));
		plan_print_json(p, false, &b);
		op_foreach_field(f, s->op)
		{
			auto_free char *key = xasprintf("\"%s\":", f->name);

			if (!f->may_be_null)
				assert_non_null(strstr(b.p, key));
		}
	}
	json_free(o);
}

static void a_missing_text_is_not_an_empty_one(void **state)
{
	AUTO(plan_free) struct plan *p = plan_of_all_ops();
	AUTO(buf_done) struct buf a = BUF_INIT, b = BUF_INIT;
	struct step *mount = &p->steps[step_at(p, "mount")];

	(void)state;
	plan_print_json(p, false, &a);
	mount->mount.data = xstrdup("");
	plan_print_json(p, false, &b);
	assert_string_not_equal(a.p, b.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_passes_the_strict_parser),
		cmocka_unit_test(every_field_of_a_step_has_its_name),
		cmocka_unit_test(a_missing_text_is_not_an_empty_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
