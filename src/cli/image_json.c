/*
 * image_json.c - an image as JSON.
 */
#include <stdlib.h>
#include <string.h>
#include "base/alloc.h"
#include "base/strv.h"
#include "base/table.h"
#include "cli/image_json.h"
#include "cli/list.h"
#include "format/digest.h"
#include "format/ref.h"

#define SHORT_ID 12

void image_list_done(struct image_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		image_free(l->v[i]);
	free(l->v);
}

void image_since(const char *created, time_t now, struct buf *b)
{
	struct tm tm = { 0 };

	if (created && strptime(created, "%Y-%m-%dT%H:%M:%S", &tm))
		list_since((int64_t)(now - timegm(&tm)), b);
}

static void out_buf(struct json_out *j, const char *key, const struct buf *b)
{
	json_out_str(j, key, b->p ? b->p : "");
}

/* "library/x" -> "x": the name without tag and digest, as docker shows it;
 * heap. "<none>" when there is no name. */
static char *repository(const char *name, char **ret_tag)
{
	AUTO(ref_done) struct ref r = { 0 };

	*ret_tag = NULL;
	if (!name || !*name || ref_parse(name, &r, NULL))
		return xstrdup("<none>");
	*ret_tag = TAKE(r.tag);
	free(r.digest);
	r.digest = NULL;
	return ref_familiar(&r);
}

static void row_ids(struct json_out *j, const struct image *i, bool whole)
{
	auto_free char *id = NULL;

	if (whole || !digest_is_valid(i->config_digest)) {
		json_out_str(j, "ID", i->config_digest);
	} else {
		id = xstrndup(digest_hex(i->config_digest), SHORT_ID);
		json_out_str(j, "ID", id);
	}
	json_out_str(j, "Digest", i->digest);
}

void image_json_row(struct json_out *j, const struct image *i,
		    const struct image_view *view)
{
	AUTO(buf_done) struct buf size = BUF_INIT;
	AUTO(buf_done) struct buf since = BUF_INIT;
	auto_free char *tag = NULL, *repo = repository(i->name, &tag);
	const char *created = i->config.created;

	list_size(i->size, &size);
	image_since(created, view->now, &since);
	json_out_obj(j, NULL);
	row_ids(j, i, view->whole_ids);
	json_out_str(j, "Repository", repo);
	json_out_str(j, "Tag", tag ? tag : "<none>");
	json_out_str(j, "CreatedAt", created ? created : "");
	out_buf(j, "CreatedSince", &since);
	out_buf(j, "Size", &size);
	json_out_obj_end(j);
}

/* {"80/tcp": {}}: docker's sets. */
static void out_set(struct json_out *j, const char *key, char *const *v)
{
	if (!v)
		return;
	json_out_obj(j, key);
	strv_foreach (s, v) {
		json_out_obj(j, *s);
		json_out_obj_end(j);
	}
	json_out_obj_end(j);
}

static void out_labels(struct json_out *j, char *const *v)
{
	json_out_obj(j, "Labels");
	strv_foreach (s, v) {
		const char *eq = strchrnul(*s, '=');
		auto_free char *key = xstrndup(*s, (size_t)(eq - *s));

		json_out_str(j, key, *eq ? eq + 1 : "");
	}
	json_out_obj_end(j);
}

static void out_config(struct json_out *j, const struct image_config *c)
{
	json_out_obj(j, "Config");
	json_out_str(j, "User", c->user ? c->user : "");
	json_out_strv(j, "Env", c->env);
	json_out_strv(j, "Entrypoint", c->entrypoint);
	json_out_strv(j, "Cmd", c->cmd);
	json_out_str(j, "WorkingDir", c->workdir ? c->workdir : "");
	json_out_str(j, "StopSignal", c->stop_signal ? c->stop_signal : "");
	out_set(j, "ExposedPorts", c->ports);
	out_set(j, "Volumes", c->volumes);
	out_labels(j, c->labels);
	json_out_obj_end(j);
}

static void out_names(struct json_out *j, const struct image *i,
		      const struct image_list *all)
{
	AUTO(strv_free) char **tags = NULL, **digests = NULL;
	size_t k;

	for (k = 0; k < all->n; k++) {
		auto_free char *tag = NULL, *repo = NULL, *by_digest = NULL;

		if (strcmp(all->v[k]->digest, i->digest) || !all->v[k]->name ||
		    !all->v[k]->name[0])
			continue;
		repo = repository(all->v[k]->name, &tag);
		if (tag)
			strv_take(&tags, xasprintf("%s:%s", repo, tag));
		by_digest = xasprintf("%s@%s", repo, i->digest);
		if (!strv_has(digests, by_digest))
			strv_add(&digests, by_digest);
	}
	json_out_strv(j, "RepoTags", tags);
	json_out_strv(j, "RepoDigests", digests);
}

void image_json_whole(struct json_out *j, const struct image *i,
		      const struct image_list *all)
{
	const struct image_config *c = &i->config;

	json_out_obj(j, NULL);
	json_out_str(j, "Id", i->config_digest);
	out_names(j, i, all);
	json_out_str(j, "Digest", i->digest);
	json_out_str(j, "Created", c->created ? c->created : "");
	json_out_str(j, "Architecture", c->arch ? c->arch : "");
	json_out_str(j, "Os", c->os ? c->os : "");
	json_out_u64(j, "Size", i->size);
	out_config(j, c);
	json_out_obj(j, "RootFS");
	json_out_str(j, "Type", "layers");
	json_out_strv(j, "Layers", c->diff_ids);
	json_out_obj_end(j);
	json_out_obj_end(j);
}
