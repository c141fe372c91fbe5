/*
 * test_audit.c - every finding: a plan that has it, and the ordinary plan,
 * that has none above info; the table itself; the score.
 */
#include "change.h"
#include "policy/audit.h"

static bool is_id(const char *id)
{
	return strncmp(id, "IMM-", 4) == 0 && strlen(id) == 7 &&
	       strspn(id + 4, "0123456789") == 3;
}

static void every_row_has_an_id_of_its_wall_and_says_all(void **state)
{
	static const char hundreds[] = {
		[WALL_NAMESPACES] = '1', [WALL_IDENTITY] = '2',
		[WALL_PRIVILEGES] = '3', [WALL_SYSCALLS] = '4',
		[WALL_FILES] = '5',	 [WALL_ACCESS] = '6',
		[WALL_NETWORK] = '7',	 [WALL_LIMITS] = '8'
	};

	(void)state;
	for (int i = 0; i < BREACH_COUNT; i++) {
		const struct audit_row *r = audit_row((enum audit_breach)i);

		assert_true(is_id(r->id));
		assert_int_equal(r->id[4], hundreds[r->wall]);
		assert_true(r->title && r->why && r->fix);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				r->id, audit_row((enum audit_breach)k)->id);
	}
}

static void every_escape_that_is_named_is_known_and_the_other_way(void **state)
{
	AUTO(strv_free) char **named = NULL;

	(void)state;
	for (int i = 0; i < BREACH_COUNT; i++) {
		const struct audit_row *r = audit_row((enum audit_breach)i);

		for (const char *const *id = r->cves; id && *id; id++) {
			if (!audit_cve(*id))
				fail_msg("%s names %s", r->id, *id);
			if (!strv_has(named, *id))
				strv_add(&named, *id);
		}
	}
	assert_int_equal(strv_len(named), audit_cve_count());
}

/* The policy line of every row is one that a policy file may hold. */
static void every_policy_line_can_be_written(void **state)
{
	(void)state;
	for (int i = 0; i < BREACH_COUNT; i++) {
		const char *line = audit_row((enum audit_breach)i)->policy;
		AUTO(policy_done) struct policy p = { 0 };
		struct err e = ERR_INIT;

		if (line &&
		    policy_text_parse("row", line, strlen(line), &p, &e))
			fail_msg("%s: %s", line, e.msg);
	}
}

/* ---- plans ---- */

/* The ordinary plan has no limit on core dumps, and its protected socket is
 * not called one. */
static void make(struct case_of *c, const char *text)
{
	struct step *s;

	case_make(c, text);
	s = insert_step(c->plan, OP_RLIMIT);
	s->rlimit.resource = RLIMIT_CORE;
	for (size_t i = 0; i < c->host->n_protected; i++)
		if (strstr(c->host->protected_objects[i].path, ".sock"))
			c->host->protected_objects[i].why = "control socket";
}

static struct audit audit_of(const struct case_of *c)
{
	struct audit a = { 0 };

	audit_plan(&a, c->plan, c->host);
	audit_conclude(&a);
	return a;
}

static void core_on(struct case_of *c)
{
	plan_foreach (s, c->plan)
		if (s->op == OP_RLIMIT && s->rlimit.resource == RLIMIT_CORE)
			s->rlimit.hard = 1;
}

static void memory_at_hand(struct case_of *c)
{
	c->host->cgroup_controllers = xstrdup("cpu memory pids");
}

static void memory_of_scopes(struct case_of *c)
{
	c->host->scope_controllers = xstrdup("memory pids");
}

static void no_core_limit(struct case_of *c)
{
	plan_foreach (s, c->plan)
		if (s->op == OP_RLIMIT && s->rlimit.resource == RLIMIT_CORE)
			s->rlimit.resource = RLIMIT_NOFILE;
}

static void host_root_mapped(struct case_of *c)
{
	struct idmap_list *l = &get_step(c->plan, OP_IDMAP)->idmap.uids;

	l->v[1].outer = 0;
}

