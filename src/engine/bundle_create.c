/*
 * bundle_create.c - launches a judged bundle up to its gate, and opens the
 * gate later.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/strv.h"
#include "engine/bundle.h"
#include "launch/cgroup.h"
#include "launch/gate.h"
#include "launch/launch.h"
#include "monitor/signals.h"
#include "monitor/supervise.h"
#include "monitor/terminal.h"

static int run_hook(void *arg, const struct step *s, pid_t pid, struct err *e)
{
	const struct bundle_container *c = arg;
	const struct bundle_hook hook = { .when = s->hook.when,
					  .path = s->hook.path,
					  .args = s->hook.args,
					  .env = s->hook.env,
					  .timeout = s->hook.timeout };
	struct bundle one = { .hooks = (struct bundle_hook *)&hook,
			      .n_hooks = 1 };
	/* the specification's own tests want its oldest hook told so */
	bool created = hook.when == HOOK_PRESTART;
	auto_free char *state = c->state(c->arg, pid, created);

	return engine_bundle_hooks(&one, hook.when, state, e);
}

static char *tell_state(void *arg, pid_t pid, bool created)
{
	const struct bundle_container *c = arg;

	return c->state(c->arg, pid, created);
}

/* ---- the terminal ---- */

static int connect_console(const char *path, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	auto_fd sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(a.sun_path))
		return err_set(e, ERR_USAGE,
			       "--console-socket %s: longer than %zu bytes",
			       path, sizeof(a.sun_path) - 1);
	strcpy(a.sun_path, path);
	if (sock < 0 ||
	    connect(sock, (const struct sockaddr *)&a, sizeof(a)) < 0)
		return err_sys(e, "connect to the console socket %s", path);
	return TAKE_FD(sock);
}

/* What runc sends is the name of the terminal; nobody reads it. */
static int hand_over(const char *path, int pty, struct err *e)
{
	static const char name[] = "/dev/ptmx";
	auto_fd sock = connect_console(path, e);

	if (sock < 0)
		return -1;
	if (fd_send(sock, name, sizeof(name) - 1, pty) < 0)
		return err_sys(e, "send the terminal to %s", path);
	return 0;
}

static int place_terminal(const struct bundle_container *c,
			  struct bundle_created *ret, struct err *e)
{
	const struct winsize size = { .ws_row = c->spec->bundle->rows,
				      .ws_col = c->spec->bundle->columns };

	if (ret->pty < 0)
		return 0;
	if (size.ws_row && ioctl(ret->pty, TIOCSWINSZ, &size) < 0)
		return err_sys(e, "set the size of the terminal");
	if (!c->console_socket)
		return terminal_plain_lines(ret->pty, e);
	if (hand_over(c->console_socket, ret->pty, e) < 0)
		return -1;
	close(TAKE_FD(ret->pty));
	ret->launched->pty = -1;
	return 0;
}

/* ---- create ---- */

int engine_bundle_create(const struct bundle_container *c,
			 struct bundle_created *ret, struct err *e)
{
	const struct launch_gate gate = { c->gate.gate, c->gate.status };
	bool gated = c->gate.gate >= 0;
	const struct launch_hooks hooks = {
		run_hook, tell_state, (struct bundle_container *)(uintptr_t)c
	};
	const struct launch_order order = { .plan = c->plan,
					    .permit = &c->verdict->permit,
					    .io = { { 0, 1, 2 } },
					    .gate = gated ? &gate : NULL,
					    .detached = c->detached,
					    .note = c->note,
					    .note_arg = c->arg,
					    .hooks = &hooks };
	struct bundle_created made = { .launched = xcalloc(
					       1, sizeof(*made.launched)) };

	if (launch_prepare(&order, made.launched, &made.pending, e) < 0) {
		free(made.launched);
		return -1;
	}
	made.pid = made.launched->pid;
	made.pidfd = made.launched->pidfd;
	made.pty = made.launched->pty;
	if (place_terminal(c, &made, e) < 0) {
		engine_bundle_abort(&made);
		return -1;
	}
	*ret = made;
	return 0;
}

/* It has its cgroup, and whoever deletes it removes that. */
static void leave(struct bundle_created *c)
{
	close(c->pidfd);
	strv_free(launch_cgroup_leave(c->launched->cgroup));
}

void bundle_created_done(struct bundle_created *c)
{
	if (!c->launched)
		return;
	if (c->pending)
		launch_abort(c->pending);
	else
		leave(c);
	if (!c->pending && c->pty >= 0)
		close(c->pty);
	free(c->launched);
	*c = (struct bundle_created){ .pid = -1, .pidfd = -1, .pty = -1 };
}

void engine_bundle_abort(struct bundle_created *c)
{
	bundle_created_done(c);
}

/* ---- start ---- */

/* Nothing: it was executed. Else an errno and where it comes from. */
static int read_status(int status, struct err *e)
{
	int r[2];

	if (fd_read_exact(status, r, sizeof(r)) < 0)
		return errno == ENODATA ? 0
					: err_sys(e, "read how the start went");
	if (r[1] == 2)
		return err_set(e, ERR_SYS,
			       "a startContainer hook failed: it ended with "
			       "status %d",
			       r[0]);
	if (r[1] != 0)
		return err_sysno(e, r[0], "start the container");
	err_sysno(e, r[0], "exec");
	if (e)
		e->kind = r[0] == ENOENT ? ERR_NOCMD : ERR_NOEXEC;
	return -1;
}

int engine_bundle_detach(struct bundle_created *c, struct err *e)
{
	int status = c->launched->exec_status;

	if (launch_detach(TAKE(c->pending), e) < 0)
		return -1;
	return status < 0 ? 0 : read_status(status, e);
}

int engine_bundle_go(struct bundle_created *c, struct err *e)
{
	return launch_go(TAKE(c->pending), e);
}

int engine_bundle_start(int gate, int status, const uint8_t hash[PLAN_HASH_LEN],
			struct err *e)
{
	struct gate_message m = { .magic = GATE_MAGIC };

	memcpy(m.hash, hash, sizeof(m.hash));
	if (fd_write_all(gate, &m, sizeof(m)) < 0)
		return err_sys(e, "open the container's gate");
	return read_status(status, e);
}

int engine_bundle_wait(struct bundle_created *c, struct run_result *ret,
		       struct err *e)
{
	struct supervise s = SUPERVISE_INIT;
	struct terminal t = { 0 };
	int r;

	s.pid = c->pid;
	s.pidfd = c->pidfd;
	s.pty = c->pty;
	s.exec_status = c->launched->exec_status;
	s.interactive = c->pty >= 0;
	s.stop_signal = SIGTERM;
	s.signals = signals_open(c->launched->report.ignored, e);
	if (s.signals < 0)
		return -1;
	if (c->pty >= 0) {
		terminal_copy_size(c->pty);
		if (terminal_raw(&t, e) < 0)
			return -1;
	}
	r = supervise(&s, ret, e);
	terminal_restore(&t);
	close(s.signals);
	return r;
}
