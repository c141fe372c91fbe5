/*
 * make.c - from a bundle's directory to a container that waits at its gate:
 * plan, verdict, state directory, launch, state.json, pid file. Whatever
 * fails, nothing of it is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/file.h"
#include "base/json.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/bundle.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "plan/build.h"
#include "plan/hash.h"
#include "plan/resolve.h"
#include "policy/explain.h"
#include "policy/judge.h"
#include "store/oci.h"

#define AT(member) offsetof(struct oci_make, member)
const struct option oci_make_rows[] = {
	{ "bundle", 'b', OPTION_STRING, "DIR", AT(bundle), "Flags",
	  "the bundle (default: the working directory)", NULL, NULL },
	{ "config", 'f', OPTION_STRING, "FILE", AT(config), "Flags",
	  "its config.json (default: DIR/config.json)", NULL, NULL },
	{ "pid-file", 0, OPTION_STRING, "FILE", AT(pid_file), "Flags",
	  "write the number of the container's process here", NULL, NULL },
	{ "console-socket", 0, OPTION_STRING, "PATH", AT(console_socket),
	  "Flags", "send the terminal's master to this socket", NULL, NULL },
	{ "preserve-fds", 0, OPTION_STRING, "N", AT(preserve_fds), "Flags",
	  "pass so many descriptors above 2", NULL, NULL },
	{ "no-pivot", 0, OPTION_BOOL, NULL, AT(no_pivot), "Flags",
	  "accepted: the root is pivoted into all the same", NULL, NULL },
	{ "no-new-keyring", 0, OPTION_BOOL, NULL, AT(no_keyring), "Flags",
	  "keep the session keyring of the caller", NULL, NULL },
	{ "no-subreaper", 0, OPTION_BOOL, NULL, AT(no_subreaper), "Flags",
	  "accepted: we are never one", NULL, NULL },
	{ 0 },
};

void oci_make_done(struct oci_make *m)
{
	free(m->bundle);
	free(m->config);
	free(m->pid_file);
	free(m->console_socket);
	free(m->preserve_fds);
}

/* A container being made. */
struct making {
	const struct oci_globals *globals;
	const struct oci_make *flags;
	const char *id;
	char *dir, *file; /* the bundle, its config.json */
	struct buf text;  /* what was read there, once */
	struct engine *engine;
	struct spec *spec;
	struct plan *plan;
	struct verdict *verdict;
	int root, state_dir;
	struct bundle_gate gate;
	struct oci_state state;
	struct oci_passed passed;
};
#define MAKING_INIT                                                            \
	{                                                                      \
		.root = -1, .state_dir = -1, .gate = { -1, -1 }                \
	}

static void making_done(struct making *m)
{
	int *const fds[] = { &m->root, &m->state_dir, &m->gate.gate,
			     &m->gate.status };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	free(m->dir);
	free(m->file);
	buf_done(&m->text);
	spec_free(m->spec);
	plan_free(m->plan);
	verdict_free(m->verdict);
	engine_free(m->engine);
	oci_state_done(&m->state);
	free(m->passed.fds);
}
DEFINE_AUTO_DONE(struct making, making_done);

static int find_bundle(struct making *m, struct err *e)
{
	const char *bundle = m->flags->bundle ? m->flags->bundle : ".";

	m->dir = path_absolute(bundle);
	if (!m->dir)
		return err_sys(e, "--bundle %s", bundle);
	m->file = m->flags->config ? path_absolute(m->flags->config)
				   : path_join(m->dir, "config.json");
	return m->file ? 0 : err_sys(e, "--config %s", m->flags->config);
}

static int make_plan(struct making *m, struct err *e)
{
	const char *manager = m->globals->cgroup_manager;
	const struct bundle_ask ask = {
		.id = m->id,
		.dir = m->dir,
		.file = m->file,
		.text = &m->text,
		.no_cgroups = manager && strcmp(manager, "disabled") == 0,
		.systemd = m->globals->systemd_cgroup ||
			   (manager && strcmp(manager, "systemd") == 0),
		.no_keyring = m->flags->no_keyring,
		.passed = m->passed.fds,
		.n_passed = m->passed.n,
		.n_listen = m->passed.n_listen,
	};

	m->engine = engine_open_bundles(e);
	if (!m->engine ||
	    engine_bundle_plan(m->engine, &ask, &m->spec, &m->plan, e) < 0)
		return -1;
	strv_foreach (text, m->spec->bundle->warnings)
		oci_log_warn(m->globals, *text);
	if (m->spec->terminal && !m->flags->console_socket && !m->flags->stays)
		return err_set(e, ERR_USAGE,
			       "process.terminal: cannot allocate a terminal "
			       "without --console-socket");
	if (!m->spec->terminal && m->flags->console_socket)
		return err_set(e, ERR_USAGE,
			       "--console-socket is for process.terminal");
	m->verdict = engine_decide(m->engine, m->plan, NULL, e);
	if (!m->verdict)
		return -1;
	return m->verdict->permitted
		       ? 0
		       : policy_explain_err(m->verdict, m->plan, e);
}

