/*
 * test_facts_bind.c - host objects: what they are, whose they are, and how
 * they stand to what sandboxes must not get at.
 */
#include "raised.h"

/* The one bind that the changes add. */
static const struct fact *bind_of(struct raised *r, const char *text)
{
	raise_facts(r, text);
	for (size_t i = 0; i < r->f.n; i++)
		if (r->f.v[i].subject == SUBJECT_BIND)
			return &r->f.v[i];
	fail_msg("%s: no bind", text);
	return NULL;
}

static void a_bind_says_what_it_is_and_what_it_may(void **state)
{
	static const struct {
		const char *change, *what;
	} rows[] = {
		{ "bind:ro:/srv/data", "bind of a directory: /srv/data -> /x" },
		{ "bind:rw:/srv/data/x:/y",
		  "writable bind of a file: /srv/data/x -> /y" },
		{ "bind:ro:/srv/data:suid:dev",
		  "bind of a directory with set-user-id files with device "
		  "nodes: /srv/data -> /x" },
		{ "bind:ro:/home/u/pipe",
		  "bind of a fifo: /home/u/pipe -> /x" },
		{ "bind:ro:/home/u/app.sock",
		  "bind of a socket: /home/u/app.sock -> /x" },
		{ "bind:ro:/srv/link",
		  "bind of a socket: /srv/link (/run/docker.sock) -> /x; it is "
		  "/run/docker.sock (not for sandboxes)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		assert_string_equal(bind_of(&r, rows[i].change)->what,
				    rows[i].what);
	}
}

static void its_values_are_what_conditions_compare(void **state)
{
	AUTO(raised_done) struct raised r = { 0 }, s = { 0 };
	const struct fact *f = bind_of(&r, "bind:ro:/srv/link:norec");

	(void)state;
	assert_value(f, KEY_RO, "");
	assert_value(f, KEY_RW, "-");
	assert_value(f, KEY_KIND, "socket");
	assert_value(f, KEY_PATH, "/run/docker.sock"); /* what it really is */
	assert_value(f, KEY_TO, "/x");
	assert_value(f, KEY_RECURSIVE, "-");
	assert_value(f, KEY_SUID, "-");
	assert_value(f, KEY_DEV, "-");
	f = bind_of(&s, "bind:rw:/srv/data:suid:dev");
	assert_value(f, KEY_RO, "-");
	assert_value(f, KEY_RW, "");
	assert_value(f, KEY_RECURSIVE, "");
	assert_value(f, KEY_SUID, "");
	assert_value(f, KEY_DEV, "");
}

static void an_object_of_no_known_kind_has_none(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };
	const struct fact *f;

	(void)state;
	bind_of(&r, "bind:ro:/srv/data");
	facts_done(&r.f);
	get_step(r.c.plan, OP_BIND)->bind.mode = 0777;
	facts_init(&r.f, r.c.plan, r.c.host);
	f = assert_fact(&r, SUBJECT_BIND,
			"bind of an unknown object: /srv/data -> /x");
	assert_value(f, KEY_KIND, "-");
}

/* The caller's are also the ids of its subordinate range, to the last. */
static void owners_are_root_the_caller_or_another(void **state)
{
	static const struct {
		uint32_t uid;
		const char *want;
	} rows[] = {
		{ 0, "root" },	     { 1000, "self" },
		{ 1001, "other" },   { 99999, "other" },
		{ 100000, "self" },  { 165535, "self" },
		{ 165536, "other" }, { UINT32_MAX, "other" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };

		bind_of(&r, "bind:ro:/srv/data");
		facts_done(&r.f);
		get_step(r.c.plan, OP_BIND)->bind.uid = rows[i].uid;
		facts_init(&r.f, r.c.plan, r.c.host);
		assert_value(assert_fact(&r, SUBJECT_BIND,
					 "bind of a directory: /srv/data -> "
					 "/x"),
			     KEY_OWNER, rows[i].want);
	}
}

