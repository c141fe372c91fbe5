/*
 * test_bundle_cgroup.c - plan/bundle_cgroup with the cgroup manager systemd:
 * which unit in which slice, and what is refused. Directories: the goldens of
 * test_bundle.
 */
#include "unit.h"
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "plan/bundle.h"

static char *have[] = { (char *)"cpu memory pids" };
static char *helper[] = { (char *)"/x/immure-scope" };

/* "NAME SLICE CONTROLLERS: SETTINGS", or the error; heap. */
static char *place(const struct host *h, const char *path,
		   const struct cgroup_limits *l)
{
	const struct bundle_host x = { .id = "c1", .systemd = true };
	struct spec *s = xcalloc(1, sizeof(*s));
	auto_free char *names = NULL, *set = NULL;
	struct err e = ERR_INIT;
	char *text;

	s->bundle = xcalloc(1, sizeof(*s->bundle));
	s->bundle->cgroups_path = xstrdup(path);
	s->bundle->limits = *l;
	if (bundle_cgroup(s, h, &x, &e) < 0) {
		text = xasprintf("%s: %s", err_word(e.kind), e.msg);
	} else {
		assert_int_equal(s->cgroup->how, CGROUP_UNIT);
		assert_string_equal(s->cgroup->helper, *helper);
		names = strv_join(s->cgroup->controllers, ",");
		set = strv_join(s->cgroup->set, " ");
		text = xasprintf("%s %s %s: %s", s->cgroup->name,
				 s->cgroup->slice ? s->cgroup->slice : "-",
				 names, set);
	}
	s->bundle->limits = (struct cgroup_limits){ 0 };
	spec_free(s);
	return text;
}

static const struct cgroup_limits none = { 0 }, memory = { .memory = 1 << 20 },
				  io = { .io_weight = 10 };

static void the_unit_is_what_the_engine_says(void **state)
{
	const struct host h = { .cgroup = CGROUP_V2,
				.uid = 1,
				.scope_controllers = *have,
				.scope_helper = *helper };
	static const struct {
		const char *path;
		const struct cgroup_limits *l;
		const char *want;
	} t[] = {
		{ NULL, &none, "c1.scope - : " },
		{ "", &memory, "c1.scope - memory: memory.max=1048576" },
		{ "user.slice:libpod:12", &memory,
		  "libpod-12.scope user.slice memory: memory.max=1048576" },
		{ "::9", &none, "9.scope - : " },
		{ ":a:", &none, "a-c1.scope - : " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		auto_free char *got = place(&h, t[i].path, t[i].l);

		assert_string_equal(got, t[i].want);
	}
}

static void what_cannot_be_is_refused(void **state)
{
	const struct host old = { .cgroup = CGROUP_HYBRID },
			  alone = { .cgroup = CGROUP_V2, .uid = 1 },
			  bare = { .cgroup = CGROUP_V2,
				   .uid = 1,
				   .scope_controllers = *have },
			  good = { .cgroup = CGROUP_V2,
				   .uid = 1,
				   .scope_controllers = *have,
				   .scope_helper = *helper };
	const struct {
		const struct host *h;
		const char *path;
		const struct cgroup_limits *l;
		const char *part;
	} t[] = {
		{ &old, "a.slice:b:c", &none, "version 1" },
		{ &alone, "a.slice:b:c", &none, "enable-linger" },
		{ &bare, "a.slice:b:c", &none, "immure-scope" },
		{ &good, "/a/b", &none, "SLICE:PREFIX:NAME" },
		{ &good, "a:b:c", &none, "SLICE:PREFIX:NAME" },
		{ &good, "a.slice:b:c:d", &none, "SLICE:PREFIX:NAME" },
		{ &good, "a.slice:../b:c", &none, "SLICE:PREFIX:NAME" },
		{ &good, "a.slice:b:c", &io, "io is not delegated to you" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		auto_free char *got = place(t[i].h, t[i].path, t[i].l);

		if (!strstr(got, t[i].part))
			fail_msg("%s: not \"%s\" in \"%s\"", t[i].path,
				 t[i].part, got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_unit_is_what_the_engine_says),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
