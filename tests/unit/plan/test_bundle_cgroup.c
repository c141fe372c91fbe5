/*
 * test_bundle_cgroup.c - plan/bundle_cgroup: cgroupsPath, limits and driver on
 * hosts of both versions, as root and not.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "plan/bundle_cgroup.h"

static const struct host none = { .cgroup = CGROUP_NONE };
static struct host root_v1 = { .cgroup = CGROUP_HYBRID },
		   user_v1 = { .cgroup = CGROUP_V1, .uid = 1 },
		   root_v2 = { .cgroup = CGROUP_V2 },
		   user_v2 = { .cgroup = CGROUP_V2, .uid = 1 },
		   bare_v2 = { .cgroup = CGROUP_V2, .uid = 1 },
		   alone_v2 = { .cgroup = CGROUP_V2, .uid = 1 };

static char v1_list[] = "memory pids freezer devices", empty[] = "",
	    v2_list[] = "cpu memory pids", helper[] = "/x/immure-scope",
	    place[] = "/a/b";

static int set_up(void **state)
{
	(void)state;
	root_v1.cgroup_controllers = v1_list;
	user_v1.cgroup_controllers = empty;
	root_v2.scope_controllers = user_v2.scope_controllers = v2_list;
	root_v2.scope_helper = user_v2.scope_helper = helper;
	root_v2.cgroup_controllers = user_v2.cgroup_controllers =
		bare_v2.cgroup_controllers = empty;
	alone_v2.cgroup_place = place;
	alone_v2.cgroup_controllers = v2_list;
	alone_v2.cgroup_is_own = true;
	return 0;
}

static struct cgroup_access rows[] = { { false, 'a', -1, -1, NULL } };
static const struct cgroup_limits nothing = { 0 },
				  memory = { .memory = 1 << 20 },
				  io = { .io_weight = 10 },
				  devices = { .access = rows, .n_access = 1 };

/* "PARENT NAME [slice=] [aside] [make] CONTROLLERS: SETTINGS" */
static char *text_of(const struct cgroup_ask *c)
{
	auto_free char *names = strv_join(c->controllers, ",");
	auto_free char *set = strv_join(c->set, " ");

	return xasprintf("%s %s%s%s%s%s %s: %s",
			 c->how == CGROUP_SCOPE ? "scope"
			 : c->parent		? c->parent
						: "-",
			 c->name, c->slice ? " slice=" : "",
			 c->slice ? c->slice : "", c->aside ? " aside" : "",
			 c->make_parents ? " make" : "", names, set);
}

static void the_cgroup_is_where_the_engine_says(void **state)
{
	static const struct {
		const struct host *h;
		const char *path;
		const struct cgroup_limits *l;
		bool systemd, userns;
		const char *want; /* NULL: none */
	} t[] = {
		{ &none, "/x/y", &nothing, false, false, NULL },
		{ &root_v1, "/p/c", &memory, false, false,
		  "/p c make memory,pids,freezer,devices: "
		  "memory.limit_in_bytes=1048576" },
		{ &root_v1, "p", &nothing, false, false,
		  "/ p make memory,pids,freezer,devices: " },
		{ &root_v1, NULL, &nothing, false, false,
		  "- id memory,pids,freezer,devices: " },
		{ &root_v1, "/p/c", &devices, false, false,
		  "/p c make devices,memory,pids,freezer: devices.deny=a" },
		{ &root_v1, "/p/c", &devices, false, true,
		  "/p c make memory,pids,freezer,devices: " },
		{ &user_v1, NULL, &nothing, false, false, NULL },
		{ &root_v2, "/p/c", &memory, false, false,
		  "/p c make memory,cpu,pids: memory.max=1048576" },
		{ &root_v2, "", &nothing, false, false,
		  "/ id make cpu,memory,pids: " },
		{ &root_v2, "s.slice:podman:1", &memory, true, false,
		  "scope podman-1 slice=s.slice memory,cpu,pids: "
		  "memory.max=1048576" },
		{ &root_v2, "::1", &nothing, true, false,
		  "scope 1 cpu,memory,pids: " },
		{ &user_v2, NULL, &nothing, true, false,
		  "scope immure-id cpu,memory,pids: " },
		{ &user_v2, NULL, &nothing, false, false, NULL },
		{ &bare_v2, NULL, &nothing, false, true, NULL },
		{ &bare_v2, "/p/c", &nothing, false, true, "/p c make : " },
		{ &alone_v2, NULL, &memory, false, true,
		  "/a/b id aside memory,cpu,pids: memory.max=1048576" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		const struct bundle_cgroup b = { t[i].l, t[i].path, "id",
						 t[i].systemd, t[i].userns };
		auto_free char *got = NULL;
		struct err e = ERR_INIT;
		struct cgroup_ask *c;

		assert_ok(bundle_cgroup_resolve(&b, t[i].h, &c, &e), &e);
		if (!t[i].want) {
			assert_null(c);
			continue;
		}
		assert_non_null(c);
		got = text_of(c);
		assert_string_equal(got, t[i].want);
		cgroup_ask_done(c);
		free(c);
	}
}

static void what_cannot_hold_is_refused(void **state)
{
	static const struct {
		const struct host *h;
		const char *path;
		const struct cgroup_limits *l;
		bool systemd;
		enum err_kind kind;
		const char *part;
	} t[] = {
		{ &none, NULL, &memory, false, ERR_HOST, "are mounted" },
		{ &user_v1, NULL, &memory, false, ERR_HOST, "memory" },
		{ &bare_v2, NULL, &memory, false, ERR_HOST, "memory" },
		{ &root_v1, "a:b:c", &nothing, true, ERR_HOST, "version 2" },
		{ &bare_v2, "a:b:c", &nothing, true, ERR_HOST, "no systemd" },
		{ &user_v2, "/a/b", &nothing, true, ERR_INPUT, "SLICE" },
		{ &user_v2, "a:b:", &nothing, true, ERR_INPUT, "SLICE" },
		{ &user_v2, "a:b:c", &io, true, ERR_HOST, "controller io" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		const struct bundle_cgroup b = { t[i].l, t[i].path, "id",
						 t[i].systemd, false };
		struct err e = ERR_INIT;
		struct cgroup_ask *c;

		assert_err(bundle_cgroup_resolve(&b, t[i].h, &c, &e), &e,
			   t[i].kind, t[i].part);
		assert_null(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cgroup_is_where_the_engine_says),
		cmocka_unit_test(what_cannot_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
