/*
 * test_overlay.c - kernel/overlay and kernel/pivot in a user namespace: the
 * layers in their order, writes where they belong, nothing of the host left.
 * Both ways: by descriptors, and named on a stage as before Linux 6.15.
 */
#include "unit.h"
#include <errno.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/table.h"
#include "kernel/idmap.h"
#include "kernel/mount.h"
#include "kernel/ns.h"
#include "kernel/overlay.h"
#include "kernel/pivot.h"
#include "kernel/procfs.h"

#define PLAIN (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

/* layers 0, 1, 2, lowest first; "kept" takes writes when asked */
struct tree {
	char path[64];
	int dir;
};

static void put(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

/* Run by root, the namespace has ids of its own: OWNER is its 0. */
#define OWNER 100000

static void give_away(struct tree *t)
{
	static const char *const names[] = { "kept",  "0/who", "1/who",
					     "2/who", "0/low", "1/mid" };

	for (size_t i = 0; geteuid() == 0 && i < ARRAY_SIZE(names); i++)
		assert_int_equal(fchownat(t->dir, names[i], OWNER, OWNER, 0),
				 0);
}

static void tree_make(struct tree *t)
{
	t->dir = unit_make_dir(t->path);
	assert_true(t->dir >= 0);
	assert_int_equal(fchmod(t->dir, 0755), 0);
	for (const char *const *d =
		     (const char *const[]){ "0", "1", "2", "kept", NULL };
	     *d; d++)
		assert_int_equal(mkdirat(t->dir, *d, 0777), 0);
	put(t->dir, "0/who", "0");
	put(t->dir, "1/who", "1");
	put(t->dir, "2/who", "2");
	put(t->dir, "0/low", "low");
	put(t->dir, "1/mid", "mid");
	give_away(t);
}

static void tree_done(struct tree *t)
{
	close(t->dir);
	unit_remove_dir(t->path);
}

/* ---- in the namespaces; a number says where it failed ---- */

static int at_fault(int where, const struct err *e)
{
	print_error("%d: %s\n", where, e->msg);
	return where;
}

static int open_layers(const struct tree *t, int lower[3], struct err *e)
{
	for (int i = 0; i < 3; i++) {
		char name[] = { (char)('0' + i), '\0' };
		/* opened in this mount namespace: t->dir is of another */
		auto_free char *path = path_join(t->path, name);
		auto_fd dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (dir < 0)
			return err_sys(e, "open %s", path);
		lower[i] = mount_clone(dir, false, 0, e);
		if (lower[i] < 0)
			return -1;
	}
	return 0;
}

static int open_writes(const struct tree *t, bool kept, struct overlay *o,
		       struct err *e)
{
	auto_free char *path = path_join(t->path, "kept");

	o->writes = kept ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)
			 : mount_new("tmpfs", "mode=755", PLAIN, e);
	if (o->writes < 0 || mkdirat(o->writes, "upper", 0755) ||
	    mkdirat(o->writes, "work", 0755))
		return err_sys(e, "a place for writes");
	o->upper = openat(o->writes, "upper", O_PATH | O_DIRECTORY);
	o->work = openat(o->writes, "work", O_PATH | O_DIRECTORY);
	return o->upper < 0 || o->work < 0 ? err_sys(e, "open upper") : 0;
}

static int mount_it(struct overlay *o, bool staged, bool kept, struct err *e)
{
	int stage, root;

	if (!staged) {
		root = overlay_mount(o, e);
		return root < 0 || pivot_stage(root, e) < 0 ? -1 : root;
	}
	stage = mount_new("tmpfs", "mode=755", PLAIN, e);
	if (stage < 0 || pivot_stage(stage, e) < 0)
		return -1;
	if (kept)
		o->writes = mount_clone(o->writes, false, 0, e);
	return o->writes < 0 ? -1 : overlay_mount_staged(o, stage, e);
}

static bool reads(const char *path, const char *want)
{
	char text[16] = "";
	auto_fd fd = open(path, O_RDONLY);

	return fd >= 0 && read(fd, text, sizeof(text) - 1) >= 0 &&
	       strcmp(text, want) == 0;
}

static int look_around(int proc)
{
	char text[4096], here[64], path[32];
	struct err e = ERR_INIT;
	auto_fd fd = -1;

	if (!reads("/who", "2") || !reads("/mid", "mid") ||
	    !reads("/low", "low"))
		return 10;
	fd = open("/low", O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, "new", 3) != 3 || !reads("/low", "new"))
		return 11;
	if (!getcwd(here, sizeof(here)) || strcmp(here, "/") != 0)
		return 12;
	/* the only mount there is */
	snprintf(path, sizeof(path), "%d/mountinfo", (int)getpid());
	if (procfs_read_all(proc, path, text, sizeof(text), &e) < 0)
		return at_fault(13, &e);
	if (!strstr(text, " / / ") || !strstr(text, " - overlay ") ||
	    strchr(text, '\n') != strrchr(text, '\n'))
		return 14;
	return 0;
}

