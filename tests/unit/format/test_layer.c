/*
 * test_layer.c - what the names, modes, owners and attributes of a layer's
 * entries mean, and which are refused.
 */
#include "format/layer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>
#include "base/table.h"

#define A10   "aaaaaaaaaa"
#define A50   A10 A10 A10 A10 A10
#define A250  A50 A50 A50 A50 A50
#define A255  A250 "aaaaa"
#define BAD   (-1)
#define ENTRY LAYER_ENTRY
#define WH    LAYER_WHITEOUT
#define OPQ   LAYER_OPAQUE
#define ROOT  LAYER_ROOT
#define SKIP  LAYER_IGNORE

static const struct {
	const char *in;
	int what;
	const char *out;
} names[] = {
	/* ordinary names, in all their spellings */
	{ "a", ENTRY, "a" },
	{ "a/", ENTRY, "a" },
	{ "a///", ENTRY, "a" },
	{ "./a", ENTRY, "a" },
	{ "././a/.", ENTRY, "a" },
	{ "a//b", ENTRY, "a/b" },
	{ "a/./b", ENTRY, "a/b" },
	{ "etc/passwd", ENTRY, "etc/passwd" },
	{ ".hidden", ENTRY, ".hidden" },
	{ "...", ENTRY, "..." },
	{ "..a", ENTRY, "..a" },
	{ "a..", ENTRY, "a.." },
	{ "a/..b/c", ENTRY, "a/..b/c" },
	{ ".a/.b", ENTRY, ".a/.b" },
	{ "a b", ENTRY, "a b" },
	{ "a\nb", ENTRY, "a\nb" },
	{ "\xff\xfe", ENTRY, "\xff\xfe" },
	{ "a\\..\\b", ENTRY, "a\\..\\b" },
	{ "C:\\x", ENTRY, "C:\\x" },
	{ "wh.a", ENTRY, "wh.a" },
	{ ".wh", ENTRY, ".wh" },
	{ "a.wh.b", ENTRY, "a.wh.b" },
	{ ".WH.a", ENTRY, ".WH.a" },
	{ A255, ENTRY, A255 },
	{ "x/" A255, ENTRY, "x/" A255 },
	/* the root */
	{ ".", ROOT, "" },
	{ "./", ROOT, "" },
	{ "/", ROOT, "" },
	{ "//", ROOT, "" },
	{ "/./", ROOT, "" },
	{ "./.", ROOT, "" },
	/* whiteouts */
	{ ".wh.a", WH, "a" },
	{ "./.wh.a", WH, "a" },
	{ "d/.wh.a", WH, "d/a" },
	{ "d/e/.wh.a", WH, "d/e/a" },
	{ "d/.wh.a/", WH, "d/a" },
	{ ".wh..a", WH, ".a" },
	{ ".wh...a", WH, "..a" },
	{ ".wh....", WH, "..." },
	{ ".wh.wh.a", WH, "wh.a" },
	{ "d/.wh.a.wh.", WH, "d/a.wh." },
	{ ".wh." A255, WH, A255 },
	{ ".wh..wh.", SKIP, ".wh..wh." },
	/* opaque directories */
	{ ".wh..wh..opq", OPQ, "" },
	{ "./.wh..wh..opq", OPQ, "" },
	{ "d/.wh..wh..opq", OPQ, "d" },
	{ "d/e/.wh..wh..opq", OPQ, "d/e" },
	/* AUFS housekeeping */
	{ ".wh..wh.aufs", SKIP, ".wh..wh.aufs" },
	{ ".wh..wh.orph", SKIP, ".wh..wh.orph" },
	{ ".wh..wh.plnk", SKIP, ".wh..wh.plnk" },
	{ ".wh..wh.plnk/5.6", SKIP, ".wh..wh.plnk/5.6" },
	{ ".wh..wh.plnk/.wh.x", SKIP, ".wh..wh.plnk/.wh.x" },
	{ "d/.wh..wh..opqx", SKIP, "d/.wh..wh..opqx" },
	{ ".wh..wh..opq/x", SKIP, ".wh..wh..opq/x" },
	/* refused */
	{ "", BAD, NULL },
	{ "..", BAD, NULL },
	{ "../", BAD, NULL },
	{ "/..", BAD, NULL },
	{ "/../", BAD, NULL },
	{ "../a", BAD, NULL },
	{ "a/..", BAD, NULL },
	{ "a/../b", BAD, NULL },
	{ "a/../../b", BAD, NULL },
	{ "./..", BAD, NULL },
	{ "./../etc/passwd", BAD, NULL },
	{ "a//../b", BAD, NULL },
	{ "/etc/passwd", BAD, NULL },
	{ "//etc/passwd", BAD, NULL },
	{ "/./a", BAD, NULL },
	{ "/.hidden", BAD, NULL },
	{ "/...", BAD, NULL },
	{ "/.wh.a", BAD, NULL },
	{ "/.wh..wh..opq", BAD, NULL },
	{ ".wh.", BAD, NULL },
	{ ".wh..", BAD, NULL },
	{ ".wh...", BAD, NULL },
	{ "d/.wh.", BAD, NULL },
	{ "d/.wh..", BAD, NULL },
	{ "d/.wh...", BAD, NULL },
	{ ".wh.d/x", BAD, NULL },
	{ "a/.wh.d/x", BAD, NULL },
	{ ".wh.d/.wh..wh..opq", BAD, NULL },
	{ ".wh.d/.wh..wh.plnk/x", BAD, NULL },
	{ ".wh.a/..", BAD, NULL },
	{ ".wh..wh.plnk/../etc", BAD, NULL },
	{ A255 "a", BAD, NULL },
	{ "x/" A255 "a/y", BAD, NULL },
	{ ".wh." A255 "a", BAD, NULL },
};

