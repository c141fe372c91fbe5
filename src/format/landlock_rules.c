/*
 * landlock_rules.c - reads a file of Landlock rules. Whether a rule grants
 * anything is not its matter: the plan cuts rules to what is usual.
 */
#include "format/landlock_rules.h"

#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/defaults.h"
#include "base/json.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/table.h"
#include "format/doc.h"

#define RULES_MAX    1024
#define PATH_LEN_MAX 4095

static const char *const top_members[] = { "comment", "rules" };
static const char *const rule_members[] = { "path", "access", "comment" };

struct list {
	struct landlock_path *v;
	size_t n;
};

void landlock_rules_free(struct landlock_path *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].path);
	free(v);
}

static void list_done(struct list *l)
{
	landlock_rules_free(l->v, l->n);
}
DEFINE_AUTO_DONE(struct list, list_done);

static int read_access(struct json_object *o, uint64_t *ret, struct err *e)
{
	AUTO(strv_free) char **words = NULL;
	const char *names[32], *near;
	size_t n = 0;

	for (; landlock_fs_words[n].name; n++)
		names[n] = landlock_fs_words[n].name;
	if (json_get_strv(o, "access", &words, e) < 0)
		return -1;
	*ret = 0;
	strv_foreach (w, words) {
		uint64_t bit;

		if (word_find(landlock_fs_words, *w, &bit)) {
			*ret |= bit;
			continue;
		}
		near = word_nearest(*w, names, n);
		return err_set(e, ERR_INPUT, "access: unknown word \"%s\"%s%s",
			       *w, near ? "; did you mean " : "",
			       near ? near : "");
	}
	if (!*ret)
		return err_set(e, ERR_INPUT,
			       "access: which? it is missing or "
			       "empty");
	return 0;
}

static int read_path(struct json_object *o, const struct list *l, char **ret,
		     struct err *e)
{
	auto_free char *clean = NULL;
	const char *path;

	if (json_get_str(o, "path", &path, e) < 0)
		return -1;
	if (!path || *path != '/' || strlen(path) > PATH_LEN_MAX)
		return err_set(e, ERR_INPUT, "path: expected an absolute path");
	clean = path_clean(path);
	if (strcmp(clean, path))
		return err_set(e, ERR_INPUT, "path %s: write it as %s", path,
			       clean);
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].path, path))
			return err_set(e, ERR_INPUT, "path %s stands twice",
				       path);
	*ret = TAKE(clean);
	return 0;
}

static int read_rule(struct json_object *o, struct list *l, struct err *e)
{
	auto_free char *path = NULL;
	struct landlock_path *p;
	const char *comment;
	uint64_t access;

	if (!doc_is_object(o))
		return err_set(e, ERR_INPUT, "expected an object");
	if (doc_only_keys(o, rule_members, ARRAY_SIZE(rule_members), e) < 0 ||
	    json_get_str(o, "comment", &comment, e) < 0 ||
	    read_path(o, l, &path, e) < 0 || read_access(o, &access, e) < 0)
		return -1;
	p = GROW(l->v, l->n);
	l->n++;
	p->path = TAKE(path);
	p->access = access;
	return 0;
}

static int read_rules(struct json_object *o, struct list *l, struct err *e)
{
	struct json_object *rules;
	const char *comment;
	size_t n;

	if (!doc_is_object(o))
		return err_set(e, ERR_INPUT, "expected an object");
	if (doc_only_keys(o, top_members, ARRAY_SIZE(top_members), e) < 0 ||
	    json_get_str(o, "comment", &comment, e) < 0 ||
	    json_get_array(o, "rules", &rules, &n, e) < 0)
		return -1;
	if (!rules)
		return err_set(e, ERR_INPUT, "rules: expected an array");
	if (n > RULES_MAX)
		return err_set(e, ERR_LIMIT, "%zu rules; at most %d", n,
			       RULES_MAX);
	for (size_t i = 0; i < n; i++)
		if (read_rule(json_at(rules, i), l, e) < 0)
			return err_prefix(e, "rules[%zu]", i);
	return 0;
}

int landlock_rules_parse(const char *name, const struct buf *text,
			 struct landlock_path **ret, size_t *ret_n,
			 struct err *e)
{
	AUTO(json_free)
	struct json_object *o =
		json_parse(name, text->p ? text->p : "", text->len, e);
	AUTO(list_done) struct list l = { 0 };

	if (!o)
		return -1;
	if (read_rules(o, &l, e) < 0)
		return err_prefix(e, "%s", name);
	*ret = TAKE(l.v);
	*ret_n = TAKE(l.n);
	return 0;
}
