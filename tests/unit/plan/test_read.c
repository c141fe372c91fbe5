/* test_read.c - plan/read: a plan that was printed is read back as it was. */
#include "change.h"
#include "plan/read.h"

static struct plan *read_back(const struct plan *p, bool pretty)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct plan *again;

	plan_print_json(p, pretty, &b);
	again = plan_read_json("p.json", b.p, b.len, &e);
	if (!again)
		fail_msg("%s\n%s", e.msg, b.p);
	return again;
}

static void assert_same(const struct plan *a, const struct plan *b)
{
	AUTO(buf_done) struct buf x = BUF_INIT, y = BUF_INIT;
	uint8_t hash_a[PLAN_HASH_LEN], hash_b[PLAN_HASH_LEN];

	plan_print_json(a, true, &x);
	plan_print_json(b, true, &y);
	assert_string_equal(x.p, y.p);
	plan_hash(a, hash_a);
	plan_hash(b, hash_b);
	assert_memory_equal(hash_a, hash_b, PLAN_HASH_LEN);
}

static const char *const cases[] = {
	"image.cmd sh",
	"image.cmd sh\nmount bind /a /b rw\nuser.id 1000:1000",
	"image.cmd sh\ncaps compat\nseccomp unconfined\nlandlock off",
	"root host\ncommand true\nulimit stack 1 unlimited\ntty",
	"root dir /r\ncommand true\nprivileged\nnetwork host",
	"image.cmd sh\nenv X=\xc3\xa4\"\\\nsubids none",
};

static void what_was_printed_is_read_back_with_its_hash(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(plan_free) struct plan *p = case_plan(cases[i]);
		AUTO(plan_free) struct plan *a = read_back(p, true);
		AUTO(plan_free) struct plan *b = read_back(p, false);

		assert_same(p, a);
		assert_same(p, b);
	}
}

static void every_operand_of_every_operation_is_read_back(void **state)
{
	AUTO(plan_free) struct plan *p = plan_of_all_ops(), *again = NULL;

	(void)state;
	plan_foreach (s, p)
		op_foreach_field(f, s->op)
		{
			if (f->kind == FIELD_BLOB) {
				struct blob *b =
					(void *)((char *)s + f->offset);

				b->name = xstrdup("f");
				b->data = xcalloc(1, 8);
				b->size = 8;
			} else {
				change_field(f, s);
			}
		}
	again = read_back(p, false);
	assert_same(p, again);
}

static void a_plan_that_was_read_has_no_program_to_carry_out(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	AUTO(plan_free) struct plan *again = read_back(p, true);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(plan_check(again, &e), -1);
	assert_non_null(strstr(e.msg, "no program"));
}

