/*
 * test_facts.c - what the steps of a plan raise: one row an operation, in
 * step order, and nothing for what is turned off.
 */
#include "raised.h"

/* Limits and what may be required are told in any case, each once. */
static void the_ordinary_plan_raises_these_subjects(void **state)
{
	static const struct {
		enum rule_subject subject;
		size_t n;
	} rows[] = {
		{ SUBJECT_IMAGE, 1 },	{ SUBJECT_FILESYSTEM, 5 },
		{ SUBJECT_DEVICE, 6 },	{ SUBJECT_USER, 1 },
		{ SUBJECT_PROFILE, 2 }, { SUBJECT_REQUIRE, REQUIRED_COUNT },
	};
	AUTO(strv_free) char **resources = strv_split(POLICY_RESOURCES, ' ');
	AUTO(raised_done) struct raised r = { 0 };
	size_t all = strv_len(resources);

	(void)state;
	raise_facts(&r, "ordinary");
	assert_int_equal(raised_count(&r, SUBJECT_LIMIT), all);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(raised_count(&r, rows[i].subject), rows[i].n);
		all += rows[i].n;
	}
	assert_int_equal(r.f.n, all);
}

static void facts_stand_in_step_order_the_plans_own_first(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r,
		    "bind:ro:/srv/data caps:NET_ADMIN without:nnp "
		    "device:rw:/dev/kvm privileged without:mask:/proc/kcore");
	assert_int_equal(r.f.v[0].step, -1);
	for (size_t i = 1; i < r.f.n; i++)
		assert_true(r.f.v[i - 1].step <= r.f.v[i].step);
	assert_int_equal(
		assert_fact(&r, SUBJECT_PRIVILEGED, "privileged mode")->step,
		-1);
}

static void an_image_is_named_by_what_is_known_of_it(void **state)
{
	static const struct {
		bool name, digest;
		const char *what;
	} rows[] = {
		{ true, true, "image " IMAGE_NAME "@sha256:abc" },
		{ true, false, "image " IMAGE_NAME },
		{ false, true, "image sha256:abc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = model_plan();
		AUTO(host_free) struct host *h = model_host();
		AUTO(facts_done) struct facts f = { 0 };

		free(TAKE(p->image_digest));
		if (rows[i].digest)
			p->image_digest = xstrdup("sha256:abc");
		if (!rows[i].name)
			free(TAKE(p->image_name));
		facts_init(&f, p, h);
		assert_string_equal(f.v[0].what, rows[i].what);
		assert_value(&f.v[0], KEY_NAME,
			     rows[i].name ? IMAGE_NAME : "-");
		assert_value(&f.v[0], KEY_REGISTRY,
			     rows[i].name ? "docker.io" : "-");
		assert_value(&f.v[0], KEY_PINNED, "-");
		assert_value(&f.v[0], KEY_DIGEST,
			     rows[i].digest ? "sha256:abc" : "-");
		/* its layers are the store's, not directories of the host */
		for (size_t k = 0; k < f.n; k++)
			assert_int_not_equal(f.v[k].subject, SUBJECT_ROOTFS);
	}
}

static void a_mount_is_writable_unless_something_makes_it_read_only(void **s)
{
	static const struct {
		const char *changes, *what;
		bool ro;
	} rows[] = {
		{ "fs:tmpfs:rw:/t", "writable filesystem tmpfs on /t", false },
		{ "fs:tmpfs:ro:/t", "filesystem tmpfs on /t", true },
		{ "fs:tmpfs:rw:/t readonly:/t", "filesystem tmpfs on /t",
		  true },
		{ "fs:tmpfs:rw:/t readonly:/t/x",
		  "writable filesystem tmpfs on /t", false },
		{ "fs:tmpfs:rw:/t readonly:/t off:readonly",
		  "writable filesystem tmpfs on /t", false },
	};

	(void)s;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		const struct fact *f;

		raise_facts(&r, rows[i].changes);
		f = assert_fact(&r, SUBJECT_FILESYSTEM, rows[i].what);
		assert_value(f, KEY_TYPE, "tmpfs");
		assert_value(f, KEY_TO, "/t");
		assert_value(f, KEY_RW, rows[i].ro ? "-" : "");
		assert_value(f, KEY_RO, rows[i].ro ? "" : "-");
	}
}

