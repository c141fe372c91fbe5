/*
 * test_facts_absent.c - walls that are left out: a wall is there when its
 * step is, and does something.
 */
#include "raised.h"

/* Changes, and the one fact more that they raise. */
static void assert_raises(const char *text, enum rule_subject subject,
			  const char *what, enum rule_key key,
			  const char *value)
{
	AUTO(raised_done) struct raised r = { 0 }, ordinary = { 0 };
	const struct fact *f;

	raise_facts(&r, text);
	f = assert_fact(&r, subject, what);
	assert_int_equal(f->step, -1);
	assert_value(f, key, value);
	raise_facts(&ordinary, "ordinary");
	assert_null(raised_fact(&ordinary, what));
}

static void each_control_that_is_left_out_is_a_fact(void **state)
{
	static const struct {
		const char *step, *control, *what;
	} rows[] = {
		{ "nnp", "no_new_privs", "no_new_privs is off" },
		{ "seccomp", "seccomp", "no seccomp filter" },
		{ "caps", "capabilities", "capability sets are not set" },
		{ "bounding", "capabilities",
		  "the bounding set is not dropped" },
		{ "landlock", "landlock", "Landlock is off" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *gone = xasprintf("without:%s", rows[i].step);
		auto_free char *off = xasprintf("off:%s", rows[i].step);

		assert_raises(gone, SUBJECT_UNCONFINED, rows[i].what,
			      KEY_CONTROL, rows[i].control);
		assert_raises(off, SUBJECT_UNCONFINED, rows[i].what,
			      KEY_CONTROL, rows[i].control);
	}
}

static void a_rule_set_without_rules_is_none(void **state)
{
	(void)state;
	assert_raises("idle-landlock", SUBJECT_UNCONFINED, "Landlock is off",
		      KEY_CONTROL, "landlock");
	assert_raises("no-landlock", SUBJECT_MISSING,
		      "this host has no Landlock", KEY_CONTROL, "landlock");
}

/* Who turned it off does not get away with a host that has none. */
static void turned_off_is_not_missing(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "no-landlock");
	facts_done(&r.f);
	r.c.plan->no_landlock = true;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_fact(&r, SUBJECT_UNCONFINED, "Landlock is off");
	assert_int_equal(raised_count(&r, SUBJECT_MISSING), 0);
}

static void a_label_is_missing_only_where_there_could_be_one(void **state)
{
	(void)state;
	assert_raises("lsm", SUBJECT_MISSING, "no AppArmor or SELinux label",
		      KEY_CONTROL, "label");
}

static void each_namespace_of_the_host_is_a_fact(void **state)
{
	static const char *const words[] = { "mount", "pid", "network",
					     "ipc",   "uts", "cgroup",
					     "time" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		auto_free char *change = xasprintf("share:%s", words[i]);
		auto_free char *what =
			xasprintf("the host's %s namespace", words[i]);

		assert_raises(change, SUBJECT_NAMESPACE, what, KEY_HOST,
			      words[i]);
	}
	assert_raises("without:keyring", SUBJECT_NAMESPACE,
		      "the host's keyring of the session", KEY_HOST, "keyring");
	assert_raises("without:userns share:user", SUBJECT_NAMESPACE,
		      "the host's user namespace", KEY_HOST, "user");
}

/* Either of the two makes a user namespace of the sandbox's own. */
static void the_inner_user_namespace_is_one(void **state)
{
	AUTO(raised_done) struct raised inner = { 0 }, outer = { 0 };

	(void)state;
	raise_facts(&inner, "share:user");
	raise_facts(&outer, "without:userns");
	assert_int_equal(raised_count(&inner, SUBJECT_NAMESPACE), 0);
	assert_int_equal(raised_count(&outer, SUBJECT_NAMESPACE), 0);
}

