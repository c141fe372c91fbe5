/*
 * test_owner.c - engine/owner: of a start that failed at a directory, whose
 * it was.
 */
#include "unit.h"
#include <errno.h>
#include <sys/stat.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "engine/owner.h"

/* A plan of two steps: the ids that there are, and a bind. */
struct case_ {
	struct unit_place *place;
	struct spec_idmap row;
	struct step steps[2];
	struct plan plan;
};

static void make(struct case_ *c, void *state, char *target)
{
	*c = (struct case_){ .place = state };
	c->row = (struct spec_idmap){ 0, geteuid() + 1, 5 };
	c->steps[0].op = OP_IDMAP;
	c->steps[0].idmap.uids = (struct idmap_list){ &c->row, 1 };
	c->steps[0].idmap.gids = (struct idmap_list){ &c->row, 1 };
	c->steps[1].op = OP_BIND;
	c->steps[1].bind.target = target;
	c->plan.steps = c->steps;
	c->plan.n = 2;
}

static struct err failed(struct case_ *c, int errnum, int step)
{
	struct err e = ERR_INIT;

	err_sysno(&e, errnum, "make it");
	e.step = step;
	owner_explain(c->place->path, &c->plan, &e);
	return e;
}

static void the_owner_of_the_directory_is_named(void **state)
{
	char target[] = "/mnt/new/dir";
	auto_free char *owner = xasprintf("/mnt of the root belongs to %u:%u",
					  geteuid(), getegid());
	struct case_ c;
	struct err e;

	make(&c, *state, target);
	assert_int_equal(mkdirat(c.place->dir, "mnt", 0755), 0);
	e = failed(&c, EACCES, 1);
	assert_non_null(strstr(e.msg, "make it: Permission denied: "));
	assert_non_null(strstr(e.msg, owner));
	assert_non_null(strstr(e.msg, target));
	assert_int_equal(e.step, 1);
	assert_int_equal(e.errnum, EACCES);
	e = failed(&c, EOVERFLOW, 1);
	assert_non_null(strstr(e.msg, owner));
}

static void a_link_in_the_root_stays_in_the_root(void **state)
{
	char target[] = "/up/new";
	struct case_ c;
	struct err e;

	make(&c, *state, target);
	assert_int_equal(symlinkat("../../../../..", c.place->dir, "up"), 0);
	e = failed(&c, EACCES, 1);
	assert_non_null(strstr(e.msg, "/up of the root belongs to"));
}

static void other_failures_stay_as_they_are(void **state)
{
	char target[] = "/new";
	struct case_ c;

	make(&c, *state, target);
	assert_string_equal(failed(&c, ENOSPC, 1).msg,
			    "make it: No space left on device");
	assert_string_equal(failed(&c, EACCES, 0).msg,
			    "make it: Permission denied");
	assert_string_equal(failed(&c, EACCES, -1).msg,
			    "make it: Permission denied");
	assert_string_equal(failed(&c, EACCES, 2).msg,
			    "make it: Permission denied");
	/* an owner that there is */
	c.row.outer = 0;
	c.row.count = UINT32_MAX;
	assert_string_equal(failed(&c, EACCES, 1).msg,
			    "make it: Permission denied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_owner_of_the_directory_is_named),
		cmocka_unit_test(a_link_in_the_root_stays_in_the_root),
		cmocka_unit_test(other_failures_stay_as_they_are),
	};

	return cmocka_run_group_tests(tests, place_set_up, place_tear_down);
}
