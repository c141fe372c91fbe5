/*
 * test_audit_print.c - audits as text, JSON, SARIF and HTML: the golden ones
 * beside the plans of tests/golden (audit.text, audit.json, audit.sarif),
 * what SARIF 2.1.0 demands, and text of hostile images.
 */
#include "../plan/case.h"
#include "base/json.h"
#include "cli/audit_print.h"
#include "policy/audit.h"

static const struct {
	const char *format;
	void (*print)(const struct audit *a, const struct plan *p,
		      struct buf *b);
} formats[] = {
	{ "text", audit_print_text },
	{ "json", audit_print_json },
	{ "sarif", audit_print_sarif },
	{ "html", audit_print_html },
};

static void print_as(const char *format, const struct audit *a,
		     const struct plan *p, struct buf *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(formats[i].format, format) == 0)
			formats[i].print(a, p, b);
	assert_true(b->len > 0);
}

/* The cases' made-up host has another number for its /dev/tty. */
static struct plan *build(struct test_case *c)
{
	struct err e = ERR_INIT;
	struct plan *p = case_build(c, &e);

	if (!p)
		fail_msg("no plan: %s", e.msg);
	plan_foreach (s, p)
		if (s->op == OP_DEVICE && !strcmp(s->device.source, "/dev/tty"))
			s->device.rdev = makedev(5, 0);
	return p;
}

static struct audit audit_of(const struct plan *p, const struct host *h)
{
	struct audit a = { 0 };

	audit_plan(&a, p, h);
	audit_conclude(&a);
	return a;
}

/* ---- goldens ---- */

static const struct {
	const char *name, *format;
} goldens[] = {
	{ "image_with_the_defaults", "text" },
	{ "image_with_the_defaults", "json" },
	{ "image_with_the_defaults", "sarif" },
	{ "privileged", "text" },
	{ "privileged", "json" },
	{ "privileged", "sarif" },
	{ "bind_writable", "text" },
	{ "unmasked_and_unconfined", "text" },
	{ "pid_ipc_uts_cgroup_host", "text" },
	{ "network_host", "text" },
	{ "no_subordinate_ids", "text" },
	{ "rootfs_directory_read_only", "text" },
};

static void check_golden(const char *name, const char *format)
{
	auto_free char *cmd_path = xasprintf("tests/golden/%s/cmd", name);
	auto_free char *path =
		xasprintf("tests/golden/%s/audit.%s", name, format);
	auto_free char *cmd = unit_read(cmd_path), *want = unit_read(path);
	AUTO(case_free) struct test_case *c = cmd ? case_parse(cmd) : NULL;
	AUTO(plan_free) struct plan *p = c ? build(c) : NULL;
	AUTO(audit_done) struct audit a = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;

	if (!p)
		fail_msg("%s is not there", cmd_path);
	a = audit_of(p, c->h);
	print_as(format, &a, p, &b);
	if (getenv("UPDATE_GOLDEN")) {
		AUTO(fclose) FILE *f = fopen(path, "we");

		assert_non_null(f);
		assert_true(fputs(b.p, f) >= 0);
		return;
	}
	if (!want || strcmp(want, b.p) != 0)
		fail_msg("%s differs (UPDATE_GOLDEN=1 writes it); it is "
			 "now:\n%s",
			 path, b.p);
}

static void audits_are_the_golden_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(goldens); i++)
		check_golden(goldens[i].name, goldens[i].format);
}

static void the_default_plan_has_none_above_info(void **state)
{
	static const char *const texts[] = {
		"image.cmd sh\n",
		"root dir /srv/x\ncommand sh\n",
		"root host\ncommand sh\n",
		"image.cmd sh\nuser.id 1000:1000\nread_only\ntty\n",
		"image.cmd sh\nmount bind /home/u/src /src ro\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO(case_free) struct test_case *c = case_parse(texts[i]);
		AUTO(plan_free) struct plan *p = build(c);
		AUTO(audit_done) struct audit a = { 0 };

		a = audit_of(p, c->h);
		if (a.n && a.v[0].row->severity > SEVERITY_INFO)
			fail_msg("%s: %s %s", texts[i], a.v[0].row->id,
				 a.v[0].hits[0].what);
		assert_int_equal(a.score, 0);
	}
}