static void names_mean_what_the_table_says(void **state)
{
	static char buf[LAYER_PATH_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct err e = ERR_INIT;
		int what;

		strcpy(buf, "untouched");
		what = layer_name(names[i].in, buf, &e);
		if (what != names[i].what)
			fail_msg("\"%s\": %d, not %d: %s", names[i].in, what,
				 names[i].what, e.msg);
		if (what == BAD) {
			assert_string_equal(buf, "untouched");
			assert_int_equal(e.kind, ERR_INPUT);
			assert_non_null(strstr(e.msg, "layer entry \""));
		} else {
			assert_string_equal(buf, names[i].out);
		}
	}
}

static const struct {
	const char *in, *out; /* NULL: refused */
} links[] = {
	{ "a", "a" },
	{ "./a/b", "a/b" },
	{ "a//b/", "a/b" },
	{ "...", "..." },
	{ "", NULL },
	{ ".", NULL },
	{ "/", NULL },
	{ "./", NULL },
	{ "..", NULL },
	{ "../a", NULL },
	{ "a/../../b", NULL },
	{ "/etc/shadow", NULL },
	{ "//x", NULL },
	{ ".wh.a", NULL },
	{ "d/.wh.a", NULL },
	{ "d/.wh..wh..opq", NULL },
	{ ".wh..wh.plnk/1", NULL },
	{ ".wh.a/b", NULL },
	{ A255 "a", NULL },
};

static void hard_links_point_to_entries_inside(void **state)
{
	static char buf[LAYER_PATH_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		struct err e = ERR_INIT;
		int got;

		strcpy(buf, "untouched");
		got = layer_link(links[i].in, buf, &e);
		if (got != (links[i].out ? ENTRY : BAD))
			fail_msg("\"%s\": %d: %s", links[i].in, got, e.msg);
		assert_string_equal(buf,
				    links[i].out ? links[i].out : "untouched");
	}
}

/* "d/d/…/d", n parts. */
static void deep(char *buf, int n)
{
	for (int i = 0; i < n; i++)
		strcpy(buf + 2 * i, i + 1 < n ? "d/" : "d");
}

