/*
 * exec.c - `immure-oci exec ID CMD…`: one more program in a container, with
 * the rights that --process, or the container's own config.json and the
 * flags, give it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/defaults.h"
#include "base/file.h"
#include "base/num.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "engine/bundle.h"
#include "format/oci_spec.h"
#include "format/oci_state.h"
#include "oci/oci.h"
#include "plan/build.h"
#include "plan/resolve.h"
#include "policy/explain.h"
#include "policy/judge.h"
#include "store/oci.h"

/* What an error of ours ends with, as runc's exec: 1 may be the program's. */
#define STATUS_FAILED 255

struct exec_args {
	char *process, *pid_file, *console_socket, *preserve_fds;
	char *cwd, *user, *apparmor, *label;
	char **env, **groups, **caps, **cgroups;
	bool tty, detach, no_new_privs, ignore_paused, no_subreaper;
};
#define AT(member) offsetof(struct exec_args, member)
static const struct option rows[] = {
	{ "process", 'p', OPTION_STRING, "FILE", AT(process), "Flags",
	  "a process object of the specification, in place of CMD", NULL,
	  NULL },
	{ "detach", 'd', OPTION_BOOL, NULL, AT(detach), "Flags",
	  "do not stay until it ends", NULL, NULL },
	{ "pid-file", 0, OPTION_STRING, "FILE", AT(pid_file), "Flags",
	  "write the number of the process here", NULL, NULL },
	{ "tty", 't', OPTION_BOOL, NULL, AT(tty), "Flags", "give it a terminal",
	  NULL, NULL },
	{ "console-socket", 0, OPTION_STRING, "PATH", AT(console_socket),
	  "Flags", "send the terminal's master to this socket", NULL, NULL },
	{ "cwd", 0, OPTION_STRING, "DIR", AT(cwd), "Flags",
	  "its working directory", NULL, NULL },
	{ "env", 'e', OPTION_LIST, "NAME=VALUE", AT(env), "Flags",
	  "a variable of its environment", NULL, NULL },
	{ "user", 'u', OPTION_STRING, "UID[:GID]", AT(user), "Flags",
	  "who it is, in numbers", NULL, NULL },
	{ "additional-gids", 'g', OPTION_LIST, "GID", AT(groups), "Flags",
	  "one more group, a number", NULL, NULL },
	{ "cap", 'c', OPTION_LIST, "CAP", AT(caps), "Flags",
	  "one more capability", NULL, NULL },
	{ "no-new-privs", 0, OPTION_BOOL, NULL, AT(no_new_privs), "Flags",
	  "it and its children never gain rights", NULL, NULL },
	{ "apparmor", 0, OPTION_STRING, "PROFILE", AT(apparmor), "Flags",
	  "its AppArmor profile", NULL, NULL },
	{ "process-label", 0, OPTION_STRING, "LABEL", AT(label), "Flags",
	  "its SELinux label", NULL, NULL },
	{ "preserve-fds", 0, OPTION_STRING, "N", AT(preserve_fds), "Flags",
	  "pass so many descriptors above 2", NULL, NULL },
	{ "ignore-paused", 0, OPTION_BOOL, NULL, AT(ignore_paused), "Flags",
	  "also in a container that is paused", NULL, NULL },
	{ "cgroup", 0, OPTION_LIST, "[CONTROLLER,…:]PATH", AT(cgroups), "Flags",
	  "a cgroup below the container's", NULL, NULL },
	{ "no-subreaper", 0, OPTION_BOOL, NULL, AT(no_subreaper), "Flags",
	  "accepted: we are never one", NULL, NULL },
	{ 0 },
};