/* ---- the state ---- */

static char *now(void)
{
	struct timespec t = { 0 };
	char text[32] = "";
	struct tm tm;

	/* a clock that cannot be read is 1970 */
	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (!gmtime_r(&t.tv_sec, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm))
		*text = '\0';
	return xasprintf("%s.%09ldZ", text, t.tv_nsec);
}

/* What cannot be read is left empty: it is for those who look, no more. */
static char *streams(void)
{
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct json_out j;

	json_out_init(&j, &b, false);
	json_out_array(&j, NULL);
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		auto_free char *target = path_of_fd(fd);

		json_out_str(&j, NULL, target ? target : "");
	}
	json_out_array_end(&j);
	return buf_take(&b);
}

static void fill_state(struct making *m)
{
	const struct host *h = engine_host(m->engine);
	struct oci_state *s = &m->state;

	s->id = xstrdup(m->id);
	s->bundle = xstrdup(m->dir);
	s->rootfs = xstrdup(m->spec->layers[0].path);
	s->created = now();
	s->owner = h->user ? xstrdup(h->user) : xasprintf("%u", h->uid);
	s->annotations = strv_copy(m->spec->annotations);
	if (m->spec->cgroup && m->spec->cgroup->how == CGROUP_UNIT)
		s->scope = xstrdup(m->spec->cgroup->name);
	s->own_pids = m->spec->unshare & CLONE_NEWPID;
	s->streams = streams();
	plan_hash(m->plan, s->hash);
}

/* A copy: what is started and stopped later is what was judged. */
static int save_config(struct making *m, struct err *e)
{
	return file_write_at(m->state_dir, "config.json", m->text.p,
			     m->text.len, e);
}

static int open_state(struct making *m, struct err *e)
{
	m->root = oci_root(m->globals, true, e);
	if (m->root < 0)
		return -1;
	m->state_dir = store_oci_make(m->root, m->id, e);
	if (m->state_dir < 0)
		return -1;
	/* both ends: so that opening waits for nobody */
	m->gate.gate = store_oci_fifo(m->state_dir, "gate", O_RDWR);
	m->gate.status = store_oci_fifo(m->state_dir, "result", O_RDWR);
	if (m->gate.gate < 0 || m->gate.status < 0)
		return err_sys(e, "open the container's gate");
	return save_config(m, e);
}

static char *state_for_hook(void *arg, pid_t pid, bool created)
{
	struct making *m = arg;

	m->state.pid = pid;
	return oci_state_json(&m->state, created ? OCI_CREATED : OCI_CREATING,
			      false);
}

/* ---- launch ---- */

/* Written down before it is made: whoever deletes the container finds it. */
static int note_cgroup(void *arg, char *const *lines, struct err *e)
{
	struct making *m = arg;

	strv_free(m->state.cgroup);
	m->state.cgroup = strv_copy(lines);
	return store_oci_save(m->state_dir, &m->state, e);
}

static int launch(struct making *m, struct bundle_created *ret, struct err *e)
{
	const struct bundle_container c = {
		.spec = m->spec,
		.plan = m->plan,
		.verdict = m->verdict,
		.gate = m->gate,
		.console_socket = m->flags->console_socket,
		.note = note_cgroup,
		.state = state_for_hook,
		.arg = m,
	};
	AUTO(bundle_created_done) struct bundle_created made = { .pid = -1 };

	if (engine_bundle_create(&c, &made, e) < 0) {
		oci_explain(m->spec->argv[0], e);
		return -1;
	}
	m->state.pid = made.pid;
	m->state.start_time = store_oci_start_time(made.pid, e);
	if (!m->state.start_time ||
	    store_oci_save(m->state_dir, &m->state, e) < 0 ||
	    oci_write_pid(m->flags->pid_file, made.pid, e) < 0 ||
	    engine_bundle_detach(&made, e) < 0)
		return -1;
	*ret = made;
	made = (struct bundle_created){ .pid = -1 };
	return 0;
}

static void give_up(struct making *m)
{
	/* What was made of its cgroup, the launch has removed; what stands at
	 * that name now may be another's. The error that led here is the one
	 * to tell. */
	(void)store_oci_remove(m->root, m->id, NULL);
}

int oci_make_container(struct oci_call *x, const struct oci_make *f,
		       int *ret_dir, struct bundle_created *ret, struct err *e)
{
	AUTO(making_done) struct making m = MAKING_INIT;

	m.globals = x->globals;
	m.flags = f;
	m.id = x->words[0];
	if (store_oci_check_id(m.id, e) < 0 ||
	    oci_passed_fds(f->preserve_fds, &m.passed, e) < 0 ||
	    find_bundle(&m, e) < 0 || make_plan(&m, e) < 0)
		return -1;
	fill_state(&m);
	if (open_state(&m, e) < 0 || launch(&m, ret, e) < 0) {
		if (m.state_dir >= 0)
			give_up(&m);
		return -1;
	}
	*ret_dir = TAKE_FD(m.state_dir);
	return 0;
}
