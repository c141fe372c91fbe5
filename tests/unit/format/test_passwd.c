/*
 * test_passwd.c - which ids a "user[:group]" means in an image, and that a
 * hostile passwd or group file cannot make it mean others.
 */
#include "format/passwd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/table.h"

static const char passwd[] =
	"root:x:0:0:root:/root:/bin/sh\n"
	"daemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n"
	"\n"
	"# a comment\n"
	"+nis::::::\n"
	"app:x:1000:1001:App User,,,:/home/app:/bin/sh\n"
	"app:x:0:0:second, must not win:/root:/bin/sh\n"
	"1000:x:0:0:a number as a name:/root:/bin/sh\n"
	"0x0:x:0:0::/root:/bin/sh\n"
	"+1:x:0:0::/root:/bin/sh\n"
	"-1:x:0:0::/root:/bin/sh\n"
	"4294967296:x:0:0::/root:/bin/sh\n"
	"short\n"
	"shorter:x:7\n"
	"nouid:x::7::/x:/bin/sh\n"
	"baduid:x:0x10:7::/x:/bin/sh\n"
	"neguid:x:-1:7::/x:/bin/sh\n"
	"bigger:x:4294967296:7::/x:/bin/sh\n"
	"nobody4:x:4294967295:7::/x:/bin/sh\n"
	"biggest:x:4294967294:4294967294::/big:/bin/sh\n"
	"nogid:x:8:::/x:/bin/sh\n"
	"badgid:x:8:staff::/x:/bin/sh\n"
	"four:x:44:45\n"
	"nohome:x:46:47:::/bin/sh\n"
	"relhome:x:48:49::home/rel:/bin/sh\n"
	"ctlhome:x:50:51::/home/a\tb:/bin/sh\n"
	"eight:x:52:53::/home/eight:/bin/sh:more:and:more\n"
	"sp ace:x:0:0::/root:/bin/sh\n"
	"svc$:x:54:55::/svc:/bin/sh\n"
	"dash-ed.dot_1:x:56:57::/d:/bin/sh\n"
	"UPPER:x:58:59::/u:/bin/sh\n"
	"long:x:00000000001:1::/l:/bin/sh\n"
	"lead:x:0000000060:0061::/l:/bin/sh\n"
	"last:x:62:63::/last:/bin/sh";

static const char group[] = "root:x:0:\n"
			    "staff:x:50:app,daemon\n"
			    "staff:x:0:second\n"
			    "wheel:x:10:root,app\n"
			    "empty:x:11:\n"
			    "substr:x:12:application,xapp,ap\n"
			    "twice:x:50:app,app\n"
			    "own:x:1001:app\n"
			    "50:x:0:\n"
			    "nogid:x::\n"
			    "badgid:x:abc:nobodyhere\n"
			    "three:x:70\n"
			    "broken:x:x1:broke\n"
			    "biggest:x:4294967294:biggest\n"
			    "trail:x:80:,last,\n"
			    "\n"
			    "end:x:81:last";

#define G(...) { __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4

static const struct {
	const char *spec;
	uint32_t uid, gid;
	const char *home;
	uint32_t groups[4];
	size_t n;
} good[] = {
	{ NULL, 0, 0, "/root", G(0) },
	{ "", 0, 0, "/root", G(0) },
	{ "0", 0, 0, "/root", G(0) },
	{ "0:0", 0, 0, "/root", G(0) },
	{ "0000000000", 0, 0, "/root", G(0) },
	{ "root", 0, 0, "/root", G(0, 10) },
	{ "root:root", 0, 0, "/root", G(0) },
	{ "root:0", 0, 0, "/root", G(0) },
	{ "daemon", 1, 1, "/usr/sbin", G(1, 50) },
	{ "app", 1000, 1001, "/home/app", G(1001, 10, 50) },
	{ "app:staff", 1000, 50, "/home/app", G(50) },
	{ "app:50", 1000, 50, "/home/app", G(50) },
	{ "app:999", 1000, 999, "/home/app", G(999) },
	{ "app:empty", 1000, 11, "/home/app", G(11) },
	{ "app:three", 1000, 70, "/home/app", G(70) },
	/* a number is copied, its line gives gid and home, no groups */
	{ "1000", 1000, 1001, "/home/app", G(1001) },
	{ "01000", 1000, 1001, "/home/app", G(1001) },
	{ "1000:1000", 1000, 1000, "/home/app", G(1000) },
	{ "1000:staff", 1000, 50, "/home/app", G(50) },
	{ "1:0050", 1, 50, "/usr/sbin", G(50) },
	{ "12345", 12345, 0, NULL, G(0) },
	{ "12345:54321", 12345, 54321, NULL, G(54321) },
	{ "12345:staff", 12345, 50, NULL, G(50) },
	{ "4294967294", 4294967294, 4294967294, "/big", G(4294967294) },
	{ "4294967294:4294967294", 4294967294, 4294967294, "/big",
	  G(4294967294) },
	{ "biggest", 4294967294, 4294967294, "/big", G(4294967294) },
	{ "four", 44, 45, NULL, G(45) },
	{ "nohome", 46, 47, NULL, G(47) },
	{ "relhome", 48, 49, NULL, G(49) },
	{ "eight", 52, 53, "/home/eight", G(53) },
	{ "svc$", 54, 55, "/svc", G(55) },
	{ "dash-ed.dot_1", 56, 57, "/d", G(57) },
	{ "UPPER", 58, 59, "/u", G(59) },
	{ "lead", 60, 61, "/l", G(61) },
	{ "last", 62, 63, "/last", G(63, 80, 81) },
};

