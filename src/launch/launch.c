/*
 * launch.c - the parent's half of a start.
 *
 * Should: check the permit, clone, map, compare what the kernel reports with
 *         the plan, then say go; on any failure leave no process behind.
 * Must not: start anything that was not judged.
 */
#include "launch/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/prefault.h"
#include "base/retry.h"
#include "base/strv.h"
#include "base/table.h"
#include "kernel/idmap.h"
#include "kernel/ns.h"
#include "kernel/pidfd.h"
#include "kernel/procfs.h"
#include "kernel/seccomp_notify.h"
#include "launch/cgroup.h"
#include "kernel/selinux.h"
#include "launch/child.h"
#include "launch/fetch.h"
#include "launch/init_blob.h"
#include "launch/join.h"
#include "launch/verify.h"
#include "plan/hash.h"
#include "plan/maps.h"

struct launching {
	const struct plan *plan;
	uint8_t hash[PLAN_HASH_LEN];
	struct launched *out;
	int sock;
	int proc; /* the host's /proc */
	const struct launch_order *order;
	uint32_t verify_step;
};

static int check_permit(const struct plan *p, const struct permit *permit,
			uint8_t hash[PLAN_HASH_LEN], struct err *e)
{
	if (!permit || !permit->granted)
		return err_set(e, ERR_DENIED, "no permit for this plan");
	if (p->n > WIRE_STEPS_MAX)
		return err_set(e, ERR_LIMIT,
			       "the plan has %zu steps; at most %d: ask for "
			       "fewer mounts",
			       p->n, WIRE_STEPS_MAX);
	if (p->n < 4 || !plan_find(p, OP_CLONE) || !plan_find(p, OP_VERIFY) ||
	    p->steps[p->n - 1].op != OP_EXEC)
		return err_set(e, ERR_BUG, "a plan that cannot be launched");
	plan_hash(p, hash);
	if (memcmp(hash, permit->hash, PLAN_HASH_LEN) != 0)
		return err_set(e, ERR_BUG,
			       "the plan changed after it was judged");
	return 0;
}

/* "immure-init" PROGRAM ARGV… ; the child fills in PROGRAM. */
static char **init_argv(struct child *c, char *const *argv)
{
	size_t n = strv_len(argv);
	char **v = xcalloc(n + 3, sizeof(*v));

	v[0] = c->init_name;
	v[1] = c->program;
	for (size_t i = 0; i < n; i++)
		v[i + 2] = argv[i];
	return v;
}

/* Root may map any ids by itself, and none of them is its own. */
static bool is_started_by_root(const struct plan *p)
{
	const struct step *s = plan_find(p, OP_IDMAP);

	return s && s->idmap.how == IDMAP_DIRECT && s->idmap.setgroups;
}

/* Does the child become another user of the host than the caller, so that it
 * must open what it needs before? */
static bool changes_user(const struct plan *p)
{
	const struct step *s = plan_find(p, OP_IDMAP);

	if (is_started_by_root(p))
		return true;
	return p->kind == PLAN_BUNDLE && s &&
	       maps_outer(&s->idmap.uids, 0) != (int64_t)getuid();
}

bool launch_has_own_pids(const struct plan *p)
{
	plan_foreach (s, p)
		if (s->op == OP_JOIN && s->join.ns == CLONE_NEWPID)
			return true;
	return plan_namespaces(p) & CLONE_NEWPID;
}

/* The id-space id of the sandbox's root, or without one of its user: what the
 * launcher makes is theirs, never the caller's. */
static uint32_t root_owner(const struct plan *p)
{
	const struct idmap_list none = { 0 }, *uids = &none;
	uint32_t user = 0;

	if (p->kind == PLAN_BUNDLE)
		return 0; /* of its one user namespace, or of ours */
	plan_foreach (s, p) {
		if (s->op == OP_USERNS)
			uids = &s->userns.uids;
		if (s->op == OP_IDS)
			user = s->ids.uid;
	}
	if (maps_outer(uids, 0) < 0)
		return (uint32_t)maps_outer(uids, user);
	return (uint32_t)maps_outer(uids, 0);
}

