/*
 * test_opts.c - the words of --ulimit, --device, id maps, -e, --env-file and
 * --signal.
 */
#include "format/opts.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"

#define INF UINT64_MAX

static void limits_parse_as_the_table_says(void **state)
{
	static const struct {
		const char *in, *name;
		uint64_t soft, hard;
	} good[] = {
		{ "nofile=1024", "nofile", 1024, 1024 },
		{ "nofile=1024:4096", "nofile", 1024, 4096 },
		{ "core=0", "core", 0, 0 },
		{ "core=-1", "core", INF, INF },
		{ "core=0:-1", "core", 0, INF },
		{ "memlock=unlimited", "memlock", INF, INF },
		{ "memlock=1:unlimited", "memlock", 1, INF },
		{ "nproc=5:5", "nproc", 5, 5 },
		{ "cpu=9223372036854775807", "cpu", INT64_MAX, INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct request_rlimit r = { 0 };
		struct err e = ERR_INIT;

		if (opts_ulimit(good[i].in, &r, &e))
			fail_msg("%s: %s", good[i].in, e.msg);
		assert_string_equal(r.name, good[i].name);
		assert_true(r.soft == good[i].soft && r.hard == good[i].hard);
		free(r.name);
	}
}

static void bad_limits_are_refused(void **state)
{
	static const struct {
		const char *in, *why;
	} bad[] = {
		{ "", "NAME=SOFT" },
		{ "nofile", "NAME=SOFT" },
		{ "nofile=", "number" },
		{ "nofile=:", "number" },
		{ "nofile=1:", "number" },
		{ "nofile=:1", "number" },
		{ "nofile=1:2:3", "number" },
		{ "nofile=2:1", "above the hard" },
		{ "nofile=-1:1", "above the hard" },
		{ "nofile=-2", "number" },
		{ "nofile=+1", "number" },
		{ "nofile=0x10", "number" },
		{ "nofile=1k", "number" },
		{ "nofile=18446744073709551616", "number" },
		{ "nofile=9223372036854775808", "number" },
		{ "NOFILE=1", "unknown limit" },
		{ "nofiles=1", "did you mean nofile" },
		{ "RLIMIT_NOFILE=1", "unknown limit" },
		{ "=1", "unknown limit" },
		{ "a\033=1", "\\x1b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct request_rlimit r = { .soft = 77 };
		struct err e = ERR_INIT;

		if (!opts_ulimit(bad[i].in, &r, &e))
			fail_msg("accepted: %s", bad[i].in);
		assert_int_equal(r.soft, 77);
		assert_int_equal(e.kind, ERR_USAGE);
		if (!strstr(e.msg, bad[i].why))
			fail_msg("%s: %s", bad[i].in, e.msg);
	}
}

static void devices_parse_as_the_table_says(void **state)
{
	static const struct {
		const char *in, *source, *target, *perm;
	} good[] = {
		{ "/dev/fuse", "/dev/fuse", "/dev/fuse", "rwm" },
		{ "/dev/fuse:r", "/dev/fuse", "/dev/fuse", "r" },
		{ "/dev/fuse:mw", "/dev/fuse", "/dev/fuse", "wm" },
		{ "/dev/a:/dev/b", "/dev/a", "/dev/b", "rwm" },
		{ "/dev/a:/dev/b:rw", "/dev/a", "/dev/b", "rw" },
		{ "/dev//a/:/dev/../dev/b", "/dev/a", "/dev/b", "rwm" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		AUTO(opts_device_done) struct opts_device d = { 0 };
		struct err e = ERR_INIT;

		if (opts_device(good[i].in, &d, &e))
			fail_msg("%s: %s", good[i].in, e.msg);
		assert_string_equal(d.source, good[i].source);
		assert_string_equal(d.target, good[i].target);
		assert_int_equal(d.read, !!strchr(good[i].perm, 'r'));
		assert_int_equal(d.write, !!strchr(good[i].perm, 'w'));
		assert_int_equal(d.mknod, !!strchr(good[i].perm, 'm'));
	}
}

static void bad_devices_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		"fuse",
		"dev/fuse",
		"/dev/a:",
		"/dev/a:x",
		"/dev/a:rr",
		"/dev/a:rwmr",
		"/dev/a:/b:",
		"/dev/a:b:rw",
		"/dev/a:/b:rwx",
		"/dev/a::rw",
		":/dev/a",
		"/dev/a:/",
		"/dev/a:/..",
		"/dev/a:/b:r:w",
		"/dev/a\n:/b",
		"/dev/a:/b\n",
		"/dev/a: rw",
		"/dev/a:RW",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct opts_device d = { .read = true };
		struct err e = ERR_INIT;

		if (!opts_device(bad[i], &d, &e))
			fail_msg("accepted: %s", bad[i]);
		assert_null(d.source);
		assert_int_equal(e.kind, ERR_USAGE);
	}
}

static void id_maps_stay_below_the_last_id(void **state)
{
	static const struct {
		const char *in;
		bool ok;
		struct spec_idmap want;
	} rows[] = {
		{ "0:1:1000", true, { 0, 1, 1000 } },
		{ "0:0:1", true, { 0, 0, 1 } },
		{ "4294967294:0:1", true, { 4294967294, 0, 1 } },
		{ "0:1:4294967294", true, { 0, 1, 4294967294 } },
		{ "0:0:4294967295", true, { 0, 0, 4294967295 } },
		{ "4294967295:0:1", false, { 0 } },
		{ "1:0:4294967295", false, { 0 } },
		{ "0:4294967295:1", false, { 0 } },
		{ "0:0:4294967296", false, { 0 } },
		{ "0:0:0", false, { 0 } },
		{ "0:0", false, { 0 } },
		{ "0:0:1:1", false, { 0 } },
		{ "", false, { 0 } },
		{ "::", false, { 0 } },
		{ "-1:0:1", false, { 0 } },
		{ "0:@1:1", false, { 0 } },
		{ "0 :1:1", false, { 0 } },
		{ "0x0:1:1", false, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct spec_idmap m = { 7, 7, 7 };
		struct err e = ERR_INIT;
		int rc = opts_idmap(rows[i].in, &m, &e);

		if (rc != (rows[i].ok ? 0 : -1))
			fail_msg("%s: %d %s", rows[i].in, rc, e.msg);
		if (rows[i].ok)
			assert_memory_equal(&m, &rows[i].want, sizeof(m));
		else
			assert_int_equal(m.count, 7);
	}
}

static char *caller[] = { (char[]){ "HOME=/h" }, (char[]){ "E=" },
			  (char[]){ "EQ=a=b" }, NULL };

/* The vector joined with '|'; heap. */
static char *joined(char **env)
{
	return strv_join(env, "|");
}

static void variables_are_set_copied_or_taken_away(void **state)
{
	static const struct {
		const char *word, *env; /* after it, joined */
	} rows[] = {
		{ "A=1", "A=1" },
		{ "B=x y", "A=1|B=x y" },
		{ "A=2", "A=2|B=x y" },
		{ "HOME", "A=2|B=x y|HOME=/h" },
		{ "E", "A=2|B=x y|HOME=/h|E=" },
		{ "EQ", "A=2|B=x y|HOME=/h|E=|EQ=a=b" },
		{ "B", "A=2|HOME=/h|E=|EQ=a=b" },
		{ "NOSUCH", "A=2|HOME=/h|E=|EQ=a=b" },
		{ "A=", "A=|HOME=/h|E=|EQ=a=b" },
		{ "A=b=c\nd\033", "A=b=c\nd\033|HOME=/h|E=|EQ=a=b" },
	};
	AUTO(strv_free) char **env = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		auto_free char *got = NULL;

		assert_int_equal(opts_env(rows[i].word, caller, &env, &e), 0);
		got = joined(env);
		assert_string_equal(got, rows[i].env);
	}
}

static void bad_variables_are_refused(void **state)
{
	static const char *const bad[] = { "", "=", "=x", "A\nB=x", "A\x01" };
	struct err e = ERR_INIT;
	AUTO(strv_free) char **env = NULL;
	auto_free char *wide = xcalloc(131073, 1);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(opts_env(bad[i], caller, &env, &e), -1);
		assert_null(env);
	}
	memset(wide, 'A', 131072);
	wide[1] = '=';
	assert_int_equal(opts_env(wide, caller, &env, &e), -1);
}