/* ---- SARIF ---- */

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *ret = NULL;
	struct err e = ERR_INIT;

	assert_ok(json_get_obj(o, key, &ret, &e), &e);
	if (!ret)
		fail_msg("no %s", key);
	return ret;
}

static struct json_object *get_array(struct json_object *o, const char *key,
				     size_t *n)
{
	struct json_object *ret = NULL;
	struct err e = ERR_INIT;

	assert_ok(json_get_array(o, key, &ret, n, &e), &e);
	if (!ret)
		fail_msg("no %s", key);
	return ret;
}

static const char *get_str(struct json_object *o, const char *key)
{
	const char *ret = NULL;
	struct err e = ERR_INIT;

	assert_ok(json_get_str(o, key, &ret, &e), &e);
	if (!ret)
		fail_msg("no %s", key);
	return ret;
}

static uint64_t get_u64(struct json_object *o, const char *key)
{
	uint64_t ret = 0;
	struct err e = ERR_INIT;

	assert_ok(json_get_u64(o, key, UINT64_MAX, &ret, &e), &e);
	assert_true(ret != UINT64_MAX);
	return ret;
}

/* The line of the plan that a location means, from the artifact itself. */
static void check_location(struct json_object *at, const char *plan)
{
	struct json_object *physical = get(at, "physicalLocation");
	uint64_t line = get_u64(get(physical, "region"), "startLine");
	const char *step;
	size_t n;
	int number;

	assert_string_equal(get_str(get(physical, "artifactLocation"), "uri"),
			    "plan.txt");
	assert_true(line >= 1);
	step = get_str(json_at(get_array(at, "logicalLocations", &n), 0),
		       "fullyQualifiedName");
	for (; line > 1; line--) {
		plan = strchr(plan, '\n');
		assert_non_null(plan);
		plan++;
	}
	if (strncmp(step, "step ", 5) == 0) {
		assert_int_equal(sscanf(plan, " %d", &number), 1);
		assert_int_equal(number, atoi(step + 5));
	}
}

static void check_result(struct json_object *r, struct json_object *rules,
			 const char *plan)
{
	static const char *const levels[] = { "note", "warning", "error",
					      NULL };
	struct json_object *places;
	size_t n;

	assert_string_equal(
		get_str(r, "ruleId"),
		get_str(json_at(rules, get_u64(r, "ruleIndex")), "id"));
	assert_true(strv_has((char *const *)levels, get_str(r, "level")));
	assert_true(strlen(get_str(get(r, "message"), "text")) > 0);
	places = get_array(r, "locations", &n);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++)
		check_location(json_at(places, i), plan);
}

static void sarif_has_what_the_standard_demands(void **state)
{
	AUTO(case_free)
	struct test_case *c = case_parse("image.cmd sh\nprivileged\n"
					 "mount bind /srv /srv rw\n");
	struct err e = ERR_INIT;
	AUTO(plan_free) struct plan *p = build(c);
	AUTO(audit_done) struct audit a = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *o = NULL;
	struct json_object *run, *driver, *rules, *results, *artifact;
	size_t n, n_rules;

	(void)state;
	a = audit_of(p, c->h);
	audit_print_sarif(&a, p, &b);
	o = json_parse("sarif", b.p, b.len, &e);
	if (!o)
		fail_msg("%s", e.msg);
	assert_string_equal(get_str(o, "version"), "2.1.0");
	run = json_at(get_array(o, "runs", &n), 0);
	assert_int_equal(n, 1);
	driver = get(get(run, "tool"), "driver");
	assert_string_equal(get_str(driver, "name"), "immure");
	rules = get_array(driver, "rules", &n_rules);
	assert_int_equal(n_rules, a.n);
	artifact = json_at(get_array(run, "artifacts", &n), 0);
	assert_string_equal(get_str(get(artifact, "location"), "uri"),
			    "plan.txt");
	results = get_array(run, "results", &n);
	assert_int_equal(n, a.n);
	for (size_t i = 0; i < n; i++)
		check_result(json_at(results, i), rules,
			     get_str(get(artifact, "contents"), "text"));
}

