/* test_resolve.c - plan/resolve: what contradicts itself or is unknown. */
#include "case.h"

static void contradictions_name_both_flags(void **state)
{
	static const struct {
		const char *text, *a, *b;
	} rows[] = {
		{ "root host\nkeep", "--keep", "--host" },
		{ "root dir /r\nkeep", "--keep", "--rootfs" },
		{ "cap_add CHOWN\ncap_drop cap_chown", "--cap-add",
		  "--cap-drop" },
		{ "cap_add ALL\ncap_drop all", "--cap-add", "--cap-drop" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			xasprintf("%s\ncommand sh", rows[i].text);

		case_refused(text, ERR_USAGE, rows[i].a);
		case_refused(text, ERR_USAGE, rows[i].b);
	}
}

static void unknown_words_name_the_nearest(void **state)
{
	static const struct case_refusal rows[] = {
		{ "caps compact", "did you mean compat?" },
		{ "userns keepid", "did you mean keep-id?" },
		{ "network hots", "did you mean host?" },
		{ "pid privat", "did you mean private?" },
		{ "ipc container:x", "--ipc container:x" },
		{ "landlock require", "did you mean required?" },
		{ "cap_add NET_RAV", "did you mean NET_RAW" },
		{ "cap_drop SYS_ADMON", "did you mean SYS_ADMIN" },
		{ "ulimit nofiles 1 1", "did you mean nofile" },
		{ "stop_signal SIGTREM", "did you mean TERM" },
		{ "userns host", "--userns=keep-id" },
		{ "mount volume x /y", "--mount type volume" },
	};

	(void)state;
	cases_refused(rows, ARRAY_SIZE(rows), ERR_USAGE);
}

static void labels_of_the_request_win(void **state)
{
	struct err e = ERR_INIT;
	AUTO(spec_free)
	struct spec *s = case_spec("image.cmd sh\nimage.labels a=1\n"
				   "image.labels b=2\nlabels a=3\n"
				   "annotations k=v",
				   &e);

	(void)state;
	assert_non_null(s);
	assert_string_equal(strv_getenv(s->labels, "a"), "3");
	assert_string_equal(strv_getenv(s->labels, "b"), "2");
	assert_string_equal(strv_getenv(s->annotations, "k"), "v");
}

/* R24: an image says what runs, never how it is confined. */
static void labels_of_an_image_change_nothing_else(void **state)
{
	AUTO(plan_free) struct plan *a = case_plan("image.cmd sh");
	AUTO(plan_free)
	struct plan *b = case_plan("image.cmd sh\n"
				   "image.labels io.immure.privileged=true");
	uint8_t ha[PLAN_HASH_LEN], hb[PLAN_HASH_LEN];

	(void)state;
	plan_hash(a, ha);
	plan_hash(b, hb);
	assert_memory_equal(ha, hb, sizeof(ha));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contradictions_name_both_flags),
		cmocka_unit_test(unknown_words_name_the_nearest),
		cmocka_unit_test(labels_of_the_request_win),
		cmocka_unit_test(labels_of_an_image_change_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