/* Both its name and its number: a number has many names. */
static void a_standard_device_is_one_by_name_and_number(void **state)
{
	static const struct {
		const char *change, *what, *number;
		bool standard;
	} rows[] = {
		{ "device:ro:/dev/null:3", "device /dev/null -> /dev/null",
		  "1:3", true },
		{ "device:ro:/dev/zero:3",
		  "device /dev/zero (1:3) -> /dev/zero", "1:3", false },
		{ "device:ro:/srv/null:3",
		  "device /srv/null (1:3) -> "
		  "/srv/null",
		  "1:3", false },
		{ "device:rw:/dev/kvm",
		  "writable device /dev/kvm (10:232) -> /dev/kvm", "10:232",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		const struct fact *f;

		raise_facts(&r, rows[i].change);
		f = assert_fact(&r, SUBJECT_DEVICE, rows[i].what);
		assert_value(f, KEY_STANDARD, rows[i].standard ? "" : "-");
		assert_value(f, KEY_NUMBER, rows[i].number);
		assert_non_null(f->id);
	}
}

static void a_capability_is_told_once_wherever_it_is_kept(void **state)
{
	AUTO(raised_done) struct raised both = { 0 }, bound = { 0 };
	const struct fact *f;

	(void)state;
	raise_facts(&both, "caps:NET_ADMIN,CHOWN bounding:NET_ADMIN");
	assert_int_equal(raised_count(&both, SUBJECT_CAPABILITY), 2);
	f = assert_fact(&both, SUBJECT_CAPABILITY, "capability NET_ADMIN");
	assert_value(f, KEY_CAP, "NET_ADMIN");
	assert_int_equal(f->number, 12);
	/* what only the bounding set has can be regained */
	raise_facts(&bound, "bounding:SYS_ADMIN");
	assert_fact(&bound, SUBJECT_CAPABILITY, "capability SYS_ADMIN");
}

static void a_capability_without_a_name_is_a_fact_all_the_same(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "ordinary");
	facts_done(&r.f);
	get_step(r.c.plan, OP_CAPS)->caps.set = 1ull << 63;
	facts_init(&r.f, r.c.plan, r.c.host);
	assert_value(assert_fact(&r, SUBJECT_CAPABILITY, "capability unknown"),
		     KEY_CAP, "-");
}

/* An ambient one outlives a bounding set without it. */
static void a_capability_of_any_of_the_five_sets_is_a_fact(void **state)
{
	static const size_t at[] = {
		offsetof(struct step, capsets.permitted),
		offsetof(struct step, capsets.effective),
		offsetof(struct step, capsets.inheritable),
		offsetof(struct step, capsets.ambient),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		struct step *s;

		raise_facts(&r, "ordinary");
		facts_done(&r.f);
		s = insert_step(r.c.plan, OP_CAPSETS);
		*(uint64_t *)((char *)s + at[i]) = 1ull << 21;
		facts_init(&r.f, r.c.plan, r.c.host);
		assert_fact(&r, SUBJECT_CAPABILITY, "capability SYS_ADMIN");
		assert_int_equal(raised_count(&r, SUBJECT_CAPABILITY), 1);
	}
}

static void a_program_that_the_host_runs_for_it_is_a_fact(void **state)
{
	static const enum op when[] = { OP_HOOK, OP_HOOK_LATER };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(when); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		raise_facts(&r, "ordinary");
		assert_int_equal(raised_count(&r, SUBJECT_HOOK), 0);
		facts_done(&r.f);
		insert_step(r.c.plan, when[i])->hook.path = xstrdup("/bin/h");
		facts_init(&r.f, r.c.plan, r.c.host);
		assert_value(
			assert_fact(&r, SUBJECT_HOOK, "the host's /bin/h runs"),
			KEY_PROGRAM, "/bin/h");
	}
}

static void only_root_is_a_fact_of_the_user(void **state)
{
	AUTO(raised_done) struct raised root = { 0 }, other = { 0 };

	(void)state;
	raise_facts(&root, "user:0");
	raise_facts(&other, "user:1");
	assert_value(
		assert_fact(&root, SUBJECT_USER, "user root in the sandbox"),
		KEY_WHO, "root");
	assert_int_equal(raised_count(&other, SUBJECT_USER), 0);
}

/* A file may be called as it likes: only its digest says what it is. */
static void a_filter_is_built_in_or_of_a_file(void **state)
{
	static const struct {
		const char *first, *second, *want;
	} rows[] = {
		{ "strict", "strict/deny", "strict strict " },
		{ "strict/deny", NULL, "file " }, /* its first half lacks */
		{ "strict", "other/deny", "strict file " },
		{ "/home/u/p.json", NULL, "file " },
		{ "Default", NULL, "file " },
		{ "default2", NULL, "file " },
		{ "default/deny/deny", NULL, "file " },
		{ "", NULL, "file " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf_done) struct buf got = BUF_INIT;
		AUTO(plan_free) struct plan *p = model_plan();
		AUTO(host_free) struct host *h = model_host();
		AUTO(facts_done) struct facts f = { 0 };

		for (size_t k = 0; k < p->n; k++)
			if (p->steps[k].op == OP_SECCOMP)
				p->steps[k].need = NEED_OFF;
		model_filter(p, rows[i].first, 7);
		if (rows[i].second)
			model_filter(p, rows[i].second, 8);
		facts_init(&f, p, h);
		for (size_t k = 0; k < f.n; k++)
			if (f.v[k].subject == SUBJECT_PROFILE)
				buf_printf(&got, "%s ",
					   f.v[k].value[KEY_SECCOMP]);
		assert_string_equal(got.p, rows[i].want);
	}
}

