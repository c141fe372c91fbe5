/*
 * test_image_config.c - what of an image's config reaches the payload, and
 * which configs are refused.
 */
#include "format/image_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/manifest.h"

#define HEX16	    "0123456789abcdef"
#define D	    "sha256:" HEX16 HEX16 HEX16 HEX16
#define FS	    "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" D "\"]}"
#define PLAT	    "\"os\":\"linux\",\"architecture\":\"amd64\""
#define DOC(config) "{" PLAT "," FS ",\"config\":" config "}"

static const char full[] =
	"{" PLAT ",\"created\":\"2024-01-02T03:04:05Z\",\"author\":7,"
	"\"history\":[{\"created_by\":\"\\u001b\"}],"
	"\"container_config\":{\"Env\":7},\"variant\":\"v8\","
	"\"docker_version\":\"1\",\"config\":{"
	"\"User\":\"app:staff\","
	"\"Env\":[\"PATH=/bin\",\"EMPTY=\",\"EQ=a=b\",\"ML=a\\n\\tb\","
	"\"A=\xc3\xa9\"],"
	"\"Entrypoint\":[\"/bin/sh\",\"-c\",\"a\\nb\"],"
	"\"Cmd\":[\"\",\"x y\"],"
	"\"WorkingDir\":\"/srv//app/./x/../y/\","
	"\"StopSignal\":\"SIGRTMIN+3\","
	"\"Volumes\":{\"/data\":{},\"/srv//x/\":null},"
	"\"ExposedPorts\":{\"80/tcp\":{},\"53/udp\":{},\"443\":{},"
	"\"8000-8010\":{},\"9/sctp\":{}},"
	"\"Labels\":{\"a\":\"b\",\"org.x/y\":\"\",\"ml\":\"a\\nb\","
	"\"eq\":\"a=b\"},"
	"\"ArgsEscaped\":true,\"Healthcheck\":{\"Test\":[\"NONE\"]},"
	"\"OnBuild\":7,\"Shell\":[\"x\"],\"Hostname\":\"evil\","
	"\"Domainname\":\"\",\"AttachStdin\":false,\"Tty\":true},"
	"\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" D "\",\"" D "\"]}}";

static void every_member_that_matters_is_taken(void **state)
{
	AUTO(image_config_done) struct image_config c = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	if (image_config_parse(full, strlen(full), &c, &e))
		fail_msg("%s", e.msg);
	assert_string_equal(c.os, "linux");
	assert_string_equal(c.arch, "amd64");
	assert_string_equal(c.created, "2024-01-02T03:04:05Z");
	assert_string_equal(c.user, "app:staff");
	assert_int_equal(strv_len(c.env), 5);
	assert_string_equal(c.env[1], "EMPTY=");
	assert_string_equal(c.env[3], "ML=a\n\tb");
	assert_int_equal(strv_len(c.entrypoint), 3);
	assert_string_equal(c.entrypoint[2], "a\nb");
	assert_int_equal(strv_len(c.cmd), 2);
	assert_string_equal(c.cmd[0], "");
	assert_string_equal(c.workdir, "/srv/app/y");
	assert_string_equal(c.stop_signal, "SIGRTMIN+3");
	assert_int_equal(strv_len(c.volumes), 2);
	assert_string_equal(c.volumes[0], "/data");
	assert_string_equal(c.volumes[1], "/srv/x");
	assert_int_equal(strv_len(c.ports), 5);
	assert_string_equal(c.ports[0], "80/tcp");
	assert_string_equal(c.ports[2], "443/tcp");
	assert_string_equal(c.ports[3], "8000-8010/tcp");
	assert_int_equal(strv_len(c.labels), 4);
	assert_string_equal(c.labels[1], "org.x/y=");
	assert_string_equal(c.labels[3], "eq=a=b");
	assert_int_equal(strv_len(c.diff_ids), 2);
	assert_string_equal(c.diff_ids[1], D);
}

