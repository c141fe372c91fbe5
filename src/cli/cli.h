/*
 * cli.h - the commands of `immure`: one file each, one row each in cli.c.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stddef.h>
#include "base/buf.h"
#include "base/option.h"
#include "cli/run_args.h"
#include "immure/err.h"

struct command {
	const char *name;
	const char *group; /* heading in the help; NULL: not shown */
	const char *words; /* usage after the name */
	const char *text;  /* one line */
	const char *more;  /* further lines of its help, or NULL */
	struct option_table options;
	size_t min, max; /* how many words it takes */
	/* commands of its own, NULL ends; `options` and `run` are then those
	 * of cli_run_sub. NULL: none */
	const struct command *const *subs;
	/* The exit status; -1 with *e; CLI_HELP when help was printed. */
	int (*run)(const struct command *c, char *const *args, struct err *e);
};

/* Returned by cli_parse and run: --help was asked for and is printed. */
#define CLI_HELP (-2)
#define CLI_ANY	 ((size_t)-1)

extern const struct command command_run, command_plan, command_check,
	command_diff, command_audit, command_load, command_import,
	command_images, command_inspect, command_tag, command_rmi, command_gc,
	command_info, command_doctor, command_version, command_help,
	command_completion;
extern const struct command command_seccomp, command_audit_log;
extern const struct command command_profile, command_denials, command_ps;

extern const struct command command_policy, command_policy_lint,
	command_policy_test, command_policy_diff, command_policy_show;

/* The commands in the order of the help; NULL ends. */
const struct command *const *cli_commands(void);
/* By name; NULL with an error that names the nearest. */
const struct command *cli_find(const char *name, struct err *e);

/* `immure ARGS…`: the exit status. Prints errors to standard error. */
int cli_main(char *const *args);

/* Parses flags and counts the words. 0, -1 or CLI_HELP. */
int cli_parse(const struct command *c, char *const *args, void *target,
	      char ***ret_words, struct err *e);
/* run_args_parse in the caller's environment and directory; as cli_parse. */
int cli_parse_run(const struct command *c, char *const *args,
		  struct run_args *ret, struct err *e);
/* Writes to standard output; 0 or -1. */
int cli_print(const struct buf *b, struct err *e);
int cli_print_help(const struct command *c, struct err *e);
/* sub.c: the first word names one of c->subs, which gets the rest. Without a
 * word: the help. Messages of a sub command call it by both names, as its
 * `name` has them: "policy lint". */
int cli_run_sub(const struct command *c, char *const *args, struct err *e);
/* The last word of its name. */
const char *cli_sub_word(const struct command *sub);
/* An option table without rows, for commands with subs. */
extern const struct option cli_no_rows[];
/* help.c: all commands */
int cli_print_overview(struct err *e);

#endif
