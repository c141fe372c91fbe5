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
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "engine/walls.h"
#include "launch/launch.h"
#include "monitor/supervise.h"
#include "monitor/terminal.h"
#include "plan/build.h"
#include "policy/explain.h"
#include "policy/judge.h"

/* The payload's standard streams and our ends of them. */
struct streams {
	int null;		/* /dev/null, read and write */
	int theirs[3], ours[3]; /* pipes, -1 where none */
	struct launch_order order;
};
#define STREAMS_INIT                                                           \
	{                                                                      \
		.null = -1, .theirs = { -1, -1, -1 }, .ours = { -1, -1, -1 }   \
	}

static void streams_close(int *fds)
{
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(TAKE_FD(fds[i]));
}

static void streams_done(struct streams *s)
{
	streams_close(s->theirs);
	streams_close(s->ours);
	if (s->null >= 0)
		close(s->null);
}
DEFINE_AUTO_DONE(struct streams, streams_done);

static int relay(struct streams *s, int i, struct err *e)
{
	int ends[2];

	if (fd_pipe(ends, e) < 0)
		return -1;
	s->theirs[i] = ends[i != 0];
	s->ours[i] = ends[i == 0];
	s->order.io.fds[i] = s->theirs[i];
	if (fchmod(s->theirs[i], 0666) < 0) /* see open_up */
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
static int streams_open(struct streams *s, const struct run_options *o,
			struct err *e)
{
	s->null = path_open(AT_FDCWD, "/dev/null", PATH_HOST, O_RDWR, 0);
	if (s->null < 0)
		return err_sys(e, "open /dev/null");
	for (int i = 0; i < 3; i++) {
		bool device = false;

		s->order.io.fds[i] = i;
		if (o->tty || (i == 0 && !o->interactive)) {
			s->order.io.fds[i] = s->null;
			continue;
		}
		if (open_up(i, &device, e) < 0 ||
		    (device && isatty(i) && relay(s, i, e) < 0))
			return -1;
	}
	return 0;
}

static const char *program_of(const struct plan *p)
{
	return p->steps[p->n - 1].exec.argv[0];
}

static int watch(struct launched *l, struct streams *s,
		 const struct run_options *o, struct run_result *ret,
		 struct err *e)
{
	struct supervise sv = {
		.pid = l->pid,
		.pidfd = l->pidfd,
		.exec_status = l->exec_status,
		.pty = l->pty,
		.relay = { s->ours[0], s->ours[1], s->ours[2] },
		.interactive = o->interactive,
		.timeout_ms = o->timeout_ms,
		.stop_signal = o->stop_signal,
	};

	s->ours[0] = -1; /* supervise closes it at the end of our input */
	if (supervise(&sv, ret, e) == 0)
		return 0;
	return e && (e->kind == ERR_NOCMD || e->kind == ERR_NOEXEC)
		       ? err_prefix(e, "%s", program_of(s->order.plan))
		       : -1;
}

/* A reader that went away does not keep the sandbox from running. */
static void print_walls(const struct plan *p, const struct report *r, int fd)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	walls_text(p, r, &b);
	(void)fd_write_all(fd, b.p, b.len);
}

static void launched_done(struct launched *l)
{
	close(l->pidfd);
	close(l->exec_status);
	if (l->pty >= 0)
		close(l->pty);
}

/* `s->order` says what and by whose permit. */
static int run_permitted(struct engine *g, struct streams *s,
			 const struct run_options *o, struct run_result *ret,
			 struct err *e)
{
	struct terminal t = { 0 };
	struct launching *pending;
	struct launched l;
	int r;

	if (streams_open(s, o, e) < 0 ||
	    launch_prepare(&s->order, &l, &pending, e) < 0)
		return -1;
	if (l.pty >= 0)
		terminal_copy_size(l.pty);
	if (o->explain)
		print_walls(s->order.plan, &l.report, o->explain_fd);
	if (l.pty >= 0 && o->interactive && terminal_raw(&t, e) < 0) {
		launch_abort(pending);
		return -1;
	}
	streams_close(s->theirs);
	r = launch_go(pending, e);
	if (r == 0) {
		engine_started(g);
		r = watch(&l, s, o, ret, e);
		launched_done(&l);
	}
	terminal_restore(&t);
	return r;
}

int engine_run(struct engine *g, const struct request *r,
	       const struct run_options *o, struct run_result *ret,
	       struct err *e)
{
	AUTO(plan_free) struct plan *p = engine_plan(g, r, e);
	AUTO(verdict_free) struct verdict *v = NULL;
	AUTO(streams_done) struct streams s = STREAMS_INIT;

	if (!p)
		return -1;
	v = engine_judge(g, p, e);
	if (!v)
		return -1;
	if (!v->permitted)
		return policy_explain_err(v, p, e);
	s.order.plan = p;
	s.order.permit = &v->permit;
	return run_permitted(g, &s, o, ret, e);
}