static int build(const struct tree *t, bool staged, bool kept, int proc)
{
	int lower[3];
	struct overlay o = { .lower = lower, .n_lower = 3, .attr = PLAIN };
	struct err e = ERR_INIT;
	int root;

	if (mount_private(&e) || open_layers(t, lower, &e))
		return at_fault(1, &e);
	o.is_volatile = !kept;
	if (open_writes(t, kept, &o, &e))
		return at_fault(2, &e);
	root = mount_it(&o, staged, kept, &e);
	if (root < 0)
		return at_fault(3, &e);
	if (pivot_commit(root, staged, &e))
		return at_fault(4, &e);
	return look_around(proc);
}

/* ---- around them ---- */

static int start_child(int go[2], int *ret_pidfd, const struct tree *t,
		       int mode)
{
	struct err e = ERR_INIT;
	int proc = procfs_open_host(&e);
	int pid;
	char c;

	assert_ok(proc, &e);
	pid = ns_clone(CLONE_NEWUSER | CLONE_NEWNS, ret_pidfd);
	if (pid == 0) {
		alarm(20);
		if (fd_read_exact(go[0], &c, 1) || setresgid(0, 0, 0) ||
		    setresuid(0, 0, 0))
			_exit(98);
		_exit(build(t, mode & 1, mode & 2, proc));
	}
	close(proc);
	return pid;
}

/* The exit status of build(); -1: no user namespaces here. */
static int run(const struct tree *t, bool staged, bool kept)
{
	const bool is_root = geteuid() == 0;
	struct spec_idmap u = { 0, is_root ? OWNER : geteuid(), 1 };
	struct spec_idmap g = { 0, is_root ? OWNER : getegid(), 1 };
	const struct idmap_list uids = { &u, 1 }, gids = { &g, 1 };
	const struct idmap m = { .uids = &uids,
				 .gids = &gids,
				 .setgroups = is_root };
	struct err e = ERR_INIT;
	auto_fd proc = procfs_open_host(&e), pidfd = -1;
	int go[2], status, pid;

	assert_ok(fd_pipe(go, &e), &e);
	pid = start_child(go, &pidfd, t, staged | kept << 1);
	close(go[0]);
	if (pid > 0) {
		assert_ok(idmap_write(proc, pid, &m, &e), &e);
		assert_int_equal(fd_write_all(go[1], "g", 1), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
	}
	close(go[1]);
	return pid < 0 ? -1 : WEXITSTATUS(status);
}

static bool has_layers_by_fd(void)
{
	struct utsname u;
	unsigned major = 0, minor = 0;

	return uname(&u) == 0 &&
	       sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 15));
}

static void check(bool staged, bool kept)
{
	struct tree t;
	int status;

	tree_make(&t);
	status = run(&t, staged, kept);
	if (status >= 0) {
		assert_int_equal(status, 0);
		/* the layers are as they were */
		assert_int_equal(faccessat(t.dir, "2/low", F_OK, 0), -1);
		assert_int_equal(faccessat(t.dir, "kept/upper/low", F_OK, 0),
				 kept ? 0 : -1);
	}
	tree_done(&t);
	if (status < 0)
		skip(); /* no user namespaces here */
}

static void layers_named_on_a_stage_writes_in_memory(void **state)
{
	(void)state;
	check(true, false);
}

static void layers_named_on_a_stage_writes_kept(void **state)
{
	(void)state;
	check(true, true);
}

static void layers_by_descriptor_writes_in_memory(void **state)
{
	(void)state;
	if (!has_layers_by_fd())
		skip(); /* Linux 6.15 */
	check(false, false);
}

static void layers_by_descriptor_writes_kept(void **state)
{
	(void)state;
	if (!has_layers_by_fd())
		skip(); /* Linux 6.15 */
	check(false, true);
}

static void more_layers_than_have_names_are_refused(void **state)
{
	static int lower[400];
	const struct overlay o = { .lower = lower,
				   .n_lower = ARRAY_SIZE(lower),
				   .writes = -1 };
	struct err e = ERR_INIT;
	char path[64];
	int stage = unit_make_dir(path);

	(void)state;
	/* before anything is mounted: no rights are needed to see it */
	for (size_t i = 0; i < ARRAY_SIZE(lower); i++)
		lower[i] = -1;
	assert_err(overlay_mount_staged(&o, stage, &e), &e, ERR_LIMIT,
		   "400 layers");
	close(stage);
	unit_remove_dir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_named_on_a_stage_writes_in_memory),
		cmocka_unit_test(layers_named_on_a_stage_writes_kept),
		cmocka_unit_test(layers_by_descriptor_writes_in_memory),
		cmocka_unit_test(layers_by_descriptor_writes_kept),
		cmocka_unit_test(more_layers_than_have_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
