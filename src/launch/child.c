/*
 * child.c - the child's walk through the plan. A table of operations; the
 * operations themselves are in step_*.c.
 *
 * Should: carry out the CHILD steps in order, wait where the parent acts,
 *         execute only after the parent has verified and said go.
 * Must not: allocate, parse, print, go on after any error.
 */
#include "launch/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/prefault.h"
#include "base/table.h"
#include "kernel/ids.h"

static step_fn *const steps[OP_COUNT] = {
	[OP_KEYRING] = step_keyring,
	[OP_PRIVATE] = step_private,
	[OP_PROCFS] = step_procfs,
	[OP_CONTEXT] = step_context,
	[OP_UPPER] = step_upper,
	[OP_OVERLAY] = step_overlay,
	[OP_ROOTDIR] = step_rootdir,
	[OP_TMPROOT] = step_tmproot,
	[OP_MOUNT] = step_mount,
	[OP_RELABEL] = step_relabel,
	[OP_BIND] = step_bind,
	[OP_DEVICE] = step_device,
	[OP_SYMLINK] = step_symlink,
	[OP_DIR] = step_dir,
	[OP_FILE] = step_file,
	[OP_PTY] = step_pty,
	[OP_READONLY] = step_readonly,
	[OP_MASK] = step_mask,
	[OP_PIVOT] = step_pivot,
	[OP_LOOPBACK] = step_loopback,
	[OP_HOSTNAME] = step_hostname,
	[OP_SYSCTL] = step_sysctl,
	[OP_CGROUPNS] = step_cgroupns,
	[OP_TIMENS] = step_timens,
	[OP_NSLIMIT] = step_nslimit,
	[OP_USERNS] = step_userns,
	[OP_SESSION] = step_session,
	[OP_RLIMIT] = step_rlimit,
	[OP_UMASK] = step_umask,
	[OP_BOUNDING] = step_bounding,
	[OP_IDS] = step_ids,
	[OP_CAPS] = step_caps,
	[OP_CWD] = step_cwd,
	[OP_COMMAND] = step_command,
	[OP_NNP] = step_nnp,
	[OP_LABEL] = step_label,
	[OP_LANDLOCK] = step_landlock,
	[OP_FDS] = step_fds,
	[OP_SECCOMP] = step_seccomp,
	[OP_RECORD] = step_record,
	/* bundles */
	[OP_SLAVE] = step_slave,
	[OP_ROOTTREE] = step_roottree,
	[OP_TREE] = step_tree,
	[OP_MKNOD] = step_mknod,
	[OP_ATTR] = step_attr,
	[OP_PROPAGATE] = step_propagate,
	[OP_OOM] = step_oom,
	[OP_DOMAINNAME] = step_domainname,
	[OP_PERSONA] = step_persona,
	[OP_SCHEDULER] = step_scheduler,
	[OP_IO_PRIORITY] = step_io_priority,
	[OP_AFFINITY] = step_affinity,
	[OP_MEMPOLICY] = step_mempolicy,
	[OP_KEEPCAPS] = step_keepcaps,
	[OP_CAPSETS] = step_capsets,
	[OP_GATE] = step_gate,
	[OP_COPYUP] = step_copyup,
	[OP_ENTER] = step_enter,
	[OP_PASS] = step_pass,
	[OP_HOOK_INSIDE] = step_hook,
	[OP_HOOK_START] = step_hook,
};

int child_open_target(struct child *c, const char *path, struct err *e)
{
	int fd = path_open(c->root, path, PATH_IN_ROOT_STRICT, O_PATH, 0);

	if (fd < 0)
		return err_sys(e, "open %s in the sandbox%s", path,
			       errno == ELOOP ? ", where a symbolic link is "
						"in the way: name the "
						"path it leads to"
					      : "");
	return fd;
}

/* Makes a directory or an empty file, opens it; the parent must be there. */
static int make_target(struct child *c, const char *path, bool directory)
{
	const int flags = O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
	char name[256];
	int dir;

	if (!directory)
		return path_open(c->root, path, PATH_IN_ROOT_STRICT, flags,
				 0644);
	dir = path_open_parent(c->root, path, PARENT_STRICT, name);
	if (dir < 0 || mkdirat(dir, name, 0755) < 0)
		return -1;
	return path_open(c->root, path, PATH_IN_ROOT_STRICT,
			 O_PATH | O_DIRECTORY, 0);
}

/* A file is made at once, since one of ours is rarely there already; most
 * directories are. */