/* Connecting to a socket takes no right to write. */
static void sockets_in_a_directory_are_told(void **state)
{
	static const struct {
		const char *change, *end;
		bool sockets, unsearched;
	} rows[] = {
		{ "bind:ro:/srv/data", "-> /x", false, false },
		{ "bind:ro:/srv/data:socket=/srv/data/a",
		  "; a socket lies in it: /srv/data/a", true, false },
		{ "bind:ro:/srv/data:socket=/srv/data/a:socket=/b",
		  "; a socket lies in it: /srv/data/a, and others", true,
		  false },
		{ "bind:ro:/srv/data:unsearched",
		  "; too large to be searched for sockets", true, true },
		/* one is enough: what else there is does not matter */
		{ "bind:ro:/srv/data:socket=/a:unsearched",
		  "; a socket lies in it: /a", true, false },
		{ "bind:ro:/srv/data/x:unsearched", "-> /x", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		const struct fact *f = bind_of(&r, rows[i].change);
		size_t n = strlen(f->what), end = strlen(rows[i].end);

		assert_true(n >= end);
		assert_string_equal(f->what + n - end, rows[i].end);
		assert_value(f, KEY_SOCKETS, rows[i].sockets ? "" : "-");
		assert_value(f, KEY_UNSEARCHED, rows[i].unsearched ? "" : "-");
	}
}

/* ---- what is protected ---- */

static void the_worst_relation_is_named(void **state)
{
	static const struct {
		const char *source, *relation; /* NULL: not protected */
	} rows[] = {
		{ "/run/docker.sock", "is /run/docker.sock" },
		{ "/var/run/docker.sock", "is /run/docker.sock" },
		{ "/run", "is /run" },
		{ "/var/run", "is /run" },
		{ "/run/user/1000", "lies in /run" },
		{ "/home/u", "is /home/u" },
		{ "/home", "holds /home/u" },
		{ "/home/u/.ssh/key", "lies in /home/u/.ssh" },
		{ "/proc/sys", "lies in /proc" },
		{ "/etc", "is /etc" },
		/* below an object that is no tree there is nothing special */
		{ "/home/u/src", NULL },
		{ "/etc/hosts", NULL },
		{ "/srv/data", NULL },
		{ "/usr/lib", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(raised_done) struct raised r = { 0 };
		auto_free char *change =
			xasprintf("bind:ro:%s", rows[i].source);
		auto_free char *part = xasprintf(
			"; it %s (", rows[i].relation ? rows[i].relation : "");
		const struct fact *f = bind_of(&r, change);

		assert_value(f, KEY_PROTECTED, rows[i].relation ? "" : "-");
		if (rows[i].relation ? !strstr(f->what, part)
				     : !!strstr(f->what, "; it "))
			fail_msg("%s: %s", rows[i].source, f->what);
	}
}

/* The same number on another file system is another object. */
static void numbers_count_with_their_file_system(void **state)
{
	const struct object_id id = { 8, 11 }, other_fs = { 9, 11 };
	const struct object_id parents[] = { { 8, 5 }, { 8, 1 } };
	struct protected_object o = { .id = { 8, 11 } };
	struct fact f = { .id = &id };

	(void)state;
	assert_true(facts_touch(&f, &o));
	f.id = &other_fs;
	assert_false(facts_touch(&f, &o));
	/* in it: only where all below it is protected too */
	f.parents = parents;
	f.n_parents = 2;
	o.id = (struct object_id){ 8, 1 };
	assert_false(facts_touch(&f, &o));
	o.is_tree = true;
	assert_true(facts_touch(&f, &o));
	o.id = (struct object_id){ 9, 1 };
	assert_false(facts_touch(&f, &o));
	/* above it */
	f = (struct fact){ .id = &id };
	o = (struct protected_object){
		.id = { 8, 99 },
		.parents = (struct object_id[]){ { 8, 12 }, { 8, 11 } },
		.n_parents = 1
	};
	assert_false(facts_touch(&f, &o));
	o.n_parents = 2;
	assert_true(facts_touch(&f, &o));
}

static void a_root_directory_is_looked_at_like_a_bind(void **state)
{
	AUTO(raised_done) struct raised plain = { 0 }, home = { 0 };
	const struct fact *f;

	(void)state;
	raise_facts(&plain, "rootfs:/srv/data");
	f = assert_fact(&plain, SUBJECT_ROOTFS,
			"root from the directory /srv/data");
	assert_value(f, KEY_PATH, "/srv/data");
	assert_value(f, KEY_PROTECTED, "-");
	raise_facts(&home, "rootfs:/home/u");
	f = assert_fact(&home, SUBJECT_ROOTFS,
			"root from the directory /home/u; it is /home/u (not "
			"for sandboxes)");
	assert_value(f, KEY_PROTECTED, "");
}

/* ---- the host's own programs ---- */

static void make_writable(struct step *s)
{
	s->bind.attr &= ~(uint64_t)MOUNT_ATTR_RDONLY;
}

static void make_suid(struct step *s)
{
	s->bind.attr &= ~(uint64_t)MOUNT_ATTR_NOSUID;
}

static void make_dev(struct step *s)
{
	s->bind.attr &= ~(uint64_t)MOUNT_ATTR_NODEV;
}

static void make_alias(struct step *s)
{
	free(s->bind.resolved);
	s->bind.resolved = xstrdup("/srv/usr");
}

static void make_unresolved(struct step *s)
{
	free(TAKE(s->bind.resolved));
}

static void move_deeper(struct step *s)
{
	s->bind.n_parents = 0;
}

static void move_elsewhere(struct step *s)
{
	free(s->bind.target);
	free(s->bind.resolved);
	s->bind.target = xstrdup("/home");
	s->bind.resolved = xstrdup("/home");
}

static void programs_of_the_host_are_lent_only_as_they_are(void **state)
{
	void (*const alter[])(struct step *) = {
		make_writable,	 make_suid,   make_dev,	      make_alias,
		make_unresolved, move_deeper, move_elsewhere,
	};
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "host-root");
	assert_fact(&r, SUBJECT_HOST_ROOT, "the host's /usr, read-only");
	assert_int_equal(raised_count(&r, SUBJECT_BIND), 0);
	for (size_t i = 0; i < ARRAY_SIZE(alter); i++) {
		AUTO(raised_done) struct raised other = { 0 };

		raise_facts(&other, "host-root");
		facts_done(&other.f);
		alter[i](get_step(other.c.plan, OP_BIND));
		facts_init(&other.f, other.c.plan, other.c.host);
		if (raised_count(&other, SUBJECT_BIND) != 1)
			fail_msg("change %zu is lent", i);
	}
}

static void without_an_empty_root_they_are_binds(void **state)
{
	AUTO(raised_done) struct raised r = { 0 };

	(void)state;
	raise_facts(&r, "bind:ro:/usr:/usr");
	assert_int_equal(raised_count(&r, SUBJECT_BIND), 1);
	assert_int_equal(raised_count(&r, SUBJECT_HOST_ROOT), 0);
}

/* The plan of these changes, and a step that gives `source` a new label. */
static const struct fact *relabelled(struct raised *r, const char *text,
				     const char *source)
{
	struct step *s;

	case_make(&r->c, text);
	s = insert_step(r->c.plan, OP_RELABEL);
	s->relabel.source = xstrdup(source);
	s->relabel.context = xstrdup("c");
	s->relabel.id = model_id(model_find(source));
	facts_init(&r->f, r->c.plan, r->c.host);
	for (size_t i = 0; i < r->f.n; i++)
		if (r->f.v[i].value[KEY_RELABEL])
			return &r->f.v[i];
	fail_msg("%s: no fact of a label", text);
	return NULL;
}

static void a_new_label_is_written_to_the_host(void **state)
{
	AUTO(raised_done) struct raised r = { 0 }, s = { 0 }, t = { 0 };
	const struct fact *f =
		relabelled(&r, "bind:ro:/home/u/src", "/home/u/src");

	(void)state;
	assert_string_equal(f->what, "the host's /home/u/src gets the label c");
	assert_int_equal(f->subject, SUBJECT_BIND);
	assert_value(f, KEY_RW, ""); /* the bind itself is read-only */
	assert_value(f, KEY_RO, "-");
	assert_value(f, KEY_OWNER, "self");
	assert_value(f, KEY_KIND, "dir");
	assert_value(f, KEY_PATH, "/home/u/src");
	assert_value(f, KEY_PROTECTED, "-");
	assert_int_equal(raised_count(&r, SUBJECT_BIND), 2);
	f = relabelled(&s, "bind:ro:/home/u", "/home/u");
	assert_value(f, KEY_PROTECTED, "");
	/* without a bind nobody knows whose it is: only a bare rule permits */
	f = relabelled(&t, "user:1000", "/srv/data");
	assert_value(f, KEY_OWNER, "-");
	assert_value(f, KEY_KIND, "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bind_says_what_it_is_and_what_it_may),
		cmocka_unit_test(its_values_are_what_conditions_compare),
		cmocka_unit_test(an_object_of_no_known_kind_has_none),
		cmocka_unit_test(owners_are_root_the_caller_or_another),
		cmocka_unit_test(sockets_in_a_directory_are_told),
		cmocka_unit_test(the_worst_relation_is_named),
		cmocka_unit_test(numbers_count_with_their_file_system),
		cmocka_unit_test(a_root_directory_is_looked_at_like_a_bind),
		cmocka_unit_test(
			programs_of_the_host_are_lent_only_as_they_are),
		cmocka_unit_test(without_an_empty_root_they_are_binds),
		cmocka_unit_test(a_new_label_is_written_to_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
