/*
 * resolve_process.c - what is run: image-spec conversion.md, with the words of
 * the request in front. Pure.
 */
#include "plan/resolve_parts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/defaults.h"
#include "base/path.h"
#include "base/strv.h"

static void append(char ***to, char *const *from)
{
	strv_foreach (s, from)
		strv_add(to, *s);
}

/* Arguments replace Cmd; --entrypoint replaces Entrypoint and clears Cmd. */
static int resolve_argv(struct resolving *x, struct err *e)
{
	const struct request *r = x->r;
	const struct image_config *c = x->config;

	if (r->has_entrypoint)
		append(&x->s->argv, r->entrypoint);
	else if (c)
		append(&x->s->argv, c->entrypoint);
	if (r->command && *r->command)
		append(&x->s->argv, r->command);
	else if (c && !r->has_entrypoint)
		append(&x->s->argv, c->cmd);
	if (!strv_len(x->s->argv) && r->root == ROOT_HOST)
		strv_add(&x->s->argv, "/bin/sh");
	if (!strv_len(x->s->argv))
		return err_set(e, ERR_USAGE,
			       "no command: %s; give one after the name",
			       c ? "the image has neither entrypoint nor cmd"
				 : "a directory has none of its own");
	if (!*x->s->argv[0])
		return err_set(e, ERR_USAGE, "the command is an empty word");
	return 0;
}

static void set_if_new(char ***env, const char *key, const char *value)
{
	auto_free char *word = NULL;

	if (!value || strv_getenv(*env, key))
		return;
	word = xasprintf("%s=%s", key, value);
	strv_setenv(env, word);
}

/* The image's, then the caller's words, then what every program expects.
 * Nothing of the caller's own environment comes in unasked. */
static void resolve_env(struct resolving *x)
{
	char ***env = &x->s->env;

	if (x->config)
		strv_foreach (s, x->config->env)
			strv_setenv(env, *s);
	strv_foreach (s, x->r->env)
		strv_setenv(env, *s);
	set_if_new(env, "PATH", DEFAULT_PATH);
	set_if_new(env, "HOSTNAME", x->s->hostname);
	set_if_new(env, "HOME", x->user->home ? x->user->home : "/");
	if (x->r->tty)
		set_if_new(env, "TERM", DEFAULT_TERM);
}

static int resolve_cwd(struct resolving *x, struct err *e)
{
	const char *dir = x->r->workdir;

	if (!dir && x->config)
		dir = x->config->workdir;
	if (!dir || !*dir)
		dir = "/";
	if (*dir != '/')
		return err_set(e, ERR_USAGE,
			       "working directory %s: not an absolute path",
			       dir);
	x->s->cwd = path_clean(dir);
	return 0;
}

static void resolve_user(struct resolving *x)
{
	const struct resolved_user *u = x->user;

	x->s->uid = u->uid;
	x->s->gid = u->gid;
	if (u->n_groups)
		x->s->groups =
			xmemdup(u->groups, u->n_groups * sizeof(*u->groups));
	x->s->n_groups = u->n_groups;
}

static int resolve_signal(struct resolving *x, struct err *e)
{
	const char *name = x->r->stop_signal;

	if (!name && x->config)
		name = x->config->stop_signal;
	if (!name || !*name)
		name = "TERM";
	return signal_parse(name, "stop signal", &x->s->stop_signal, e);
}

int resolve_process(struct resolving *x, struct err *e)
{
	const char *host = x->r->hostname ? x->r->hostname : DEFAULT_HOSTNAME;

	if (strlen(host) > 64 || strpbrk(host, " \t\n/") || !*host)
		return err_set(e, ERR_USAGE,
			       "--hostname %s: 1 to 64 characters without "
			       "white space",
			       host);
	x->s->hostname = xstrdup(host);
	x->s->umask = DEFAULT_UMASK;
	x->s->terminal = x->r->tty;
	x->s->init = x->r->init != NO;
	resolve_user(x);
	if (resolve_argv(x, e) < 0 || resolve_cwd(x, e) < 0 ||
	    resolve_signal(x, e) < 0)
		return -1;
	resolve_env(x);
	return 0;
}
