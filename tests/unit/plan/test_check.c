/* test_check.c - plan/check: every broken order is found. */
#include "case.h"

#define ALL                                                                    \
	"image.cmd sh\ntty\nread_only\nmount bind /a /b\nimage.workdir /w\n"   \
	"apparmor x\nhost.label x holds\nhost.apparmor yes"

static struct plan *whole(void)
{
	return case_plan(ALL);
}

static void refused(const struct plan *p, const char *what)
{
	struct err e = ERR_INIT;

	if (plan_check(p, &e) >= 0) {
		show(p);
		fail_msg("%s was not found", what);
	}
	assert_int_equal(e.kind, ERR_BUG);
}

static void move(struct plan *p, size_t from, size_t to)
{
	struct step s = p->steps[from];

	if (from < to)
		memmove(p->steps + from, p->steps + from + 1,
			(to - from) * sizeof(s));
	else
		memmove(p->steps + to + 1, p->steps + to,
			(from - to) * sizeof(s));
	p->steps[to] = s;
}

static void whole_plans_pass(void **state)
{
	static const char *const rows[] = {
		ALL,
		"image.cmd sh\nprivileged",
		"image.cmd sh\nno_new_privs no",
		"root host",
		"root dir /r\nread_only\ncommand sh",
		"image.cmd sh\nlandlock wanted\nhost.landlock_abi 0",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		plan_free(case_plan(rows[i])); /* case_plan checks */
}

/* Steps that must be there, by the number of them. */
static void a_missing_step_is_found(void **state)
{
	static const char *const rows[] = {
		"clone",	"idmap",    "private", "procfs",  "upper",
		"overlay",	"pivot",    "userns",  "session", "umask",
		"bounding",	"ids",	    "caps",    "cwd",	  "command",
		"no_new_privs", "landlock", "fds",     "verify",  "exec",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = whole();
		int at = step_at(p, rows[i]);

		assert_true(at >= 0);
		move(p, (size_t)at, p->n - 1);
		p->n--;
		refused(p, rows[i]);
		p->n++;
	}
}

static void a_missing_filter_is_found(void **state)
{
	AUTO(plan_free) struct plan *p = whole();

	(void)state;
	for (int at; (at = step_at(p, "seccomp")) >= 0; p->n--) {
		step_done(&p->steps[at]);
		move(p, (size_t)at, p->n - 1);
	}
	refused(p, "no filter");
}

/* Every pair of neighbours of different phases, swapped. */
static void a_phase_that_goes_back_is_found(void **state)
{
	AUTO(plan_free) struct plan *p = whole();

	(void)state;
	for (size_t i = 0; i + 1 < p->n; i++) {
		if (op_phase(p->steps[i].op) == op_phase(p->steps[i + 1].op))
			continue;
		move(p, i, i + 1);
		refused(p, op_word(p->steps[i].op));
		move(p, i + 1, i);
	}
}

/* Within a phase: the first moved behind the second. */
static void a_broken_order_is_found(void **state)
{
	static const char *const rows[][2] = {
		{ "clone", "idmap" },
		{ "idmap", "keyring" },
		{ "private", "overlay" },
		{ "procfs", "overlay" },
		{ "upper", "overlay" },
		{ "overlay", "mount" },
		{ "file /etc/resolv.conf", "bind" },
		{ "dir /w", "bind" },
		{ "mount sysfs", "mask" },
		{ "bind", "mask" },
		{ "mount sysfs", "readonly" },
		{ "readonly /", "pivot" },
		{ "nslimit", "userns" },
		{ "userns", "session" },
		{ "cwd", "fds" },
		{ "bounding", "ids" },
		{ "ids", "caps" },
		{ "caps", "seccomp default/deny" },
		{ "no_new_privs", "landlock" },
		{ "label", "landlock" },
		{ "landlock", "fds" },
		{ "fds", "seccomp default " },
		{ "verify", "exec" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = whole();

		assert_before(p, rows[i][0], rows[i][1]);
		move(p, (size_t)step_at(p, rows[i][0]),
		     (size_t)step_at(p, rows[i][1]));
		refused(p, rows[i][0]);
	}
}

/* The same for rows that only other plans have: from there, to there. */
static void a_broken_order_is_found_in_every_kind_of_plan(void **state)
{
	static const struct {
		const char *text, *from, *to;
	} rows[] = {
		{ "image.cmd x", "mask", "mount sysfs" },
		{ "image.cmd x\nmount bind /a /b", "mask", "bind" },
		{ "image.cmd x", "readonly", "mount sysfs" },
		{ "image.cmd x\nmount bind /a /b", "readonly", "bind" },
		{ "root dir /r\ncommand x\nmount bind /a /b", "bind",
		  "overlay" },
		{ "root dir /r\ncommand x\nread_only", "private", "rootdir" },
		{ "root dir /r\ncommand x\nread_only", "mount sysfs",
		  "rootdir" },
		{ "root dir /r\ncommand x\nread_only\n"
		  "mount bind /a /dev/shm",
		  "bind", "rootdir" },
		{ "root host", "private", "tmproot" },
		{ "root host", "mount sysfs", "tmproot" },
		{ "root host", "bind", "tmproot" },
		{ "image.cmd x\nlandlock off", "no_new_privs",
		  "seccomp default/deny" },
		{ "image.cmd x\nno_new_privs no\nseccomp unconfined", "ids",
		  "landlock" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = case_plan(rows[i].text);
		int from = step_at(p, rows[i].from);
		int to = step_at(p, rows[i].to);

		assert_true(from >= 0 && to >= 0);
		move(p, (size_t)from, (size_t)to);
		refused(p, rows[i].from);
	}
}

/* Two moves, so that no other row finds it first. */
static void a_broken_order_is_found_by_itself(void **state)
{
	AUTO(plan_free) struct plan *host = case_plan("root host");
	AUTO(plan_free)
	struct plan *p = case_plan("image.cmd x\nno_new_privs no\n"
				   "seccomp unconfined");
	struct err e = ERR_INIT;

	(void)state;
	move(host, (size_t)step_at(host, "dir"), host->n - 1);
	step_done(&host->steps[--host->n]);
	assert_ok(plan_check(host, &e), &e);
	move(host, (size_t)step_at(host, "bind"),
	     (size_t)step_at(host, "tmproot"));
	refused(host, "a bind without a root");

	move(p, (size_t)step_at(p, "fds"), (size_t)step_at(p, "caps"));
	assert_ok(plan_check(p, &e), &e);
	move(p, (size_t)step_at(p, "landlock"), (size_t)step_at(p, "caps"));
	refused(p, "Landlock without rights");
}

/* Without no_new_privs the walls must stand before the rights are dropped. */
static void late_walls_without_no_new_privs_are_found(void **state)
{
	static const char *const rows[] = { "seccomp default/deny",
					    "landlock" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free)
		struct plan *p = case_plan("image.cmd sh\nno_new_privs no");

		move(p, (size_t)step_at(p, rows[i]),
		     (size_t)step_at(p, "caps"));
		refused(p, rows[i]);
	}
}

static void a_step_twice_is_found(void **state)
{
	static const enum op rows[] = { OP_PROCFS, OP_PIVOT, OP_SESSION,
					OP_UMASK,  OP_IDS,   OP_CAPS,
					OP_NNP,	   OP_FDS };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = whole();
		size_t at = 0;

		while (p->steps[at].op != rows[i])
			at++;
		plan_add(p, rows[i]);
		move(p, p->n - 1, at);
		refused(p, op_word(rows[i]));
	}
}

static void a_step_that_may_be_left_out_is_found(void **state)
{
	AUTO(plan_free) struct plan *p = whole();

	(void)state;
	plan_foreach (s, p) {
		enum need was = s->need;

		if (s->op != OP_LANDLOCK && s->op != OP_LABEL) {
			s->need = NEED_WANTED;
			refused(p, op_word(s->op));
		}
		s->need = NEED_OFF;
		refused(p, op_word(s->op));
		s->need = was;
	}
}

static void paths_that_are_not_clean_are_found(void **state)
{
	static const char *const rows[] = { "x",    "/x/",   "/x//y",
					    "/x/.", "/x/..", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = whole();
		struct step *s = &p->steps[step_at(p, "mask")];

		free(s->path.path);
		s->path.path = xstrdup(rows[i]);
		refused(p, rows[i]);
	}
}

static void a_missing_operand_is_found(void **state)
{
	AUTO(plan_free) struct plan *p = whole();
	struct step *bind = &p->steps[step_at(p, "bind")];
	struct blob *b = &p->steps[step_at(p, "seccomp")].seccomp.filter;
	char *source = TAKE(bind->bind.source);

	(void)state;
	refused(p, "bind without source");
	bind->bind.source = source;
	b->size = 7;
	refused(p, "half an instruction");
	b->size = 0;
	refused(p, "an empty filter");
}

static void a_false_statement_about_the_walls_is_found(void **state)
{
	AUTO(plan_free) struct plan *p = whole();
	bool *flags[] = { &p->no_nnp, &p->no_seccomp, &p->no_landlock };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		*flags[i] = true;
		refused(p, "a wall that is there and said to be off");
		*flags[i] = false;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_plans_pass),
		cmocka_unit_test(a_missing_step_is_found),
		cmocka_unit_test(a_missing_filter_is_found),
		cmocka_unit_test(a_phase_that_goes_back_is_found),
		cmocka_unit_test(a_broken_order_is_found),
		cmocka_unit_test(a_broken_order_is_found_in_every_kind_of_plan),
		cmocka_unit_test(a_broken_order_is_found_by_itself),
		cmocka_unit_test(late_walls_without_no_new_privs_are_found),
		cmocka_unit_test(a_step_twice_is_found),
		cmocka_unit_test(a_step_that_may_be_left_out_is_found),
		cmocka_unit_test(paths_that_are_not_clean_are_found),
		cmocka_unit_test(a_missing_operand_is_found),
		cmocka_unit_test(a_false_statement_about_the_walls_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
