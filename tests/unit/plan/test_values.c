/* test_values.c - plan/values: each kind of value as text. */
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "case.h"
#include "base/sha256.h"
#include "plan/values.h"

static void bits_without_a_word_are_not_lost(void **state)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	value_flags(attr_words, MOUNT_ATTR_RDONLY | 1ull << 40, ',', &b);
	assert_string_equal(b.p, "ro,0x10000000000");
	buf_clear(&b);
	value_flags(attr_words, 0, ',', &b);
	assert_string_equal(b.p, "none");
}

/* A value of this kind, at the beginning of a step; heap. */
static char *shown(const struct field *f, const struct step *s, bool full)
{
	struct buf b = BUF_INIT;

	value_text(f, s, full, &b);
	return buf_take(&b);
}

#define AT0 offsetof(struct step, clone)

/* Of the kinds that are one number. */
static void numbers_read_as_what_they_count(void **state)
{
	const struct {
		enum field_kind kind;
		uint64_t v;
		const char *want;
	} rows[] = {
		{ FIELD_BOOL, 1, "yes" },
		{ FIELD_BOOL, 0, "no" },
		{ FIELD_INT, 7, "7" },
		{ FIELD_INT, (uint32_t)-1, "-1" },
		{ FIELD_U32, UINT32_MAX, "4294967295" },
		{ FIELD_U64, UINT64_MAX, "18446744073709551615" },
		{ FIELD_SIZE, 0, "0" },
		{ FIELD_SIZE, 1023, "1023" },
		{ FIELD_SIZE, 1024, "1k" },
		{ FIELD_SIZE, 1025, "1025" },
		{ FIELD_SIZE, 64 << 10, "64k" },
		{ FIELD_SIZE, 512 << 20, "512m" },
		{ FIELD_SIZE, 3ull << 40, "3t" },
		{ FIELD_SIZE, 1ull << 60, "1048576t" },
		{ FIELD_LIMIT, 0, "0" },
		{ FIELD_LIMIT, UINT64_MAX, "unlimited" },
		{ FIELD_LIMIT, UINT64_MAX - 1, "18446744073709551614" },
		{ FIELD_OCTAL, 022, "0022" },
		{ FIELD_OCTAL, 01777, "1777" },
		{ FIELD_MODE, S_IFDIR | 0755, "dir,0755" },
		{ FIELD_MODE, S_IFREG | 04755, "file,4755" },
		{ FIELD_MODE, S_IFSOCK | 0600, "socket,0600" },
		{ FIELD_MODE, S_IFCHR | 0666, "char,0666" },
		{ FIELD_MODE, S_IFBLK, "block,0000" },
		{ FIELD_MODE, S_IFIFO | 0600, "fifo,0600" },
		{ FIELD_MODE, S_IFLNK | 0777, "link,0777" },
		{ FIELD_MODE, 0755, "0000755" }, /* of no type */
		{ FIELD_RDEV, makedev(1, 3), "1:3" },
		{ FIELD_RDEV, makedev(300, 70000), "300:70000" },
		{ FIELD_CAPS, 0, "none" },
		{ FIELD_CAPS, CAPS_ALL, "all" },
		{ FIELD_CAPS, 1 << 13 | 1, "CHOWN,NET_RAW" },
		{ FIELD_CAPS, 1ull << 62 | 1, "CHOWN,0x4000000000000000" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct field f = { .kind = rows[i].kind, .offset = AT0 };
		struct step s = { .clone = { rows[i].v } };

		for (int full = 0; full < 2; full++) {
			auto_free char *got = shown(&f, &s, full);

			assert_string_equal(got, rows[i].want);
		}
	}
}

static void words_stand_for_numbers_that_have_one(void **state)
{
	static const struct word words[] = {
		{ "one", 1 }, { "two", 2 }, { "three", 3 }, { NULL, 0 }
	};
	static const struct {
		enum field_kind kind;
		uint64_t v;
		const char *want;
	} rows[] = {
		{ FIELD_WORD, 2, "two" },  { FIELD_WORD, 9, "9" },
		{ FIELD_WORD, 0, "0" },	   { FIELD_FLAGS, 0, "none" },
		{ FIELD_FLAGS, 2, "two" }, { FIELD_FLAGS, 3, "one,two" },
		{ FIELD_FLAGS, 4, "0x4" }, { FIELD_FLAGS, 5, "one,0x4" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct field f = { .kind = rows[i].kind,
					 .offset = AT0,
					 .words = words };
		struct step s = { .clone = { rows[i].v } };
		auto_free char *got = shown(&f, &s, false);

		assert_string_equal(got, rows[i].want);
	}
}

/* R40: text from outside neither ends a line nor writes to the terminal. */
static void text_is_quoted_where_it_must_be(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "plain/path", "plain/path" },
		{ NULL, "''" },
		{ "", "''" },
		{ "two words", "'two words'" },
		{ "$(x)", "'$(x)'" },
	};
	static const char *const hostile[] = { "a\nb", "a\x1b[2J", "a\x7f",
					       "\xff\xfe", "\xe2\x80\xae" };
	const struct field f = { .kind = FIELD_STR,
				 .offset = offsetof(struct step, hostname) };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct step s = { .hostname = {
					  (char *)(uintptr_t)rows[i].text } };
		auto_free char *got = shown(&f, &s, false);

		assert_string_equal(got, rows[i].want);
	}
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		struct step s = { .hostname = {
					  (char *)(uintptr_t)hostile[i] } };
		auto_free char *got = shown(&f, &s, true);

		for (const char *p = got; *p; p++)
			assert_in_range((unsigned char)*p, ' ', '~');
	}
}