static const char *const bad[] = {
	/* neither number nor name */
	":",
	":0",
	":staff",
	"app:",
	"0:",
	"::",
	"0:0:0",
	"app:staff:x",
	"app:staff:",
	" ",
	" app",
	"app ",
	"app\n",
	"ap\tp",
	"sp ace",
	"a,b",
	"a/b",
	"*",
	"#",
	"!",
	"caf\xc3\xa9",
	"\xff",
	"a\033[31m",
	/* what only looks like a number */
	"-1",
	"-0",
	"+1",
	"+0",
	"0x0",
	"0x10",
	"0b1",
	"1e3",
	"1.0",
	"1000a",
	"1_000",
	"-app",
	"+nis",
	".app",
	"0:-1",
	"0:+1",
	"0:0x0",
	"app:-1",
	/* numbers out of range */
	"4294967295",
	"4294967296",
	"4294967295:0",
	"0:4294967295",
	"0:4294967296",
	"00000000000",
	"00000001000",
	"18446744073709551616",
	"99999999999999999999999999",
	/* names that are not there */
	"nosuch",
	"App",
	"ap",
	"appl",
	"nosuch:0",
	"app:nosuch",
	"0:nosuch",
	"app:Staff",
	"second",
	"x",
	"short:0:",
	/* lines that are broken */
	"short",
	"shorter",
	"nouid",
	"baduid",
	"neguid",
	"bigger",
	"nobody4",
	"nogid",
	"badgid",
	"ctlhome",
	"long",
	"app:nogid",
	"app:badgid",
	"0:broken",
};

static void users_resolve_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		AUTO(passwd_user_done) struct passwd_user u = { 0 };
		struct err e = ERR_INIT;
		const char *spec = good[i].spec ? good[i].spec : "(none)";

		if (passwd_resolve(good[i].spec, passwd, group, &u, &e))
			fail_msg("%s: refused: %s", spec, e.msg);
		if (u.uid != good[i].uid || u.gid != good[i].gid)
			fail_msg("%s: %u:%u", spec, u.uid, u.gid);
		if (!u.home != !good[i].home)
			fail_msg("%s: home %s", spec, u.home);
		if (u.home)
			assert_string_equal(u.home, good[i].home);
		if (u.n_groups != good[i].n)
			fail_msg("%s: %zu groups", spec, u.n_groups);
		assert_memory_equal(u.groups, good[i].groups,
				    u.n_groups * sizeof(*u.groups));
	}
}

static void bad_users_are_refused_and_nothing_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct passwd_user u = { .uid = 77, .gid = 78 };
		struct err e = ERR_INIT;

		if (!passwd_resolve(bad[i], passwd, group, &u, &e))
			fail_msg("\"%s\": accepted as %u:%u", bad[i], u.uid,
				 u.gid);
		assert_int_equal(u.uid, 77);
		assert_int_equal(u.gid, 78);
		assert_null(u.groups);
		assert_true(e.kind == ERR_INPUT || e.kind == ERR_USAGE);
		assert_null(strchr(e.msg, '\033'));
		assert_null(strchr(e.msg, '\n'));
	}
}

static void a_broken_line_is_named(void **state)
{
	struct passwd_user u = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(passwd_resolve("baduid", passwd, group, &u, &e), -1);
	assert_non_null(strstr(e.msg, "passwd, line 16: the uid"));
	assert_int_equal(passwd_resolve("0:badgid", passwd, group, &u, &e), -1);
	assert_non_null(strstr(e.msg, "group, line 11: the gid"));
}

