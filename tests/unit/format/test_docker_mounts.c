/*
 * test_docker_mounts.c - binds, mounts, devices and limits of a request.
 */
#include <string.h>
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "format/docker_create.h"

static const struct {
	const char *host, *words; /* NULL: refused */
} rows[] = {
	/* docker's binds are writable, unless they say otherwise */
	{ "\"Binds\":[\"/a:/b\"]", "--volume=/a:/b:rw" },
	{ "\"Binds\":[\"/a:/b:ro\"]", "--volume=/a:/b:ro" },
	{ "\"Binds\":[\"/a:/b:z\",\"/c:/d:z,ro\"]",
	  "--volume=/a:/b:z,rw --volume=/c:/d:z,ro" },
	{ "\"Binds\":[\"/a\"]", NULL },
	{ "\"Binds\":[7]", NULL },
	{ "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/"
	  "b\"}]",
	  "--mount=type=bind,source=/a,target=/b,rw" },
	{ "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/b\","
	  "\"ReadOnly\":true,\"BindOptions\":{\"NonRecursive\":true,"
	  "\"Propagation\":\"rprivate\"}}]",
	  "--mount=type=bind,source=/a,target=/b,readonly,"
	  "bind-propagation=rprivate,bind-recursive=disabled" },
	{ "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":"
	  "{\"SizeBytes\":1048576,\"Mode\":1016}}]",
	  "--mount=type=tmpfs,target=/t,tmpfs-size=1048576,tmpfs-mode=1770" },
	{ "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\"}]", NULL },
	{ "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a,readonly\","
	  "\"Target\":\"/b\"}]",
	  NULL },
	{ "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/b\","
	  "\"BindOptions\":{\"CreateMountpoint\":true}}]",
	  NULL },
	{ "\"Mounts\":[{\"Type\":\"bind\",\"source\":\"/a\"}]", NULL },
	{ "\"Mounts\":{}", "" },
	{ "\"Mounts\":{\"a\":1}", NULL },
	{ "\"Devices\":[{\"PathOnHost\":\"/dev/x\",\"PathInContainer\":"
	  "\"/dev/y\",\"CgroupPermissions\":\"r\"}]",
	  "--device=/dev/x:/dev/y:r" },
	{ "\"Devices\":[{\"PathOnHost\":\"/dev/x\"}]",
	  "--device=/dev/x:/dev/x:rwm" },
	{ "\"Devices\":[{\"PathOnHost\":\"/dev/a:b\"}]", NULL },
	{ "\"Devices\":[{}]", NULL },
	{ "\"Ulimits\":[{\"Name\":\"core\",\"Soft\":0,\"Hard\":-1}]",
	  "--ulimit=core=0:-1" },
	{ "\"Ulimits\":[{\"Soft\":0}]", NULL },
	{ "\"Ulimits\":[{\"Name\":\"core\",\"Soft\":\"0\"}]", NULL },
};

static void each_becomes_its_flag_or_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(docker_create_done) struct docker_create d = { 0 };
		auto_free char *json = xasprintf(
			"{\"Image\":\"i\",\"HostConfig\":{%s}}", rows[i].host);
		const struct buf text = { .p = json, .len = strlen(json) };
		auto_free char *have = NULL;
		auto_free char *want = NULL;
		struct err e = ERR_INIT;
		int r = docker_create_parse("request", &text, &d, &e);

		if (r == 0)
			have = strv_join(d.words, " ");
		if (!rows[i].words) {
			if (r == 0)
				fail_msg("%s: taken as %s", json, have);
			assert_true(e.kind == ERR_INPUT || e.kind == ERR_USAGE);
			continue;
		}
		assert_ok(r, &e);
		want = xasprintf("%s%si", rows[i].words,
				 *rows[i].words ? " " : "");
		assert_string_equal(have, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_becomes_its_flag_or_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