static void nothing_at_all_is_everything_of_the_hosts(void **state)
{
	AUTO(host_free) struct host *h = model_host();
	struct plan none = { 0 };
	AUTO(facts_done) struct facts f = { 0 };
	size_t namespaces = 0, controls = 0;

	(void)state;
	facts_init(&f, &none, h);
	for (size_t i = 0; i < f.n; i++) {
		namespaces += f.v[i].subject == SUBJECT_NAMESPACE;
		controls += f.v[i].subject == SUBJECT_UNCONFINED;
	}
	assert_int_equal(namespaces, 9); /* eight, and the keyring */
	assert_int_equal(controls, 5);
}

static void the_callers_own_id_is_seen_in_either_map(void **state)
{
	static const struct {
		const char *changes;
		bool mapped;
	} rows[] = {
		{ "ordinary", false },
		{ "map-user", true },
		{ "map-user:gid", true },
		{ "single-id", true },
		{ "single-id:999", false },
		{ "single-id:1001", false },
		{ "without:userns", true }, /* the outer map says host ids */
		{ "without:userns without:idmap", true }, /* no map: all are */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		raise_facts(&r, rows[i].changes);
		if (raised_count(&r, SUBJECT_USER_MAPPED) != rows[i].mapped)
			fail_msg("%s", rows[i].changes);
	}
}