static void without_files_only_numbers_resolve(void **state)
{
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(passwd_resolve("5:6", NULL, NULL, &u, &e), 0);
	assert_int_equal(u.uid, 5);
	assert_int_equal(u.gid, 6);
	assert_null(u.home);
	assert_int_equal(passwd_resolve("root", NULL, NULL, &u, &e), -1);
	assert_int_equal(passwd_resolve("root", "", "", &u, &e), -1);
	assert_int_equal(passwd_resolve("0:root", NULL, NULL, &u, &e), -1);
	passwd_user_done(&u);
	assert_int_equal(passwd_resolve("", NULL, NULL, &u, &e), 0);
	assert_int_equal(u.uid, 0);
	assert_int_equal(u.n_groups, 1);
}

static void a_membership_with_a_broken_gid_is_an_error(void **state)
{
	struct passwd_user u = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(passwd_resolve("broke", "broke:x:5:5::/:/bin/sh\n",
					group, &u, &e),
			 -1);
	assert_non_null(strstr(e.msg, "group, line 13"));
}

/* A text of `n` bytes, all `c`, then `tail`. */
static char *filled(size_t n, char c, const char *tail)
{
	char *s = xmalloc(n + strlen(tail) + 1);

	memset(s, c, n);
	strcpy(s + n, tail);
	return s;
}

static void a_line_of_a_mebibyte_is_only_a_long_line(void **state)
{
	static const char tail[] = "\napp:x:5:6::/app:/bin/sh\n";
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	struct err e = ERR_INIT;
	auto_free char *a = filled(PASSWD_MAX - strlen(tail), 'x', tail);
	auto_free char *b = filled(PASSWD_MAX - strlen(tail), ':', tail);
	auto_free char *c = filled(PASSWD_MAX, 'x', "");
	auto_free char *d = filled(PASSWD_MAX + 1, '\n', "");

	(void)state;
	assert_int_equal(passwd_resolve("app", a, NULL, &u, &e), 0);
	assert_int_equal(u.uid, 5);
	passwd_user_done(&u);
	assert_int_equal(passwd_resolve("app", b, NULL, &u, &e), 0);
	passwd_user_done(&u);
	assert_int_equal(passwd_resolve("app", c, NULL, &u, &e), -1);
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(passwd_resolve("0", d, NULL, &u, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(passwd_resolve("0", NULL, d, &u, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void a_home_longer_than_a_path_is_refused(void **state)
{
	struct passwd_user u = { 0 };
	struct err e = ERR_INIT;
	auto_free char *home = filled(4096, 'h', "");
	auto_free char *text = xasprintf("app:x:5:6::/%s:/bin/sh\n", home);

	(void)state;
	assert_int_equal(passwd_resolve("app", text, NULL, &u, &e), -1);
	assert_non_null(strstr(e.msg, "line 1: the home"));
}

/* n lines "g:x:GID:app", GIDs 1…n, as many as fit into 1 MiB. */
static char *many_groups(unsigned n)
{
	char *s = xmalloc(PASSWD_MAX + 64), *p = s;

	for (unsigned i = 0; i < n && p - s < (ptrdiff_t)PASSWD_MAX - 32; i++)
		p += sprintf(p, "g:x:%u:a\n", n - i);
	return s;
}

static void seventy_thousand_groups_are_too_many_but_quick(void **state)
{
	AUTO(passwd_user_done) struct passwd_user u = { 0 };
	struct err e = ERR_INIT;
	auto_free char *many = many_groups(70000);
	auto_free char *fewer = many_groups(60000);
	clock_t begin = clock();

	(void)state;
	assert_int_equal(passwd_resolve("a", "a:x:1:1", many, &u, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(passwd_resolve("a", "a:x:1:1", fewer, &u, &e), 0);
	assert_int_equal(u.n_groups, 60000);
	assert_int_equal(u.groups[0], 1);
	assert_int_equal(u.groups[1], 2);
	assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
}

static void an_overlong_user_is_refused(void **state)
{
	struct passwd_user u = { 0 };
	struct err e = ERR_INIT;
	auto_free char *s = filled(100000, '1', "");

	(void)state;
	assert_int_equal(passwd_resolve(s, passwd, group, &u, &e), -1);
	assert_non_null(strstr(e.msg, "longer than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_resolve_as_the_table_says),
		cmocka_unit_test(bad_users_are_refused_and_nothing_is_written),
		cmocka_unit_test(a_broken_line_is_named),
		cmocka_unit_test(without_files_only_numbers_resolve),
		cmocka_unit_test(a_membership_with_a_broken_gid_is_an_error),
		cmocka_unit_test(a_line_of_a_mebibyte_is_only_a_long_line),
		cmocka_unit_test(a_home_longer_than_a_path_is_refused),
		cmocka_unit_test(
			seventy_thousand_groups_are_too_many_but_quick),
		cmocka_unit_test(an_overlong_user_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