static const struct {
	const char *text, *env; /* NULL: refused */
	const char *why;
} env_files[] = {
	{ "", "", NULL },
	{ "\n\n", "", NULL },
	{ "A=1", "A=1", NULL },
	{ "A=1\n", "A=1", NULL },
	{ "A=1\r\nB=2\r\n", "A=1|B=2", NULL },
	{ "# c\nA=1\n  # c\n#B=2\n", "A=1", NULL },
	{ "  A=1\n\tB=2\n", "A=1|B=2", NULL },
	{ "A= x y \n", "A= x y ", NULL },
	{ "A=\"q\"\n", "A=\"q\"", NULL },
	{ "A=x # not a comment\n", "A=x # not a comment", NULL },
	{ "A=1\nA=2\n", "A=2", NULL },
	{ "HOME\nNOSUCH\n", "HOME=/h", NULL },
	{ "A=1\nA\n", "", NULL },
	{ "\xef\xbb\xbf"
	  "A=1\n",
	  "A=1", NULL },
	{ "A=b=c\n", "A=b=c", NULL },
	{ "A=\n", "A=", NULL },
	{ "=x\n", NULL, "line 1: the name is empty" },
	{ "A=1\n\n=x\n", NULL, "line 3: the name is empty" },
	{ "A B=1\n", NULL, "line 1: the name of the variable holds a blank" },
	{ "export A=1\n", NULL, "holds a blank" },
	{ "A =1\n", NULL, "holds a blank" },
	{ "A B\n", NULL, "holds a blank" },
	{ "A\033=1\n", NULL, "control" },
};

