/*
 * run.c - plan, judge, launch, supervise: a run in the foreground.
 */
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/sha256.h"
#include "base/table.h"
#include "engine/cgroups.h"
#include "engine/owner.h"
#include "engine/walls.h"
#include "launch/cgroup.h"
#include "launch/launch.h"
#include "monitor/record.h"
#include "monitor/signals.h"
#include "monitor/supervise.h"
#include "monitor/terminal.h"
#include "plan/build.h"
#include "policy/explain.h"
#include "policy/judge.h"
#include "store/running.h"

/* One run: what is asked for, the payload's standard streams, our ends. */
struct run {
	const struct request *request;
	const struct run_options *options;
	struct launch_order order;
	const char *runtime;	    /* where names are taken */
	int name;		    /* what holds the name (--name), or -1 */
	struct cgroup_notes *notes; /* NULL: no cgroup */
	struct launch_cgroup *cgroup;
	int record; /* the file that calls are written to, or -1 */
	struct recorder *recorder;
	int null;      /* /dev/null, read and write */
	int theirs[3]; /* pipes, -1 where none */
	struct supervise s;
};
#define RUN_INIT                                                               \
	{                                                                      \
		.name = -1, .record = -1, .null = -1,                          \
		.theirs = { -1, -1, -1 }, .s = SUPERVISE_INIT                  \
	}

static void close_ends(int *fds, int n)
{
	for (int i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(TAKE_FD(fds[i]));
}

static void run_done(struct run *x)
{
	int rest[] = { x->null,	 x->s.pidfd,	x->s.exec_status, x->s.signals,
		       x->s.pty, x->s.listener, x->record };

	if (x->name >= 0)
		running_release(x->runtime, x->request->name, x->name);
	close_ends(x->theirs, 3);
	close_ends(x->s.relay, 3);
	close_ends(rest, ARRAY_SIZE(rest));
	recorder_free(x->recorder);
	launch_cgroup_abort(x->cgroup);
	cgroups_free(x->notes);
}
DEFINE_AUTO_DONE(struct run, run_done);

static int relay(struct run *x, int i, struct err *e)
{
	int ends[2];

	if (fd_pipe(ends, e) < 0)
		return -1;
	x->theirs[i] = ends[i != 0];
	x->s.relay[i] = ends[i == 0];
	x->order.io.fds[i] = x->theirs[i];
	if (fchmod(x->theirs[i], 0666) < 0) /* see open_up */
		return err_sys(e, "open up a pipe");
	return 0;
}

/*
 * The payload is another user than the maker of the pipe, and yet programs
 * open /dev/stdout: anybody who can name a pipe (through /proc, which takes
 * the right to trace its holder) may open it. Not so a FIFO, which has a name
 * of its own. A directory would be a way out: the payload could stand in it.
 */
static int open_up(int fd, bool *ret_device, struct err *e)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) < 0 ||
	    (S_ISFIFO(st.st_mode) && fstatfs(fd, &fs) < 0))
		return err_sys(e, "stat of standard stream %d", fd);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_USAGE,
			       "standard stream %d is a directory: give a "
			       "file, a pipe or a terminal",
			       fd);
	if (S_ISFIFO(st.st_mode) && fs.f_type == PIPEFS_MAGIC &&
	    st.st_uid == geteuid() && fchmod(fd, 0666) < 0)
		return err_sys(e, "open up the pipe on fd %d", fd);
	*ret_device = S_ISCHR(st.st_mode);
	return 0;
}

/*
 * A file, pipe or socket of the caller is passed as it is; a terminal never
 * is: its bytes go through a pipe. Without -i standard input is empty.
 */
static int streams_open(struct run *x, struct err *e)
{
	const struct request *r = x->request;
	int *fds = x->order.io.fds;

	x->null = path_open(AT_FDCWD, "/dev/null", PATH_HOST, O_RDWR, 0);
	if (x->null < 0)
		return err_sys(e, "open /dev/null");
	for (int i = 0; i < 3; i++) {
		bool device = false;

		fds[i] = i;
		if (r->tty || (i == 0 && !r->interactive)) {
			fds[i] = x->null;
			continue;
		}
		if (open_up(i, &device, e) < 0 ||
		    (device && isatty(i) && relay(x, i, e) < 0))
			return -1;
	}
	return 0;
}