static void groups_kept(struct case_of *c)
{
	struct host *h = c->host;

	*GROW(h->groups, h->n_groups) = 27;
	h->n_groups++;
}

static void groups_are_own(struct case_of *c)
{
	struct host *h = c->host;

	*GROW(h->groups, h->n_groups) = h->gid;
	h->n_groups++;
}

static void landlock_scopes(struct case_of *c)
{
	get_step(c->plan, OP_LANDLOCK)->landlock.scope = 3;
}

static const struct {
	const char *changes;
	void (*more)(struct case_of *c);
	const char *id;
	bool is_there;
} cases[] = {
	{ "privileged", NULL, "IMM-101", true },
	{ "share:mount", NULL, "IMM-102", true },
	{ "share:pid", NULL, "IMM-103", true },
	{ "share:ipc", NULL, "IMM-104", true },
	{ "share:uts", NULL, "IMM-105", true },
	{ "share:cgroup", NULL, "IMM-106", true },
	{ "share:time", NULL, "IMM-107", true },
	{ "without:keyring", NULL, "IMM-108", true },
	{ "share:user without:userns", NULL, "IMM-201", true },
	{ "ordinary", host_root_mapped, "IMM-202", true },
	{ "map-user", NULL, "IMM-203", true },
	{ "map-user", NULL, "IMM-202", false },
	{ "without:nslimit", NULL, "IMM-204", true },
	{ "nslimit:5", NULL, "IMM-204", true },
	{ "ordinary", groups_kept, "IMM-205", true },
	{ "ordinary", groups_are_own, "IMM-205", false },
	{ "user:0", NULL, "IMM-206", true },
	{ "user:1000", NULL, "IMM-206", false },
	{ "without:nnp", NULL, "IMM-301", true },
	{ "off:nnp", NULL, "IMM-301", true },
	{ "caps:SYS_ADMIN", NULL, "IMM-302", true },
	{ "bounding:SYS_ADMIN", NULL, "IMM-302", true },
	{ "without:bounding", NULL, "IMM-302", true },
	{ "caps:SYS_MODULE", NULL, "IMM-303", true },
	{ "caps:BPF", NULL, "IMM-303", true },
	{ "caps:NET_ADMIN", NULL, "IMM-304", true },
	{ "caps:NET_RAW", NULL, "IMM-305", true },
	{ "caps:CHOWN", NULL, "IMM-306", true },
	{ "caps:CHOWN", NULL, "IMM-303", false },
	{ "bounding:CHOWN", NULL, "IMM-308", true },
	{ "caps:CHOWN bounding:CHOWN", NULL, "IMM-308", false },
	{ "without:seccomp", NULL, "IMM-401", true },
	{ "bind:ro:/run/docker.sock", NULL, "IMM-501", true },
	{ "bind:ro:/srv/link", NULL, "IMM-501", true },
	{ "bind:ro:/run", NULL, "IMM-501", true },
	{ "bind:ro:/", NULL, "IMM-501", true },
	{ "bind:ro:/home/u/app.sock", NULL, "IMM-501", false },
	{ "bind:rw:/etc", NULL, "IMM-502", true },
	{ "bind:rw:/home/u/.ssh", NULL, "IMM-502", true },
	{ "bind:ro:/etc", NULL, "IMM-502", false },
	{ "bind:ro:/etc", NULL, "IMM-503", true },
	{ "bind:ro:/home/u/.ssh/key", NULL, "IMM-503", true },
	{ "bind:ro:/etc/hosts", NULL, "IMM-503", false },
	{ "bind:ro:/home/u/app.sock", NULL, "IMM-504", true },
	{ "bind:rw:/srv/other", NULL, "IMM-505", true },
	{ "bind:rw:/srv/root", NULL, "IMM-505", true },
	{ "bind:ro:/srv/root", NULL, "IMM-505", false },
	{ "bind:rw:/srv/data", NULL, "IMM-506", true },
	{ "bind:rw:/srv/sub", NULL, "IMM-506", true },
	{ "bind:ro:/srv/data", NULL, "IMM-506", false },
	{ "bind:ro:/srv/data:suid", NULL, "IMM-507", true },
	{ "bind:ro:/srv/data:dev", NULL, "IMM-508", true },
	{ "device:rw:/dev/kvm", NULL, "IMM-509", true },
	{ "device:ro:/dev/sda", NULL, "IMM-509", true },
	{ "bind:ro:/dev/kvm", NULL, "IMM-509", true },
	{ "without:mask:/proc/kcore", NULL, "IMM-510", true },
	{ "without:readonly:/proc/sys", NULL, "IMM-510", true },
	{ "fs:sysfs:rw:/s", NULL, "IMM-511", true },
	{ "fs:sysfs:ro:/s", NULL, "IMM-511", false },
	{ "fs:cgroup2:rw:/c", NULL, "IMM-511", true },
	{ "fs:ext4:ro:/e", NULL, "IMM-512", true },
	{ "fs:tmpfs:rw:/t", NULL, "IMM-512", false },
	{ "rootfs:/etc", NULL, "IMM-513", true },
	{ "rootfs:/srv/data", NULL, "IMM-513", false },
	{ "rootfs:/srv/data", NULL, "IMM-514", true },
	{ "host-root", NULL, "IMM-514", true },
	{ "ordinary", NULL, "IMM-514", false },
	{ "ordinary", NULL, "IMM-515", true },
	{ "readonly:/", NULL, "IMM-515", false },
	{ "without:landlock", NULL, "IMM-601", true },
	{ "idle-landlock", NULL, "IMM-601", true },
	{ "no-landlock", NULL, "IMM-601", false },
	{ "no-landlock", NULL, "IMM-602", true },
	{ "label:unconfined", NULL, "IMM-603", true },
	{ "label:immure", NULL, "IMM-603", false },
	{ "lsm", NULL, "IMM-604", true },
	{ "share:network", NULL, "IMM-701", true },
	{ "share:network landlock-abi:5", NULL, "IMM-702", true },
	{ "share:network", landlock_scopes, "IMM-702", false },
	{ "ordinary", NULL, "IMM-702", false },
	{ "pids:none", NULL, "IMM-801", true },
	{ "ordinary", core_on, "IMM-802", true },
	{ "ordinary", no_core_limit, "IMM-802", true },
	{ "sysctl:net.ipv4.x", NULL, "IMM-803", true },
	{ "ordinary", NULL, "IMM-804", false },
	{ "ordinary", memory_at_hand, "IMM-804", true },
	{ "cgroup:memory.max=1048576", memory_of_scopes, "IMM-804", false },
	{ "cgroup:memory.max=max", memory_of_scopes, "IMM-804", true },
	{ "cgroup:pids.max=9", memory_at_hand, "IMM-804", true },
};

