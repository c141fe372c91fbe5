/*
 * test_audit_log.c - engine/audit_log: every decision is one line, lines of
 * concurrent writers never mix, the log is bounded and the user's alone.
 */
#include "unit.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include "base/alloc.h"
#include "base/json.h"
#include "base/path.h"
#include "engine/audit_log.h"

/* A state directory below a fresh one, that is not there yet. */
static struct {
	char top[64];
	int fd;
	struct host host;
} t;

static int make_top(void **state)
{
	(void)state;
	t.fd = unit_make_dir(t.top);
	t.host = (struct host){ .uid = geteuid(), .gid = getegid() };
	t.host.state_dir = path_join(t.top, "state/immure");
	return t.fd < 0;
}

static int remove_top(void **state)
{
	(void)state;
	free(t.host.state_dir);
	close(t.fd);
	unit_remove_dir(t.top);
	return 0;
}

static struct finding findings[] = {
	{ .what = (char *)"image x",
	  .permitted = true,
	  .rule = (char *)"permit image",
	  .file = (char *)"/p",
	  .line = 3 },
	{ .what = (char *)"a \"socket\"\n",
	  .rule = (char *)"deny bind",
	  .file = (char *)"/etc/p.policy",
	  .line = 7 },
};

static int append(bool permitted, struct err *e)
{
	struct plan p = { .subject = (char *)"image x" };
	struct verdict v = { .permitted = permitted,
			     .hash = { 0xab, 0xcd },
			     .findings = findings,
			     .n = permitted ? 1 : 2 };

	return audit_log_append(&t.host, &p, &v, e);
}

static struct json_object *line_of(const struct buf *b, const char *from)
{
	const char *eol = strchr(from, '\n');
	struct err e = ERR_INIT;
	struct json_object *o;

	(void)b;
	assert_non_null(eol);
	o = json_parse("line", from, (size_t)(eol - from), &e);
	if (!o)
		fail_msg("%s", e.msg);
	return o;
}

static void assert_text(struct json_object *o, const char *key,
			const char *want)
{
	const char *got = NULL;
	struct err e = ERR_INIT;

	assert_ok(json_get_str(o, key, &got, &e), &e);
	assert_non_null(got);
	assert_string_equal(got, want);
}

