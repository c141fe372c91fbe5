/*
 * resolve_process.c - what is run: command, environment, working directory,
 * host name, stop signal (image-spec conversion.md).
 */
#include "plan/resolve_parts.h"

#include <signal.h>
#include <string.h>
#include <linux/sched.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"

#define HOSTNAME_MAX 64

static void append(char ***v, char *const *more)
{
	strv_foreach (s, more) {
		strv_add(v, *s);
	}
}

/* Words after the image replace its Cmd; --entrypoint clears Cmd, too. */
static int add_argv(struct resolve *v, struct err *e)
{
	const struct image_config *c = v->image ? &v->image->config : NULL;
	const struct request *r = v->r;
	char ***argv = &v->s->argv;

	if (r->has_entrypoint)
		append(argv, r->entrypoint);
	else if (c)
		append(argv, c->entrypoint);
	if (strv_len(r->command))
		append(argv, r->command);
	else if (c && !r->has_entrypoint)
		append(argv, c->cmd);
	if (!strv_len(*argv) && r->root == ROOT_HOST)
		strv_add(argv, "/bin/sh");
	if (!strv_len(*argv))
		return err_set(e, ERR_USAGE,
			       "no command to run: %s names none; give one "
			       "after the flags",
			       c ? "the image" : "a root without image");
	if (!**argv[0])
		return err_set(e, ERR_USAGE, "the command is an empty word");
	return 0;
}

/* KEY=VALUE with a key; a NUL cannot be here. */
static int set_env(struct resolve *v, char *const *words, bool is_image,
		   struct err *e)
{
	strv_foreach (w, words) {
		if (!strchr(*w, '=') || **w == '=')
			return err_set(e, is_image ? ERR_INPUT : ERR_USAGE,
				       "%s %s: expected KEY=VALUE",
				       is_image ? "environment of the image:"
						: "--env",
				       *w);
		strv_setenv(&v->s->env, *w);
	}
	return 0;
}

static void set_var(struct resolve *v, const char *key, const char *value)
{
	auto_free char *s = xasprintf("%s=%s", key, value);

	strv_setenv(&v->s->env, s);
}

/* Ours first, the image's over them, the request's last. Nothing of the
 * caller's environment comes in, no proxies either. */
static int add_env(struct resolve *v, struct err *e)
{
	const struct resolved_user *u = v->user;

	set_var(v, "PATH", DEFAULT_PATH);
	if (v->s->terminal)
		set_var(v, "TERM", DEFAULT_TERM);
	if (v->s->hostname)
		set_var(v, "HOSTNAME", v->s->hostname);
	set_var(v, "HOME",
		u->home && *u->home ? u->home
		: v->s->uid	    ? "/"
				    : "/root");
	if (v->image && set_env(v, v->image->config.env, true, e))
		return -1;
	return set_env(v, v->r->env, false, e);
}

static int add_cwd(struct resolve *v, struct err *e)
{
	const char *dir = v->r->workdir;

	if (dir && *dir != '/')
		return err_set(e, ERR_USAGE,
			       "--workdir %s: not an absolute path", dir);
	if (!dir && v->image)
		dir = v->image->config.workdir;
	v->s->cwd = path_clean(dir ? dir : "/");
	return 0;
}

static int add_hostname(struct resolve *v, struct err *e)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	const char *name = v->r->hostname ? v->r->hostname : DEFAULT_HOSTNAME;

	if (!(v->s->unshare & CLONE_NEWUTS))
		return 0;
	if (!*name || strlen(name) > HOSTNAME_MAX || name[strspn(name, ok)])
		return err_set(e, ERR_USAGE,
			       "--hostname %s: 1 to %d letters, digits, '-', "
			       "'_' and '.'",
			       name, HOSTNAME_MAX);
	v->s->hostname = xstrdup(name);
	return 0;
}

static int add_signal(struct resolve *v, struct err *e)
{
	const char *sig = v->r->stop_signal;

	v->s->stop_signal = SIGTERM;
	if (sig)
		return signal_parse(sig, "--stop-signal", &v->s->stop_signal,
				    e);
	sig = v->image ? v->image->config.stop_signal : NULL;
	if (!sig || !*sig)
		return 0;
	if (signal_parse(sig, "StopSignal of the image", &v->s->stop_signal,
			 e)) {
		if (e)
			e->kind = ERR_INPUT;
		return -1;
	}
	return 0;
}

int resolve_process(struct resolve *v, struct err *e)
{
	bool own_pids = v->s->unshare & CLONE_NEWPID;

	v->s->init = v->r->init != NO && own_pids;
	v->s->umask = DEFAULT_UMASK;
	if (add_argv(v, e) || add_hostname(v, e) || add_env(v, e) ||
	    add_cwd(v, e))
		return -1;
	return add_signal(v, e);
}
