/*
 * test_ref.c - image names: completion, refusal, and that what is printed
 * means the same image again.
 */
#include "format/ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/table.h"

#define HEX16 "0123456789abcdef"
#define HEX64 HEX16 HEX16 HEX16 HEX16
#define D     "sha256:" HEX64
#define D512  "sha512:" HEX64 HEX64
#define A10   "aaaaaaaaaa"
#define A50   A10 A10 A10 A10 A10
#define A100  A50 A50

static const struct {
	const char *in, *host, *path, *tag, *digest, *full, *familiar;
} good[] = {
	{ "busybox", "docker.io", "library/busybox", "latest", NULL,
	  "docker.io/library/busybox:latest", "busybox:latest" },
	{ "busybox:1.36", "docker.io", "library/busybox", "1.36", NULL,
	  "docker.io/library/busybox:1.36", "busybox:1.36" },
	{ "library/busybox", "docker.io", "library/busybox", "latest", NULL,
	  "docker.io/library/busybox:latest", "busybox:latest" },
	{ "docker.io/busybox", "docker.io", "library/busybox", "latest", NULL,
	  "docker.io/library/busybox:latest", "busybox:latest" },
	{ "index.docker.io/busybox", "docker.io", "library/busybox", "latest",
	  NULL, "docker.io/library/busybox:latest", "busybox:latest" },
	{ "docker.io/library/busybox:x", "docker.io", "library/busybox", "x",
	  NULL, "docker.io/library/busybox:x", "busybox:x" },
	{ "user/app", "docker.io", "user/app", "latest", NULL,
	  "docker.io/user/app:latest", "user/app:latest" },
	{ "a/b/c:t", "docker.io", "a/b/c", "t", NULL, "docker.io/a/b/c:t",
	  "a/b/c:t" },
	{ "library/a/b", "docker.io", "library/a/b", "latest", NULL,
	  "docker.io/library/a/b:latest", "library/a/b:latest" },
	{ "localhost/app", "localhost", "app", "latest", NULL,
	  "localhost/app:latest", "localhost/app:latest" },
	{ "localhost:5000/app:v1", "localhost:5000", "app", "v1", NULL,
	  "localhost:5000/app:v1", "localhost:5000/app:v1" },
	{ "localhost", "docker.io", "library/localhost", "latest", NULL,
	  "docker.io/library/localhost:latest", "localhost:latest" },
	{ "quay.io/a/b", "quay.io", "a/b", "latest", NULL, "quay.io/a/b:latest",
	  "quay.io/a/b:latest" },
	{ "host:65535/a", "host:65535", "a", "latest", NULL,
	  "host:65535/a:latest", "host:65535/a:latest" },
	{ "[::1]:5000/a", "[::1]:5000", "a", "latest", NULL,
	  "[::1]:5000/a:latest", "[::1]:5000/a:latest" },
	{ "10.0.0.1:80/a", "10.0.0.1:80", "a", "latest", NULL,
	  "10.0.0.1:80/a:latest", "10.0.0.1:80/a:latest" },
	{ "Reg.Example.Com/a", "Reg.Example.Com", "a", "latest", NULL,
	  "Reg.Example.Com/a:latest", "Reg.Example.Com/a:latest" },
	{ "a.b", "docker.io", "library/a.b", "latest", NULL,
	  "docker.io/library/a.b:latest", "a.b:latest" },
	{ "a__b", "docker.io", "library/a__b", "latest", NULL,
	  "docker.io/library/a__b:latest", "a__b:latest" },
	{ "a--b", "docker.io", "library/a--b", "latest", NULL,
	  "docker.io/library/a--b:latest", "a--b:latest" },
	{ "a_b-c.d0", "docker.io", "library/a_b-c.d0", "latest", NULL,
	  "docker.io/library/a_b-c.d0:latest", "a_b-c.d0:latest" },
	{ "docker.io/a.b/c", "docker.io", "a.b/c", "latest", NULL,
	  "docker.io/a.b/c:latest", "docker.io/a.b/c:latest" },
	{ "docker.io/localhost/c", "docker.io", "localhost/c", "latest", NULL,
	  "docker.io/localhost/c:latest", "docker.io/localhost/c:latest" },
	{ "docker.io/" HEX64, "docker.io", "library/" HEX64, "latest", NULL,
	  "docker.io/library/" HEX64 ":latest", "library/" HEX64 ":latest" },
	{ "localhost/" HEX64, "localhost", HEX64, "latest", NULL,
	  "localhost/" HEX64 ":latest", "localhost/" HEX64 ":latest" },
	{ "busybox@" D, "docker.io", "library/busybox", NULL, D,
	  "docker.io/library/busybox@" D, "busybox@" D },
	{ "busybox:1@" D, "docker.io", "library/busybox", "1", D,
	  "docker.io/library/busybox:1@" D, "busybox:1@" D },
	{ "q.io/x@" D512, "q.io", "x", NULL, D512, "q.io/x@" D512,
	  "q.io/x@" D512 },
	{ "busybox:5000", "docker.io", "library/busybox", "5000", NULL,
	  "docker.io/library/busybox:5000", "busybox:5000" },
	{ "a:_A.-9", "docker.io", "library/a", "_A.-9", NULL,
	  "docker.io/library/a:_A.-9", "a:_A.-9" },
	{ "0/1", "docker.io", "0/1", "latest", NULL, "docker.io/0/1:latest",
	  "0/1:latest" },
	{ "a:" A100 A10 A10 "aaaaaaaa", "docker.io", "library/a",
	  A100 A10 A10 "aaaaaaaa", NULL,
	  "docker.io/library/a:" A100 A10 A10 "aaaaaaaa",
	  "a:" A100 A10 A10 "aaaaaaaa" },
};