static void an_image_that_says_nothing_has_empty_strings(void **state)
{
	static const char *const texts[] = {
		"{" PLAT "," FS "}",
		DOC("null"),
		DOC("{}"),
		DOC("{\"User\":null,\"Env\":null,\"Entrypoint\":null,"
		    "\"Cmd\":null,\"Volumes\":null,\"Labels\":null,"
		    "\"ExposedPorts\":null,\"StopSignal\":null,"
		    "\"WorkingDir\":null}"),
		DOC("{\"User\":\"\",\"WorkingDir\":\"\",\"StopSignal\":\"\"}"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		AUTO(image_config_done) struct image_config c = { 0 };
		struct err e = ERR_INIT;

		if (image_config_parse(texts[i], strlen(texts[i]), &c, &e))
			fail_msg("%s: %s", texts[i], e.msg);
		assert_string_equal(c.user, "");
		assert_string_equal(c.workdir, "");
		assert_string_equal(c.stop_signal, "");
		assert_string_equal(c.created, "");
		assert_int_equal(strv_len(c.env), 0);
		assert_int_equal(strv_len(c.cmd), 0);
	}
}

static void a_working_directory_cannot_leave_the_root(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "/", "/" },	     { "/a/../../../x", "/x" },
		{ "../../x", "/x" }, { "x", "/x" },
		{ ".", "/" },	     { "/a b", "/a b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(image_config_done) struct image_config c = { 0 };
		auto_free char *text =
			xasprintf(DOC("{\"WorkingDir\":\"%s\"}"), rows[i].in);
		struct err e = ERR_INIT;

		assert_int_equal(image_config_parse(text, strlen(text), &c, &e),
				 0);
		assert_string_equal(c.workdir, rows[i].out);
	}
}

