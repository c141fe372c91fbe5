/*
 * seccomp.c - `immure seccomp`: what a system call filter lets through, by
 * which rule, how two differ, what is wrong with one. Runs nothing.
 */
#include <stdlib.h>
#include <string.h>
#include "base/defaults.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/cli.h"
#include "cli/named.h"
#include "engine/seccomp_ask.h"

struct seccomp_args {
	char *format, *arch, *caps, *kernel;
};

static const struct option rows[] = {
	{ "format", 'f', OPTION_STRING, "FORM",
	  offsetof(struct seccomp_args, format), "Flags", "text or json",
	  "text|json", NULL },
	{ "arch", 0, OPTION_STRING, "ARCH", offsetof(struct seccomp_args, arch),
	  "Flags", "the machine that is asked about; default: this one",
	  "amd64|arm64", NULL },
	{ "caps", 0, OPTION_STRING, "LIST", offsetof(struct seccomp_args, caps),
	  "Flags",
	  "the capabilities by which a profile's includes and excludes are "
	  "decided: CHOWN,SETUID, compat or all; default: none",
	  NULL, NULL },
	{ "kernel", 0, OPTION_STRING, "VERSION",
	  offsetof(struct seccomp_args, kernel), "Flags",
	  "the Linux by which minKernel is decided; default: this one", NULL,
	  NULL },
	{ 0 },
};

struct question { /* what a verb is asked with */
	struct filters_ask ask;
	bool json;
	char **words; /* after the verb */
	struct buf *b;
};

/* ---- verbs: the exit status, or -1 ---- */

/* What a sandbox of that name runs under; NULL with *e as it was when there
 * is none. */
static struct filters *open_named(const char *word, struct err *e)
{
	AUTO(running_done) struct running r = { 0 };

	if (named_find(word, &r, e) <= 0)
		return NULL;
	return filters_open_stack(word, r.filters, r.n_filters, e);
}

/* Also of a profile that has no filters, because no start would take it. */
static struct filters *open_any(const struct question *q, size_t i,
				struct err *e)
{
	struct filters *f = filters_open(q->words[i], &q->ask, e);

	if (!f && e->kind == ERR_MISSING)
		f = open_named(q->words[i], e);
	return f;
}

static struct filters *open_source(const struct question *q, size_t i,
				   struct err *e)
{
	AUTO(filters_free) struct filters *f = open_any(q, i, e);

	if (!f || filters_check(f, e) < 0)
		return NULL;
	return TAKE(f);
}

static int show(const struct question *q, struct err *e)
{
	AUTO(filters_free) struct filters *f = open_source(q, 0, e);

	if (!f)
		return -1;
	filters_show(f, q->json, q->b);
	return 0;
}

static int explain(const struct question *q, struct err *e)
{
	AUTO(filters_free) struct filters *f = open_source(q, 0, e);

	if (!f)
		return -1;
	return filters_explain(f, q->words + 1, q->json, q->b, e);
}

static int diff(const struct question *q, struct err *e)
{
	AUTO(filters_free) struct filters *a = open_source(q, 0, e);
	AUTO(filters_free) struct filters *b = NULL;

	if (!a)
		return -1;
	b = open_source(q, 1, e);
	if (!b)
		return -1;
	return filters_diff(a, b, q->json, q->b) ? 1 : 0;
}

static int lint(const struct question *q, struct err *e)
{
	AUTO(filters_free) struct filters *f = open_any(q, 0, e);
	int n;

	if (!f)
		return -1;
	n = filters_lint(f, &q->ask, q->json, q->b, e);
	return n > 0 ? 1 : n;
}

static int print_asm(const struct question *q, struct err *e)
{
	AUTO(filters_free) struct filters *f = open_source(q, 0, e);

	if (!f)
		return -1;
	if (q->json)
		return err_set(e, ERR_USAGE,
			       "immure seccomp asm: there is no JSON of it");
	filters_asm(f, q->b);
	return 0;
}

