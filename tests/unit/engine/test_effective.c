/*
 * test_effective.c - what the kernel reports of a process, told as a plan:
 * made-up processes and the findings of that plan; and this process itself.
 */
#include <linux/mount.h>
#include <linux/sched.h>
#include "unit.h"
#include "base/alloc.h"
#include "engine/effective.h"
#include "kernel/inspect.h"
#include "plan/build.h"
#include "policy/audit.h"

#define OWN                                                                    \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |           \
	 CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME)

static void add_mount(struct effective *x, const char *type, const char *target,
		      const char *root, uint64_t attr)
{
	struct effective_mount *m = GROW(x->mounts, x->n_mounts);

	m->id = 100 + (int)x->n_mounts++;
	m->parent = x->n_mounts == 1 ? 1 : 100;
	m->dev = xasprintf("0:%zu", 50 + x->n_mounts);
	m->type = xstrdup(type);
	m->target = xstrdup(target);
	m->root = xstrdup(root);
	m->attr = attr;
}

/* A process as walled in as it can be. */
static struct effective process(void)
{
	struct effective x = {
		.pid = 7,
		.name = xstrdup("p"),
		.uid = { 100000, 100000, 100000, 100000 },
		.gid = { 100000, 100000, 100000, 100000 },
		.no_new_privs = true,
		.seccomp = 2,
		.n_filters = 2,
		.own_ns = OWN,
		.has_mounts = true,
		.has_env = true,
		.max_processes = 512,
	};

	*GROW(x.uid_map, 0) = (struct spec_idmap){ 0, 100000, 65536 };
	*GROW(x.gid_map, 0) = (struct spec_idmap){ 0, 100000, 65536 };
	x.n_uid_map = x.n_gid_map = 1;
	add_mount(&x, "overlay", "/", "/", 0);
	return x;
}

static struct audit audit_of(const struct effective *x)
{
	struct host h = { .uid = 1000, .gid = 1000, .landlock_abi = 7 };
	AUTO(plan_free) struct plan *p = effective_plan(x, &h);
	struct audit a = { 0 };

	audit_plan(&a, p, &h);
	audit_conclude(&a);
	return a;
}

static void expect(const struct effective *x, enum audit_breach breach,
		   bool want)
{
	AUTO(audit_done) struct audit a = audit_of(x);

	if (audit_has(&a, breach) != want)
		fail_msg("%s is %s found", audit_row(breach)->id,
			 want ? "not" : "wrongly");
}

static void a_walled_in_process_has_none_above_info(void **state)
{
	AUTO(effective_done) struct effective x = process();
	AUTO(audit_done) struct audit a = audit_of(&x);

	(void)state;
	assert_int_equal(a.score, 0);
	if (a.v[0].row->severity != SEVERITY_INFO)
		fail_msg("%s %s", a.v[0].row->id, a.v[0].hits[0].what);
}

