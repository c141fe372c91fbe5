/*
 * test_read_value.c - plan/read_value: one operand from its JSON, kind by
 * kind, and what is none.
 */
#include <json-c/json.h>

#include "case.h"
#include "base/json.h"
#include "plan/read_value.h"
#include "plan/values.h"

/* Reads the member "v" of a document for this field; its text, or NULL with
 * *e. Heap. */
static char *read_text(const char *json, const struct field *f, enum op op,
		       struct err *e)
{
	auto_free char *text = xasprintf("{\"v\":%s}", json);
	AUTO(json_free) struct json_object *o = NULL;
	struct json_object *v = NULL;
	struct step s = { .op = op };
	struct buf got = BUF_INIT;

	o = json_parse("doc", text, strlen(text), e);
	if (!o)
		fail_msg("%s: %s", text, e->msg);
	json_object_object_get_ex(o, "v", &v);
	if (read_value(v, f, &s, e) == 0)
		value_text(f, &s, true, &got);
	/* the step owns what was read, also on an error */
	step_done(&s);
	return e->kind == ERR_NONE ? buf_take(&got) : NULL;
}

struct row {
	enum field_kind kind;
	const char *json, *want; /* NULL: refused */
};

static const struct word words[] = { { "one", 1 }, { "two", 2 }, { NULL, 0 } };

static void check(const struct row *r, const struct field *f, enum op op)
{
	struct err e = ERR_INIT;
	auto_free char *got = read_text(r->json, f, op, &e);

	if (!got != !r->want)
		fail_msg("kind %d, %s: %s", r->kind, r->json,
			 got ? got : e.msg);
	if (got)
		assert_string_equal(got, r->want);
	else
		assert_int_equal(e.kind, ERR_INPUT);
}

static const struct row singles[] = {
	{ FIELD_BOOL, "true", "yes" },
	{ FIELD_BOOL, "false", "no" },
	{ FIELD_BOOL, "1", NULL },
	{ FIELD_BOOL, "\"true\"", NULL },
	{ FIELD_BOOL, "null", NULL },
	{ FIELD_INT, "2147483647", "2147483647" },
	{ FIELD_INT, "2147483648", NULL },
	{ FIELD_INT, "-1", NULL },
	{ FIELD_U32, "4294967295", "4294967295" },
	{ FIELD_U32, "4294967296", NULL },
	{ FIELD_U32, "1.0", NULL },
	{ FIELD_U64, "18446744073709551615", "18446744073709551615" },
	{ FIELD_U64, "-1", NULL },
	{ FIELD_U64, "\"1\"", NULL },
	{ FIELD_SIZE, "1024", "1k" },
	{ FIELD_LIMIT, "\"unlimited\"", "unlimited" },
	{ FIELD_LIMIT, "\"18446744073709551614\"", "18446744073709551614" },
	/* it would be printed as a word */
	{ FIELD_LIMIT, "\"18446744073709551615\"", NULL },
	{ FIELD_LIMIT, "5", NULL },
	{ FIELD_OCTAL, "\"1777\"", "1777" },
	{ FIELD_OCTAL, "\"08\"", NULL },
	{ FIELD_OCTAL, "\"\"", NULL },
	{ FIELD_MODE, "\"dir,0755\"", "dir,0755" },
	{ FIELD_MODE, "\"socket,0600\"", "socket,0600" },
	{ FIELD_MODE, "\"tree,0755\"", NULL },
	{ FIELD_MODE, "\"dir\"", NULL },
	{ FIELD_MODE, "\"dir,\"", NULL },
	{ FIELD_MODE, "493", NULL },
	{ FIELD_RDEV, "\"1:3\"", "1:3" },
	{ FIELD_RDEV, "\"1:\"", NULL },
	{ FIELD_RDEV, "\":3\"", NULL },
	{ FIELD_RDEV, "\"1:3:4\"", NULL },
	{ FIELD_RDEV, "\"4294967296:0\"", NULL },
	{ FIELD_WORD, "\"two\"", "two" },
	{ FIELD_WORD, "\"9\"", "9" },
	{ FIELD_WORD, "\"three\"", NULL },
	{ FIELD_WORD, "2", NULL },
	{ FIELD_FLAGS, "[]", "none" },
	{ FIELD_FLAGS, "[\"one\",\"two\"]", "one,two" },
	{ FIELD_FLAGS, "[\"two\",\"0x4\"]", "two,0x4" },
	{ FIELD_FLAGS, "[\"0x\"]", NULL },
	{ FIELD_FLAGS, "[\"0xG\"]", NULL },
	{ FIELD_FLAGS, "[\"0x11111111111111111\"]", NULL },
	{ FIELD_FLAGS, "[1]", NULL },
	{ FIELD_FLAGS, "\"one\"", NULL },
	{ FIELD_FLAGS, "{}", NULL },
	{ FIELD_CAPS, "\"none\"", "none" },
	{ FIELD_CAPS, "\"all\"", "all" },
	{ FIELD_CAPS, "\"CHOWN,NET_RAW\"", "CHOWN,NET_RAW" },
	{ FIELD_CAPS, "\"CHOWN,0x4000000000000000\"",
	  "CHOWN,0x4000000000000000" },
	{ FIELD_CAPS, "\"CHOWN,\"", NULL },
	{ FIELD_CAPS, "\"\"", NULL },
	{ FIELD_CAPS, "[\"CHOWN\"]", NULL },
};