static void user_namespaces_are_limited_to_the_sandboxs_own(void **state)
{
	static const struct {
		const char *changes;
		bool nested;
	} rows[] = {
		{ "nslimit:1", false },
		{ "nslimit:0", false },
		{ "nslimit:2", true },
		{ "without:nslimit", true },
		{ "off:nslimit", true },
		{ "single-id", false },
		/* there is no second one that would use the first up */
		{ "single-id nslimit:1", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		raise_facts(&r, rows[i].changes);
		if (raised_count(&r, SUBJECT_NESTED_USERNS) != rows[i].nested)
			fail_msg("%s", rows[i].changes);
	}
}

/* A kernel without clocks of one's own has none to be shared; Landlock keeps
 * from the abstract sockets of a network that is shared. */
static void what_the_host_has_not_is_not_shared(void **state)
{
	AUTO(raised_done) struct raised r = { 0 }, scoped = { 0 }, open = { 0 };

	(void)state;
	raise_facts(&r, "share:time");
	facts_done(&r.f);
	r.c.host->has_timens = false;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_int_equal(raised_count(&r, SUBJECT_NAMESPACE), 0);
	raise_facts(&scoped, "share:network");
	raise_facts(&open, "share:network landlock-abi:5");
	assert_int_equal(raised_count(&scoped, SUBJECT_ABSTRACT), 0);
	assert_fact(&open, SUBJECT_ABSTRACT,
		    "abstract sockets of the host can be reached");
}

/* ---- masks ---- */

static void each_mask_that_is_left_out_is_a_fact(void **state)
{
	AUTO(raised_done) struct raised r = { 0 }, ro = { 0 };
	const struct fact *f;

	(void)state;
	raise_facts(&r, "without:mask:/proc/kcore");
	f = assert_fact(&r, SUBJECT_MASK_REMOVAL, "/proc/kcore is not masked");
	assert_value(f, KEY_MASKED, "/proc/kcore");
	assert_int_equal(raised_count(&r, SUBJECT_MASK_REMOVAL), 1);
	raise_facts(&ro, "without:readonly:/proc/sys");
	assert_fact(&ro, SUBJECT_MASK_REMOVAL, "/proc/sys is not read-only");
}

static void a_mask_above_covers_what_is_below(void **state)
{
	static const struct {
		const char *changes;
		size_t n;
	} rows[] = {
		{ "without:mask:/proc/kcore mask:/proc", 0 },
		{ "without:readonly:/proc/sys mask:/proc/sys", 0 },
		{ "without:readonly:/proc/sys readonly:/proc", 0 },
		/* read-only is not hidden, and a neighbour is no parent */
		{ "without:mask:/proc/kcore readonly:/proc/kcore", 1 },
		{ "without:mask:/proc/kcore mask:/proc/kc", 1 },
		{ "without:mask:/proc/kcore mask:/proc/kcore/x", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		raise_facts(&r, rows[i].changes);
		if (raised_count(&r, SUBJECT_MASK_REMOVAL) != rows[i].n)
			fail_msg("%s", rows[i].changes);
	}
}

/* A second proc needs the masks too, where it is; steps before it do not
 * cover what comes after them. */
static void masks_follow_the_filesystem_wherever_it_is(void **state)
{
	AUTO(raised_done) struct raised elsewhere = { 0 }, again = { 0 };
	AUTO(raised_done) struct raised other = { 0 };

	(void)state;
	raise_facts(&elsewhere, "fs:proc:ro:/srv/p");
	assert_fact(&elsewhere, SUBJECT_MASK_REMOVAL,
		    "/srv/p/kcore is not masked");
	assert_null(raised_fact(&elsewhere, "/srv/p/sys is not read-only"));
	raise_facts(&again, "fs:proc:rw:/proc");
	assert_fact(&again, SUBJECT_MASK_REMOVAL, "/proc/kcore is not masked");
	assert_fact(&again, SUBJECT_MASK_REMOVAL, "/proc/sys is not read-only");
	raise_facts(&other, "fs:tmpfs:rw:/proc");
	assert_int_equal(raised_count(&other, SUBJECT_MASK_REMOVAL), 0);
}

static void join(struct raised *r, uint64_t ns, const char *path)
{
	struct step *s = insert_step(r->c.plan, OP_JOIN);

	s->join.ns = ns;
	s->join.path = xstrdup(path);
	facts_done(&r->f);
	facts_init(&r->f, r->c.plan, r->c.host);
}

static void one_that_is_joined_is_not_the_hosts(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };
	const struct fact *f;

	(void)state;
	raise_facts(&r, "share:network share:time landlock-abi:5");
	assert_int_equal(raised_count(&r, SUBJECT_ABSTRACT), 1);
	join(&r, CLONE_NEWNET, "/proc/9/ns/net");
	f = assert_fact(&r, SUBJECT_NAMESPACE,
			"the network namespace that is there: /proc/9/ns/net");
	assert_value(f, KEY_JOINED, "network");
	assert_value(f, KEY_HOST, "-");
	assert_int_equal(raised_count(&r, SUBJECT_ABSTRACT), 0);
	f = assert_fact(&r, SUBJECT_NAMESPACE, "the host's time namespace");
	assert_value(f, KEY_JOINED, "-");
	join(&r, CLONE_NEWTIME, "/proc/9/ns/time");
	f = assert_fact(&r, SUBJECT_NAMESPACE,
			"the time namespace that is there: /proc/9/ns/time");
	assert_value(f, KEY_JOINED, "time");
	assert_int_equal(raised_count(&r, SUBJECT_NAMESPACE), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_control_that_is_left_out_is_a_fact),
		cmocka_unit_test(a_rule_set_without_rules_is_none),
		cmocka_unit_test(turned_off_is_not_missing),
		cmocka_unit_test(
			a_label_is_missing_only_where_there_could_be_one),
		cmocka_unit_test(each_namespace_of_the_host_is_a_fact),
		cmocka_unit_test(the_inner_user_namespace_is_one),
		cmocka_unit_test(nothing_at_all_is_everything_of_the_hosts),
		cmocka_unit_test(the_callers_own_id_is_seen_in_either_map),
		cmocka_unit_test(
			user_namespaces_are_limited_to_the_sandboxs_own),
		cmocka_unit_test(what_the_host_has_not_is_not_shared),
		cmocka_unit_test(each_mask_that_is_left_out_is_a_fact),
		cmocka_unit_test(a_mask_above_covers_what_is_below),
		cmocka_unit_test(masks_follow_the_filesystem_wherever_it_is),
		cmocka_unit_test(one_that_is_joined_is_not_the_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
