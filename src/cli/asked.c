/*
 * asked.c - from words, a saved plan, a request or a bundle to a plan. A create
 * request of the Docker Engine API is parsed as the words of `immure run` that
 * it means.
 */
#include "cli/asked.h"

#include <string.h>
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/budget.h"
#include "cli/saved.h"
#include "engine/bundle.h"
#include "format/docker_create.h"
#include "plan/build.h"
#include "plan/resolve.h"

/* What may stand beside a whole: who judges, and how it is told. */
static const char *const beside[] = { "--plan",	  "--docker", "--bundle",
				      "--policy", "--format", "--fail-on",
				      "--full" };

static int check_alone(const char *flag, char *const *args, struct err *e)
{
	strv_foreach (a, args) {
		size_t n = strcspn(*a, "="), i = 0;

		if ((*a)[0] != '-' || !(*a)[1])
			continue;
		while (i < ARRAY_SIZE(beside) &&
		       (strncmp(*a, beside[i], n) || beside[i][n]))
			i++;
		if (i == ARRAY_SIZE(beside))
			return err_set(e, ERR_USAGE,
				       "--%s says all: %s cannot stand beside "
				       "it",
				       flag, *a);
	}
	return 0;
}

static int read_request(const char *path, struct docker_create *ret,
			struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	auto_fd fd = budget_open(path, e);

	if (fd < 0 || file_read_fd(fd, DOCKER_CREATE_MAX, path, &text, e) < 0)
		return -1;
	return docker_create_parse(path, &text, ret, e);
}

static int parse_request(const struct command *c, struct run_args *given,
			 struct run_args *ret, struct err *e)
{
	AUTO(docker_create_done) struct docker_create d = { 0 };

	if (read_request(given->docker, &d, e) < 0)
		return -1;
	if (cli_parse_run(c, d.words, ret, e))
		return err_prefix(e, "%s", given->docker);
	strv_foreach (note, d.notes)
		log_warn("%s: %s", given->docker, *note);
	ret->policy = TAKE(given->policy);
	ret->format = TAKE(given->format);
	ret->fail_on = TAKE(given->fail_on);
	ret->full = given->full;
	return 0;
}

int asked_parse(const struct command *c, char *const *args,
		struct run_args *ret, struct err *e)
{
	AUTO(run_args_done) struct run_args given = { 0 };
	int r = cli_parse_run(c, args, &given, e);
	const char *whole = given.plan	   ? "plan"
			    : given.docker ? "docker"
			    : given.bundle ? "bundle"
					   : NULL;

	if (r)
		return r;
	if (whole && check_alone(whole, args, e) < 0)
		return -1;
	if (given.docker)
		return parse_request(c, &given, ret, e);
	*ret = given;
	given = (struct run_args){ 0 };
	return 0;
}

struct engine *asked_engine(const struct run_args *a, struct err *e)
{
	AUTO(engine_free)
	struct engine *g = a->bundle ? engine_open_bundles(e) : engine_open(e);

	if (!g || (a->policy && engine_use_policy(g, a->policy, e)))
		return NULL;
	return TAKE(g);
}

static struct plan *bundle_plan(struct engine *g, const char *dir,
				struct err *e)
{
	auto_free char *path = path_absolute(dir);
	auto_free char *file = path ? path_join(path, "config.json") : NULL;
	const struct bundle_ask ask = { .dir = path, .file = file };
	AUTO(spec_free) struct spec *s = NULL;
	struct plan *p;

	if (!path) {
		err_sys(e, "--bundle %s", dir);
		return NULL;
	}
	if (engine_bundle_plan(g, &ask, &s, &p, e) < 0)
		return NULL;
	strv_foreach (text, s->bundle->warnings)
		log_warn("%s: %s", file, *text);
	return p;
}

struct plan *asked_plan(struct engine *g, const struct run_args *a,
			struct err *e)
{
	if (a->plan)
		return saved_plan(a->plan, e);
	return a->bundle ? bundle_plan(g, a->bundle, e)
			 : engine_plan(g, &a->r, e);
}
