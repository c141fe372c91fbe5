/* test_resolve_tree.c - plan/resolve_tree: what is mounted, written, hidden. */
#include <sched.h>

#include "case.h"
#include "base/defaults.h"

static void only_an_image_gets_our_files(void **state)
{
	static const char *const rows[] = {
		"root host",
		"root dir /r\ncommand x",
		"root dir /r\ncommand x\nread_only",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = case_plan(rows[i]);

		assert_no_step(p, "file");
	}
}

static void shared_namespaces_change_what_is_mounted(void **state)
{
	static const struct {
		const char *line, *has, *has_not;
	} rows[] = {
		{ "network host", "mount tmpfs /sys ro", "mount sysfs" },
		{ "network host", "bind /etc/resolv.conf", "mask /sys" },
		{ "ipc host", "mount proc", "mount mqueue" },
		{ "pid host", "bind /proc -> /proc nosuid,nodev,noexec",
		  "mount proc" },
		{ "uts host", "mount sysfs", "file /etc/hostname" },
		{ "privileged", "mount sysfs /sys nosuid,nodev,noexec",
		  "mask" },
		{ "unmask", "mount sysfs /sys ro", "readonly" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("image.cmd x\n%s", rows[i].line);
		AUTO(plan_free) struct plan *p = case_plan(text);

		assert_step(p, rows[i].has);
		assert_no_step(p, rows[i].has_not);
	}
}

static struct spec *tree(const char *lines)
{
	auto_free char *text = xasprintf("command x\n%s", lines);
	struct err e = ERR_INIT;
	struct spec *s = case_spec(text, &e);

	if (!s)
		fail_msg("%s: %s", lines, e.msg);
	return s;
}

static const char *content(const struct spec *s, const char *path)
{
	for (size_t i = 0; i < s->n_files; i++)
		if (!strcmp(s->files[i].path, path))
			return s->files[i].content;
	return NULL;
}

static void our_files_say_the_sandboxs_name(void **state)
{
	AUTO(spec_free) struct spec *named = tree("hostname box");
	AUTO(spec_free) struct spec *hosts = tree("uts host");

	(void)state;
	assert_string_equal(content(named, "/etc/hostname"), "box\n");
	assert_string_equal(content(named, "/etc/hosts"),
			    "127.0.0.1\tlocalhost box\n"
			    "::1\tlocalhost ip6-localhost ip6-loopback\n");
	assert_null(content(hosts, "/etc/hostname"));
	assert_string_equal(content(hosts, "/etc/hosts"),
			    "127.0.0.1\tlocalhost\n"
			    "::1\tlocalhost ip6-localhost ip6-loopback\n");
}

/* With a network of the host its resolver is needed, read-only. */
static void the_resolver_is_the_hosts_only_with_its_network(void **state)
{
	AUTO(spec_free) struct spec *own = tree("");
	AUTO(spec_free) struct spec *shared = tree("network host");
	AUTO(spec_free)
	struct spec *asked = tree("network host\n"
				  "mount bind /mine /etc/resolv.conf");
	size_t n = 0;

	(void)state;
	assert_non_null(content(own, "/etc/resolv.conf"));
	assert_null(content(shared, "/etc/resolv.conf"));
	for (size_t i = 0; i < shared->n_mounts; i++) {
		const struct spec_mount *m = &shared->mounts[i];

		if (strcmp(m->target, "/etc/resolv.conf"))
			continue;
		n++;
		assert_string_equal(m->source, "/etc/resolv.conf");
		assert_int_equal(m->attr,
				 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
					 MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	}
	assert_int_equal(n, 1);
	for (size_t i = 0; i < asked->n_mounts; i++)
		if (!strcmp(asked->mounts[i].target, "/etc/resolv.conf"))
			assert_string_equal(asked->mounts[i].source, "/mine");
}

static void what_is_hidden_depends_on_which_sys_there_is(void **state)
{
	AUTO(spec_free) struct spec *own = tree("");
	AUTO(spec_free) struct spec *shared = tree("network host");
	AUTO(spec_free) struct spec *unmasked = tree("unmask");
	size_t below = 0, all = 0;

	(void)state;
	for (; default_masked[all]; all++) {
		bool sys = !strncmp(default_masked[all], "/sys/", 5);

		assert_true(strv_has(own->masked, default_masked[all]));
		assert_int_equal(strv_has(shared->masked, default_masked[all]),
				 !sys);
		below += sys;
	}
	assert_true(below > 0 && below < all);
	assert_int_equal(strv_len(own->masked), all);
	for (size_t i = 0; default_readonly[i]; i++)
		assert_true(strv_has(own->readonly, default_readonly[i]));
	assert_int_equal(strv_len(unmasked->masked), 0);
	assert_int_equal(strv_len(unmasked->readonly), 0);
}

/* Whatever is shared, a standard place is there once. */
static void each_standard_place_is_mounted_once(void **state)
{
	static const struct {
		const char *lines, *target;
		size_t n;
	} rows[] = {
		{ "", "/proc", 1 },
		{ "pid host", "/proc", 1 },
		{ "", "/sys", 1 },
		{ "network host", "/sys", 1 },
		{ "", "/dev/mqueue", 1 },
		{ "ipc host", "/dev/mqueue", 0 },
		{ "mount tmpfs - /dev/shm", "/dev/shm", 1 },
		{ "mount bind /a /dev/mqueue", "/dev/mqueue", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(spec_free) struct spec *s = tree(rows[i].lines);
		size_t n = 0;

		for (size_t k = 0; k < s->n_mounts; k++)
			n += !strcmp(s->mounts[k].target, rows[i].target);
		if (n != rows[i].n)
			fail_msg("%s: %zu at %s", rows[i].lines, n,
				 rows[i].target);
	}
}

static void the_hosts_processes_are_bound_with_all_below(void **state)
{
	AUTO(spec_free) struct spec *s = tree("pid host");

	(void)state;
	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct spec_mount *m = &s->mounts[i];

		if (strcmp(m->target, "/proc"))
			continue;
		assert_string_equal(m->type, "bind");
		assert_string_equal(m->source, "/proc");
		assert_true(m->recursive);
		return;
	}
	fail_msg("no /proc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_an_image_gets_our_files),
		cmocka_unit_test(shared_namespaces_change_what_is_mounted),
		cmocka_unit_test(our_files_say_the_sandboxs_name),
		cmocka_unit_test(
			the_resolver_is_the_hosts_only_with_its_network),
		cmocka_unit_test(what_is_hidden_depends_on_which_sys_there_is),
		cmocka_unit_test(each_standard_place_is_mounted_once),
		cmocka_unit_test(the_hosts_processes_are_bound_with_all_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
