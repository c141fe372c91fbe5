/*
 * supervise.c - the loop around a running sandbox.
 *
 * Should: pass bytes and signals on, end when pid 1 has ended and all of its
 *         output is written, report the payload's own status.
 * Must not: buffer without bound, wait where signals and the time-out are not
 *           seen, outlive or be outlived by the sandbox.
 */
#include "monitor/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/retry.h"
#include "base/table.h"
#include "kernel/pidfd.h"
#include "monitor/stream.h"
#include "monitor/terminal.h"
#include "monitor/signals.h"

enum { STREAMS = 3, FIXED = 4, POLL_MAX = FIXED + STREAMS };
#define GRACE_MS 10000 /* from the stop signal to SIGKILL */
/* Who holds the payload's output open after the end, is no part of it: with
 * the host's processes there may be somebody. */
#define SILENCE_MS	1000
#define EOF_WAIT_MS	50
#define EOF_WAIT_MAX_MS 2000

struct loop {
	struct supervise *s;
	struct run_result *ret;
	struct stream streams[STREAMS];
	int timer; /* -1: no time-out */
	bool ended;
	bool given_up; /* on output that nobody takes */
	int eof_wait;  /* ms until the end of input is typed */
	int status;    /* of waitid */
	int code;
};

static int set_timer(int fd, uint64_t ms, struct err *e)
{
	struct itimerspec t = {
		.it_value = { .tv_sec = (time_t)(ms / 1000),
			      .tv_nsec = (long)(ms % 1000) * 1000000 },
	};

	if (timerfd_settime(fd, 0, &t, NULL) < 0)
		return err_sys(e, "set the time-out");
	return 0;
}

static int set_up_streams(struct loop *l, struct err *e)
{
	struct supervise *s = l->s;

	for (int i = 0; i < STREAMS; i++)
		stream_init(&l->streams[i], -1, -1);
	if (s->pty >= 0) {
		/* ours alone: the payload has another open file */
		if (fcntl(s->pty, F_SETFL, O_NONBLOCK) < 0)
			return err_sys(e, "make the terminal non-blocking");
		stream_init(&l->streams[0], s->interactive ? 0 : -1, s->pty);
		stream_init(&l->streams[1], s->pty, 1);
		return 0;
	}
	if (s->relay[0] >= 0)
		stream_init(&l->streams[0], 0, s->relay[0]);
	for (int i = 1; i < STREAMS; i++)
		if (s->relay[i] >= 0)
			stream_init(&l->streams[i], s->relay[i], i);
	return 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(TAKE_FD(*fd));
}

/* The input of a terminal has no end that could be closed: it is typed, each
 * time that all else has been read. */
static bool is_typing_eof(const struct loop *l)
{
	const struct stream *in = &l->streams[0];

	return !l->ended && l->s->pty >= 0 && l->s->interactive &&
	       stream_is_done(in) && !in->broken;
}

static void type_eof(struct loop *l)
{
	char eof;

	if (l->eof_wait < EOF_WAIT_MAX_MS)
		l->eof_wait *= 2;
	if (terminal_eof(l->s->pty, &eof))
		stream_put(&l->streams[0], &eof, 1);
}

/* What an ended stream means for the payload: the end of its input; a reader
 * that went away (SIGPIPE, or the terminal hangs up). */
static void pass_ends_on(struct loop *l)
{
	struct supervise *s = l->s;
	struct stream *in = &l->streams[0];

	if (s->pty >= 0 && l->streams[1].broken) {
		close_end(&s->pty);
		stream_init(in, -1, -1);
	}
	for (int i = 1; i < STREAMS; i++)
		if (l->streams[i].broken)
			close_end(&s->relay[i]);
	if (stream_is_done(in))
		close_end(&s->relay[0]);
}

static int reap(struct loop *l, struct err *e)
{
	siginfo_t info;
	int r;

	memset(&info, 0, sizeof(info));
	r = RETRY(waitid(P_PID, (id_t)l->s->pid, &info, WEXITED));
	if (r < 0)
		return err_sys(e, "wait for the sandbox");
	if (info.si_pid != l->s->pid)
		return err_set(e, ERR_SYS,
			       "the sandbox ended without a "
			       "status");
	l->ended = true;
	l->status = info.si_status;
	l->code = info.si_code;
	return 0;
}

static int on_signal(struct loop *l, struct err *e)
{
	struct signalfd_siginfo si;
	ssize_t n = RETRY(read(l->s->signals, &si, sizeof(si)));

	if (n != (ssize_t)sizeof(si))
		return n < 0 && errno == EAGAIN ? 0
						: err_sys(e, "read a signal");
	if (l->ended) {
		l->given_up |= signals_is_end((int)si.ssi_signo);
		return 0;
	}
	if (si.ssi_signo == SIGWINCH && l->s->pty >= 0)
		return terminal_copy_size(l->s->pty);
	return signals_forward(l->s->pidfd, (int)si.ssi_signo, e);
}

static int on_timer(struct loop *l, struct err *e)
{
	uint64_t count;

	if (read(l->timer, &count, sizeof(count)) < 0)
		return errno == EAGAIN ? 0 : err_sys(e, "read the timer");
	if (l->ret->timed_out)
		return signals_forward(l->s->pidfd, SIGKILL, e);
	l->ret->timed_out = true;
	if (signals_forward(l->s->pidfd,
			    l->s->stop_signal ? l->s->stop_signal : SIGTERM,
			    e) < 0)
		return -1;
	return set_timer(l->timer, GRACE_MS, e);
}