static void a_label_confines_or_says_that_it_does_not(void **state)
{
	AUTO(raised_done) struct raised none = { 0 }, some = { 0 };
	const struct fact *f;

	(void)state;
	raise_facts(&none, "label:unconfined");
	raise_facts(&some, "label:immure-default");
	assert_value(assert_fact(&none, SUBJECT_UNCONFINED,
				 "no apparmor confinement"),
		     KEY_CONTROL, "label");
	assert_int_equal(raised_count(&some, SUBJECT_UNCONFINED), 0);
	f = assert_fact(&some, SUBJECT_LABEL, "apparmor label immure-default");
	assert_value(f, KEY_LSM, "apparmor");
	assert_value(f, KEY_AS, "immure-default");
}

static void what_is_turned_off_raises_nothing_and_is_not_found(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "caps:NET_ADMIN off:caps off:seccomp off:rlimit");
	assert_int_equal(raised_count(&r, SUBJECT_CAPABILITY), 0);
	assert_int_equal(raised_count(&r, SUBJECT_PROFILE), 0);
	assert_null(facts_find(&r.f, OP_CAPS));
	assert_null(facts_find(&r.f, OP_SECCOMP));
	assert_null(facts_find(&r.f, OP_LABEL));
	assert_int_equal(facts_find(&r.f, OP_CLONE)->op, OP_CLONE);
}

static void annotations_are_divided_at_their_first_sign(void **state)
{
	static const struct {
		const char *text, *name, *value;
	} rows[] = { { "a=b=c", "a", "b=c" },
		     { "a=", "a", "" },
		     { "a", "a", "" },
		     { "=b", "", "b" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(plan_free) struct plan *p = model_plan();
		AUTO(host_free) struct host *h = model_host();
		AUTO(facts_done) struct facts f = { 0 };

		strv_add(&p->annotations, rows[i].text);
		facts_init(&f, p, h);
		assert_int_equal(f.v[1].subject, SUBJECT_ANNOTATION);
		assert_value(&f.v[1], KEY_ANNOTATION, rows[i].name);
		assert_value(&f.v[1], KEY_VALUE, rows[i].value);
	}
}

static void whoever_asks_stands_in_every_fact(void **state)
{
	AUTO(plan_free) struct plan *p = model_plan();
	AUTO(host_free) struct host *h = model_host();
	AUTO(facts_done) struct facts known = { 0 }, unknown = { 0 };
	const struct peer peer = { .uid = 2000 };

	(void)state;
	facts_init_for(&known, p, h, &peer);
	facts_init(&unknown, p, h);
	assert_int_equal(known.n, unknown.n);
	for (size_t i = 0; i < known.n; i++) {
		assert_ptr_equal(known.v[i].peer, &peer);
		assert_null(unknown.v[i].peer);
	}
}

static void a_parameter_of_the_kernel_is_named(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "sysctl:net.ipv4.ip_forward");
	assert_value(assert_fact(&r, SUBJECT_SYSCTL,
				 "sysctl net.ipv4.ip_forward = 1"),
		     KEY_SYSCTL, "net.ipv4.ip_forward");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ordinary_plan_raises_these_subjects),
		cmocka_unit_test(facts_stand_in_step_order_the_plans_own_first),
		cmocka_unit_test(an_image_is_named_by_what_is_known_of_it),
		cmocka_unit_test(
			a_mount_is_writable_unless_something_makes_it_read_only),
		cmocka_unit_test(a_standard_device_is_one_by_name_and_number),
		cmocka_unit_test(a_capability_is_told_once_wherever_it_is_kept),
		cmocka_unit_test(
			a_capability_without_a_name_is_a_fact_all_the_same),
		cmocka_unit_test(
			a_capability_of_any_of_the_five_sets_is_a_fact),
		cmocka_unit_test(a_program_that_the_host_runs_for_it_is_a_fact),
		cmocka_unit_test(only_root_is_a_fact_of_the_user),
		cmocka_unit_test(a_filter_is_built_in_or_of_a_file),
		cmocka_unit_test(a_label_confines_or_says_that_it_does_not),
		cmocka_unit_test(
			what_is_turned_off_raises_nothing_and_is_not_found),
		cmocka_unit_test(annotations_are_divided_at_their_first_sign),
		cmocka_unit_test(whoever_asks_stands_in_every_fact),
		cmocka_unit_test(a_parameter_of_the_kernel_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