static bool has_id(const struct audit *a, const char *id)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->v[i].row->id, id) == 0)
			return true;
	return false;
}

static void a_plan_with_a_hole_has_its_finding(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(case_done) struct case_of c = { 0 };
		AUTO(audit_done) struct audit a = { 0 };

		make(&c, cases[i].changes);
		if (cases[i].more)
			cases[i].more(&c);
		a = audit_of(&c);
		if (has_id(&a, cases[i].id) != cases[i].is_there)
			fail_msg("%s: %s is %s there", cases[i].changes,
				 cases[i].id,
				 cases[i].is_there ? "not" : "wrongly");
	}
}

static void the_ordinary_plan_has_none_above_info(void **state)
{
	AUTO(case_done) struct case_of c = { 0 };
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	make(&c, "ordinary");
	a = audit_of(&c);
	for (size_t i = 0; i < a.n; i++)
		if (a.v[i].row->severity != SEVERITY_INFO)
			fail_msg("%s %s", a.v[i].row->id, a.v[i].row->title);
	assert_int_equal(a.score, 0);
	for (int w = 0; w < WALL_COUNT; w++)
		assert_int_equal(a.walls[w].state, WALL_STANDS);
}

/* ---- the score ---- */

static void an_id_counts_once_however_often_it_shows(void **state)
{
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++)
		audit_add(&a, BREACH_PID_NS, i, "%d", i);
	audit_add(&a, BREACH_ROOT_WRITABLE, 1, "x");
	audit_conclude(&a);
	assert_int_equal(a.n, 2);
	assert_int_equal(a.v[0].n_hits, 5);
	assert_int_equal(a.score, 25);
}

