/*
 * test_oci_state.c - the record of a container: printing and parsing are
 * inverse, what is damaged is refused, what engines read has its members.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "format/oci_state.h"

static void make(struct oci_state *s)
{
	*s = (struct oci_state){
		.id = xstrdup("c1"),
		.bundle = xstrdup("/b"),
		.rootfs = xstrdup("/b/rootfs"),
		.created = xstrdup("2026-01-01T00:00:00.000000001Z"),
		.owner = xstrdup("root"),
		.pid = 4711,
		.start_time = 1ull << 40,
		.own_pids = true,
	};
	s->streams = xstrdup("[\"/dev/null\"]");
	strv_add(&s->annotations, "org.example.a=b=c");
	strv_add(&s->cgroup, ":/a.slice/x.scope");
	s->scope = xstrdup("x.scope");
	for (int i = 0; i < PLAN_HASH_LEN; i++)
		s->hash[i] = (uint8_t)(i * 7);
}

static void what_is_printed_parses_to_the_same(void **state)
{
	AUTO(oci_state_done) struct oci_state s, got = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	make(&s);
	oci_state_print(&s, &b);
	assert_ok(oci_state_parse(&b, &got, &e), &e);
	assert_string_equal(got.id, s.id);
	assert_string_equal(got.rootfs, s.rootfs);
	assert_string_equal(got.streams, s.streams);
	assert_int_equal(got.pid, s.pid);
	assert_true(got.start_time == s.start_time);
	assert_true(got.own_pids);
	assert_string_equal(got.annotations[0], "org.example.a=b=c");
	assert_string_equal(got.cgroup[0], ":/a.slice/x.scope");
	assert_string_equal(got.scope, "x.scope");
	assert_memory_equal(got.hash, s.hash, PLAN_HASH_LEN);
}

static void a_record_without_a_hash_is_refused(void **state)
{
	static const char text[] =
		"{\"id\":\"a\",\"bundle\":\"/b\",\"rootfs\":\"/r\","
		"\"created\":\"x\",\"owner\":\"o\",\"plan\":\"12\"}";
	AUTO(oci_state_done) struct oci_state got = { 0 };
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	(void)state;
	buf_str(&b, text);
	assert_err(oci_state_parse(&b, &got, &e), &e, ERR_INPUT, "plan");
	assert_null(got.id);
}

static void a_stopped_container_has_no_process(void **state)
{
	AUTO(oci_state_done) struct oci_state s;
	auto_free char *running = NULL, *stopped = NULL;

	(void)state;
	make(&s);
	running = oci_state_json(&s, OCI_RUNNING, false);
	stopped = oci_state_json(&s, OCI_STOPPED, false);
	assert_non_null(strstr(running, "\"pid\":4711,\"status\":\"running\""));
	assert_non_null(strstr(stopped, "\"pid\":0,\"status\":\"stopped\""));
	assert_non_null(
		strstr(stopped, "\"annotations\":{\"org.example.a\":\"b=c\"}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_parses_to_the_same),
		cmocka_unit_test(a_record_without_a_hash_is_refused),
		cmocka_unit_test(a_stopped_container_has_no_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