/* The first program of the sandbox is one of its files. */
static int label_init(const struct plan *p, int fd, struct err *e)
{
	plan_foreach (s, p)
		if (s->op == OP_CONTEXT)
			return selinux_set_file(fd, s->context.files, e);
	return 0;
}

/* What the child needs and must not make itself. */
static int prepare_child(struct child *c, struct launching *l,
			 const struct launch_order *o, struct err *e)
{
	const struct plan *p = l->plan;
	const struct step *last = &p->steps[p->n - 1];

	*c = (struct child){ .plan = p,
			     .io = &o->io,
			     .gate = o->gate ? o->gate->gate : -1,
			     .detached = o->detached,
			     .hash = l->hash,
			     .init = -1,
			     .proc = -1,
			     .fdlist = -1,
			     .writes = -1,
			     .upper = -1,
			     .work = -1,
			     .root = -1,
			     .null = -1,
			     .empty = -1,
			     .pty = -1,
			     .states = { -1, -1 },
			     .owner = root_owner(p),
			     .init_name = "immure-init" };
	if (last->exec.init) {
		c->init = fd_memfd("immure-init", init_blob, init_blob_size, e);
		if (c->init < 0 || label_init(p, c->init, e) < 0)
			return -1;
		c->init_argv = init_argv(c, last->exec.argv);
	}
	if (changes_user(p) || plan_find(p, OP_FETCH))
		c->sources = xcalloc(source_count(p) + 1, sizeof(int));
	return 0;
}

static int do_idmap(struct launching *l, uint32_t i, struct err *e)
{
	const struct step *s = &l->plan->steps[i];
	bool helper = s->idmap.how == IDMAP_HELPER;
	const struct idmap m = {
		.uids = &s->idmap.uids,
		.gids = &s->idmap.gids,
		.newuidmap = helper ? s->idmap.newuidmap : NULL,
		.newgidmap = helper ? s->idmap.newgidmap : NULL,
		.setgroups = s->idmap.setgroups,
	};
	const struct wire w = { .kind = WIRE_DONE, .step = i };

	if (s->idmap.how != IDMAP_THERE &&
	    idmap_write(l->proc, l->out->pid, &m, e) < 0)
		return -1;
	return wire_send(l->sock, &w, -1, e);
}

static int do_cgroup(struct launching *l, uint32_t i, struct err *e)
{
	const struct wire w = { .kind = WIRE_DONE, .step = i };

	if (launch_cgroup_enter(l->out->cgroup, l->out->pid, e) < 0)
		return -1;
	return wire_send(l->sock, &w, -1, e);
}

static int do_incgroup(struct launching *l, uint32_t i, struct err *e)
{
	const struct wire w = { .kind = WIRE_DONE, .step = i };

	if (launch_cgroup_join(l->plan->steps[i].incgroup.lines, l->out->pid,
			       e) < 0)
		return -1;
	return wire_send(l->sock, &w, -1, e);
}

/* Until there is a message: the child's calls that wait for an answer. */
static int answer_calls(struct launching *l, struct err *e)
{
	struct pollfd p[2] = { { .fd = l->sock, .events = POLLIN },
			       { .fd = l->out->listener, .events = POLLIN } };

	if (l->out->listener < 0)
		return 0;
	for (;;) {
		if (RETRY(poll(p, 2, -1)) < 0)
			return err_sys(e, "poll the child and its calls");
		if (p[0].revents)
			return 0;
		if (!(p[1].revents & POLLIN)) /* it ended: so did the socket */
			p[1].fd = -1;
		else if (l->order->listen(l->order->listen_arg,
					  l->out->listener, e) < 0)
			return -1;
	}
}

/* Receives until READY; takes the terminal on the way. The child's procfs, or
 * -1. */