static void single_values_are_read_as_they_are_printed(void **state)
{

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(singles); i++) {
		const struct field f = { .name = "field",
					 .kind = singles[i].kind,
					 .offset = offsetof(struct step, clone),
					 .words = words };

		check(&singles[i], &f, OP_CLONE);
	}
}

static void a_text_may_be_absent_only_where_it_is_said_so(void **state)
{
	static const struct {
		const char *json, *want;
		bool may_be_null;
	} rows[] = {
		{ "\"a b\"", "'a b'", false }, { "\"\"", "''", false },
		{ "null", "''", true },	       { "null", NULL, false },
		{ "7", NULL, true },	       { "[\"a\"]", NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row r = { FIELD_STR, rows[i].json, rows[i].want };
		const struct field f = {
			.name = "field",
			.kind = FIELD_STR,
			.offset = offsetof(struct step, hostname),
			.may_be_null = rows[i].may_be_null,
		};

		check(&r, &f, OP_HOSTNAME);
	}
}

#define DIGEST                                                                 \
	"\"digest\":\"sha256:0000000000000000000000000000000000000000000000"   \
	"000000000000000000\""

static const struct {
	enum op op;
	struct row row;
} lists[] = {
	{ OP_EXEC, { FIELD_STRV, "[\"a b\",\"\"]", "'a b' ''" } },
	{ OP_EXEC, { FIELD_STRV, "[]", "" } },
	{ OP_EXEC, { FIELD_STRV, "[null]", NULL } },
	{ OP_EXEC, { FIELD_STRV, "\"a\"", NULL } },
	{ OP_BIND, { FIELD_OBJECT, "\"1:2\"", "1:2" } },
	{ OP_BIND, { FIELD_OBJECT, "\"1:-2\"", NULL } },
	{ OP_BIND, { FIELD_OBJECT, "\"1:18446744073709551616\"", NULL } },
	{ OP_BIND, { FIELD_OBJECT, "[1,2]", NULL } },
	{ OP_BIND, { FIELD_OBJECTS, "[\"1:2\",\"3:4\"]", "1:2,3:4" } },
	{ OP_BIND, { FIELD_OBJECTS, "[]", "" } },
	{ OP_BIND, { FIELD_OBJECTS, "[\"1:2\",\"3\"]", NULL } },
	{ OP_BIND, { FIELD_OBJECTS, "[[]]", NULL } },
	{ OP_IDS, { FIELD_IDS, "[0,4294967295]", "0,4294967295" } },
	{ OP_IDS, { FIELD_IDS, "[]", "none" } },
	{ OP_IDS, { FIELD_IDS, "[0,4294967296]", NULL } },
	{ OP_IDS, { FIELD_IDS, "[\"0\"]", NULL } },
	{ OP_IDS, { FIELD_IDS, "{\"0\":0}", NULL } },
	{ OP_USERNS,
	  { FIELD_IDMAP, "[{\"inside\":0,\"outer\":1,\"count\":2}]",
	    "0:1:2" } },
	{ OP_USERNS, { FIELD_IDMAP, "[{\"inside\":0,\"outer\":1}]", NULL } },
	{ OP_USERNS,
	  { FIELD_IDMAP, "[{\"inside\":0,\"outer\":4294967296,\"count\":1}]",
	    NULL } },
	{ OP_USERNS, { FIELD_IDMAP, "[7]", NULL } },
	{ OP_USERNS, { FIELD_IDMAP, "[[0,1,2]]", NULL } },
	{ OP_OVERLAY,
	  { FIELD_LAYERS, "[{\"path\":\"/l\",\"id\":\"1:2\"}]", "/l@1:2" } },
	{ OP_OVERLAY, { FIELD_LAYERS, "[{\"path\":\"/l\"}]", NULL } },
	{ OP_OVERLAY, { FIELD_LAYERS, "[{\"id\":\"1:2\"}]", NULL } },
	{ OP_OVERLAY, { FIELD_LAYERS, "[\"/l\"]", NULL } },
	{ OP_LANDLOCK,
	  { FIELD_RULES,
	    "[{\"path\":\"/\",\"access\":[\"execute\"]},"
	    "{\"path\":\"/x\",\"access\":[]}]",
	    "/:execute /x:none" } },
	{ OP_LANDLOCK, { FIELD_RULES, "[{\"path\":\"/\"}]", NULL } },
	{ OP_LANDLOCK,
	  { FIELD_RULES, "[{\"path\":\"/\",\"access\":[\"fly\"]}]", NULL } },
	{ OP_LANDLOCK, { FIELD_RULES, "[{\"path\":7,\"access\":[]}]", NULL } },
	{ OP_LANDLOCK, { FIELD_RULES, "[null]", NULL } },
	{ OP_SECCOMP,
	  { FIELD_BLOB, "{\"name\":\"x\",\"size\":-1," DIGEST "}", NULL } },
	{ OP_SECCOMP, { FIELD_BLOB, "{\"size\":8," DIGEST "}", NULL } },
	{ OP_SECCOMP,
	  { FIELD_BLOB, "{\"name\":\"x\",\"digest\":\"sha256:00\"}", NULL } },
	{ OP_SECCOMP, { FIELD_BLOB, "{\"name\":\"x\"}", NULL } },
	{ OP_SECCOMP, { FIELD_BLOB, "[]", NULL } },
	{ OP_SECCOMP, { FIELD_BLOB, "\"x\"", NULL } },
};

static void lists_are_read_row_by_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		check(&lists[i].row, field_of(lists[i].op, lists[i].row.kind),
		      lists[i].op);
}

/* A saved plan has no filter's bytes: only what they were. */
static void a_blob_is_known_by_what_it_was(void **state)
{
	static const char json[] =
		"{\"name\":\"default\",\"size\":8,\"flags\":5," DIGEST "}";
	AUTO(json_free) struct json_object *o = NULL;
	struct step s = { .op = OP_SECCOMP };
	const struct blob *b = &s.seccomp.filter;
	struct err e = ERR_INIT;

	(void)state;
	o = json_parse("doc", json, sizeof(json) - 1, &e);
	assert_non_null(o);
	assert_ok(read_value(o, field_of(OP_SECCOMP, FIELD_BLOB), &s, &e), &e);
	assert_string_equal(b->name, "default");
	assert_int_equal(b->size, 8);
	assert_int_equal(b->flags, 5);
	assert_int_equal(strlen(b->digest), strlen("sha256:") + 64);
	assert_null(b->data);
	step_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_values_are_read_as_they_are_printed),
		cmocka_unit_test(a_text_may_be_absent_only_where_it_is_said_so),
		cmocka_unit_test(lists_are_read_row_by_row),
		cmocka_unit_test(a_blob_is_known_by_what_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