static void env_files_parse_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(env_files); i++) {
		struct opts_text t = { "f.env", env_files[i].text,
				       strlen(env_files[i].text) };
		AUTO(strv_free) char **env = NULL;
		auto_free char *got = NULL;
		struct err e = ERR_INIT;
		int rc = opts_env_file(&t, caller, &env, &e);

		got = joined(env);
		if (rc != (env_files[i].env ? 0 : -1))
			fail_msg("%s: %d %s", t.p, rc, e.msg);
		assert_string_equal(got, rc ? "" : env_files[i].env);
		if (rc && !strstr(e.msg, env_files[i].why))
			fail_msg("%s: %s", t.p, e.msg);
	}
}

static void env_files_are_bounded_and_without_nul(void **state)
{
	struct opts_text t = { "f", "A=1\0B=2", 7 };
	AUTO(strv_free) char **env = NULL;
	struct err e = ERR_INIT;
	size_t n = OPTS_ENV_FILE_MAX + 1;
	auto_free char *big = xmalloc(n);

	(void)state;
	strv_add(&env, "KEEP=1");
	assert_int_equal(opts_env_file(&t, caller, &env, &e), -1);
	assert_non_null(strstr(e.msg, "NUL"));
	memset(big, '\n', n);
	t = (struct opts_text){ "f", big, n };
	assert_int_equal(opts_env_file(&t, caller, &env, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	for (size_t i = 0; i + 3 < n; i += 3)
		memcpy(big + i, "A=\n", 3);
	t.n = 3 * 4096;
	assert_int_equal(opts_env_file(&t, caller, &env, &e), 0);
	t.n = 3 * 4097;
	assert_int_equal(opts_env_file(&t, caller, &env, &e), -1);
	assert_non_null(strstr(e.msg, "line 4097"));
	assert_string_equal(env[0], "KEEP=1");
	assert_int_equal(strv_len(env), 2);
}

static const struct {
	const char *in;
	int want; /* 0: refused */
} signals[] = {
	{ "SIGTERM", SIGTERM },
	{ "TERM", SIGTERM },
	{ "term", SIGTERM },
	{ "sigTerm", SIGTERM },
	{ "15", SIGTERM },
	{ "015", 0 },
	{ "9", SIGKILL },
	{ "KILL", SIGKILL },
	{ "HUP", SIGHUP },
	{ "SIGUSR2", SIGUSR2 },
	{ "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD },
	{ "IO", SIGIO },
	{ "WINCH", SIGWINCH },
	{ "VTALRM", SIGVTALRM },
	{ "1", 1 },
	{ "64", 64 },
	{ "RTMIN", 34 },
	{ "SIGRTMIN", 34 },
	{ "SIGRTMIN+3", 37 },
	{ "rtmin+30", 64 },
	{ "RTMAX", 64 },
	{ "RTMAX-1", 63 },
	{ "RTMAX-30", 34 },
	{ "", 0 },
	{ "0", 0 },
	{ "65", 0 },
	{ "-1", 0 },
	{ "+1", 0 },
	{ "1x", 0 },
	{ "0x9", 0 },
	{ " 9", 0 },
	{ "9 ", 0 },
	{ "999999999999999999999", 0 },
	{ "SIG", 0 },
	{ "SIGSIGTERM", 0 },
	{ "SIG15", 0 },
	{ "TERM ", 0 },
	{ "TERMINATE", 0 },
	{ "RTMIN+31", 0 },
	{ "RTMIN-1", 0 },
	{ "RTMIN+", 0 },
	{ "RTMIN+x", 0 },
	{ "RTMIN+-1", 0 },
	{ "RTMAX+1", 0 },
	{ "RTMAX-31", 0 },
	{ "RTMI", 0 },
	{ "AVERYVERYLONGNAMEINDEED", 0 },
};

static void signals_have_names_and_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct err e = ERR_INIT;
		int sig = 77;
		int rc = opts_signal(signals[i].in, &sig, &e);

		if (rc != (signals[i].want ? 0 : -1) ||
		    sig != (signals[i].want ? signals[i].want : 77))
			fail_msg("%s: %d %d", signals[i].in, rc, sig);
		if (rc)
			assert_int_equal(e.kind, ERR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_parse_as_the_table_says),
		cmocka_unit_test(bad_limits_are_refused),
		cmocka_unit_test(devices_parse_as_the_table_says),
		cmocka_unit_test(bad_devices_are_refused),
		cmocka_unit_test(id_maps_stay_below_the_last_id),
		cmocka_unit_test(variables_are_set_copied_or_taken_away),
		cmocka_unit_test(bad_variables_are_refused),
		cmocka_unit_test(env_files_parse_as_the_table_says),
		cmocka_unit_test(env_files_are_bounded_and_without_nul),
		cmocka_unit_test(signals_have_names_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