static int wait_ready(struct launching *l, uint32_t i, struct wire *w,
		      struct err *e)
{
	for (;;) {
		int fd = -1;

		if (answer_calls(l, e) < 0 || wire_recv(l->sock, w, &fd, e) < 0)
			return -1;
		if (w->kind == WIRE_PTY && l->out->pty < 0 && fd >= 0) {
			l->out->pty = fd;
			continue;
		}
		if (w->kind == WIRE_LISTENER && l->out->listener < 0 &&
		    fd >= 0) {
			l->out->listener = fd;
			if (seccomp_listener_check(fd, e) < 0)
				return -1;
			continue;
		}
		if (w->kind == WIRE_READY && w->step == i && fd >= 0)
			return fd;
		if (fd >= 0)
			close(fd);
		if (w->kind != WIRE_ERR)
			return err_set(e, ERR_BUG, "unexpected message 0x%x",
				       w->kind);
		*e = w->err;
		e->msg[sizeof(e->msg) - 1] = '\0';
		if (e->kind == ERR_NONE)
			e->kind = ERR_BUG;
		return -1;
	}
}

/* Who is recorded has handed over the listener; nobody else has one. */
static int check_listener(const struct launching *l, struct err *e)
{
	bool recorded = false;

	plan_foreach (s, l->plan)
		recorded |= s->op == OP_RECORD;
	if (recorded != (l->out->listener >= 0))
		return err_set(e, ERR_VERIFY,
			       recorded ? "nobody listens to the recorded calls"
					: "a listener that is not in the plan");
	return 0;
}

/* Seen through its own procfs: the host's may hide who is not the caller any
 * more (hidepid, proc(5)). */
static int do_verify(struct launching *l, uint32_t i, struct err *e)
{
	struct wire w;
	auto_fd proc = wait_ready(l, i, &w, e);
	struct verify v = { .plan = l->plan,
			    .host = l->proc,
			    .proc = proc,
			    .pid = 1,
			    .skipped = w.skipped };

	if (proc < 0 || procfs_check(proc, e) < 0 || check_listener(l, e) < 0)
		return -1;
	if (l->plan->kind == PLAN_ENTRY)
		v.pid = l->out->pid; /* it has the host's /proc */
	else if (!(plan_namespaces(l->plan) & CLONE_NEWPID))
		v.pid = verify_own_pid(l->plan, l->proc, l->out->pid, e);
	if (v.pid < 0)
		return -1;
	if (launch_cgroup_verify(l->out->cgroup, l->out->pid, e) < 0)
		return -1;
	l->verify_step = i;
	return verify_child(&v, &l->out->report, e);
}

static int do_hook(struct launching *l, uint32_t i, struct err *e)
{
	const struct launch_hooks *h = l->order->hooks;
	const struct wire w = { .kind = WIRE_DONE, .step = i };

	if (!h)
		return err_set(e, ERR_BUG, "nobody is there to run a hook");
	if (h->run(h->arg, &l->plan->steps[i], l->out->pid, e) < 0)
		return -1;
	return wire_send(l->sock, &w, -1, e);
}

/* Two texts in memory: what hooks read while it is created, and at its start.
 */
static int do_state(struct launching *l, uint32_t i, struct err *e)
{
	const struct launch_hooks *h = l->order->hooks;
	const struct wire w = { .kind = WIRE_DONE, .step = i };

	if (!h)
		return err_set(e, ERR_BUG, "nobody is there for the state");
	for (int created = 0; created < 2; created++) {
		auto_free char *text = h->state(h->arg, l->out->pid, created);
		auto_fd fd = fd_memfd_text("state", text, e);

		if (fd < 0 || wire_send(l->sock, &w, fd, e) < 0)
			return -1;
	}
	return 0;
}

