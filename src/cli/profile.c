/*
 * profile.c - `immure profile from`: the least seccomp profile and Landlock
 * rules for what was recorded. Runs nothing, installs nothing.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/strv.h"
#include "cli/cli.h"
#include "engine/engine.h"
#include "engine/learn.h"

struct profile_args {
	char *base, *output, *landlock;
};

static void args_done(struct profile_args *a)
{
	free(a->base);
	free(a->output);
	free(a->landlock);
}
DEFINE_AUTO_DONE(struct profile_args, args_done);

#define AT(field) offsetof(struct profile_args, field)

static const struct option rows[] = {
	{ "base", 0, OPTION_STRING, "PROFILE", AT(base), "Flags",
	  "begin with this profile (default, strict, … or a file) and add what "
	  "it lacks; none (default): only what was seen",
	  NULL, NULL },
	{ "output", 'o', OPTION_STRING, "FILE", AT(output), "Flags",
	  "write the seccomp profile there (otherwise to standard output)",
	  NULL, NULL },
	{ "landlock", 0, OPTION_STRING, "FILE", AT(landlock), "Flags",
	  "write Landlock rules there, for run --landlock-rules", NULL, NULL },
	{ 0 },
};

static int read_records(char *const *files, struct records *ret, struct err *e)
{
	strv_foreach (f, files) {
		if (records_add(ret, *f, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < ret->n; i++)
		if (!ret->v[i].ended || ret->v[i].dropped)
			log_warn("%s: the record is %s: what is missing in it "
				 "will be denied",
				 files[i],
				 ret->v[i].ended ? "full" : "cut off");
	return 0;
}

static int put(const char *file, const struct buf *b, struct err *e)
{
	const char *name = path_base(file ? file : "");
	auto_free char *dir = NULL;
	auto_fd at = -1;

	if (!file)
		return cli_print(b, e);
	dir = name == file ? xstrdup(".")
			   : xstrndup(file, (size_t)(name - file));
	at = path_open(AT_FDCWD, dir, PATH_HOST, O_PATH | O_DIRECTORY, 0);
	if (at < 0)
		return err_sys(e, "%s", dir);
	return file_write_at(at, name, b->p, b->len, e);
}

static int learn(const struct profile_args *a, const struct records *r,
		 struct err *e)
{
	AUTO(engine_free) struct engine *g = engine_open(e);
	AUTO(buf_done) struct buf profile = BUF_INIT, rules = BUF_INIT;
	const char *base = a->base && strcmp(a->base, "none") ? a->base : NULL;
	struct learn_sums sums = { 0 };
	struct learn_how how = { .base = base };

	if (!g)
		return -1;
	how.facts = (struct seccomp_facts){
		.caps = r->v[0].caps,
		.arch = engine_host(g)->arch,
		.kernel_major = engine_host(g)->kernel_major,
		.kernel_minor = engine_host(g)->kernel_minor,
	};
	if (learn_profile(r, &how, &profile, &sums, e) < 0 ||
	    (a->landlock && learn_landlock(r, &rules, &sums, e) < 0) ||
	    put(a->output, &profile, e) < 0 ||
	    (a->landlock && put(a->landlock, &rules, e) < 0))
		return -1;
	log_warn("%zu calls were seen to pass%s, %zu rules added%s%s; what a "
		 "recording did not see is not in it, and it does not guard",
		 sums.calls, base ? "" : " or are assumed", sums.added,
		 base ? " to " : "", base ? base : "");
	return 0;
}

static int profile(const struct command *c, char *const *args, struct err *e)
{
	AUTO(args_done) struct profile_args a = { 0 };
	AUTO(strv_free) char **words = NULL;
	AUTO(records_done) struct records records = { 0 };
	int r = cli_parse(c, args, &a, &words, e);

	if (r)
		return r;
	if (strcmp(words[0], "from"))
		return err_set(e, ERR_USAGE,
			       "immure profile %s: unknown; usage: immure "
			       "profile %s",
			       words[0], c->words);
	if (read_records(words + 1, &records, e) < 0)
		return -1;
	return learn(&a, &records, e);
}

const struct command command_profile = {
	.name = "profile",
	.group = "Filters",
	.words = "from [flags] RECORD …",
	.text = "make the least profile from recorded runs",
	.more = "RECORD is what `immure run --record` wrote; several are taken "
		"together. The profile is\nOCI JSON for --security-opt "
		"seccomp=FILE, each rule with its reason.\n",
	.options = { .command = "profile", .rows = rows },
	.min = 2,
	.max = CLI_ANY,
	.run = profile,
};