/* ---- lists: the fields of real steps ---- */

static void assert_shown(const struct step *s, enum field_kind kind,
			 const char *brief, const char *full)
{
	const struct field *f = field_of(s->op, kind);
	auto_free char *got_brief = shown(f, s, false);
	auto_free char *got_full = shown(f, s, true);

	assert_string_equal(got_brief, brief);
	assert_string_equal(got_full, full);
}

static void lists_are_divided_and_empty_ones_say_so(void **state)
{
	uint32_t groups[] = { 5, 6 };
	struct spec_idmap rows[] = { { 0, 1, 65536 }, { 65536, 0, 1 } };
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "a b" },
			 (char[]){ "" }, NULL };
	struct step ids = { .op = OP_IDS };
	struct step userns = { .op = OP_USERNS };
	struct step exec = { .op = OP_EXEC, .exec = { .argv = argv } };

	(void)state;
	assert_shown(&ids, FIELD_IDS, "none", "none");
	ids.ids.groups = groups;
	ids.ids.n_groups = 2;
	assert_shown(&ids, FIELD_IDS, "5,6", "5,6");
	assert_shown(&userns, FIELD_IDMAP, "", "");
	userns.userns.uids = (struct idmap_list){ rows, 2 };
	assert_shown(&userns, FIELD_IDMAP, "0:1:65536,65536:0:1",
		     "0:1:65536,65536:0:1");
	assert_shown(&exec, FIELD_STRV, "sh -c 'a b' ''", "sh -c 'a b' ''");
}

static void objects_are_device_and_number(void **state)
{
	struct object_id parents[] = { { 1, 2 }, { UINT64_MAX, 0 } };
	struct spec_layer layers[] = { { (char[]){ "/a" }, { 1, 2 } },
				       { NULL, { 3, 4 } } };
	struct step bind = { .op = OP_BIND,
			     .bind = { .id = { 2049, 77 },
				       .parents = parents,
				       .n_parents = 2 } };
	struct step overlay = { .op = OP_OVERLAY,
				.overlay = { .lower = layers, .n_lower = 2 } };

	(void)state;
	assert_shown(&bind, FIELD_OBJECT, "2049:77", "2049:77");
	assert_shown(&bind, FIELD_OBJECTS, "1:2,18446744073709551615:0",
		     "1:2,18446744073709551615:0");
	assert_shown(&overlay, FIELD_LAYERS, "/a ''", "/a@1:2 ''@3:4");
}

static void rights_are_letters_and_in_full_their_names(void **state)
{
	struct landlock_path paths[] = {
		{ (char[]){ "/" }, 1 << 0 | 1 << 2 },
		{ (char[]){ "/dev" }, 1 << 15 },
		{ (char[]){ "/x y" }, 1 << 1 | 1 << 7 },
		{ NULL, 0 },
	};
	struct step s = { .op = OP_LANDLOCK };

	(void)state;
	assert_shown(&s, FIELD_RULES, "nothing", "nothing");
	s.landlock.paths = paths;
	s.landlock.n_paths = 4;
	assert_shown(&s, FIELD_RULES, "/:rx /dev:i '/x y':wm '':",
		     "/:execute+read_file /dev:ioctl_dev "
		     "'/x y':write_file+make_dir '':none");
}

/* Whatever stands in its digest field: the bytes are what counts. */
static void a_blob_is_known_by_its_bytes(void **state)
{
	struct step s = { .op = OP_SECCOMP,
			  .seccomp = { { .name = (char[]){ "default" },
					 .data = (char[]){ "abc" },
					 .size = 3,
					 .flags = 5,
					 .digest = "sha256:lie" } } };

	(void)state;
	assert_shown(&s, FIELD_BLOB, "default 3 bytes sha256:ba7816bf8f01",
		     "default 3 bytes sha256:ba7816bf8f01cfea414140de5dae2223b0"
		     "0361a396177a9cb410ff61f20015ad flags 0x5 616263");
}

static void each_kind_has_a_text(void **state)
{
	(void)state;
	for (int op = 0; op < OP_COUNT; op++) {
		struct step s = { .op = (enum op)op };

		op_foreach_field(f, s.op)
		{
			auto_free char *brief = shown(f, &s, false);
			auto_free char *full = shown(f, &s, true);

			assert_true(brief && full);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_without_a_word_are_not_lost),
		cmocka_unit_test(numbers_read_as_what_they_count),
		cmocka_unit_test(words_stand_for_numbers_that_have_one),
		cmocka_unit_test(text_is_quoted_where_it_must_be),
		cmocka_unit_test(lists_are_divided_and_empty_ones_say_so),
		cmocka_unit_test(objects_are_device_and_number),
		cmocka_unit_test(rights_are_letters_and_in_full_their_names),
		cmocka_unit_test(a_blob_is_known_by_its_bytes),
		cmocka_unit_test(each_kind_has_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
