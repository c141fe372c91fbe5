/*
 * test_facts_limit.c - how much of each resource there is: one fact each,
 * from whatever step says it last, or none at all.
 */
#include "raised.h"
#include "plan/ops.h"

/* The one limit of this resource. */
static const struct fact *limit_of(const struct raised *r, const char *resource)
{
	const struct fact *found = NULL;

	for (size_t i = 0; i < r->f.n; i++) {
		const struct fact *f = &r->f.v[i];

		if (f->subject != SUBJECT_LIMIT ||
		    strcmp(f->value[KEY_RESOURCE], resource))
			continue;
		assert_null(found);
		found = f;
	}
	assert_non_null(found);
	return found;
}

static void every_resource_is_told_once(void **state)
{
	AUTO(strv_free) char **names = strv_split(POLICY_RESOURCES, ' ');
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "ordinary");
	strv_foreach (name, names)
		limit_of(&r, *name);
	assert_int_equal(raised_count(&r, SUBJECT_LIMIT), strv_len(names));
}

static void a_limit_is_what_its_step_says(void **state)
{
	static const struct {
		const char *change, *resource, *what;
		uint64_t n;
	} rows[] = {
		{ "pids:77", "pids", "at most 77 processes", 77 },
		{ "pids:none", "pids", "processes without limit", UINT64_MAX },
		{ "without:rlimit", "pids", "processes without limit",
		  UINT64_MAX },
		{ "cgroup:pids.max=9", "pids", "at most 9 processes", 9 },
		{ "ordinary", "memory", "bytes of memory without limit",
		  UINT64_MAX },
		{ "cgroup:memory.max=1048576", "memory",
		  "at most 1048576 bytes of memory", 1048576 },
		{ "cgroup:cpu.cfs_quota_us=110000", "cpus",
		  "at most 2 processors' time", 2 },
		{ "off:rlimit", "pids", "processes without limit", UINT64_MAX },
		{ "ordinary", "core", "limit of core: 0", 0 },
		{ "rlimit:nofile:9", "nofile", "limit of nofile: 9", 9 },
		{ "without:rlimit", "nofile", "no limit of nofile",
		  UINT64_MAX },
		{ "ordinary", "stack", "no limit of stack", UINT64_MAX },
		{ "rlimit:stack:0", "stack", "limit of stack: 0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		const struct fact *f;

		raise_facts(&r, rows[i].change);
		f = limit_of(&r, rows[i].resource);
		assert_string_equal(f->what, rows[i].what);
		assert_int_equal(f->number, rows[i].n);
		assert_int_equal(f->step == -1,
				 f->number == UINT64_MAX &&
					 !strstr(rows[i].change, "none"));
	}
}

/* The kernel keeps what was set last. */
static void of_two_steps_the_later_one_counts(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };
	struct step *s;

	(void)state;
	raise_facts(&r, "pids:5");
	facts_done(&r.f);
	s = model_add(r.c.plan, OP_RLIMIT);
	s->rlimit.resource = RLIMIT_NPROC;
	s->rlimit.hard = 500;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(limit_of(&r, "pids")->number, 500);
	assert_int_equal(limit_of(&r, "pids")->step, r.c.plan->n - 1);
}

static void what_is_written_to_the_root_fills_memory_or_a_disk(void **state)
{
	static const struct {
		const char *changes;
		uint64_t n;
	} rows[] = {
		{ "ordinary", DEFAULT_ROOT_SIZE },
		{ "storage:2m", 2 << 20 },
		{ "storage:0", UINT64_MAX }, /* no size: no end */
		{ "kept", UINT64_MAX },	     /* a directory of the host */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		raise_facts(&r, rows[i].changes);
		if (limit_of(&r, "storage")->number != rows[i].n)
			fail_msg("%s", rows[i].changes);
	}
}

static void a_root_that_nothing_is_written_to_takes_nothing(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };
	struct step *s;

	(void)state;
	raise_facts(&r, "ordinary");
	facts_done(&r.f);
	get_step(r.c.plan, OP_UPPER)->need = NEED_OFF;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(limit_of(&r, "storage")->number, 0);
	/* an empty root is memory too */
	facts_done(&r.f);
	s = model_add(r.c.plan, OP_TMPROOT);
	s->tmproot.size = 4096;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(limit_of(&r, "storage")->number, 4096);
}

static void of_tmpfs_the_largest_that_can_be_written_counts(void **state)
{
	static const struct {
		const char *changes;
		uint64_t n;
	} rows[] = {
		{ "ordinary", 64 << 10 },
		{ "fs:tmpfs:rw:/t:size=1k", 64 << 10 },
		{ "fs:tmpfs:rw:/t:size=1m", 1 << 20 },
		{ "fs:tmpfs:rw:/t:size=1m fs:tmpfs:rw:/u:size=2m", 2 << 20 },
		{ "fs:tmpfs:ro:/t:size=1m", 64 << 10 },
		{ "fs:proc:rw:/t:size=1m", 64 << 10 },
		{ "fs:tmpfs:rw:/t", UINT64_MAX },
		{ "fs:tmpfs:rw:/t:size=0", UINT64_MAX },
		{ "fs:tmpfs:rw:/t:size=", UINT64_MAX },
		{ "fs:tmpfs:rw:/t:size=50%", UINT64_MAX },
		{ "fs:tmpfs:rw:/t:mode=755,size=1m,uid=1", 1 << 20 },
		{ "fs:tmpfs:rw:/t:size=1m,size=2m", 2 << 20 },
		{ "fs:tmpfs:rw:/t:xsize=1k", UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		raise_facts(&r, rows[i].changes);
		if (limit_of(&r, "tmpfs")->number != rows[i].n)
			fail_msg("%s: %llu", rows[i].changes,
				 (unsigned long long)limit_of(&r, "tmpfs")
					 ->number);
	}
}

/* Who is given real time at once needs no right to ask for it. */
static void a_scheduler_counts_like_its_limit(void **state)
{
	static const struct {
		const char *change, *resource;
		struct sched_ask asked;
		uint64_t n;
	} rows[] = {
		{ "rlimit:rtprio:0",
		  "rtprio",
		  { .policy = 2, .priority = 7 },
		  7 },
		{ "rlimit:rtprio:9",
		  "rtprio",
		  { .policy = 2, .priority = 7 },
		  9 },
		{ "rlimit:rtprio:0", "rtprio", { .policy = 6 }, 99 },
		{ "rlimit:rtprio:0", "rtprio", { .policy = 3, .nice = 1 }, 0 },
		{ "rlimit:nice:0", "nice", { .policy = 0, .nice = -5 }, 25 },
		{ "rlimit:nice:0", "nice", { .policy = 0, .nice = 19 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		const struct fact *fact;

		case_make(&r.c, rows[i].change);
		plan_add(r.c.plan, OP_SCHEDULER)->scheduler = rows[i].asked;
		facts_init(&r.f, r.c.plan, r.c.host);
		fact = limit_of(&r, rows[i].resource);
		assert_int_equal(fact->number, rows[i].n);
		if (rows[i].n > 9)
			assert_int_equal(fact->step, r.c.plan->n - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_resource_is_told_once),
		cmocka_unit_test(a_limit_is_what_its_step_says),
		cmocka_unit_test(a_scheduler_counts_like_its_limit),
		cmocka_unit_test(of_two_steps_the_later_one_counts),
		cmocka_unit_test(
			what_is_written_to_the_root_fills_memory_or_a_disk),
		cmocka_unit_test(
			a_root_that_nothing_is_written_to_takes_nothing),
		cmocka_unit_test(
			of_tmpfs_the_largest_that_can_be_written_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
