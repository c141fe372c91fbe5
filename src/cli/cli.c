/*
 * cli.c - finds the command, runs it, prints its error: the only place of
 * the command line that prints errors.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/alloc.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/cli.h"

static const struct command *const commands[] = {
	&command_run,
	&command_ps,
	&command_plan,
	&command_check,
	&command_diff,
	&command_audit,
	&command_policy,
	&command_seccomp,
	&command_profile,
	&command_denials,
	&command_load,
	&command_import,
	&command_images,
	&command_inspect,
	&command_tag,
	&command_rmi,
	&command_gc,
	&command_info,
	&command_doctor,
	&command_version,
	&command_help,
	&command_completion,
	NULL,
};

/* What docker's and podman's users may type. */
static const struct word others[] = {
	{ "exec", 0 },	  { "create", 0 },  { "start", 0 },  { "stop", 0 },
	{ "kill", 0 },	  { "rm", 0 },	    { "logs", 0 },   { "attach", 0 },
	{ "pull", 0 },	  { "push", 0 },    { "build", 0 },  { "commit", 0 },
	{ "cp", 0 },	  { "network", 0 }, { "volume", 0 }, { "compose", 0 },
	{ "restart", 0 }, { "login", 0 },   { NULL, 0 },
};

const struct command *const *cli_commands(void)
{
	return commands;
}

const struct command *cli_find(const char *name, struct err *e)
{
	const char *names[ARRAY_SIZE(commands)], *near;
	uint64_t unused;
	size_t i;

	for (i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
		names[i] = commands[i]->name;
	}
	if (word_find(others, name, &unused)) {
		err_set(e, ERR_USAGE,
			"%s: not offered yet; see 'immure --help'", name);
		return NULL;
	}
	near = word_nearest(name, names, i);
	if (near)
		err_set(e, ERR_USAGE, "%s: unknown command; did you mean %s?",
			name, near);
	else
		err_set(e, ERR_USAGE,
			"%s: unknown command; see 'immure --help'", name);
	return NULL;
}

int cli_print(const struct buf *b, struct err *e)
{
	if (b->len && fd_write_all(STDOUT_FILENO, b->p, b->len))
		return err_sys(e, "write to standard output");
	return 0;
}

int cli_print_help(const struct command *c, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b, "Usage: immure %s %s\n\n%s\n", c->name, c->words,
		   c->text);
	if (c->more)
		buf_printf(&b, "\n%s", c->more);
	if (c->subs)
		buf_str(&b, "\nCommands:\n");
	for (const struct command *const *s = c->subs; s && *s; s++)
		buf_printf(&b, "  %-12s%s\n", cli_sub_word(*s), (*s)->text);
	option_help(&c->options, &b);
	return cli_print(&b, e);
}

static int parsed(const struct command *c, enum option_result r, struct err *e)
{
	if (r == OPTION_HELP)
		return cli_print_help(c, e) ? -1 : CLI_HELP;
	return r;
}

int cli_parse(const struct command *c, char *const *args, void *target,
	      char ***ret_words, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	int r = parsed(c, option_parse(&c->options, args, target, &words, e),
		       e);
	size_t n = strv_len(words);

	if (r)
		return r;
	if (n < c->min || n > c->max)
		return err_set(e, ERR_USAGE,
			       "immure %s: %zu words are too %s; usage: immure "
			       "%s %s",
			       c->name, n, n < c->min ? "few" : "many", c->name,
			       c->words);
	*ret_words = TAKE(words);
	return 0;
}

int cli_parse_run(const struct command *c, char *const *args,
		  struct run_args *ret, struct err *e)
{
	auto_free char *cwd = getcwd(NULL, 0);
	struct run_context here = { .env = environ, .cwd = cwd };

	/* "(unreachable)" is what the kernel says of a lost directory */
	if (!cwd || cwd[0] != '/')
		return err_set(e, ERR_HOST,
			       "the current directory cannot be named; go to "
			       "another one");
	return parsed(c, run_args_parse(&c->options, args, &here, ret, e), e);
}

static int run(char *const *args, struct err *e)
{
	const struct command *c;

	if (!args[0] || !strcmp(args[0], "--help") || !strcmp(args[0], "-h"))
		return cli_print_overview(e);
	if (!strcmp(args[0], "--version") || !strcmp(args[0], "-v"))
		return command_version.run(&command_version, args + 1, e);
	if (args[0][0] == '-')
		return err_set(e, ERR_USAGE,
			       "%s: a flag before the command; see 'immure "
			       "--help'",
			       args[0]);
	c = cli_find(args[0], e);
	return c ? c->run(c, args + 1, e) : -1;
}

int cli_main(char *const *args)
{
	struct err e = ERR_INIT;
	int status = run(args, &e);

	if (status >= 0)
		return status;
	if (status == CLI_HELP)
		return 0;
	if (e.kind == ERR_NONE) /* a failure is never a success */
		err_set(&e, ERR_BUG, "failed without a reason; please report");
	log_error(&e);
	return err_exit_status(e.kind);
}