static void a_decision_is_a_line_with_its_reason(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	AUTO(json_free) struct json_object *first = NULL, *second = NULL;
	const char *time = NULL;
	struct err e = ERR_INIT;
	struct stat st;
	uint64_t line;

	(void)state;
	assert_ok(append(true, &e), &e);
	assert_ok(append(false, &e), &e);
	assert_ok(audit_log_read(&t.host, &b, &e), &e);
	first = line_of(&b, b.p);
	second = line_of(&b, strchr(b.p, '\n') + 1);
	assert_text(first, "verdict", "permit");
	assert_text(first, "rule", "permit image");
	assert_text(second, "verdict", "deny");
	assert_text(second, "what", "a \"socket\"\n");
	assert_text(second, "rule", "deny bind");
	assert_text(second, "file", "/etc/p.policy");
	assert_ok(json_get_u64(second, "line", 0, &line, &e), &e);
	assert_int_equal(line, 7);
	assert_ok(json_get_str(first, "plan", &time, &e), &e);
	assert_int_equal(strncmp(time, "abcd00", 6), 0);
	assert_ok(json_get_str(first, "time", &time, &e), &e);
	assert_int_equal(strlen(time), strlen("2026-11-25T03:46:24.123Z"));
	assert_int_equal(fstatat(t.fd, "state/immure/audit.log", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void the_time_is_the_calendars(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	time_t before = time(NULL), after;
	struct err e = ERR_INIT;
	const char *text = NULL;
	AUTO(json_free) struct json_object *o = NULL;
	struct tm tm = { 0 };

	(void)state;
	assert_ok(append(true, &e), &e);
	after = time(NULL);
	assert_ok(audit_log_read(&t.host, &b, &e), &e);
	o = line_of(&b, b.p);
	assert_ok(json_get_str(o, "time", &text, &e), &e);
	assert_non_null(strptime(text, "%Y-%m-%dT%H:%M:%S", &tm));
	assert_in_range(timegm(&tm), before, after);
}

static void no_log_is_an_empty_one(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(audit_log_read(&t.host, &b, &e), &e);
	assert_int_equal(b.len, 0);
}

static void put_large(off_t size)
{
	int fd = openat(t.fd, "state/immure/audit.log", O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

static void a_full_log_makes_way_and_the_oldest_goes(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_ok(append(true, &e), &e);
	for (int i = 0; i < AUDIT_LOG_FILES + 2; i++) {
		put_large(AUDIT_LOG_SIZE);
		assert_ok(append(true, &e), &e);
		assert_int_equal(
			fstatat(t.fd, "state/immure/audit.log", &st, 0), 0);
		assert_true(st.st_size < AUDIT_LINE_MAX);
	}
	assert_int_equal(fstatat(t.fd, "state/immure/audit.log.4", &st, 0), 0);
	assert_int_equal(fstatat(t.fd, "state/immure/audit.log.5", &st, 0), -1);
}

static void a_line_has_its_bounds(void **state)
{
	struct plan p = { 0 };
	struct verdict v = { .findings = findings, .n = 1 };
	struct finding odd = findings[1];
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	p.subject = xcalloc(70000, 1);
	memset(p.subject, 1, 69999);
	odd.what = odd.rule = odd.file = p.subject;
	v.findings = &odd;
	assert_ok(audit_log_append(&t.host, &p, &v, &e), &e);
	free(p.subject);
	assert_int_equal(fstatat(t.fd, "state/immure/audit.log", &st, 0), 0);
	assert_true(st.st_size < AUDIT_LINE_MAX);
}

#define WRITERS 8
#define LINES	100

static void lines_of_concurrent_writers_stay_whole(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	int status, lines = 0;

	(void)state;
	assert_ok(append(true, &e), &e);
	put_large(AUDIT_LOG_SIZE - 4000); /* they rotate it, too */
	for (int i = 0; i < WRITERS; i++) {
		if (fork())
			continue;
		for (int n = 0; n < LINES; n++)
			if (append(n % 2, NULL) < 0)
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_ok(audit_log_read(&t.host, &b, &e), &e);
	/* after what put_large made */
	for (const char *at = memchr(b.p, 0, b.len) ? b.p + strlen(b.p) : b.p;
	     at < b.p + b.len; at++) {
		const char *eol;

		if (*at != '{')
			continue;
		eol = strchr(at, '\n');
		json_free(line_of(&b, at));
		lines++;
		at = eol;
	}
	assert_int_equal(lines, WRITERS * LINES);
}

static void a_log_that_others_may_write_is_refused(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(append(true, &e), &e);
	assert_int_equal(fchmodat(t.fd, "state/immure/audit.log", 0622, 0), 0);
	assert_int_equal(append(true, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(unlinkat(t.fd, "state/immure/audit.log", 0), 0);
	assert_int_equal(symlinkat("/dev/null", t.fd, "state/immure/audit.log"),
			 0);
	assert_int_equal(append(true, &e), -1);
	assert_int_equal(unlinkat(t.fd, "state/immure/audit.log", 0), 0);
	assert_int_equal(mkfifoat(t.fd, "state/immure/audit.log", 0600), 0);
	assert_int_equal(append(true, &e), -1);
}

static void without_a_state_directory_the_error_says_so(void **state)
{
	struct host none = { 0 };
	struct plan p = { 0 };
	struct verdict v = { 0 };
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(audit_log_append(&none, &p, &v, &e), -1);
	assert_int_equal(e.kind, ERR_HOST);
	assert_int_equal(audit_log_read(&none, &b, &e), -1);
	none.state_dir = (char *)"/proc/self/no/immure";
	assert_int_equal(audit_log_append(&none, &p, &v, &e), -1);
}

#define IN_TOP(f) cmocka_unit_test_setup_teardown(f, make_top, remove_top)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TOP(a_decision_is_a_line_with_its_reason),
		IN_TOP(the_time_is_the_calendars),
		IN_TOP(no_log_is_an_empty_one),
		IN_TOP(a_full_log_makes_way_and_the_oldest_goes),
		IN_TOP(a_line_has_its_bounds),
		IN_TOP(lines_of_concurrent_writers_stay_whole),
		IN_TOP(a_log_that_others_may_write_is_refused),
		IN_TOP(without_a_state_directory_the_error_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