/* What the child said before it ended is the reason for what we found of it. */
static void hear_child(struct launching *l, struct err *e)
{
	struct pollfd p = { .fd = l->sock, .events = POLLIN };
	struct wire w;

	if (l->out->pid < 0 || RETRY(poll(&p, 1, 0)) <= 0 ||
	    wire_recv(l->sock, &w, NULL, NULL) < 0 || w.kind != WIRE_ERR ||
	    w.err.kind == ERR_NONE || !e)
		return;
	*e = w.err;
	e->msg[sizeof(e->msg) - 1] = '\0';
}

/* The parent's steps after CLONE, in order. */
static int walk(struct launching *l, struct err *e)
{
	for (uint32_t i = 1; i < l->plan->n; i++) {
		const struct step *s = &l->plan->steps[i];
		int r = 0;

		if (s->op == OP_IDMAP)
			r = do_idmap(l, i, e);
		else if (s->op == OP_HOOK)
			r = do_hook(l, i, e);
		else if (s->op == OP_STATE)
			r = do_state(l, i, e);
		else if (s->op == OP_FETCH)
			r = fetch_sources(&(struct fetch){ l->plan, i, l->proc,
							   l->out->pidfd,
							   l->sock },
					  e);
		else if (s->op == OP_CGROUP)
			r = do_cgroup(l, i, e);
		else if (s->op == OP_INCGROUP)
			r = do_incgroup(l, i, e);
		else if (s->op == OP_VERIFY)
			r = do_verify(l, i, e);
		if (r < 0) {
			if (s->op != OP_VERIFY)
				hear_child(l, e);
			if (e && e->step < 0)
				e->step = (int)i;
			return -1;
		}
	}
	return 0;
}

static pid_t clone_error(struct err *e)
{
	if (errno == ENOSPC)
		return err_set(e, ERR_HOST,
			       "no namespaces can be made: the limit "
			       "user.max_user_namespaces (or another of "
			       "user.max_*_namespaces) is reached; see "
			       "`immure doctor`");
	return err_sys(e, "start a child in new namespaces "
			  "(`immure doctor` tells what the host allows)");
}

/* The child's end of what tells whether it was executed: a pipe, or what the
 * gate has for it. */
static int open_status(struct launching *l, const struct launch_order *o,
		       int *ret, struct err *e)
{
	int status[2] = { -1, -1 };

	if (o->gate) {
		*ret = fcntl(o->gate->status, F_DUPFD_CLOEXEC, 3);
		return *ret < 0 ? err_sys(e, "duplicate a descriptor") : 0;
	}
	if (fd_pipe(status, e) < 0)
		return -1;
	l->out->exec_status = status[0];
	*ret = status[1];
	return 0;
}

static void run_child(void *c)
{
	child_main(c);
}

static int clone_child(struct launching *l, struct child *c, struct err *e)
{
	struct launched *out = l->out;
	uint64_t flags = plan_namespaces(l->plan);
	const struct join_child child = { flags, run_child, c, &out->pidfd };
	struct joined back;

	if (join_is_final(l->plan)) {
		out->pid = join_clone(l->plan, &child, e);
		join_set_oom(l->plan, l->proc, out->pid);
		return out->pid < 0 ? -1 : 0;
	}
	if (!join_has_way_back(l->plan, l->proc)) {
		out->pid = join_clone(l->plan, &child, e);
		return out->pid < 0
			       ? -1
			       : verify_joins(l->plan, l->proc, out->pid, e);
	}
	if (join_enter(l->plan, l->proc, &back, e) < 0)
		return -1;
	out->pid = ns_clone_into(launch_cgroup_fd(out->cgroup), flags,
				 &out->pidfd);
	if (out->pid == 0)
		child_main(c);
	prefault_written();
	if (out->pid < 0)
		clone_error(e);
	if (join_leave(&back, out->pid < 0 ? NULL : e) < 0 || out->pid < 0)
		return -1;
	return verify_joins(l->plan, l->proc, out->pid, e);
}

static int start(struct launching *l, const struct launch_order *o,
		 struct err *e)
{
	struct launched *out = l->out;
	uint64_t flags = plan_namespaces(l->plan);
	int pair[2] = { -1, -1 }, status = -1;
	struct child c;