static void points_add_up_and_are_cut_at_a_hundred(void **state)
{
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	audit_add(&a, BREACH_CORE, -1, "x");
	audit_add(&a, BREACH_LANDLOCK, -1, "x");
	audit_add(&a, BREACH_SECCOMP, -1, "x");
	audit_conclude(&a);
	assert_int_equal(a.score, 2 + 8 + 25);
	assert_int_equal(a.walls[WALL_LIMITS].state, WALL_HOLED);
	assert_int_equal(a.walls[WALL_SYSCALLS].state, WALL_DOWN);
	assert_int_equal(a.walls[WALL_FILES].state, WALL_STANDS);
	audit_add(&a, BREACH_PRIVILEGED, -1, "x");
	audit_add(&a, BREACH_MOUNT_NS, -1, "x");
	audit_conclude(&a);
	assert_int_equal(a.score, 100);
}

static void the_worst_finding_stands_first(void **state)
{
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	audit_add(&a, BREACH_CORE, -1, "x");
	audit_add(&a, BREACH_SECCOMP, -1, "x");
	audit_add(&a, BREACH_HOST_NET, -1, "x");
	audit_add(&a, BREACH_PRIVILEGED, -1, "x");
	audit_conclude(&a);
	assert_string_equal(a.v[0].row->id, "IMM-101");
	assert_string_equal(a.v[1].row->id, "IMM-401");
	assert_string_equal(a.v[2].row->id, "IMM-701");
	assert_string_equal(a.v[3].row->id, "IMM-802");
}

static void what_is_not_seen_adds_nothing_and_is_said(void **state)
{
	AUTO(audit_done) struct audit a = { 0 };

	(void)state;
	audit_unseen(&a, BREACH_LANDLOCK, true, "no way to ask");
	audit_unseen(&a, BREACH_KEYRING, false, "no way to ask");
	audit_conclude(&a);
	assert_int_equal(a.score, 0);
	assert_int_equal(a.n_blind, 2);
	assert_int_equal(a.walls[WALL_NAMESPACES].state, WALL_STANDS);
	assert_int_equal(a.walls[WALL_ACCESS].state, WALL_UNSEEN);
	audit_add(&a, BREACH_LABEL, -1, "x");
	audit_conclude(&a);
	assert_int_equal(a.walls[WALL_ACCESS].state, WALL_HOLED);
}

static void names_of_secrets_are_known(void **state)
{
	static const struct {
		const char *name;
		bool is_secret;
	} names[] = {
		{ "DB_PASSWORD", true },
		{ "github_token", true },
		{ "AWS_SECRET_KEY", true },
		{ "API_KEY", true },
		{ "DB_PASSWORD_FILE", false },
		{ "TOKEN_PATH", false },
		{ "PATH", false },
		{ "TERM", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(audit_is_secret(names[i].name),
				 names[i].is_secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_an_id_of_its_wall_and_says_all),
		cmocka_unit_test(
			every_escape_that_is_named_is_known_and_the_other_way),
		cmocka_unit_test(every_policy_line_can_be_written),
		cmocka_unit_test(a_plan_with_a_hole_has_its_finding),
		cmocka_unit_test(the_ordinary_plan_has_none_above_info),
		cmocka_unit_test(an_id_counts_once_however_often_it_shows),
		cmocka_unit_test(points_add_up_and_are_cut_at_a_hundred),
		cmocka_unit_test(the_worst_finding_stands_first),
		cmocka_unit_test(what_is_not_seen_adds_nothing_and_is_said),
		cmocka_unit_test(names_of_secrets_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
