/*
 * option.c - parses command lines by a table of flags.
 *
 * Takes no abbreviations: `--priv` is an error that names --privileged, and
 * not --privileged itself.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "base/option.h"
#include "immure/request.h"

struct parser {
	const struct option_table *t;
	char *const *next; /* the argument after the present one */
	void *target;
	struct err *e;
};

static const char *program(const struct parser *p)
{
	return p->t->program ? p->t->program : "immure";
}

int option_bool(const char *name, const char *value, bool *ret, struct err *e)
{
	static const struct word table[] = {
		{ "true", 1 },	{ "TRUE", 1 }, { "True", 1 },  { "t", 1 },
		{ "T", 1 },	{ "1", 1 },    { "false", 0 }, { "FALSE", 0 },
		{ "False", 0 }, { "f", 0 },    { "F", 0 },     { "0", 0 },
		{ NULL, 0 },
	};
	uint64_t v;

	if (!word_find(table, value, &v))
		return err_set(e, ERR_USAGE, "--%s=%s: neither true nor false",
			       name, value);
	*ret = v;
	return 0;
}

int option_words(const char *what, const char *value, const char *words,
		 struct err *e)
{
	AUTO(strv_free) char **list = strv_split(words, '|');
	auto_free char *all = NULL;
	const char *near;

	if (strv_has(list, value))
		return 0;
	near = word_nearest(value, (const char *const *)list, strv_len(list));
	if (near)
		return err_set(e, ERR_USAGE,
			       "%s: %s: unknown value; did you mean %s?", what,
			       value, near);
	all = strv_join(list, ", ");
	return err_set(e, ERR_USAGE, "%s: %s: unknown value; known are %s",
		       what, value, all);
}

const struct option *option_next(const struct option_table *t,
				 const struct option *o)
{
	const struct option *next = o ? o + 1 : t->rows;
	const struct option *end = t->rows;

	if (!next) /* a command without flags */
		return NULL;
	if (next->name)
		return next;
	while (end->name)
		end++;
	return next == end && t->more && t->more->name ? t->more : NULL;
}

static const struct option *find_name(const struct option_table *t,
				      const char *name, size_t len)
{
	const struct option *o = NULL;

	while ((o = option_next(t, o)))
		if (strlen(o->name) == len && !memcmp(o->name, name, len))
			return o;
	return NULL;
}

static const struct option *find_letter(const struct option_table *t,
					char letter)
{
	const struct option *o = NULL;

	while ((o = option_next(t, o)))
		if (o->letter == letter)
			return o;
	return NULL;
}

/* The one flag that begins with `name`: what was meant by --priv. */
static const char *find_longer(const char *const *names, size_t n,
			       const char *name)
{
	const char *found = NULL;
	size_t i, len = strlen(name);

	for (i = 0; i < n && len > 1; i++) {
		if (strncmp(names[i], name, len))
			continue;
		if (found)
			return NULL;
		found = names[i];
	}
	return found;
}

static int unknown_name(struct parser *p, const char *name)
{
	auto_free const char **names = NULL;
	const struct option *o = NULL;
	const char *near;
	size_t n = 0;

	while ((o = option_next(p->t, o))) {
		if (o->kind == OPTION_REFUSED)
			continue;
		*GROW(names, n) = o->name;
		n++;
	}
	near = find_longer(names, n, name);
	if (!near && n)
		near = word_nearest(name, names, n);
	if (near)
		return err_set(p->e, ERR_USAGE,
			       "unknown flag --%s; did you mean --%s?", name,
			       near);
	return err_set(p->e, ERR_USAGE, "unknown flag --%s; see '%s %s --help'",
		       name, program(p), p->t->command);
}

static int set_bool(struct parser *p, const struct option *o, void *at,
		    const char *value)
{
	bool v = false;

	if (option_bool(o->name, value, &v, p->e))
		return -1;
	if (o->kind == OPTION_TRI)
		*(enum tristate *)at = v ? YES : NO;
	else
		*(bool *)at = v;
	return 0;
}

static int set_value(struct parser *p, const struct option *o,
		     const char *value)
{
	void *at = (char *)p->target + o->offset;
	auto_free char *what = NULL;

	if (o->words) {
		what = xasprintf("--%s", o->name);
		if (option_words(what, value, o->words, p->e))
			return -1;
	}
	switch (o->kind) {
	case OPTION_BOOL:
	case OPTION_TRI:
		return set_bool(p, o, at, value);
	case OPTION_STRING:
		free(*(char **)at);
		*(char **)at = xstrdup(value);
		return 0;
	case OPTION_LIST:
		strv_add(at, value);
		return 0;
	case OPTION_CALL:
		return o->call(p->target, o, value, p->e);
	case OPTION_REFUSED:
		break;
	}
	return err_set(p->e, ERR_USAGE, "--%s: not offered: %s", o->name,
		       o->text);
}

/* The value that follows as an argument of its own. */
static int set_next(struct parser *p, const struct option *o)
{
	if (!*p->next)
		return err_set(p->e, ERR_USAGE, "--%s needs a value: --%s %s",
			       o->name, o->name, o->arg);
	return set_value(p, o, *p->next++);
}

static int parse_long(struct parser *p, const char *arg)
{
	size_t len = strcspn(arg, "=");
	const struct option *o = find_name(p->t, arg, len);

	if (!o && len == 4 && !memcmp(arg, "help", 4))
		return OPTION_HELP;
	if (!o) {
		auto_free char *name = xstrndup(arg, len);

		return unknown_name(p, name);
	}
	if (arg[len] == '=')
		return set_value(p, o, arg + len + 1);
	return o->arg && o->kind != OPTION_REFUSED ? set_next(p, o)
						   : set_value(p, o, "true");
}

/* -itd, -i=false, -eA=1, -e=A=1, -e A=1 */
static int parse_letters(struct parser *p, const char *arg)
{
	const char *at;

	for (at = arg; *at; at++) {
		const struct option *o = find_letter(p->t, *at);

		if (!o && *at == 'h')
			return OPTION_HELP;
		if (!o)
			return err_set(p->e, ERR_USAGE,
				       "unknown flag -%c in -%s; see '%s %s "
				       "--help'",
				       *at, arg, program(p), p->t->command);
		if (o->kind != OPTION_REFUSED && at[1] == '=')
			return set_value(p, o, at + 2);
		if (o->kind != OPTION_REFUSED && o->arg)
			return at[1] ? set_value(p, o, at + 1) : set_next(p, o);
		if (set_value(p, o, "true"))
			return -1;
	}
	return 0;
}

static bool is_flag(const char *arg)
{
	return arg[0] == '-' && arg[1];
}

enum option_result option_parse(const struct option_table *t, char *const *args,
				void *target, char ***ret_words, struct err *e)
{
	struct parser p = { .t = t, .next = args, .target = target, .e = e };
	AUTO(strv_free) char **words = NULL;
	const char *arg;
	int r;

	while ((arg = *p.next)) {
		p.next++;
		if (!strcmp(arg, "--"))
			break;
		if (!is_flag(arg)) {
			strv_add(&words, arg);
			if (t->stop)
				break;
			continue;
		}
		r = arg[1] == '-' ? parse_long(&p, arg + 2)
				  : parse_letters(&p, arg + 1);
		if (r)
			return r > 0 ? OPTION_HELP : OPTION_ERROR;
	}
	for (; *p.next; p.next++)
		strv_add(&words, *p.next);
	*ret_words = TAKE(words);
	return OPTION_OK;
}