static void args_done(struct exec_args *a)
{
	char **const texts[] = {
		&a->process, &a->pid_file, &a->console_socket, &a->preserve_fds,
		&a->cwd,     &a->user,	   &a->apparmor,       &a->label
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		free(*texts[i]);
	strv_free(a->env);
	strv_free(a->groups);
	strv_free(a->caps);
	strv_free(a->cgroups);
}
DEFINE_AUTO_DONE(struct exec_args, args_done);

/* A program being started in a container. */
struct entering {
	struct oci_call *call;
	const struct exec_args *args;
	struct oci_state state;
	struct oci_passed passed;
	struct spec *spec;
	struct engine *engine;
	struct plan *plan;
	struct verdict *verdict;
	int dir;
};

static void entering_done(struct entering *x)
{
	oci_state_done(&x->state);
	free(x->passed.fds);
	spec_free(x->spec);
	plan_free(x->plan);
	verdict_free(x->verdict);
	engine_free(x->engine);
	if (x->dir >= 0)
		close(x->dir);
}
DEFINE_AUTO_DONE(struct entering, entering_done);

/* ---- the process ---- */

/* The last of a name counts. */
static int set_env(struct spec *s, char *const *more, struct err *e)
{
	strv_foreach (row, more) {
		size_t n = strcspn(*row, "=");
		char **env = NULL;

		if (n == 0 || !(*row)[n])
			return err_set(e, ERR_USAGE, "--env %s: not NAME=VALUE",
				       *row);
		strv_foreach (old, s->env)
			if (strncmp(*old, *row, n + 1) != 0)
				strv_add(&env, *old);
		strv_add(&env, *row);
		strv_free(s->env);
		s->env = env;
	}
	return 0;
}

static int set_user(struct spec *s, const char *user, struct err *e)
{
	size_t n = strcspn(user, ":");
	auto_free char *uid = xstrndup(user, n);

	if (num_u32(uid, "--user", &s->uid, e) < 0)
		return -1;
	s->gid = 0;
	return user[n] ? num_u32(user + n + 1, "--user", &s->gid, e) : 0;
}

static int set_groups(struct spec *s, char *const *more, struct err *e)
{
	strv_foreach (text, more) {
		uint32_t gid;

		if (num_u32(*text, "--additional-gids", &gid, e) < 0)
			return -1;
		*GROW(s->groups, s->n_groups) = gid;
		s->n_groups++;
	}
	return 0;
}

static void set_caps(struct spec *s, char *const *more)
{
	struct cap_sets *c = &s->bundle->caps;

	strv_foreach (name, more) {
		unsigned cap;

		/* as in config.json: a warning, not an error */
		if (cap_parse(*name, "--cap", &cap, NULL) < 0) {
			strv_take(
				&s->bundle->warnings,
				xasprintf("--cap %s: not known, and not given",
					  *name));
			continue;
		}
		c->bounding |= 1ull << cap;
		c->permitted |= 1ull << cap;
		c->effective |= 1ull << cap;
		/* what is inherited reaches programs of other users, too */
		c->ambient |= 1ull << cap & c->inheritable;
	}
}

static void replace(char **text, const char *by)
{
	if (!by)
		return;
	free(*text);
	*text = *by ? xstrdup(by) : NULL;
}

static int set_cwd(struct spec *s, const char *cwd, struct err *e)
{
	if (!cwd)
		return 0;
	if (*cwd != '/')
		return err_set(e, ERR_USAGE, "--cwd %s: not absolute", cwd);
	free(s->cwd);
	s->cwd = path_clean(cwd);
	return 0;
}

/* The container's own process, and what the flags change. */
static int apply_flags(struct entering *x, struct err *e)
{
	const struct exec_args *a = x->args;
	char *const *cmd = x->call->words + 1;
	struct spec *s = x->spec;

	if (!strv_len(cmd))
		return err_set(e, ERR_USAGE, "exec: no command to run");
	strv_free(s->argv);
	s->argv = strv_copy(cmd);
	s->terminal = a->tty;
	s->no_new_privs |= a->no_new_privs;
	replace(&s->apparmor, a->apparmor);
	replace(&s->selinux, a->label);
	if (set_env(s, a->env, e) < 0 || set_cwd(s, a->cwd, e) < 0 ||
	    (a->user && set_user(s, a->user, e) < 0) ||
	    set_groups(s, a->groups, e) < 0)
		return -1;
	set_caps(s, a->caps);
	return 0;
}

static int read_spec(struct entering *x, struct err *e)
{
	const struct host *h = engine_host(x->engine);
	AUTO(buf_done) struct buf text = BUF_INIT, process = BUF_INIT;
	const char *file = x->args->process;
	const struct oci_facts facts = {
		.host = { .arch = h->arch,
			  .kernel_major = h->kernel_major,
			  .kernel_minor = h->kernel_minor },
		.no_cgroups = true,
		.process = file ? &process : NULL,
		.process_name = "--process",
	};

	if (file_read_at(x->dir, "config.json", OCI_SPEC_MAX, &text, e) < 0)
		return -1;
	if (file && oci_read(file, OCI_SPEC_MAX, &process, e) < 0)
		return err_prefix(e, "--process");
	x->spec = oci_spec_parse("config.json", &text, &facts, e);
	if (!x->spec)
		return -1;
	if (!file)
		return apply_flags(x, e);
	x->spec->terminal |= x->args->tty;
	return 0;
}

static int check_terminal(const struct entering *x, struct err *e)
{
	const struct exec_args *a = x->args;

	if (!x->spec->terminal && a->console_socket)
		return err_set(e, ERR_USAGE,
			       "--console-socket is for a terminal (--tty)");
	if (x->spec->terminal && a->detach && !a->console_socket)
		return err_set(e, ERR_USAGE,
			       "cannot allocate a terminal without "
			       "--console-socket when detached");
	return 0;
}

static int find_container(struct entering *x, struct err *e)
{
	enum oci_status status;

	if (oci_load(x->call->globals, x->call->words[0], &x->dir, &x->state,
		     e) < 0)
		return -1;
	status = store_oci_status(x->dir, &x->state);
	if (status == OCI_PAUSED && !x->args->ignore_paused)
		return err_set(e, ERR_CONFLICT,
			       "cannot exec in a paused container (use "
			       "--ignore-paused to override)");
	if (status == OCI_CREATING || status == OCI_STOPPED)
		return err_set(e, ERR_CONFLICT,
			       "cannot exec in a container that is %s",
			       oci_status_word(status));
	return 0;
}

/* In which of the container's cgroups it is to be. */
static int find_cgroup(struct entering *x, struct err *e)
{
	char **lines;

	if (!x->args->cgroups)
		return 0;
	lines = oci_subcgroups(x->state.cgroup, x->args->cgroups, e);
	if (!lines)
		return -1;
	strv_free(x->state.cgroup);
	x->state.cgroup = lines;
	return 0;
}

static int prepare(struct entering *x, struct err *e)
{
	const struct entry_ask ask = { .id = x->state.id,
				       .pid = x->state.pid,
				       .rootfs = x->state.rootfs,
				       .cgroup = x->state.cgroup,
				       .passed = x->passed.fds,
				       .n_passed = x->passed.n };

	x->engine = engine_open_bundles(e);
	if (!x->engine || read_spec(x, e) < 0 || check_terminal(x, e) < 0 ||
	    engine_entry_plan(x->engine, x->spec, &ask, &x->plan, e) < 0)
		return -1;
	/* the namespaces are held by their ids; that they were the
	 * container's, its process tells that is still there */
	if (store_oci_start_time(x->state.pid, e) != x->state.start_time)
		return err_set(e, ERR_CONFLICT, "the container has ended");
	strv_foreach (text, x->spec->bundle->warnings)
		oci_log_warn(x->call->globals, *text);
	x->verdict = engine_decide(x->engine, x->plan, NULL, e);
	if (!x->verdict)
		return -1;
	return x->verdict->permitted
		       ? 0
		       : policy_explain_err(x->verdict, x->plan, e);
}

/* ---- the start ---- */

static int finish(struct entering *x, struct bundle_created *made,
		  struct err *e)
{
	struct run_result result = { 0 };

	if (oci_write_pid(x->args->pid_file, made->pid, e) < 0)
		return -1;
	if (x->args->detach)
		return engine_bundle_detach(made, e);
	if (engine_bundle_go(made, e) < 0 ||
	    engine_bundle_wait(made, &result, e) < 0)
		return -1;
	return result.status;
}

static int start(struct entering *x, struct err *e)
{
	AUTO(bundle_created_done) struct bundle_created made = { .pid = -1 };
	const struct bundle_container c = {
		.spec = x->spec,
		.plan = x->plan,
		.verdict = x->verdict,
		.gate = { -1, -1 },
		.detached = x->args->detach,
		.console_socket = x->args->console_socket,
	};
	int r = engine_bundle_create(&c, &made, e);

	if (r == 0)
		r = finish(x, &made, e);
	if (r < 0)
		oci_explain(x->spec->argv[0], e);
	return r;
}

static int exec(const struct oci_command *c, struct oci_call *call,
		struct err *e)
{
	AUTO(args_done) struct exec_args a = { 0 };
	AUTO(entering_done)
	struct entering x = { .call = call, .args = &a, .dir = -1 };
	int r = oci_parse(c, call, &a, e);

	if (r)
		return r;
	if (oci_passed_fds(a.preserve_fds, &x.passed, e) == 0 &&
	    find_container(&x, e) == 0 && find_cgroup(&x, e) == 0 &&
	    prepare(&x, e) == 0)
		r = start(&x, e);
	else
		r = -1;
	if (r >= 0)
		return r;
	oci_log_error(call->globals, e);
	return STATUS_FAILED;
}

const struct oci_command oci_command_exec = {
	.name = "exec",
	.usage = "[flags] ID [CMD [ARG…]]",
	.text = "run one more program in a container",
	.options = { .command = "exec",
		     .program = "immure-oci",
		     .rows = rows,
		     .stop = true },
	.min = 1,
	.starts = true,
	.max = OCI_ANY,
	.run = exec,
};
