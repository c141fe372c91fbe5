/*
 * saved.c - reads a saved plan.
 */
#include <string.h>
#include "base/file.h"
#include "base/json.h"
#include "cli/budget.h"
#include "cli/saved.h"
#include "plan/read.h"

/* Other documents that somebody may take for a plan. */
static const struct {
	const char *key, *what;
} others[] = {
	{ "ociVersion", "an OCI bundle's config.json: give its "
			"directory, with --bundle" },
	{ "HostConfig", "a Docker API request: give it with --docker" },
	{ "schemaVersion", "an image manifest" },
	{ "defaultAction", "a seccomp profile" },
};

/* The error of a document that is something else: what it is. */
static void explain(const char *path, const struct buf *text, struct err *e)
{
	AUTO(json_free)
	struct json_object *o = json_parse(path, text->p, text->len, NULL);

	for (size_t i = 0; o && i < sizeof(others) / sizeof(others[0]); i++) {
		struct json_object *part = NULL;
		const char *s = NULL;
		int64_t n = 0;

		/* there, whatever its type */
		if (json_get_str(o, others[i].key, &s, NULL) == 0 && !s &&
		    json_get_obj(o, others[i].key, &part, NULL) == 0 && !part &&
		    json_get_i64(o, others[i].key, 0, &n, NULL) == 0 && !n)
			continue;
		err_set(e, ERR_INPUT, "%s: no saved plan, but %s", path,
			others[i].what);
		return;
	}
}

struct plan *saved_plan(const char *path, struct err *e)
{
	AUTO(buf_done) struct buf text = BUF_INIT;
	auto_fd fd = budget_open(path, e);
	struct plan *p;

	if (fd < 0 || file_read_fd(fd, PLAN_JSON_MAX, path, &text, e) < 0)
		return NULL;
	if (!text.len) {
		err_set(e, ERR_INPUT,
			"%s: empty: save one with immure plan "
			"--format json",
			path);
		return NULL;
	}
	p = plan_read_json(path, text.p, text.len, e);
	if (!p)
		explain(path, &text, e);
	return p;
}
