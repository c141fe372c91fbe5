/* test_print.c - plan/print: a plan as people read it. */
#include "change.h"

static char *text_of(const struct step *s, bool full)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	plan_print_step(s, full, &b);
	return buf_take(&b);
}

static void each_change_shows_in_the_full_text(void **state)
{
	AUTO(plan_free) struct plan *p = plan_of_all_ops();

	(void)state;
	plan_foreach (s, p)
		op_foreach_field(f, s->op)
		{
			auto_free char *before = text_of(s, true), *after;

			change_field(f, s);
			after = text_of(s, true);
			assert_string_not_equal(before, after);
		}
}

static void steps_read_like_this(void **state)
{
	static const char *const rows[] = {
		"clone user,mount,pid,network,ipc,uts,cgroup,time",
		"bind /srv/x -> /x ro,nosuid,nodev recursive dir,0755",
		"device /dev/null -> /dev/null 1:3 writable",
		"symlink /dev/ptmx -> pts/ptmx",
		"pty uid 1 gid 6",
		"umask 0022",
		"rlimit stack soft 1 hard unlimited",
		"bounding NET_RAW",
		("landlock abi 7 scope abstract_unix,signal allow /:rwxm "
		 "/dev:i"),
	};
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\ntty\ncap_add net_raw\n"
				   "mount bind /srv/x /x\n"
				   "ulimit stack 1 unlimited");

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int at;

		assert_step(p, rows[i]);
		at = step_at(p, rows[i]);
		auto_free char *text = text_of(&p->steps[at], false);
		assert_string_equal(text, rows[i]);
	}
}

static void the_environment_is_shown_only_in_full(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd sh\n"
				   "env TOKEN=secret");
	AUTO(buf_done) struct buf brief = BUF_INIT, full = BUF_INIT;

	(void)state;
	plan_print_text(p, false, &brief);
	plan_print_text(p, true, &full);
	assert_null(strstr(brief.p, "secret"));
	assert_non_null(strstr(brief.p, "env 4"));
	assert_non_null(strstr(full.p, "TOKEN=secret"));
}

/* R40: strings of images cannot write to the terminal. */
static void control_characters_are_escaped(void **state)
{
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd a\x1b[2Jb\n"
				   "env X=\xe2\x80\xae");
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	free(p->subject);
	p->subject = xstrdup("image \x1b]0;x\x07");
	plan_print_text(p, true, &b);
	plan_print_json(p, true, &b);
	assert_null(strchr(b.p, '\x1b'));
	assert_null(strchr(b.p, '\x07'));
	assert_null(strstr(b.p, "\xe2\x80\xae"));
}

static void the_hash_is_the_last_line(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh");
	AUTO(buf_done) struct buf b = BUF_INIT;
	const char *last;

	(void)state;
	plan_print_text(p, false, &b);
	assert_int_equal(b.p[b.len - 1], '\n');
	last = b.p + b.len - 1 - strlen("hash sha256:") - 64;
	assert_int_equal(last[-1], '\n');
	assert_memory_equal(last, "hash sha256:", 12);
}

static void what_was_turned_off_stands_on_top(void **state)
{
	AUTO(plan_free) struct plan *p = case_plan("image.cmd sh\nprivileged");
	AUTO(buf_done) struct buf b = BUF_INIT;

	(void)state;
	plan_print_text(p, false, &b);
	assert_non_null(strstr(b.p, "asked for: privileged\n"
				    "turned off: no_new_privs\n"
				    "turned off: seccomp\n"
				    "turned off: landlock\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_shows_in_the_full_text),
		cmocka_unit_test(steps_read_like_this),
		cmocka_unit_test(the_environment_is_shown_only_in_full),
		cmocka_unit_test(control_characters_are_escaped),
		cmocka_unit_test(the_hash_is_the_last_line),
		cmocka_unit_test(what_was_turned_off_stands_on_top),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