static const struct {
	const char *text, *why;
} bad[] = {
	{ "", "image config" },
	{ "[]", "object" },
	{ "null", "image config" },
	{ "{}", "os: it is missing" },
	{ "{\"os\":\"linux\"," FS "}", "architecture: it is missing" },
	{ "{\"os\":7,\"architecture\":\"amd64\"," FS "}", "a string" },
	{ "{\"os\":\"\",\"architecture\":\"amd64\"," FS "}", "os" },
	{ "{\"os\":\"li nux\",\"architecture\":\"amd64\"," FS "}", "os" },
	{ "{\"os\":\"linux\",\"architecture\":\"../x\"," FS "}",
	  "architecture" },
	{ "{" PLAT "}", "rootfs: it is missing" },
	{ "{" PLAT ",\"rootfs\":[]}", "rootfs" },
	{ "{" PLAT ",\"rootfs\":{}}", "layers" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"layers\"}}", "diff_ids" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}",
	  "diff_ids" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"base\",\"diff_ids\":[\"" D "\"]}}",
	  "it must be layers" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"x\"]}}",
	  "not a digest" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[7]}}",
	  "a string" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[null]}}",
	  "a string" },
	{ "{" PLAT ",\"rootfs\":{\"type\":\"layers\",\"Diff_Ids\":[],"
	  "\"diff_ids\":[\"" D "\"]}}",
	  "Diff_Ids" },
	{ "{" PLAT "," FS ",\"config\":[]}", "config" },
	{ "{" PLAT "," FS ",\"Config\":{}}", "\"Config\"" },
	{ "{" PLAT "," FS ",\"created\":\"a\\u0001\"}", "created" },
	{ "{" PLAT "," FS "," FS "}", "rootfs" },
	{ "{" PLAT "," FS "} {}", "image config" },
	/* wrong types */
	{ DOC("{\"User\":1000}"), "User: expected a string" },
	{ DOC("{\"Env\":{}}"), "Env: expected an array" },
	{ DOC("{\"Env\":\"A=b\"}"), "Env: expected an array" },
	{ DOC("{\"Env\":[1]}"), "Env[0]" },
	{ DOC("{\"Env\":[\"A=b\",null]}"), "Env[1]" },
	{ DOC("{\"Cmd\":\"sh\"}"), "Cmd" },
	{ DOC("{\"Cmd\":[[\"sh\"]]}"), "Cmd[0]" },
	{ DOC("{\"Entrypoint\":{}}"), "Entrypoint" },
	{ DOC("{\"WorkingDir\":[]}"), "WorkingDir" },
	{ DOC("{\"StopSignal\":15}"), "StopSignal" },
	{ DOC("{\"Volumes\":[\"/x\"]}"), "Volumes" },
	{ DOC("{\"Volumes\":{\"/x\":\"/y\"}}"), "Volumes" },
	{ DOC("{\"Labels\":[\"a=b\"]}"), "Labels" },
	{ DOC("{\"Labels\":{\"a\":1}}"), "Labels" },
	{ DOC("{\"Labels\":{\"a\":null}}"), "Labels" },
	{ DOC("{\"ExposedPorts\":[\"80\"]}"), "ExposedPorts" },
	{ DOC("{\"ExposedPorts\":{\"80/tcp\":1}}"), "ExposedPorts" },
	/* another spelling of a member */
	{ DOC("{\"env\":[\"A=b\"]}"), "\"env\"" },
	{ DOC("{\"ENV\":[],\"Env\":[]}"), "\"ENV\"" },
	{ DOC("{\"user\":\"root\"}"), "\"user\"" },
	{ DOC("{\"entrypoint\":[]}"), "\"entrypoint\"" },
	/* variables */
	{ DOC("{\"Env\":[\"NOVALUE\"]}"), "\"NOVALUE\": expected KEY=VALUE" },
	{ DOC("{\"Env\":[\"\"]}"), "expected KEY=VALUE" },
	{ DOC("{\"Env\":[\"=x\"]}"), "expected KEY=VALUE" },
	{ DOC("{\"Env\":[\"A\\nB=x\"]}"), "the name holds a control" },
	{ DOC("{\"Env\":[\"A=\\u001b[31m\"]}"), "a control character" },
	{ DOC("{\"Env\":[\"A=\\u007f\"]}"), "a control character" },
	{ DOC("{\"Env\":[\"A=x\\u0000y\"]}"), "image config" },
	/* control characters */
	{ DOC("{\"User\":\"a\\nb\"}"), "User" },
	{ DOC("{\"Cmd\":[\"a\\u0007\"]}"), "Cmd" },
	{ DOC("{\"Cmd\":[\"a\\u0000\"]}"), "image config" },
	{ DOC("{\"Entrypoint\":[\"\\u001b\"]}"), "Entrypoint" },
	{ DOC("{\"WorkingDir\":\"/a\\nb\"}"), "WorkingDir" },
	{ DOC("{\"StopSignal\":\"TERM\\n\"}"), "StopSignal" },
	{ DOC("{\"Volumes\":{\"/a\\nb\":{}}}"), "Volumes" },
	{ DOC("{\"Labels\":{\"a\\nb\":\"\"}}"), "Labels" },
	{ DOC("{\"Labels\":{\"a\":\"\\u001b\"}}"), "Labels" },
	{ DOC("{\"Labels\":{\"\":\"x\"}}"), "Labels" },
	{ DOC("{\"Labels\":{\"a=b\":\"x\"}}"), "Labels" },
	/* values that mean nothing */
	{ DOC("{\"StopSignal\":\"SIGNOPE\"}"), "not a signal" },
	{ DOC("{\"StopSignal\":\"0\"}"), "not a signal" },
	{ DOC("{\"StopSignal\":\"65\"}"), "not a signal" },
	{ DOC("{\"Volumes\":{\"data\":{}}}"), "absolute" },
	{ DOC("{\"Volumes\":{\"\":{}}}"), "absolute" },
	{ DOC("{\"Volumes\":{\"/\":{}}}"), "absolute" },
	{ DOC("{\"Volumes\":{\"/x/..\":{}}}"), "absolute" },
	{ DOC("{\"ExposedPorts\":{\"0/tcp\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"65536/tcp\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"100000\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"80/icmp\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"80/\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"80-/tcp\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"-80\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"http\":{}}}"), "PORT" },
	{ DOC("{\"ExposedPorts\":{\"\":{}}}"), "PORT" },
};