static int on_call(struct loop *l, short revents, struct err *e)
{
	struct supervise *s = l->s;

	if (revents & POLLIN)
		return s->listen(s->listen_arg, s->listener, e);
	close_end(&s->listener);
	return 0;
}

/* Is all output passed on? */
static bool output_is_done(const struct loop *l)
{
	for (int i = 1; i < STREAMS; i++)
		if (!stream_is_done(&l->streams[i]))
			return false;
	return true;
}

static bool has_unwritten(const struct loop *l)
{
	return l->streams[1].len || l->streams[2].len;
}

static int turn(struct loop *l, struct err *e)
{
	struct pollfd p[POLL_MAX] = {
		{ .fd = l->ended ? -1 : l->s->pidfd, .events = POLLIN },
		{ .fd = l->s->signals, .events = POLLIN },
		{ .fd = l->ended ? -1 : l->timer, .events = POLLIN },
		{ .fd = l->s->listener, .events = POLLIN },
	};
	int at[STREAMS + 1], n = FIXED, ready;

	for (int i = 0; i < STREAMS; i++) {
		at[i] = n;
		if (i > 0 || !l->ended) /* what we read then, is lost */
			n += stream_poll(&l->streams[i], &p[n]);
	}
	at[STREAMS] = n;
	ready = RETRY(poll(p, (nfds_t)n,
			   l->ended	      ? SILENCE_MS
			   : is_typing_eof(l) ? l->eof_wait
					      : -1));
	if (ready < 0)
		return err_sys(e, "poll");
	if (ready == 0 && is_typing_eof(l))
		type_eof(l);
	l->given_up |= l->ended && ready == 0 && !has_unwritten(l);
	if (p[1].revents && on_signal(l, e) < 0)
		return -1;
	if (p[2].revents && on_timer(l, e) < 0)
		return -1;
	if (p[3].revents && on_call(l, p[3].revents, e) < 0)
		return -1;
	for (int i = 0; i < STREAMS; i++)
		stream_move(&l->streams[i], &p[at[i]], at[i + 1] - at[i]);
	pass_ends_on(l);
	return p[0].revents ? reap(l, e) : 0;
}

/* What the exec status pipe holds once pid 1 has ended: nothing when the
 * payload was executed, else an errno and whose it is. */
struct exec_report {
	int errnum;
	int stage; /* 0: of the payload's exec; 1: of what came before */
};

static bool has_report(const struct supervise *s, struct exec_report *ret)
{
	struct pollfd p = { .fd = s->exec_status, .events = POLLIN };
	ssize_t n;

	if (s->exec_status < 0 || poll(&p, 1, 0) <= 0 || !(p.revents & POLLIN))
		return false;
	n = RETRY(read(s->exec_status, ret, sizeof(*ret)));
	return n == (ssize_t)sizeof(*ret);
}

static int report_error(const struct exec_report *r, struct err *e)
{
	if (r->stage != 0)
		return err_sysno(e, r->errnum, "prepare the program's start");
	if (r->errnum == ENOENT)
		return err_set(e, ERR_NOCMD,
			       "its interpreter (the #! line, or the loader) "
			       "is not in the sandbox");
	err_sysno(e, r->errnum, "execute it%s",
		  r->errnum == ENOEXEC ? ", for another machine, or no program"
				       : "");
	if (e)
		e->kind = ERR_NOEXEC;
	return -1;
}

/* immure-init ends by no signal of the payload's: its own exec failed beyond
 * the point of return. SIGKILL may come from anywhere. */
static bool was_stillborn(const struct loop *l)
{
	return l->s->is_init && l->code != CLD_EXITED && l->status != SIGKILL;
}

static int conclude(struct loop *l, struct err *e)
{
	struct exec_report r;

	if (has_report(l->s, &r))
		return report_error(&r, e);
	if (was_stillborn(l))
		return err_set(e, ERR_SYS,
			       "pid 1 of the sandbox ended by signal %d (%s): "
			       "is a limit too small (--ulimit)?",
			       l->status, strsignal(l->status));
	l->ret->started = true;
	l->ret->signal = l->code == CLD_EXITED ? 0 : l->status;
	l->ret->status = l->code == CLD_EXITED ? l->status : 128 + l->status;
	return 0;
}

static int open_loop(struct loop *l, struct err *e)
{
	if (l->s->timeout_ms) {
		l->timer = timerfd_create(CLOCK_MONOTONIC,
					  TFD_CLOEXEC | TFD_NONBLOCK);
		if (l->timer < 0)
			return err_sys(e, "make a timer");
		if (set_timer(l->timer, l->s->timeout_ms, e) < 0)
			return -1;
	}
	return set_up_streams(l, e);
}

static int run_loop(struct loop *l, struct err *e)
{
	while (!l->ended || !(l->given_up || output_is_done(l)))
		if (turn(l, e) < 0)
			return -1;
	return conclude(l, e);
}

int supervise(struct supervise *s, struct run_result *ret, struct err *e)
{
	struct loop l = {
		.s = s, .ret = ret, .timer = -1, .eof_wait = EOF_WAIT_MS
	};
	int r;

	*ret = (struct run_result){ 0 };
	r = open_loop(&l, e);
	if (r == 0)
		r = run_loop(&l, e);
	if (!l.ended) /* an error of ours: nothing goes on unwatched */
		pidfd_end(s->pid, s->pidfd);
	close_end(&l.timer);
	return r;
}