static const char *const bad[] = {
	"",
	"/",
	"/a",
	"a/",
	"a//b",
	":",
	":tag",
	"a:",
	"a:b:c",
	"a:-b",
	"a:.b",
	"a:b/c:",
	"@",
	"@" D,
	"a@",
	"a@sha256:",
	"a@sha256:" HEX16,
	"a@" HEX64,
	"a@" D "@" D,
	"a@" D ":tag",
	"a@sha1:" HEX16 HEX16 "01234567",
	HEX64,
	HEX64 ":tag",
	"A",
	"Busybox",
	"User/app",
	"library/Busybox",
	"a b",
	" a",
	"a ",
	"a\n",
	"a\tb",
	"-a",
	"a-",
	".a",
	"a.",
	"_a",
	"a_",
	"a..b",
	"a___b",
	"a.-b",
	"a._b",
	"..",
	"../etc",
	"a/../b",
	"a/./b",
	"./a",
	"a/.",
	"docker.io/",
	"docker.io//a",
	"host:/a",
	"host:0/a",
	"host:65536/a",
	"host:123456/a",
	"host:+1/a",
	"host:1x/a",
	"-host.io/a",
	"host-.io/a",
	"host..io/a",
	".io/a",
	"host./a",
	"[::1/a",
	"[]/a",
	"[:]x/a",
	"[g::1]:5/a",
	"https://docker.io/a",
	"http://localhost:5000/a",
	"docker://a",
	"a?b",
	"a#b",
	"a%2fb",
	"a\\b",
	"a*",
	"caf\xc3\xa9",
	"\xff",
	"a:t\xc3\xa9",
	"a:tag with space",
	A100 A100 A50 "aaaaaa",
	"q.io/" A100 A100 A50 "a",
	"a:" A100 A10 A10 "aaaaaaaaa",
	A100 A100 A100 A100 A100 A100 A100 A100 A100 A100 A100,
};

static void same(const char *what, const char *got, const char *want)
{
	if (!got != !want || (got && strcmp(got, want)))
		fail_msg("%s: got %s, want %s", what, got ? got : "(none)",
			 want ? want : "(none)");
}

static void names_are_completed_as_docker_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		AUTO(ref_done) struct ref r = { 0 };
		struct err e = ERR_INIT;
		auto_free char *full = NULL, *familiar = NULL;

		if (ref_parse(good[i].in, &r, &e))
			fail_msg("%s: refused: %s", good[i].in, e.msg);
		same(good[i].in, r.host, good[i].host);
		same(good[i].in, r.path, good[i].path);
		same(good[i].in, r.tag, good[i].tag);
		same(good[i].in, r.digest, good[i].digest);
		full = ref_print(&r);
		familiar = ref_familiar(&r);
		same(good[i].in, full, good[i].full);
		same(good[i].in, familiar, good[i].familiar);
	}
}

static void what_is_printed_means_the_same_image(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		AUTO(ref_done) struct ref a = { 0 }, b = { 0 };
		struct err e = ERR_INIT;
		auto_free char *full = NULL;

		assert_int_equal(ref_parse(good[i].full, &a, &e), 0);
		assert_int_equal(ref_parse(good[i].familiar, &b, &e), 0);
		full = ref_print(&a);
		same("full", full, good[i].full);
		same("familiar", b.path, a.path);
		same("familiar", b.host, a.host);
	}
}

static void bad_names_are_refused_with_their_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ref r = { .host = (char[]){ "untouched" } };
		struct err e = ERR_INIT;

		if (!ref_parse(bad[i], &r, &e))
			fail_msg("accepted: %s", bad[i]);
		assert_string_equal(r.host, "untouched");
		assert_int_equal(e.kind, ERR_INPUT);
		assert_non_null(strstr(e.msg, "image name \""));
	}
}

static void a_lone_word_is_a_path_even_with_dots(void **state)
{
	AUTO(ref_done) struct ref r = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(ref_parse("docker.io", &r, &e), 0);
	assert_string_equal(r.path, "library/docker.io");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_completed_as_docker_does),
		cmocka_unit_test(what_is_printed_means_the_same_image),
		cmocka_unit_test(bad_names_are_refused_with_their_reason),
		cmocka_unit_test(a_lone_word_is_a_path_even_with_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
