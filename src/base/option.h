/*
 * option.h - command-line flags from a table, with the habits of docker and
 * podman: -itd, -eA=1, --rm=false, --flag value, --flag=value, "--". The
 * same rows parse, give the help text and the completion.
 */
#ifndef BASE_OPTION_H
#define BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "immure/err.h"

enum option_kind {
	OPTION_BOOL,	/* bool at offset; --x, --x=false */
	OPTION_TRI,	/* enum tristate at offset; --x is YES */
	OPTION_STRING,	/* char * at offset; the last one wins */
	OPTION_LIST,	/* char ** at offset; every one is kept */
	OPTION_CALL,	/* `call` takes the value ("true" without an arg) */
	OPTION_REFUSED, /* known elsewhere, not offered here: `text` says so */
};

struct option {
	const char *name; /* without the dashes; NULL ends a table */
	char letter;	  /* or 0 */
	enum option_kind kind;
	const char *arg;   /* the value's name; NULL: a switch */
	size_t offset;	   /* in the target */
	const char *group; /* heading in the help; NULL: not shown */
	const char *text;  /* one sentence */
	const char *words; /* "a|b|c": the only values; NULL: any */
	int (*call)(void *target, const struct option *o, const char *value,
		    struct err *e);
};

struct option_table {
	const char *command; /* "run": for messages */
	const struct option *rows;
	const struct option *more; /* a second table, or NULL */
	bool stop;		   /* flags end at the first word (IMAGE) */
	const char *program;	   /* whose command it is; NULL: "immure" */
};

enum option_result { OPTION_ERROR = -1, OPTION_OK = 0, OPTION_HELP = 1 };

/*
 * Parses `args` (NULL-terminated) into `target`. `ret_words` gets a new
 * vector of what is no flag. OPTION_HELP: --help was given, nothing more is
 * promised. OPTION_ERROR: ERR_USAGE, naming the flag and the nearest one.
 */
enum option_result option_parse(const struct option_table *t, char *const *args,
				void *target, char ***ret_words, struct err *e);
/* The help text of the shown rows, grouped, 80 columns. */
void option_help(const struct option_table *t, struct buf *b);
/* The row after `o` (NULL: the first) of both tables; NULL after the last. */
const struct option *option_next(const struct option_table *t,
				 const struct option *o);
/* "true", "T", "1", "false" … as docker's flags. 0, or -1. */
int option_bool(const char *name, const char *value, bool *ret, struct err *e);
/* Is `value` one of "a|b|c"? An error names the nearest. */
int option_words(const char *what, const char *value, const char *words,
		 struct err *e);

#endif