	l->proc = procfs_open_host(e);
	if (l->proc < 0 || fd_socketpair(pair, e) < 0)
		return -1;
	l->sock = pair[0];
	auto_fd theirs = pair[1];
	if (open_status(l, o, &status, e) < 0)
		return -1;
	auto_fd status_end = status;
	if (prepare_child(&c, l, o, e) < 0)
		return -1;
	auto_fd init = c.init;
	auto_free char **argv = c.init_argv;
	auto_free int *sources = c.sources;
	c.status = status;
	c.sock = theirs;
	c.parents[0] = pair[0];
	c.parents[1] = out->exec_status;
	if (l->plan->kind == PLAN_ENTRY)
		c.proc = l->proc;
	if (launch_cgroup_make(l->plan, l->order, &out->cgroup, e) < 0 ||
	    clone_child(l, &c, e) < 0)
		return -1;
	return verify_namespaces(l->proc, out->pid, flags, &out->report, e);
}

int launch_prepare(const struct launch_order *o, struct launched *ret,
		   struct launching **ret_l, struct err *e)
{
	struct launching *l = xcalloc(1, sizeof(*l));

	*ret = (struct launched){ .pid = -1,
				  .pidfd = -1,
				  .pty = -1,
				  .listener = -1,
				  .exec_status = -1 };
	l->plan = o->plan;
	l->order = o;
	l->out = ret;
	l->sock = l->proc = -1;
	if (check_permit(o->plan, o->permit, l->hash, e) < 0) {
		launch_abort(l);
		return -1;
	}
	if (start(l, o, e) < 0) {
		hear_child(l, e);
		launch_abort(l);
		return -1;
	}
	if (walk(l, e) < 0) {
		launch_abort(l);
		return -1;
	}
	*ret_l = l;
	return 0;
}

static int say_go(struct launching *l, struct err *e)
{
	struct wire w = { .kind = WIRE_GO, .step = l->verify_step };

	memcpy(w.hash, l->hash, sizeof(w.hash));
	w.ignored = l->out->report.ignored;
	return wire_send(l->sock, &w, -1, e);
}

static void launching_free(struct launching *l)
{
	close(l->sock);
	close(l->proc);
	free(l);
}

int launch_go(struct launching *l, struct err *e)
{
	if (say_go(l, e) < 0) {
		launch_abort(l);
		return -1;
	}
	launching_free(l);
	return 0;
}

static int wait_detached(struct launching *l, struct err *e)
{
	struct wire w;

	if (wire_recv(l->sock, &w, NULL, e) < 0)
		return -1;
	if (w.kind == WIRE_DETACHED)
		return 0;
	if (w.kind != WIRE_ERR)
		return err_set(e, ERR_BUG, "unexpected message 0x%x", w.kind);
	*e = w.err;
	e->msg[sizeof(e->msg) - 1] = '\0';
	return -1;
}

int launch_detach(struct launching *l, struct err *e)
{
	if (say_go(l, e) < 0 || wait_detached(l, e) < 0) {
		launch_abort(l);
		return -1;
	}
	launching_free(l);
	return 0;
}

void launch_abort(struct launching *l)
{
	struct launched *o;

	if (!l)
		return;
	o = l->out;
	if (l->sock >= 0)
		close(l->sock);
	if (l->proc >= 0)
		close(l->proc);
	if (o->pid > 0)
		pidfd_end(o->pid, o->pidfd);
	launch_cgroup_abort(o->cgroup);
	for (int *fd = (int[]){ o->pidfd, o->pty, o->listener, o->exec_status,
				-2 };
	     *fd != -2; fd++)
		if (*fd >= 0)
			close(*fd);
	*o = (struct launched){ .pid = -1,
				.pidfd = -1,
				.pty = -1,
				.listener = -1,
				.exec_status = -1 };
	free(l);
}
