/*
 * test_facts_required.c - whether what a policy can demand is so: each demand
 * by the ordinary plan, and by a plan that breaks it or meets it.
 */
#include "raised.h"

/* The number of the fact about this demand: 0 when it is not met. */
static uint64_t met(const struct raised *r, const char *word)
{
	for (size_t i = 0; i < r->f.n; i++) {
		const struct fact *f = &r->f.v[i];

		if (f->subject != SUBJECT_REQUIRE ||
		    strcmp(f->value[KEY_REQUIRED], word))
			continue;
		assert_int_equal(f->step, -1);
		assert_int_equal(!f->number, !!strstr(f->what, "and missing"));
		return f->number;
	}
	fail_msg("nothing about %s", word);
	return 0;
}

static void a_demand_is_met_or_not(void **state)
{
	static const struct {
		const char *word, *yes, *no;
	} rows[] = {
		{ "seccomp", "ordinary", "without:seccomp" },
		{ "seccomp", "ordinary", "off:seccomp" },
		{ "landlock", "ordinary", "without:landlock" },
		{ "landlock", "ordinary", "idle-landlock" },
		{ "landlock", "ordinary", "no-landlock" },
		{ "no_new_privs", "ordinary", "without:nnp" },
		{ "capabilities", "caps:NET_ADMIN", "without:caps" },
		{ "capabilities", "ordinary", "without:bounding" },
		{ "label", "label:mine", "ordinary" },
		{ "label", "label:mine", "label:unconfined" },
		{ "label", "label:mine", "lsm" },
		{ "masks", "ordinary", "without:mask:/proc/kcore" },
		{ "masks", "ordinary", "without:readonly:/proc/sys" },
		{ "namespaces", "ordinary", "share:network" },
		{ "namespaces", "ordinary", "without:keyring" },
		{ "unmapped", "ordinary", "map-user" },
		{ "unmapped", "single-id:999", "single-id" },
		{ "nonroot", "user:1", "ordinary" },
		{ "nonroot", "user:1", "without:ids" },
		{ "read-only", "readonly:/", "ordinary" },
		{ "read-only", "readonly:/", "readonly:/x" },
		{ "read-only", "readonly:/", "readonly:/ off:readonly" },
		{ "image", "ordinary", "rootfs:/srv/data" },
		{ "image", "ordinary", "host-root" },
		{ "pinned", "pinned", "ordinary" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised yes = { 0 }, no = { 0 };

		raise_facts(&yes, rows[i].yes);
		raise_facts(&no, rows[i].no);
		if (!met(&yes, rows[i].word) || met(&no, rows[i].word))
			fail_msg("%s: %s, %s", rows[i].word, rows[i].yes,
				 rows[i].no);
	}
}

/* A rule asks for a version: more than yes is known. */
static void of_landlock_it_is_the_version(void **state)
{
	AUTO(raised_done) struct raised five = { 0 }, six = { 0 };

	(void)state;
	raise_facts(&five, "landlock-abi:5");
	raise_facts(&six, "ordinary");
	assert_int_equal(met(&five, "landlock"), 5);
	assert_int_equal(met(&six, "landlock"), 6);
	assert_fact(&five, SUBJECT_REQUIRE, "required: Landlock, version 5");
}

/* Who pins a root that is no image has pinned nothing. */
static void without_an_image_nothing_is_pinned(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "pinned rootfs:/srv/data");
	facts_done(&r.f);
	r.c.plan->image_pinned = true;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(met(&r, "pinned"), 0);
}

static void a_directory_may_be_mounted_read_only_at_once(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };
	struct step *s;

	(void)state;
	raise_facts(&r, "ordinary");
	facts_done(&r.f);
	s = model_add(r.c.plan, OP_ROOTDIR);
	s->rootdir.path = xstrdup("/srv/data");
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(met(&r, "read-only"), 0);
	facts_done(&r.f);
	s->rootdir.attr = MOUNT_ATTR_RDONLY;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(met(&r, "read-only"), 1);
}

/* Nothing is granted to a plan for being empty. */
static void a_plan_without_steps_meets_no_demand_on_walls(void **state)
{
	static const char *const words[] = {
		"seccomp",   "landlock",   "no_new_privs", "capabilities",
		"label",     "namespaces", "unmapped",	   "nonroot",
		"read-only", "image",	   "pinned",
	};
	AUTO(raised_done) struct raised r = { 0 };
	struct plan none = { 0 };

	(void)state;
	raise_facts(&r, "ordinary");
	facts_done(&r.f);
	facts_init(&r.f, &none, r.c.host);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_int_equal(met(&r, words[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_demand_is_met_or_not),
		cmocka_unit_test(of_landlock_it_is_the_version),
		cmocka_unit_test(without_an_image_nothing_is_pinned),
		cmocka_unit_test(a_directory_may_be_mounted_read_only_at_once),
		cmocka_unit_test(a_plan_without_steps_meets_no_demand_on_walls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