/* In the JSON of an ordinary plan: what is replaced by what, and the error. */
static const struct {
	const char *from, *to, *error;
} errors[] = {
	{ "\"op\":\"idmap\"", "\"op\":\"idmop\"", "no such operation" },
	{ "\"op\":\"idmap\",", "", "op: is missing" },
	{ "\"need\":\"required\"", "\"need\":\"maybe\"", "need: expected" },
	{ "\"setgroups\":true", "\"setgroups\":1", "setgroups: expected" },
	{ "\"setgroups\":true", "\"setgroup\":true", "no operand of idmap" },
	{ "\"how\":\"newuidmap\"", "\"how\":\"magic\"", "how: expected" },
	{ "\"inside\":0", "\"inside\":-1", "inside" },
	{ "\"inside\":0", "\"inside\":4294967296", "inside" },
	{ "\"inside\":0,", "", "inside: expected" },
	{ "\"namespaces\":[\"user\"", "\"namespaces\":[\"usr\"",
	  "namespaces: expected" },
	{ "\"namespaces\":[", "\"namespaces\":[7,", "namespaces: expected" },
	{ "\"id\":\"0:0\"", "\"id\":\"00\"", "id: expected" },
	{ "\"rdev\":\"1:3\"", "\"rdev\":\"1\"", "rdev: expected" },
	{ "\"mode\":\"0644\"", "\"mode\":\"0999\"", "mode: expected" },
	{ "\"mode\":\"dir,0755\"", "\"mode\":\"dri,0755\"", "mode: expected" },
	{ "\"owner\":1", "\"owner\":\"1\"", "owner: expected" },
	{ "\"size\":536870912", "\"size\":-1", "size: expected" },
	{ "\"path\":\"/etc/hostname\"", "\"path\":7", "path: expected" },
	{ "\"path\":\"/etc/hostname\",", "", "path: expected" },
	{ "\"hard\":\"512\"", "\"hard\":\"many\"", "hard: expected" },
	{ "\"set\":\"none\"", "\"set\":\"CHOWN,FLY\"", "set: expected" },
	{ "\"set\":\"none\"", "\"set\":7", "set: expected" },
	{ "\"groups\":[1000]", "\"groups\":[\"x\"]", "groups: expected" },
	{ "\"argv\":[\"sh\"]", "\"argv\":[1]", "argv: expected strings" },
	{ "\"argv\":[\"sh\"]", "\"argv\":\"sh\"", "argv: expected an array" },
	{ "\"flags\":0,\"digest\":\"sha256:",
	  "\"flags\":0,\"digest\":\"sha255:", "a name and a digest" },
	{ "\"filter\":{", "\"filter\":[],\"env\":{", "no operand of seccomp" },
	{ "\"allow\":[{\"path\":", "\"allow\":[{\"p\":", "path: is missing" },
	{ "\"lower\":[{\"path\":", "\"lower\":[{\"p\":", "path: is missing" },
	{ "\"access\":[\"execute\"", "\"access\":[\"fly\"", "access" },
	{ "\"parents\":[\"", "\"parents\":[\"x", "parents: expected" },
	{ "\"abi\":", "\"abi\":-", "abi: expected" },
	{ "\"privileged\":false", "\"privileged\":0", "privileged" },
	{ "\"user_outer\":0", "\"user_outer\":4294967296", "too large" },
	{ "\"subject\":", "\"sabject\":", "no member of a plan" },
	{ "\"steps\":[", "\"steps\":[7,", "step 0: expected an object" },
	{ "\"steps\":[", "\"steps\":0,\"x\":[", "no member" },
};

static void what_would_be_printed_otherwise_is_refused(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\nmount bind /a /b rw\n"
				   "fact /a dir 0755\nuser.id 1000:1000");
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	plan_print_json(p, false, &b);
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		const char *at = strstr(b.p, errors[i].from);
		AUTO(buf_done) struct buf text = BUF_INIT;
		AUTO(plan_free) struct plan *again = NULL;
		struct err e = ERR_INIT;

		if (!at)
			fail_msg("%s is not in it: %s", errors[i].from, b.p);
		buf_add(&text, b.p, (size_t)(at - b.p));
		buf_str(&text, errors[i].to);
		buf_str(&text, at + strlen(errors[i].from));
		again = plan_read_json("p.json", text.p, text.len, &e);
		if (again)
			fail_msg("%s was taken", errors[i].to);
		if (!strstr(e.msg, errors[i].error))
			fail_msg("%s: %s", errors[i].to, e.msg);
	}
}

static void what_is_no_plan_is_refused(void **state)
{
	static const char *const texts[] = { "",	 "[]",
					     "{}",	 "{\"steps\":[]}",
					     "nonsense", "{\"steps\":7}" };
	AUTO(buf_done) struct buf large = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_null(
			plan_read_json("p", texts[i], strlen(texts[i]), &e));
	assert_null(plan_read_json("p", "", PLAN_JSON_MAX + 1, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_printed_is_read_back_with_its_hash),
		cmocka_unit_test(every_operand_of_every_operation_is_read_back),
		cmocka_unit_test(
			a_plan_that_was_read_has_no_program_to_carry_out),
		cmocka_unit_test(what_would_be_printed_otherwise_is_refused),
		cmocka_unit_test(what_is_no_plan_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
