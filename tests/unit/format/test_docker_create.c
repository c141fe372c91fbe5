/*
 * test_docker_create.c - members of a create request become flags, or the
 * reason why not.
 */
#include <string.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "format/docker_create.h"

static int parse(const char *json, struct docker_create *d, struct err *e)
{
	const struct buf text = { .p = (char *)json, .len = strlen(json) };

	return docker_create_parse("request", &text, d, e);
}

/* HostConfig alone: its words, joined, without the image. */
static void becomes(const char *host, const char *words)
{
	AUTO(docker_create_done) struct docker_create d = { 0 };
	auto_free char *json =
		xasprintf("{\"Image\":\"i\",\"HostConfig\":%s}", host);
	auto_free char *want = xasprintf("%s%si", words, *words ? " " : "");
	auto_free char *have = NULL;
	struct err e = ERR_INIT;

	assert_ok(parse(json, &d, &e), &e);
	have = strv_join(d.words, " ");
	assert_string_equal(have, want);
}

static void is_refused(const char *json, const char *why)
{
	AUTO(docker_create_done) struct docker_create d = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(parse(json, &d, &e), -1);
	assert_null(d.words);
	if (!strstr(e.msg, why))
		fail_msg("\"%s\" does not say \"%s\"", e.msg, why);
}

static void what_is_not_set_asks_for_nothing(void **state)
{
	(void)state;
	becomes("{}", "");
	becomes("{\"Privileged\":false,\"CapAdd\":null,\"CapDrop\":[],"
		"\"PidsLimit\":0,\"NetworkMode\":\"\",\"Tmpfs\":{},"
		"\"Memory\":0,\"OomKillDisable\":false,\"MaskedPaths\":null}",
		"");
}

static void members_become_flags(void **state)
{
	(void)state;
	becomes("{\"Privileged\":true}", "--privileged");
	becomes("{\"CapAdd\":[\"A\",\"B\"],\"CapDrop\":[\"ALL\"]}",
		"--cap-add=A --cap-add=B --cap-drop=ALL");
	becomes("{\"Tmpfs\":{\"/t\":\"size=1m\",\"/u\":\"\"}}",
		"--tmpfs=/t:size=1m --tmpfs=/u");
	becomes("{\"PidsLimit\":-1}", "--pids-limit=-1");
	becomes("{\"Memory\":67108864,\"MemorySwap\":-1,\"CpuShares\":512,"
		"\"MemorySwappiness\":-1,\"CpusetCpus\":\"0\"}",
		"--cpu-shares=512 --memory=67108864 --cpuset-cpus=0 "
		"--memory-swap=-1");
	becomes("{\"NanoCpus\":1500000000}", "--cpus=1.500000000");
	becomes("{\"Annotations\":{\"a\":\"\"}}", "--annotation=a=");
}

static void an_empty_list_of_masks_unmasks_once(void **state)
{
	(void)state;
	becomes("{\"MaskedPaths\":[],\"ReadonlyPaths\":[]}",
		"--security-opt=unmask=ALL");
	is_refused(
		"{\"Image\":\"i\",\"HostConfig\":{\"MaskedPaths\":[\"/x\"]}}",
		"HostConfig: MaskedPaths: lists of one's own");
}

static void a_bridge_is_no_network_and_that_is_noted(void **state)
{
	AUTO(docker_create_done) struct docker_create d = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(parse("{\"Image\":\"i\",\"HostConfig\":{\"NetworkMode\":"
			"\"bridge\"}}",
			&d, &e),
		  &e);
	assert_int_equal(strv_len(d.words), 1);
	assert_int_equal(strv_len(d.notes), 1);
	becomes("{\"NetworkMode\":\"host\"}", "--network=host");
}

static void command_and_entrypoint_are_as_dockers(void **state)
{
	static const struct {
		const char *members, *words;
	} rows[] = {
		{ "\"Cmd\":[\"a\",\"b\"]", "i a b" },
		{ "\"Cmd\":\"a b\"", "i a b" },
		{ "\"Entrypoint\":[\"e\",\"f\"],\"Cmd\":[\"a\"]",
		  "--entrypoint=e i f a" },
		{ "\"Entrypoint\":\"e\"", "--entrypoint=e i" },
		{ "\"Entrypoint\":[\"\"],\"Cmd\":[\"a\"]",
		  "--entrypoint= i a" },
		{ "\"Entrypoint\":null,\"Cmd\":null", "i" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(docker_create_done) struct docker_create d = { 0 };
		auto_free char *json =
			xasprintf("{\"Image\":\"i\",%s}", rows[i].members);
		auto_free char *have = NULL;
		struct err e = ERR_INIT;

		assert_ok(parse(json, &d, &e), &e);
		have = strv_join(d.words, " ");
		assert_string_equal(have, rows[i].words);
	}
}

static void what_cannot_be_given_is_refused_with_its_name(void **state)
{
	static const struct {
		const char *host, *why;
	} rows[] = {
		{ "{\"PortBindings\":{\"80/tcp\":[]}}", "PortBindings" },
		{ "{\"Dns\":[\"1.1.1.1\"]}", "Dns" },
		{ "{\"MemorySwappiness\":60}", "MemorySwappiness" },
		{ "{\"NanoCpus\":-1}", "NanoCpus: expected" },
		{ "{\"KernelMemory\":1}", "KernelMemory" },
		{ "{\"VolumesFrom\":[\"x\"]}", "VolumesFrom" },
		{ "{\"OomKillDisable\":true}", "OomKillDisable" },
		{ "{\"Nonsense\":1}", "unknown member \"Nonsense\"" },
		{ "{\"privileged\":true}", "did you mean \"Privileged\"" },
		{ "{\"Privileged\":\"yes\"}", "expected true or false" },
		{ "{\"CapAdd\":[1]}", "CapAdd: expected an array of strings" },
		{ "{\"Tmpfs\":{\"/a:b\":\"\"}}", "Tmpfs: /a:b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_free char *json = xasprintf(
			"{\"Image\":\"i\",\"HostConfig\":%s}", rows[i].host);

		is_refused(json, rows[i].why);
	}
	is_refused("[]", "expected an object");
	is_refused("{\"Image\":\"\"}", "Image: missing");
	is_refused("{\"Image\":\"i\",\"Env\":[\"A\"]}", "without a value");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_set_asks_for_nothing),
		cmocka_unit_test(members_become_flags),
		cmocka_unit_test(an_empty_list_of_masks_unmasks_once),
		cmocka_unit_test(a_bridge_is_no_network_and_that_is_noted),
		cmocka_unit_test(command_and_entrypoint_are_as_dockers),
		cmocka_unit_test(what_cannot_be_given_is_refused_with_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