/* ---- hostile text ---- */

#define HOSTILE                                                                \
	"<script>alert(1)</script>\"'&<img src=x>\x1b[31m\xe2\x80\xae\xff\n"

static void no_format_passes_hostile_text_on(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\n"
				   "network host\n");
	AUTO(case_free) struct test_case *c = case_parse("image.cmd sh\n");

	(void)state;
	free(p->subject);
	p->subject = xstrdup("image " HOSTILE);
	strv_add(&p->steps[p->n - 1].exec.env, HOSTILE "TOKEN=x");
	strv_add(&p->steps[p->n - 1].exec.argv, HOSTILE);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		AUTO(audit_done) struct audit a = audit_of(p, c->h);
		AUTO(buf_done) struct buf b = BUF_INIT;

		audit_add(&a, BREACH_SOCKET, 3, "%s", HOSTILE);
		audit_conclude(&a);
		formats[i].print(&a, p, &b);
		assert_null(strchr(b.p, 0x1b));
		assert_null(strstr(b.p, "\xe2\x80\xae"));
		assert_null(strchr(b.p, (char)0xff));
		if (strcmp(formats[i].format, "html") != 0)
			continue;
		assert_null(strstr(b.p, "<script"));
		assert_null(strstr(b.p, "<img"));
		assert_non_null(strstr(b.p, "&lt;script&gt;"));
	}
}

/* Tags that open are closed, in order; void ones aside. */
static void check_tags(const char *html)
{
	static const char *const lone[] = { "!doctype", "meta", "circle",
					    "rect",	"wbr",	NULL };
	AUTO(strv_free) char **open = NULL;

	for (const char *p = html; (p = strchr(p, '<')); p++) {
		bool closes = p[1] == '/';
		const char *name = p + 1 + closes;
		size_t n = strcspn(name, " />\n"), depth = strv_len(open);
		auto_free char *tag = xstrndup(name, n);

		if (strv_has((char *const *)lone, tag))
			continue;
		if (!closes) {
			strv_add(&open, tag);
			continue;
		}
		if (!depth || strcmp(open[depth - 1], tag) != 0)
			fail_msg("</%s> closes <%s>", tag,
				 depth ? open[depth - 1] : "nothing");
		free(open[depth - 1]);
		open[depth - 1] = NULL;
	}
	assert_int_equal(strv_len(open), 0);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		n++;
		text += strlen(what);
	}
	return n;
}

static void the_page_stands_alone_and_is_well_formed(void **state)
{
	AUTO(case_free)
	struct test_case *c = case_parse("image.cmd sh\nprivileged\n");
	AUTO(plan_free) struct plan *p = build(c);
	AUTO(audit_done) struct audit a = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	a = audit_of(p, c->h);
	audit_unseen(&a, BREACH_KEYRING, false, "x");
	audit_conclude(&a);
	audit_print_html(&a, p, &b);
	check_tags(b.p);
	assert_int_equal(count(b.p, "<script"), 0);
	assert_int_equal(count(b.p, " src="), 0);
	assert_int_equal(count(b.p, "url("), 0);
	assert_int_equal(count(b.p, "@import"), 0);
	assert_int_equal(count(b.p, "http://"), 0);
	assert_int_equal(count(b.p, "https://"), 0);
	assert_int_equal(count(b.p, "<main>"), 1);
	assert_int_equal(count(b.p, "<h1>"), 1);
	assert_int_equal(count(b.p, "<details id=\"IMM-"), a.n);
	assert_int_equal(count(b.p, "<details id=\"step-"), p->n);
	assert_int_equal(count(b.p, "class=\"b\"") + count(b.p, "class=\"g\""),
			 50 * WALL_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(audits_are_the_golden_ones),
		cmocka_unit_test(the_default_plan_has_none_above_info),
		cmocka_unit_test(sarif_has_what_the_standard_demands),
		cmocka_unit_test(no_format_passes_hostile_text_on),
		cmocka_unit_test(the_page_stands_alone_and_is_well_formed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