static int emu(const struct question *q, struct err *e)
{
	AUTO(filters_free) struct filters *f = open_source(q, 0, e);
	int stopped;

	if (!f)
		return -1;
	stopped = filters_emulate(f, q->words + 1, q->json, q->b, e);
	return stopped > 0 ? 1 : stopped;
}

static const struct verb {
	const char *name, *words;
	size_t min, max; /* words after it */
	int (*ask)(const struct question *q, struct err *e);
} verbs[] = {
	{ "show", "SOURCE", 1, 1, show },
	{ "explain", "SOURCE [CALL …]", 1, CLI_ANY, explain },
	{ "diff", "SOURCE SOURCE", 2, 2, diff },
	{ "lint", "SOURCE", 1, 1, lint },
	{ "asm", "SOURCE", 1, 1, print_asm },
	{ "emu", "SOURCE CALL …", 2, CLI_ANY, emu },
};

static const struct verb *find_verb(const char *name, struct err *e)
{
	const char *names[ARRAY_SIZE(verbs)], *near;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
		names[i] = verbs[i].name;
	}
	near = word_nearest(name, names, ARRAY_SIZE(verbs));
	err_set(e, ERR_USAGE, "immure seccomp: unknown verb %s; %s%s", name,
		near ? "did you mean " : "see 'immure seccomp --help'",
		near ? near : "");
	return NULL;
}

static int read_caps(const char *list, uint64_t *ret, struct err *e)
{
	AUTO(strv_free) char **names = NULL;
	uint64_t caps = 0;
	unsigned cap;

	if (!list || !strcmp(list, "none"))
		return 0;
	if (!strcmp(list, "all") || !strcmp(list, "compat")) {
		*ret = *list == 'a' ? CAPS_ALL : CAPS_COMPAT;
		return 0;
	}
	names = strv_split(list, ',');
	strv_foreach (name, names) {
		if (cap_parse(*name, "--caps", &cap, e) < 0)
			return -1;
		caps |= 1ull << cap;
	}
	*ret = caps;
	return 0;
}

static int seccomp(const struct command *c, char *const *args, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	AUTO(buf_done) struct buf b = BUF_INIT;
	struct seccomp_args a = { 0 };
	struct question q = { .b = &b };
	const struct verb *v;
	int r = cli_parse(c, args, &a, &words, e);

	if (r)
		return r;
	v = find_verb(words[0], e);
	if (!v || read_caps(a.caps, &q.ask.caps, e) < 0)
		return -1;
	q.words = words + 1;
	q.ask.arch = a.arch;
	q.ask.kernel = a.kernel;
	q.json = a.format && a.format[0] == 'j';
	if (strv_len(q.words) < v->min || strv_len(q.words) > v->max)
		return err_set(e, ERR_USAGE, "usage: immure seccomp %s %s",
			       v->name, v->words);
	r = v->ask(&q, e);
	if (r < 0 || cli_print(&b, e))
		return -1;
	return r;
}

const struct command command_seccomp = {
	.name = "seccomp",
	.group = "Filters",
	.words = "VERB SOURCE …",
	.text = "ask what a system call filter lets through, and why",
	.more = "  show SOURCE             counts, calls by how they end, "
		"what is dangerous\n"
		"  explain SOURCE [CALL …] the rules of a call, in the order "
		"of deciding\n"
		"  emu SOURCE CALL …       what happens to 'socket(40,1,0)'; "
		"1: not all pass\n"
		"  diff SOURCE SOURCE      what fares differently; 1: "
		"something "
		"does\n"
		"  lint SOURCE             findings, and the proof of a "
		"profile; "
		"1: findings\n"
		"  asm SOURCE              the instructions\n\n"
		"SOURCE is a built-in profile (default, strict, build, debug), "
		"a profile in a\nfile (OCI or docker JSON, or a bundle's "
		"config.json), a file of raw BPF, the name of "
		"a running\nsandbox (run --name), or the id of a process, "
		"whose filters the kernel shows to\nroot only.\n",
	.options = { .command = "seccomp", .rows = rows },
	.min = 1,
	.max = CLI_ANY,
	.run = seccomp,
};