static void hostile_configs_are_refused_each_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct image_config c = { .os = (char[]){ "untouched" } };
		struct err e = ERR_INIT;

		if (!image_config_parse(bad[i].text, strlen(bad[i].text), &c,
					&e))
			fail_msg("accepted: %s", bad[i].text);
		assert_string_equal(c.os, "untouched");
		if (!strstr(e.msg, bad[i].why))
			fail_msg("%s: %s (no \"%s\")", bad[i].text, e.msg,
				 bad[i].why);
		assert_int_equal(strncmp(e.msg, "image config", 12), 0);
	}
}

/* {"Env":["A=x","A=x",…]} and the like: n times `word`. */
static char *repeated(const char *key, const char *word, size_t n)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b, "{" PLAT "," FS ",\"config\":{\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\"%s\"", i ? "," : "", word);
	buf_str(&b, "]}}");
	return buf_take(&b);
}

static void long_lists_and_long_strings_are_limits(void **state)
{
	static const char *const keys[] = { "Env", "Cmd", "Entrypoint" };
	struct err e = ERR_INIT;
	auto_free char *wide = xcalloc(131072, 1);

	(void)state;
	memset(wide, 'a', 131071);
	memcpy(wide, "A=", 2);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		AUTO(image_config_done) struct image_config c = { 0 };
		auto_free char *most = repeated(keys[i], "A=x", 4096);
		auto_free char *more = repeated(keys[i], "A=x", 4097);
		auto_free char *huge = repeated(keys[i], "", 1000000);
		auto_free char *fits = repeated(keys[i], wide, 1);
		AUTO(image_config_done) struct image_config d = { 0 };

		assert_int_equal(image_config_parse(most, strlen(most), &c, &e),
				 0);
		assert_int_equal(image_config_parse(fits, strlen(fits), &d, &e),
				 0);
		assert_int_equal(image_config_parse(more, strlen(more), &c, &e),
				 -1);
		assert_int_equal(e.kind, ERR_LIMIT);
		assert_int_equal(image_config_parse(huge, strlen(huge), &c, &e),
				 -1);
		assert_int_equal(e.kind, ERR_LIMIT);
	}
}

static void a_string_that_execve_would_not_take_is_refused(void **state)
{
	struct image_config c = { 0 };
	struct err e = ERR_INIT;
	auto_free char *wide = xcalloc(131073, 1);
	auto_free char *text = NULL;

	(void)state;
	memset(wide, 'a', 131072);
	text = repeated("Cmd", wide, 1);
	assert_int_equal(image_config_parse(text, strlen(text), &c, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "131071"));
}

static void a_config_is_at_most_4_mebibytes(void **state)
{
	struct image_config c = { 0 };
	struct err e = ERR_INIT;
	auto_free char *p = xmalloc(MANIFEST_MAX + 1);

	(void)state;
	memset(p, ' ', MANIFEST_MAX + 1);
	memcpy(p, "{}", 2);
	assert_int_equal(image_config_parse(p, MANIFEST_MAX + 1, &c, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_that_matters_is_taken),
		cmocka_unit_test(an_image_that_says_nothing_has_empty_strings),
		cmocka_unit_test(a_working_directory_cannot_leave_the_root),
		cmocka_unit_test(
			hostile_configs_are_refused_each_with_its_reason),
		cmocka_unit_test(long_lists_and_long_strings_are_limits),
		cmocka_unit_test(
			a_string_that_execve_would_not_take_is_refused),
		cmocka_unit_test(a_config_is_at_most_4_mebibytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