/* Replaced, when it is a file of the caller's own; never a link's target. */
static int record_open(struct run *x, struct err *e)
{
	const char *name = x->request->record;
	struct stat st;

	if (!name)
		return 0;
	x->record = path_open(
		AT_FDCWD, name, PATH_HOST,
		O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (x->record < 0 || fstat(x->record, &st) < 0)
		return err_sys(e, "--record %s", name);
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return err_set(e, ERR_USAGE,
			       "--record %s: that is %s; name a new file", name,
			       S_ISREG(st.st_mode) ? "another user's file"
						   : "no file");
	if (ftruncate(x->record, 0) < 0)
		return err_sys(e, "--record %s: empty it", name);
	x->recorder = recorder_new(x->order.plan, x->record, e);
	x->order.listen = recorder_serve;
	x->order.listen_arg = x->recorder;
	return x->recorder ? 0 : -1;
}

/* A plan with a cgroup of its own, written down before it is made; what others
 * left behind is removed. */
static int cgroup_open_notes(struct run *x, const struct host *h, struct err *e)
{
	bool has_cgroup = false;

	plan_foreach (s, x->order.plan)
		has_cgroup |= s->op == OP_CGROUP;
	if (!has_cgroup) {
		cgroups_sweep_left(h);
		return 0;
	}
	x->notes = cgroups_open(h, e);
	if (!x->notes)
		return -1;
	cgroups_sweep(x->notes);
	x->order.note = cgroups_note;
	x->order.note_arg = x->notes;
	return 0;
}

static int cgroup_end(struct run *x, struct run_result *ret, struct err *e)
{
	struct launch_cgroup *c = TAKE(x->cgroup);

	if (!x->notes || launch_cgroup_end(c, &ret->oom_kills, e) < 0)
		return x->notes ? -1 : 0;
	cgroups_forget(x->notes);
	return 0;
}

static int record_end(struct run *x, struct err *e)
{
	struct recorder_sums s;

	recorder_sum(x->recorder, &s);
	if (x->options->sums)
		*x->options->sums = (struct run_sums){ .calls = s.calls,
						       .distinct = s.distinct,
						       .denied = s.denied,
						       .dropped = s.dropped,
						       .io_uring = s.io_uring };
	if (recorder_end(x->recorder, e) < 0)
		return err_prefix(e, "--record %s", x->request->record);
	return 0;
}

/* --name: taken before anything starts. */
static int name_take(struct run *x, struct engine *g, struct err *e)
{
	if (!x->request->name)
		return 0;
	x->runtime = engine_host(g)->runtime_dir;
	x->name = running_claim(x->runtime, x->request->name, e);
	return x->name < 0 ? -1 : 0;
}

/* Before go: nothing runs under a name that others cannot find. */
static int name_tell(const struct run *x, const struct launched *l,
		     struct err *e)
{
	const struct plan *p = x->order.plan;
	const struct request *r = x->request;
	auto_free struct blob *filters = NULL;
	char hash[SHA256_HEX + 1];
	auto_free char *record = NULL;
	struct running running = {
		.name = r->name,
		.image = p->subject,
		.command = (char **)p->steps[p->n - 1].exec.argv,
		.plan = hash,
		.pid = l->pid,
		.started = (int64_t)time(NULL),
	};

	if (x->name < 0)
		return 0;
	if (r->record) {
		record = path_of_fd(x->record);
		if (!record)
			return err_sys(e, "--record %s", r->record);
	}
	running.record = record;
	for (size_t i = 0; i < p->n; i++) {
		if (p->steps[i].op != OP_SECCOMP)
			continue;
		*GROW(filters, running.n_filters) = p->steps[i].seccomp.filter;
		running.n_filters++;
	}
	running.filters = filters;
	sha256_hex(x->order.permit->hash, hash);
	return running_tell(x->name, &running, e);
}

static void print_walls(const struct plan *p, const struct report *r, int fd)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	walls_text(p, r, &b);
	/* a reader that went away does not keep the sandbox from running */
	(void)fd_write_all(fd, b.p, b.len);
}