static void shared_namespaces_are_found(void **state)
{
	static const struct {
		uint64_t flag;
		enum audit_breach breach;
	} rows[] = {
		{ CLONE_NEWNS, BREACH_MOUNT_NS },
		{ CLONE_NEWPID, BREACH_PID_NS },
		{ CLONE_NEWNET, BREACH_HOST_NET },
		{ CLONE_NEWIPC, BREACH_IPC_NS },
		{ CLONE_NEWUTS, BREACH_UTS_NS },
		{ CLONE_NEWCGROUP, BREACH_CGROUP_NS },
		{ CLONE_NEWTIME, BREACH_TIME_NS },
		{ CLONE_NEWUSER, BREACH_USER_NS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(effective_done) struct effective x = process();

		expect(&x, rows[i].breach, false);
		x.own_ns &= ~rows[i].flag;
		expect(&x, rows[i].breach, true);
		x.unseen_ns = rows[i].flag; /* nobody knows: no finding */
		expect(&x, rows[i].breach, false);
	}
}

static void missing_controls_are_found(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	x.no_new_privs = false;
	expect(&x, BREACH_NO_NEW_PRIVS, true);
	x.seccomp = 0;
	expect(&x, BREACH_SECCOMP, true);
	expect(&x, BREACH_CAP_SYS_ADMIN, false);
	x.cap_prm = 1ull << 21;
	expect(&x, BREACH_CAP_SYS_ADMIN, true);
	expect(&x, BREACH_CORE, false);
	x.max_core = 1;
	expect(&x, BREACH_CORE, true);
	expect(&x, BREACH_SECRET, false);
	x.env = xcalloc(2, sizeof(*x.env));
	x.env[0] = xstrdup("TOKEN=1");
	expect(&x, BREACH_SECRET, true);
}

static void maps_of_the_caller_and_of_root_are_found(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	x.uid_map[0] = (struct spec_idmap){ 0, 1000, 1 };
	expect(&x, BREACH_OWN_ID, true);
	expect(&x, BREACH_HOST_ROOT_ID, false);
	x.uid_map[0] = (struct spec_idmap){ 0, 0, 65536 };
	expect(&x, BREACH_HOST_ROOT_ID, true);
}

static void masks_are_looked_for(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	add_mount(&x, "proc", "/proc", "/", 0);
	expect(&x, BREACH_MASKS, true);
	/* one tmpfs over all of it hides all of it */
	x.absent = xcalloc(2, sizeof(*x.absent));
	x.absent[0] = xstrdup("/proc");
	expect(&x, BREACH_MASKS, false);
}

static void a_writable_sysfs_is_found(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	add_mount(&x, "sysfs", "/sys", "/", MOUNT_ATTR_RDONLY);
	expect(&x, BREACH_KERNEL_WRITABLE, false);
	add_mount(&x, "cgroup2", "/sys/fs/cgroup", "/", 0);
	expect(&x, BREACH_KERNEL_WRITABLE, true);
}

/* As if the root of this host's filesystem were mounted there. */
static void add_host(struct effective *x, const char *root, const char *target,
		     uint64_t attr)
{
	struct effective_mount *m;

	add_mount(x, "ext4", target, root, attr);
	free(x->mounts[x->n_mounts - 1].dev);
	x->mounts[x->n_mounts - 1].dev = xstrdup("8:1");
	m = GROW(x->host_mounts, x->n_host_mounts);
	x->n_host_mounts++;
	*m = (struct effective_mount){ .dev = xstrdup("8:1"),
				       .type = xstrdup("ext4"),
				       .target = xstrdup("/"),
				       .root = xstrdup("/") };
}

static void an_object_of_the_host_is_found(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	add_host(&x, "/usr", "/x",
		 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	expect(&x, BREACH_FOREIGN_WRITABLE, false);
	expect(&x, BREACH_SET_USER_ID, false);
	x.mounts[1].attr = 0;
	expect(&x, BREACH_FOREIGN_WRITABLE, true);
	expect(&x, BREACH_SET_USER_ID, true);
	expect(&x, BREACH_DEVICE_NODES, true);
}

static void what_is_covered_does_not_count(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	add_host(&x, "/usr", "/x", 0);
	expect(&x, BREACH_FOREIGN_WRITABLE, true);
	add_mount(&x, "tmpfs", "/x", "/", 0);
	x.mounts[2].parent = x.mounts[1].id;
	expect(&x, BREACH_FOREIGN_WRITABLE, false);
}

static void what_stands_in_something_covered_does_not_count(void **state)
{
	AUTO(effective_done) struct effective x = process();

	(void)state;
	add_mount(&x, "tmpfs", "/y", "/", 0);
	add_host(&x, "/usr", "/y/x", 0);
	x.mounts[2].parent = x.mounts[1].id;
	expect(&x, BREACH_FOREIGN_WRITABLE, true);
	add_mount(&x, "tmpfs", "/y", "/", 0);
	x.mounts[3].parent = x.mounts[1].id;
	expect(&x, BREACH_FOREIGN_WRITABLE, false);
}

static void this_process_can_be_read(void **state)
{
	AUTO(effective_done) struct effective x = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_ok(inspect_process(getpid(), &x, &e), &e);
	assert_int_equal(x.uid[1], geteuid());
	assert_int_equal(x.own_ns, 0);
	assert_int_equal(x.unseen_ns, 0);
	assert_true(x.has_mounts && x.n_mounts > 0);
	assert_int_equal(x.n_mounts, x.n_host_mounts);
	assert_true(x.n_uid_map > 0);
	assert_true(x.has_env);
	assert_non_null(x.name);
}

static void no_process_is_an_error(void **state)
{
	struct effective x = { 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_err(inspect_process(4194304, &x, &e), &e, ERR_MISSING,
		   "4194304");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_walled_in_process_has_none_above_info),
		cmocka_unit_test(shared_namespaces_are_found),
		cmocka_unit_test(missing_controls_are_found),
		cmocka_unit_test(maps_of_the_caller_and_of_root_are_found),
		cmocka_unit_test(masks_are_looked_for),
		cmocka_unit_test(a_writable_sysfs_is_found),
		cmocka_unit_test(an_object_of_the_host_is_found),
		cmocka_unit_test(what_is_covered_does_not_count),
		cmocka_unit_test(
			what_stands_in_something_covered_does_not_count),
		cmocka_unit_test(this_process_can_be_read),
		cmocka_unit_test(no_process_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