static int open_or_make(struct child *c, const char *path, bool directory)
{
	int fd;

	if (!directory) {
		fd = make_target(c, path, false);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	fd = path_open(c->root, path, PATH_IN_ROOT_STRICT, O_PATH, 0);
	if (fd >= 0 || errno != ENOENT || !directory)
		return fd;
	return make_target(c, path, true);
}

int child_make_target(struct child *c, const char *path, bool directory,
		      struct err *e)
{
	int fd = open_or_make(c, path, directory);
	char name[256];
	int dir;

	if (fd < 0 && errno == ENOENT) { /* its parents, too */
		dir = path_open_parent(c->root, path,
				       PARENT_MAKE | PARENT_STRICT, name);
		if (dir >= 0)
			close(dir);
		fd = open_or_make(c, path, directory);
	}
	if (fd >= 0)
		return fd;
	if (errno == ELOOP)
		return child_open_target(c, path, e);
	return err_sys(e, "make the %s %s in the sandbox",
		       directory ? "directory" : "file", path);
}

int child_open_parent(struct child *c, const char *path, int how,
		      char ret_name[256], struct err *e)
{
	int dir = path_open_parent(c->root, path, how, ret_name);

	if (dir < 0 && errno == ENOENT)
		dir = path_open_parent(c->root, path, how | PARENT_MAKE,
				       ret_name);
	if (dir < 0)
		return err_sys(e,
			       "open or make the parent of %s in the "
			       "sandbox",
			       path);
	return dir;
}

void child_skip(struct child *c, const struct step *s)
{
	size_t i = (size_t)(s - c->plan->steps);

	c->skipped[i / 8] |= (uint8_t)(1u << i % 8);
}

/* What the parent says at a step, with a descriptor or (NULL) without. */
struct awaited {
	uint32_t kind, step;
	int *ret_fd;
};

static int wait_for(struct child *c, const struct awaited *a, struct wire *w,
		    struct err *e)
{
	if (wire_recv(c->sock, w, a->ret_fd, e) < 0)
		return -1;
	if (w->kind != a->kind || w->step != a->step)
		return err_set(e, ERR_BUG,
			       "message 0x%x for step %u instead of 0x%x for "
			       "step %u",
			       w->kind, w->step, a->kind, a->step);
	return 0;
}

static int wait_done(struct child *c, uint32_t step, int *ret_fd, struct err *e)
{
	const struct awaited a = { WIRE_DONE, step, ret_fd };
	struct wire w;

	return wait_for(c, &a, &w, e);
}

static int take_states(struct child *c, uint32_t step, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->states); i++)
		if (wait_done(c, step, &c->states[i], e) < 0)
			return -1;
	return 0;
}

static int take_sources(struct child *c, uint32_t step, struct err *e)
{
	size_t n = source_count(c->plan);

	for (size_t i = 0; i < n; i++)
		if (wait_done(c, step, &c->sources[i], e) < 0)
			return -1;
	return 0;
}

static int die_with_parent(struct err *e)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return err_sys(e, "ask to die with the launcher");
	return 0;
}

static int check_dies_with_parent(struct err *e)
{
	int sig = 0;

	if (prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0) < 0 || sig != SIGKILL)
		return err_set(e, ERR_VERIFY,
			       "would not die with the "
			       "launcher");
	return 0;
}

/* Nothing of the caller's (nohup, a job in the background) is the payload's.
 * What is ignored stays so over exec; only few if any are, and the parent has
 * read which. */
static int reset_ignored(uint64_t ignored, struct err *e)
{
	static const uint64_t dfl[4]; /* struct sigaction of the kernel */

	for (int sig = 1; ignored; sig++, ignored >>= 1)
		if (ignored & 1 &&
		    syscall(SYS_rt_sigaction, sig, dfl, NULL, 8) < 0)
			return err_sys(e, "reset signal %d", sig);
	return 0;
}

/* Nobody else is in a new user namespace, and the launcher has to read our
 * /proc; one that is there already has a root of its own, who could look into
 * us. A change of ids has set something in between. */
static int open_to_launcher(const struct child *c, struct err *e)
{
	int open = plan_find(c->plan, OP_IDMAP)->idmap.how != IDMAP_THERE;

	if (prctl(PR_SET_DUMPABLE, open, 0, 0, 0) < 0 ||
	    prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != open)
		return err_sys(e, "%s /proc to the launcher",
			       open ? "open" : "close");
	return 0;
}

/* Started by root: its id is not in the map, and what it is not in, it can make
 * nothing in. It becomes id 0 of the id space. */
static int leave_root(struct child *c, struct err *e)
{
	const struct step *ids = plan_find(c->plan, OP_IDS);
	const struct ids first = { .set_groups = !ids || ids->ids.set_groups };

	if (!plan_find(c->plan, OP_FETCH) && source_open_all(c, e) < 0)
		return -1;
	return ids_set(&first, e) < 0 ? -1 : open_to_launcher(c, e);
}