/* Before go: from now on a signal is the sandbox's, so nothing ends us while
 * the terminal is in raw mode. */
static int get_ready(struct run *x, const struct launched *l,
		     struct terminal *t, struct err *e)
{
	x->s.signals = signals_open(l->report.ignored, e);
	if (x->s.signals < 0 || name_tell(x, l, e) < 0)
		return -1;
	if (x->options->explain)
		print_walls(x->order.plan, &l->report, x->options->explain_fd);
	if (l->pty < 0)
		return 0;
	terminal_copy_size(l->pty);
	return x->request->interactive ? terminal_raw(t, e) : 0;
}

static int watch(struct run *x, const struct launched *l,
		 struct run_result *ret, struct err *e)
{
	const struct plan *p = x->order.plan;

	x->s.pid = l->pid;
	x->s.pidfd = l->pidfd;
	x->s.exec_status = l->exec_status;
	x->s.pty = l->pty;
	x->s.listener = l->listener;
	x->s.listen = recorder_serve;
	x->s.listen_arg = x->recorder;
	x->s.is_init = p->steps[p->n - 1].exec.init;
	x->s.interactive = x->request->interactive;
	x->s.timeout_ms = x->request->timeout_ms;
	if (supervise(&x->s, ret, e) == 0)
		return 0;
	return e && (e->kind == ERR_NOCMD || e->kind == ERR_NOEXEC)
		       ? err_prefix(e, "%s", p->steps[p->n - 1].exec.argv[0])
		       : -1;
}

/* Files of an image belong to the id space; those of a directory need not. */
static void explain_failure(const struct run *x, struct err *e)
{
	const struct request *r = x->request;

	if (r->root != ROOT_IMAGE)
		owner_explain(r->root == ROOT_HOST ? "/" : r->rootfs,
			      x->order.plan, e);
}

static int run_permitted(struct run *x, struct engine *g,
			 struct run_result *ret, struct err *e)
{
	struct terminal t = { 0 };
	struct launching *pending;
	struct launched l;
	int r;

	if (streams_open(x, e) < 0 || name_take(x, g, e) < 0 ||
	    record_open(x, e) < 0 ||
	    cgroup_open_notes(x, engine_host(g), e) < 0)
		return -1;
	if (launch_prepare(&x->order, &l, &pending, e) < 0) {
		if (x->notes)
			cgroups_forget(x->notes);
		explain_failure(x, e);
		return -1;
	}
	close_ends(x->theirs, 3);
	r = get_ready(x, &l, &t, e);
	if (r < 0)
		launch_abort(pending);
	else
		r = launch_go(pending, e);
	if (r == 0) {
		engine_started(g);
		x->cgroup = l.cgroup;
		r = watch(x, &l, ret, e);
	}
	terminal_restore(&t);
	if (cgroup_end(x, ret, r < 0 ? NULL : e) < 0)
		r = -1;
	if (x->recorder && record_end(x, r < 0 ? NULL : e) < 0 && r == 0)
		r = -1;
	return r;
}

int engine_run(struct engine *g, const struct request *r,
	       const struct run_options *o, struct run_result *ret,
	       struct err *e)
{
	AUTO(plan_free) struct plan *p = engine_plan(g, r, e);
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(run_done) struct run x = RUN_INIT;

	if (!p)
		return -1;
	v = engine_decide(g, p, o->warn, e);
	if (!v)
		return -1;
	if (!v->permitted)
		return policy_explain_err(v, p, e);
	if (engine_hold(g, e) < 0)
		return -1;
	x.request = r;
	x.options = o;
	x.order.plan = p;
	x.order.permit = &v->permit;
	x.s.stop_signal = engine_stop_signal(g);
	return run_permitted(&x, g, ret, e);
}