static void paths_are_at_most_256_deep_and_4095_long(void **state)
{
	static char in[8200], out[LAYER_PATH_MAX + 1];
	struct err e = ERR_INIT;

	(void)state;
	deep(in, 256);
	assert_int_equal(layer_name(in, out, &e), LAYER_ENTRY);
	assert_string_equal(in, out);
	deep(in, 257);
	assert_int_equal(layer_name(in, out, &e), -1);
	assert_non_null(strstr(e.msg, "256"));

	for (int i = 0; i < 4095; i++)
		in[i] = i % 200 == 199 ? '/' : 'a';
	in[4095] = '\0';
	assert_int_equal(layer_name(in, out, &e), LAYER_ENTRY);
	assert_string_equal(in, out);
	strcpy(in + 4095, "a");
	assert_int_equal(layer_name(in, out, &e), -1);
	assert_non_null(strstr(e.msg, "4095"));
	for (int i = 0; i < 4096; i += 2)
		memcpy(in + i, "./", 3);
	assert_int_equal(layer_name(in, out, &e), -1);
}

static void setuid_and_setgid_never_reach_the_store(void **state)
{
	static const struct {
		mode_t in, out;
	} rows[] = {
		{ 0, 0 },
		{ 0755, 0755 },
		{ 01777, 01777 },
		{ 04755, 0755 },
		{ 02755, 0755 },
		{ 06777, 0777 },
		{ 07777, 01777 },
		{ S_IFREG | 04711, 0711 },
		{ S_IFDIR | 02775, 0775 },
		{ 0xffffffff, 01777 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(layer_mode(rows[i].in), rows[i].out);
}

static void only_the_users_own_attributes_are_kept(void **state)
{
	static const struct {
		const char *name;
		bool kept;
	} rows[] = {
		{ "user.mime_type", true },
		{ "user.a", true },
		{ "user.overlayx", true },
		{ "user.Overlay.opaque", true },
		{ "user.containers.override_stat", true },
		{ "user.", false },
		{ "user", false },
		{ "", false },
		{ "user.overlay.opaque", false },
		{ "user.overlay.whiteout", false },
		{ "user.overlay.", false },
		{ "user.immure.owner", false },
		{ "USER.a", false },
		{ "security.capability", false },
		{ "security.selinux", false },
		{ "security.ima", false },
		{ "trusted.overlay.opaque", false },
		{ "trusted.x", false },
		{ "system.posix_acl_access", false },
		{ "btrfs.compression", false },
		{ "user." A250 "a", false },
		{ "user." A250, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (layer_keeps_xattr(rows[i].name) != rows[i].kept)
			fail_msg("%s", rows[i].name);
}

static void owners_beyond_the_range_are_refused(void **state)
{
	static const struct {
		int64_t id;
		uint32_t limit;
		bool ok;
	} rows[] = {
		{ 0, 1, true },
		{ 1, 1, false },
		{ 65535, 65536, true },
		{ 65536, 65536, false },
		{ -1, 65536, false },
		{ INT64_MIN, 65536, false },
		{ INT64_MAX, UINT32_MAX, false },
		{ 4294967294, UINT32_MAX, true },
		{ 4294967295, UINT32_MAX, false },
		{ 4294967296, 65536, false }, /* 0 when cut to 32 bits */
		{ 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct err e = ERR_INIT;
		uint32_t got = 77;
		int rc =
			layer_owner(rows[i].id, rows[i].limit, "uid", &got, &e);

		assert_int_equal(rc, rows[i].ok ? 0 : -1);
		assert_int_equal(got, rows[i].ok ? rows[i].id : 77);
		if (!rows[i].ok)
			assert_non_null(strstr(e.msg, "uid "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_mean_what_the_table_says),
		cmocka_unit_test(hard_links_point_to_entries_inside),
		cmocka_unit_test(paths_are_at_most_256_deep_and_4095_long),
		cmocka_unit_test(setuid_and_setgid_never_reach_the_store),
		cmocka_unit_test(only_the_users_own_attributes_are_kept),
		cmocka_unit_test(owners_beyond_the_range_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
