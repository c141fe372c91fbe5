/*
 * oci.c - finds the command of `immure-oci`, runs it, logs its error.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"
#include "base/program.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/oci_spec.h"
#include "oci/oci.h"

static const struct oci_command *const commands[] = {
	&oci_command_create,   &oci_command_start,
	&oci_command_run,      &oci_command_exec,
	&oci_command_state,    &oci_command_kill,
	&oci_command_delete,   &oci_command_list,
	&oci_command_ps,       &oci_command_pause,
	&oci_command_resume,   &oci_command_update,
	&oci_command_events,   &oci_command_spec,
	&oci_command_features, NULL,
};

#define AT(member) offsetof(struct oci_globals, member)
static const struct option rows[] = {
	{ "root", 0, OPTION_STRING, "DIR", AT(root), "Flags",
	  "where the state of containers is kept", NULL, NULL },
	{ "log", 0, OPTION_STRING, "FILE", AT(log), "Flags",
	  "append messages to this file, too", NULL, NULL },
	{ "log-format", 0, OPTION_STRING, "FORM", AT(log_format), "Flags",
	  "form of messages: text or json", "text|json", NULL },
	{ "log-level", 0, OPTION_STRING, "LEVEL", AT(log_level), NULL,
	  "accepted: warnings and errors are always told", NULL, NULL },
	{ "debug", 0, OPTION_BOOL, NULL, AT(debug), "Flags",
	  "tell what has no effect, too", NULL, NULL },
	{ "systemd-cgroup", 's', OPTION_BOOL, NULL, AT(systemd_cgroup), "Flags",
	  "cgroups are made by systemd", NULL, NULL },
	{ "cgroup-manager", 0, OPTION_STRING, "WORD", AT(cgroup_manager),
	  "Flags", "who makes cgroups", "cgroupfs|systemd|disabled", NULL },
	{ "rootless", 0, OPTION_STRING, "WORD", AT(rootless), "Flags",
	  "accepted: what the caller may do is asked of the kernel",
	  "auto|true|false", NULL },
	{ "version", 'v', OPTION_BOOL, NULL, AT(version), "Flags",
	  "tell the version", NULL, NULL },
	{ 0 },
};
static const struct option_table table = {
	.command = "", .program = "immure-oci", .rows = rows, .stop = true
};

static void globals_done(struct oci_globals *g)
{
	free(g->root);
	free(g->log);
	free(g->log_format);
	free(g->log_level);
	free(g->cgroup_manager);
	free(g->rootless);
}
DEFINE_AUTO_DONE(struct oci_globals, globals_done);

int oci_print(const struct buf *b, struct err *e)
{
	if (b->len && fd_write_all(STDOUT_FILENO, b->p, b->len))
		return err_sys(e, "write to standard output");
	return 0;
}

/* The N of /dev/fd/N and its kin; -1: it is a file. */
static int fd_named(const char *name)
{
	static const char *const dirs[] = { "/dev/fd/", "/proc/self/fd/" };
	uint64_t n;

	if (strcmp(name, "-") == 0 || strcmp(name, "/dev/stdin") == 0)
		return STDIN_FILENO;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		size_t len = strlen(dirs[i]);

		if (strncmp(name, dirs[i], len) == 0 &&
		    num_u64(name + len, INT_MAX, "", &n, NULL) == 0)
			return (int)n;
	}
	return -1;
}

int oci_read(const char *name, size_t max, struct buf *ret, struct err *e)
{
	int fd = fd_named(name);

	return fd < 0 ? file_read(name, max, ret, e)
		      : file_read_fd(fd, max, name, ret, e);
}

static void list_commands(const struct oci_command *const *v, struct buf *b)
{
	for (; *v; v++)
		buf_printf(b, "  %-12s %s\n", (*v)->name, (*v)->text);
}

static int print_overview(const struct oci_globals *g, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b,
		   "NAME:\n   %s - Open Container Initiative runtime: what a "
		   "bundle asks for, verified before it runs\n\n"
		   "USAGE:\n   %s [flags] COMMAND [flags] [ID …]\n\n"
		   "COMMANDS:\n",
		   g->program, g->program);
	list_commands(commands, &b);
	buf_str(&b, "\nKnown, not offered:\n");
	list_commands(oci_later, &b);
	option_help(&table, &b);
	return oci_print(&b, e) < 0 ? -1 : OCI_HELP;
}

static int print_version(const struct oci_globals *g, struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b,
		   "%s version " VERSION "\n"
		   "commit: immure-" VERSION "\n"
		   "spec: " OCI_VERSION "\n"
		   "+SECCOMP +CAP +APPARMOR +SELINUX\n",
		   g->program);
	return oci_print(&b, e) < 0 ? -1 : OCI_HELP;
}

int oci_help(const struct oci_command *c, const struct oci_globals *g,
	     struct err *e)
{
	AUTO(buf_done) struct buf b = BUF_INIT;

	buf_printf(&b, "NAME:\n   %s %s - %s\n\nUSAGE:\n   %s %s %s\n",
		   g->program, c->name, c->text, g->program, c->name, c->usage);
	if (c->options.rows)
		option_help(&c->options, &b);
	return oci_print(&b, e) < 0 ? -1 : OCI_HELP;
}

int oci_parse(const struct oci_command *c, struct oci_call *x, void *target,
	      struct err *e)
{
	int r = option_parse(&c->options, x->args, target, &x->words, e);
	size_t n;

	if (r == OPTION_HELP)
		return oci_help(c, x->globals, e);
	if (r != OPTION_OK)
		return -1;
	n = strv_len(x->words);
	if (n >= c->min && n <= c->max)
		return 0;
	return err_set(e, ERR_USAGE, "%s: %zu words given; usage: %s %s %s",
		       c->name, n, x->globals->program, c->name, c->usage);
}

static const struct oci_command *find(const char *name, struct err *e)
{
	const struct oci_command *const *lists[] = { commands, oci_later };
	const char *names[64], *near;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (size_t k = 0; lists[i][k]; k++) {
			if (strcmp(lists[i][k]->name, name) == 0)
				return lists[i][k];
			names[n++] = lists[i][k]->name;
		}
	near = word_nearest(name, names, n);
	err_set(e, ERR_USAGE, "unknown command: No help topic for '%s'%s%s",
		name, near ? "; did you mean " : "", near ? near : "");
	return NULL;
}

static int run(struct oci_globals *g, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	const struct oci_command *c;
	struct oci_call x = { .globals = g };
	int r = option_parse(&table, args, g, &words, e);

	if (r == OPTION_ERROR)
		return -1;
	if (r == OPTION_HELP || (!words && !g->version) ||
	    (words && strcmp(words[0], "help") == 0))
		return print_overview(g, e);
	if (g->version || strcmp(words[0], "version") == 0)
		return print_version(g, e);
	c = find(words[0], e);
	if (!c)
		return -1;
	if (c->starts && program_seal(g->program, args, e) < 0)
		return -1;
	x.args = words + 1;
	oci_log_debug(g, "%s " VERSION ": %s", g->program, c->name);
	r = c->run(c, &x, e);
	strv_free(x.words);
	return r;
}

int oci_main(const char *program, char *const *args)
{
	AUTO(globals_done) struct oci_globals g = { .program = program };
	struct err e = ERR_INIT;
	int r = run(&g, args, &e);

	if (r == OCI_HELP)
		return 0;
	if (r >= 0)
		return r;
	oci_log_error(&g, &e);
	return 1;
}
