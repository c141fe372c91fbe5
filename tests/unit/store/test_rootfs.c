/*
 * test_rootfs.c - /etc/passwd as the layers show it: a table of layers, each
 * told in a word.
 */
#include <sys/sysmacros.h>

#include "fixture.h"
#include "store/rootfs.h"

/*
 * What a layer has:
 *   .        no /etc            -        /etc without passwd
 *   1, 2     passwd with that   o        /etc opaque, without passwd
 *   w        passwd is whited   W        /etc is whited out
 *   l        passwd is a link   L        /etc is a link
 *   d        it is a directory  f        /etc is a file
 *   p        it is a FIFO       P        it is opaque and has passwd "3"
 *   0        it holds a NUL     B        it is too large
 */
static void make_etc(struct fixture *f, unsigned n)
{
	fixture_layer_dir(f, n, "etc");
}

static char *full_path(struct fixture *f, unsigned n, const char *below)
{
	auto_free char *path = fixture_layer_path(n, below);

	return xasprintf("%s/%s", f->path, path);
}

static void opaque(struct fixture *f, unsigned n)
{
	auto_free char *etc = full_path(f, n, "etc");

	make_etc(f, n);
	if (setxattr(etc, "user.overlay.opaque", "y", 1, 0))
		skip(); /* a filesystem without user attributes */
}

static void large(struct fixture *f, unsigned n)
{
	auto_free char *passwd = full_path(f, n, "etc/passwd");

	make_etc(f, n);
	fixture_layer_file(f, n, "etc/passwd", "x");
	assert_int_equal(truncate(passwd, (1 << 20) + 1), 0);
}

static void make_layer(struct fixture *f, unsigned n, char what)
{
	auto_free char *etc = full_path(f, n, "etc");
	auto_free char *passwd = full_path(f, n, "etc/passwd");
	char text[2] = { what, '\0' };

	fixture_layer(f, n);
	if (strchr("-12wldp0", what))
		make_etc(f, n);
	if (strchr("12", what))
		fixture_layer_file(f, n, "etc/passwd", text);
	else if (what == 'o' || what == 'P')
		opaque(f, n);
	else if (what == 'w')
		assert_int_equal(mknod(passwd, S_IFCHR, makedev(0, 0)), 0);
	else if (what == 'W')
		assert_int_equal(mknod(etc, S_IFCHR, makedev(0, 0)), 0);
	else if (what == 'l')
		assert_int_equal(symlink("/etc/passwd", passwd), 0);
	else if (what == 'L')
		assert_int_equal(symlink("/etc", etc), 0);
	else if (what == 'd')
		assert_int_equal(mkdir(passwd, 0755), 0);
	else if (what == 'f')
		fixture_layer_file(f, n, "etc", "file");
	else if (what == 'p')
		assert_int_equal(mkfifo(passwd, 0644), 0);
	else if (what == 'B')
		large(f, n);
	if (what == 'P')
		fixture_layer_file(f, n, "etc/passwd", "3");
	if (what == '0') {
		fixture_layer_file(f, n, "etc/passwd", "x");
		assert_int_equal(truncate(passwd, 2), 0);
	}
}

/* Layers lowest first; "" is none. */
static const struct {
	const char *layers, *want;
} rows[] = {
	{ "1", "1" },	 { "12", "2" },	 { "1.", "1" }, { "1-", "1" },
	{ "1-.-", "1" }, { ".1", "1" },	 { ".", "" },	{ "-", "" },
	{ "1w", "" },	 { "1W", "" },	 { "1wl", "" }, { "1w2", "2" },
	{ "1W2", "2" },	 { "1o", "" },	 { "1o-", "" }, { "1P", "3" },
	{ "1P.", "3" },	 { "1o2", "2" }, { "1l", "" },	{ "1L", "" },
	{ "1d", "" },	 { "1f", "" },	 { "1p", "" },	{ "1L2", "2" },
	{ "1d2", "2" },	 { "10", "" },	 { "1B", "" },	{ "B1", "1" },
};

static void passwd_is_what_an_overlay_would_show(void **state)
{
	struct fixture *f = *state;

	for (unsigned r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		size_t n = strlen(rows[r].layers);
		struct image_layer layers[8];
		struct image i = { .layers = layers, .n_layers = n };
		auto_free char *got = NULL;

		for (unsigned k = 0; k < n; k++) {
			make_layer(f, r * 10 + k, rows[r].layers[k]);
			layers[k].path = full_path(f, r * 10 + k, "");
		}
		got = rootfs_read(&i, "passwd");
		for (unsigned k = 0; k < n; k++)
			free(layers[k].path);
		if (strcmp(got ? got : "", rows[r].want))
			fail_msg("%s: got \"%s\", expected \"%s\"",
				 rows[r].layers, got ? got : "", rows[r].want);
		assert_true(got || !*rows[r].want);
	}
}

static void a_layer_that_is_missing_ends_the_search(void **state)
{
	struct fixture *f = *state;
	struct image_layer layers[2];
	struct image i = { .layers = layers, .n_layers = 2 };

	make_layer(f, 1, '1');
	layers[0].path = full_path(f, 1, "");
	layers[1].path = xstrdup("/nonexistent");
	assert_null(rootfs_read(&i, "passwd"));
	free(layers[0].path);
	free(layers[1].path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(passwd_is_what_an_overlay_would_show),
		FIXTURE_TEST(a_layer_that_is_missing_ends_the_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