/* Created, and not started by whoever created it: that one may go. */
static int detach(struct child *c, uint32_t step, struct err *e)
{
	const struct wire w = { .kind = WIRE_DETACHED, .step = step };

	if (prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0)
		return err_sys(e, "live without the launcher");
	return wire_send(c->sock, &w, -1, e);
}

/* At VERIFY: say that everything is in place, wait for go. */
static int ready(struct child *c, uint32_t step, struct err *e)
{
	struct wire w = { .kind = WIRE_READY, .step = step };
	const struct awaited go = { WIRE_GO, step, NULL };

	/* again: each change of ids has cleared it (prctl(2)) */
	if (die_with_parent(e) < 0 || check_dies_with_parent(e) < 0)
		return -1;
	memcpy(w.skipped, c->skipped, sizeof(w.skipped));
	if (wire_send(c->sock, &w, c->proc, e) < 0)
		return -1;
	if (wait_for(c, &go, &w, e) < 0)
		return -1;
	if (memcmp(w.hash, c->hash, PLAN_HASH_LEN) != 0)
		return err_set(e, ERR_BUG, "go for another plan");
	if (reset_ignored(w.ignored, e) < 0)
		return -1;
	return c->gate >= 0 || c->detached ? detach(c, step, e) : 0;
}

/* What the parent does before we are, and after we are gone. */
static bool is_elsewhere(const struct step *s)
{
	return s->op == OP_JOIN || s->op == OP_CLONE || s->op == OP_HOOK_LATER;
}

static int walk(struct child *c, struct err *e)
{
	for (uint32_t i = 0; i + 1 < c->plan->n; i++) {
		const struct step *s = &c->plan->steps[i];
		int r;

		if (is_elsewhere(s))
			continue;
		if (s->op == OP_VERIFY)
			r = ready(c, i, e);
		else if (s->op == OP_STATE)
			r = take_states(c, i, e);
		else if (s->op == OP_FETCH)
			r = take_sources(c, i, e);
		else if (op_actor(s->op) == PARENT)
			r = wait_done(c, i, NULL, e);
		else if (steps[s->op])
			r = steps[s->op](c, s, e);
		else
			r = err_set(e, ERR_BUG, "no function for %s",
				    op_word(s->op));
		if (r == 0 && s->op == OP_IDMAP && c->sources)
			r = leave_root(c, e);
		if (r < 0) {
			e->step = (int)i;
			return -1;
		}
	}
	return 0;
}

/* The payload starts with no signal blocked, whatever the caller had. */
static int unblock_signals(struct err *e)
{
	sigset_t none;

	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) < 0)
		return err_sys(e, "unblock signals");
	return 0;
}

/* Tied to the parent, in this order: a parent that died before the signal was
 * asked for is seen at the next message, as its ends are nowhere open. */
static int tie(struct child *c, struct err *e)
{
	for (int i = 0; i < 2; i++)
		if (c->parents[i] >= 0 && close(c->parents[i]) < 0)
			return err_sys(e, "close the launcher's end of a pipe");
	return die_with_parent(e);
}

/* For the supervisor: what immure-init would write (immure-init.c). */
static void report(struct child *c, int errnum, int stage)
{
	const int r[2] = { errnum ? errnum : EPROTO, stage };

	fd_write_all(c->status, r, sizeof(r)); /* nobody else to tell */
}

/* The last step. */
static _Noreturn void execute(struct child *c, const struct step *s)
{
	int errnum;

	if (c->init >= 0) {
		syscall(SYS_execveat, c->init, "", c->init_argv, s->exec.env,
			AT_EMPTY_PATH);
		report(c, errno, 1); /* not the payload's fault */
		_exit(125);
	}
	execve(c->program, s->exec.argv, s->exec.env);
	errnum = errno;
	report(c, errnum, 0);
	_exit(errnum == ENOENT ? 127 : 126);
}

_Noreturn void child_main(struct child *c)
{
	struct err e = ERR_INIT;
	struct wire w = { .kind = WIRE_ERR };

	prefault_text();
	if (tie(c, &e) == 0 && unblock_signals(&e) == 0 && walk(c, &e) == 0)
		execute(c, &c->plan->steps[c->plan->n - 1]);
	if (e.kind == ERR_NONE) /* never say "no error" */
		err_set(&e, ERR_BUG, "a step failed without a reason");
	w.err = e;
	wire_send(c->sock, &w, -1, NULL); /* heard until the parent says go */
	if (c->hook_status)
		report(c, c->hook_status, 2);
	else
		report(c, e.errnum, 1);
	_exit(125);
}
