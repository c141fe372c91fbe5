/*
 * run_args.c - argument vector -> request: flags, then IMAGE and the words
 * of the command.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/run_args.h"
#include "format/opts.h"

void run_args_done(struct run_args *a)
{
	/* request_free frees the struct, too */
	request_free(xmemdup(&a->r, sizeof(a->r)));
	strv_free(a->env_files);
	strv_free(a->env_words);
	strv_free(a->security);
	free(a->policy);
	free(a->format);
	free(a->plan);
	free(a->docker);
	free(a->bundle);
	free(a->audit_pid);
	free(a->fail_on);
	memset(a, 0, sizeof(*a));
}

/* A path of the command line, from where the caller stands; not cleaned:
 * ".." after a symlink is the kernel's to resolve. */
static void make_absolute(char **path, const struct run_context *c)
{
	char *full;

	if (!*path || **path == '/')
		return;
	full = path_join(c->cwd, *path);
	free(*path);
	*path = full;
}

static int finish_env(struct run_args *a, const struct run_context *c,
		      struct err *e)
{
	strv_foreach (file, a->env_files) {
		AUTO(buf_done) struct buf b = BUF_INIT;
		struct opts_text t = { .name = *file };

		if (file_read(*file, OPTS_ENV_FILE_MAX, &b, e))
			return err_prefix(e, "--env-file");
		t.p = b.p ? b.p : "";
		t.n = b.len;
		if (opts_env_file(&t, c->env, &a->r.env, e))
			return -1;
	}
	strv_foreach (word, a->env_words) {
		if (opts_env(*word, c->env, &a->r.env, e))
			return -1;
	}
	return 0;
}

/* One of these, and it says all: *ret is whether there is one. */
static int find_whole(const struct option_table *t, const struct run_args *a,
		      char *const *words, bool *ret, struct err *e)
{
	const struct {
		const char *flag, *value;
	} wholes[] = { { "plan", a->plan },
		       { "docker", a->docker },
		       { "bundle", a->bundle } };
	size_t at = ARRAY_SIZE(wholes);

	for (size_t i = 0; i < ARRAY_SIZE(wholes); i++) {
		if (!wholes[i].value)
			continue;
		if (at < ARRAY_SIZE(wholes))
			return err_set(e, ERR_USAGE,
				       "immure %s: --%s or --%s, not both",
				       t->command, wholes[at].flag,
				       wholes[i].flag);
		at = i;
	}
	*ret = at < ARRAY_SIZE(wholes);
	if (*ret && words && words[0])
		return err_set(
			e, ERR_USAGE,
			"immure %s: --%s %s is whole; nothing may follow "
			"(%s)",
			t->command, wholes[at].flag, wholes[at].value,
			words[0]);
	return 0;
}

static int finish_root(const struct option_table *t, struct run_args *a,
		       char **words, struct err *e)
{
	bool whole;

	if (find_whole(t, a, words, &whole, e) < 0)
		return -1;
	if (whole)
		return 0;
	if (a->host)
		a->r.root = ROOT_HOST;
	else if (a->r.rootfs)
		a->r.root = ROOT_DIR;
	else
		a->r.root = ROOT_IMAGE;
	if (a->r.root == ROOT_IMAGE) {
		if (!words || !words[0])
			return err_set(e, ERR_USAGE,
				       "immure %s: which image? immure %s "
				       "[flags] IMAGE [COMMAND …], or --rootfs "
				       "DIR, or --host",
				       t->command, t->command);
		if (!words[0][0])
			return err_set(e, ERR_USAGE,
				       "the image's name is empty");
		a->r.image = xstrdup(words[0]);
		words++;
	}
	/* none is NULL: the image's own command */
	a->r.command = words && words[0] ? strv_copy(words) : NULL;
	return 0;
}

static int finish(const struct option_table *t, struct run_args *a,
		  const struct run_context *c, char **words, struct err *e)
{
	size_t i;

	if (a->rm == NO)
		a->r.keep = true;
	if (a->r.rootfs && !a->r.rootfs[0])
		return err_set(e, ERR_USAGE, "--rootfs: the path is empty");
	make_absolute(&a->r.rootfs, c);
	for (i = 0; i < a->r.n_mounts; i++)
		make_absolute(&a->r.mounts[i].source, c);
	if (finish_env(a, c, e) || finish_root(t, a, words, e))
		return -1;
	if (run_args_check(a, e))
		return -1;
	if (a->cpus) {
		a->r.limits.cpu_quota = a->cpus;
		a->r.limits.cpu_period = CPUS_PERIOD;
	}
	return 0;
}

enum option_result run_args_parse(const struct option_table *t,
				  char *const *args,
				  const struct run_context *c,
				  struct run_args *ret, struct err *e)
{
	AUTO(run_args_done) struct run_args a = { 0 };
	AUTO(strv_free) char **words = NULL;
	enum option_result r = option_parse(t, args, &a, &words, e);

	if (r != OPTION_OK)
		return r;
	if (finish(t, &a, c, words, e))
		return OPTION_ERROR;
	*ret = a;
	memset(&a, 0, sizeof(a));
	return OPTION_OK;
}
